//! Where untrusted image bytes are looked at: never here. The composition root brings worker
//! processes; this is what they must do.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use cutis_media::{Derived, Full, Limits, Refusal};

/// What a darkroom answers, some time later.
pub type Developing<'a, T> = Pin<Box<dyn Future<Output = Result<T, DarkroomError>> + Send + 'a>>;

/// Why no derivative was made.
#[derive(Debug, thiserror::Error)]
pub enum DarkroomError {
    /// No worker could be had in time.
    #[error("no image worker is free; try again soon")]
    Busy,
    /// The file was looked at and refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Looks at untrusted bytes apart from everything else, in bounded memory and time (C31). A worker's
/// death refuses one file and is replaced.
pub trait Darkroom: Send + Sync {
    /// Facts, thumbnail and screen picture.
    fn derive(&self, original: Bytes, limits: Limits) -> Developing<'_, Derived>;

    /// The full-size picture: upright, sRGB, without metadata.
    fn full(&self, original: Bytes, limits: Limits) -> Developing<'_, Full>;
}
