//! Carries the built client inside the binary.
//!
//! - [`Assets`]: finds a file of the client by the path of a request.
//! - [`Asset`]: its bytes, media type, digest tag and [`CacheClass`].
//! - [`Encoding`]: the compressed forms that the client build wrote beside a file.
//!
//! No HTTP crate: the edge decides which headers these become.
#![forbid(unsafe_code)]

mod asset;
mod assets;
mod media_type;

pub use asset::{Asset, CacheClass, Encoding};
pub use assets::Assets;
