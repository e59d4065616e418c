//! A darkroom in this process: what an image costs without the worker process around it.

use bytes::Bytes;
use cutis_media::{Derived, Full, Limits, Refusal, Turns};
use cutis_records::Darkroom;
use cutis_records::images::darkroom::{Developing, Original};
use futures_util::TryStreamExt as _;

/// Looks at images on the calling thread.
#[derive(Debug)]
pub(crate) struct InProcess;

impl Darkroom for InProcess {
    fn places(&self) -> usize {
        std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
    }

    fn derive(&self, original: Bytes, limits: Limits, turns: Turns) -> Developing<'_, Derived> {
        Box::pin(async move { here(|| cutis_media::derive_turned(&original, &limits, turns)) })
    }

    fn full(&self, original: Original, limits: Limits, turns: Turns, _: u64) -> Developing<'_, Full> {
        Box::pin(async move {
            let mut whole = Vec::new();
            let mut pieces = original.pieces;
            while let Some(piece) = pieces.try_next().await? {
                whole.extend_from_slice(&piece);
            }
            here(|| cutis_media::full_turned(&whole, &limits, turns))
        })
    }
}

fn here<T>(
    work: impl FnOnce() -> Result<T, Refusal>,
) -> Result<T, cutis_records::images::darkroom::DarkroomError> {
    Ok(tokio::task::block_in_place(work)?)
}
