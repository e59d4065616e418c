//! Turns untrusted image bytes into facts and clean renditions.
//!
//! Bytes in, bytes out: no files, no clock, no network. The way of an upload through the modules:
//!
//! - [`mod@sniff`]: what the bytes are, by content and never by name; everything else is refused by name.
//! - [`limits`]: what a header may announce before anything is decoded.
//! - [`completeness`]: whether an image has all its data.
//! - [`facts`]: size, orientation, capture time, device; read from headers and EXIF.
//! - [`mod@derive`]: the upright sRGB renditions that are shown, without metadata.
//! - [`refusal`]: why a file was turned away, and what a person can do about it.
//! - [`worker`]: the protocol of the processes that run all of the above out of the server's reach.
//! - [`signature`]: strokes of a consent signature, checked, stored and drawn.
//! - `synthetic` (feature): invented clinical images for demonstrations and tests.
//!
//! The JPEG decoder starts up to three short-lived threads of its own for an image; this crate starts none.
#![forbid(unsafe_code)]

mod colour;
pub mod completeness;
mod decode;
pub mod derive;
mod exif;
pub mod facts;
mod format;
mod header;
pub mod limits;
mod num;
mod orientation;
mod polyglot;
pub mod refusal;
pub mod signature;
pub mod sniff;
#[cfg(feature = "synthetic")]
pub mod synthetic;
#[cfg(test)]
mod tests;
mod tiff_kind;
mod wire;
pub mod worker;

pub use completeness::Completeness;
pub use derive::{Derived, Full, MediaType, derive, derive_turned, full, full_turned, inspect};
pub use facts::{CivilTime, Facts};
pub use format::Format;
pub use limits::{Limits, MEDIUM_SIDE, SCREEN_SIDE, THUMBNAIL_SIDE};
pub use orientation::{Orientation, Turns};
pub use refusal::Refusal;
pub use sniff::sniff;
