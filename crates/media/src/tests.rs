//! The crate as its callers see it: real images, hostile files, and the worker protocol.

mod completeness;
mod field;
mod hostile;
mod images;
mod jpeg_faults;
mod protocol;
mod real_images;
mod slow_jpeg;
