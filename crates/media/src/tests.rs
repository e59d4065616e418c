//! The crate as its callers see it: real images, hostile files, and the worker protocol.

mod completeness;
mod field;
#[cfg(feature = "heif")]
mod heif;
mod hostile;
mod images;
mod jpeg_faults;
mod protocol;
mod real_images;
mod slow_jpeg;
