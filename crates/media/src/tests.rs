//! The crate as its callers see it: real images, hostile files, and the worker protocol.

mod hostile;
mod images;
mod protocol;
mod real_images;
