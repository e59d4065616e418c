//! Typed values out of requests, or a problem that names the fault.
//!
//! These replace axum's own extractors, whose refusals are plain text.

mod duplicates;
mod faults;
mod json;
mod multipart;
pub mod objects;
mod path;
mod query;
mod stream;
mod whole;

pub use json::{Json, json_part};
pub use multipart::{Multipart, Part, Rest};
pub use path::Path;
pub use query::Query;
pub use stream::Octets;
pub use whole::{Whole, whole};
