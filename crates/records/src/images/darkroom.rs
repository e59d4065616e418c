//! Where untrusted image bytes are decoded: never here. The composition root provides worker processes; this trait says
//! what they must do.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use cutis_blob::BlobError;
use cutis_media::{Derived, Full, Limits, Refusal, Turns};
use futures_util::Stream;

pub use super::memory::MOST_DERIVED;

/// What a darkroom returns, some time later.
pub type Developing<'a, T> = Pin<Box<dyn Future<Output = Result<T, DarkroomError>> + Send + 'a>>;

/// A stored original, read as a worker takes it and never whole.
pub struct Original {
    /// Its bytes in all.
    pub length: u64,
    /// Its content in order, ending after the first error.
    pub pieces: Pin<Box<dyn Stream<Item = Result<Bytes, BlobError>> + Send>>,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Original")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Why no derivative was made.
#[derive(Debug, thiserror::Error)]
pub enum DarkroomError {
    /// No worker was available.
    #[error("no decode worker is free; try again soon")]
    Busy,
    /// The file was examined and refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The result is larger than was asked for.
    #[error("the rendition is too large")]
    TooLong,
    /// The stored original could not be read to its end.
    #[error("the photo could not be read")]
    Unreadable(#[from] BlobError),
}

/// Decodes untrusted bytes in isolation, in bounded memory and time (C31). A worker sees one file and is then replaced.
/// The caller decides whose turn it is, and never calls this with more images at a time than [`Darkroom::places`].
pub trait Darkroom: Send + Sync {
    /// How many images can be decoded at a time.
    fn places(&self) -> usize;

    /// Facts, thumbnail, medium and screen rendition, of at most [`MOST_DERIVED`] bytes together, turned by `turns` from
    /// upright.
    fn derive(&self, original: Bytes, limits: Limits, turns: Turns) -> Developing<'_, Derived>;

    /// The full-size rendition of at most `most` bytes: upright and then turned by `turns`, sRGB, without metadata.
    fn full(&self, original: Original, limits: Limits, turns: Turns, most: u64) -> Developing<'_, Full>;
}
