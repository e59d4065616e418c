//! A darkroom in this process: what a picture costs without the worker process around it.

use bytes::Bytes;
use cutis_media::{Derived, Full, Limits, Refusal};
use cutis_records::Darkroom;
use cutis_records::images::darkroom::Developing;

/// Looks at pictures on the calling thread.
#[derive(Debug)]
pub(crate) struct InProcess;

impl Darkroom for InProcess {
    fn derive(&self, original: Bytes, limits: Limits) -> Developing<'_, Derived> {
        Box::pin(async move { here(|| cutis_media::derive(&original, &limits)) })
    }

    fn full(&self, original: Bytes, limits: Limits) -> Developing<'_, Full> {
        Box::pin(async move { here(|| cutis_media::full(&original, &limits)) })
    }
}

fn here<T>(
    work: impl FnOnce() -> Result<T, Refusal>,
) -> Result<T, cutis_records::images::darkroom::DarkroomError> {
    Ok(tokio::task::block_in_place(work)?)
}
