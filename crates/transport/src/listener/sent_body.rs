//! A response body that tells its connection how far it got.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::activity::InFlight;

/// Keeps its request in flight until it is dropped, and notes when the client stops reading.
#[derive(Debug)]
pub(super) struct SentBody {
    inner: Body,
    request: InFlight,
    /// A frame was handed over and the connection hasn't asked for the next.
    handed_over: bool,
}

impl SentBody {
    pub(super) fn new(inner: Body, request: InFlight) -> Self {
        Self {
            inner,
            request,
            handed_over: false,
        }
    }

    fn taken(&mut self) {
        if std::mem::take(&mut self.handed_over) {
            self.request.taken();
        }
    }
}

impl http_body::Body for SentBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        this.taken();
        let frame = Pin::new(&mut this.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(_))) = &frame {
            this.handed_over = true;
            this.request.handed_over();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for SentBody {
    fn drop(&mut self) {
        self.taken();
    }
}
