//! The crate as its callers see it: real images, hostile files, and the worker protocol.

mod field;
mod hostile;
mod images;
mod protocol;
mod real_images;
