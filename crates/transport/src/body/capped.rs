//! A request body that ends at a limit.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How much of a refused body is read and thrown away, so that the client sees the answer instead of
/// a connection that breaks while it is still sending.
const DRAINED_BYTES: u64 = 1024 * 1024;
const DRAINED_FOR: Duration = Duration::from_secs(1);

/// A request body is larger than the route accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is larger than the {limit} bytes accepted here")]
pub struct TooLarge {
    /// The limit that was passed, in bytes.
    pub limit: u64,
}

/// A body that fails with [`TooLarge`] once its limit is passed, or at once when its declared length
/// already passes it. Nothing is ever allocated by a declared length.
#[derive(Debug)]
pub struct CappedBody<B> {
    inner: B,
    limit: u64,
    read: u64,
    refusal: Option<Refusal>,
    failed: bool,
}

#[derive(Debug)]
struct Refusal {
    limit: u64,
    drained: u64,
    patience: Pin<Box<Sleep>>,
}

impl<B> CappedBody<B> {
    /// Wraps a body that hasn't been read from; `limit` is in bytes.
    pub fn new(inner: B, limit: u64) -> Self {
        Self {
            inner,
            limit,
            read: 0,
            refusal: None,
            failed: false,
        }
    }
}

impl<B> Body for CappedBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        if this.failed {
            return Poll::Ready(None);
        }
        let limit = this.limit;
        if this.refusal.is_none() && this.read.saturating_add(this.inner.size_hint().lower()) > limit {
            this.refusal = Some(Refusal::new(limit));
        }
        loop {
            if let Some(refusal) = &mut this.refusal {
                ready!(refusal.poll_drained(&mut this.inner, context));
                this.failed = true;
                return Poll::Ready(Some(Err(TooLarge { limit: refusal.limit }.into())));
            }
            let Some(frame) = ready!(Pin::new(&mut this.inner).poll_frame(context)) else {
                return Poll::Ready(None);
            };
            let frame = frame.map_err(Into::into)?;
            this.read = this.read.saturating_add(data_length(&frame));
            if this.read <= limit {
                return Poll::Ready(Some(Ok(frame)));
            }
            this.refusal = Some(Refusal::new(limit));
        }
    }

    fn is_end_stream(&self) -> bool {
        self.failed || (self.refusal.is_none() && self.inner.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Refusal {
    fn new(limit: u64) -> Self {
        Self {
            limit,
            drained: 0,
            patience: Box::pin(sleep(DRAINED_FOR)),
        }
    }

    /// Ready once the rest of the body is gone, or enough of it, or the patience for it.
    fn poll_drained<B>(&mut self, body: &mut B, context: &mut Context<'_>) -> Poll<()>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        loop {
            if self.drained >= DRAINED_BYTES || self.patience.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            match ready!(Pin::new(&mut *body).poll_frame(context)) {
                Some(Ok(frame)) => self.drained = self.drained.saturating_add(data_length(&frame)),
                Some(Err(_)) | None => return Poll::Ready(()),
            }
        }
    }
}

fn data_length(frame: &Frame<Bytes>) -> u64 {
    frame
        .data_ref()
        .map_or(0, |data| u64::try_from(data.remaining()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{StreamExt as _, stream};
    use http_body_util::{BodyExt, Full, StreamBody};

    fn chunks(sizes: &[usize]) -> impl Body<Data = Bytes, Error = BoxError> + Unpin + use<> {
        let frames: Vec<_> = sizes
            .iter()
            .map(|size| Ok::<_, BoxError>(Frame::data(Bytes::from(vec![7; *size]))))
            .collect();
        StreamBody::new(stream::iter(frames))
    }

    async fn outcome(body: impl Body<Data = Bytes, Error = BoxError> + Unpin) -> Result<usize, u64> {
        match body.collect().await {
            Ok(collected) => Ok(collected.to_bytes().len()),
            Err(error) => Err(error.downcast_ref::<TooLarge>().expect("too large").limit),
        }
    }

    /// C27: the limit is exact, chunked or declared.
    #[tokio::test]
    async fn a_body_up_to_its_limit_passes_and_one_byte_more_does_not() {
        assert_eq!(outcome(CappedBody::new(chunks(&[6, 4]), 10)).await, Ok(10));
        assert_eq!(outcome(CappedBody::new(chunks(&[6, 5]), 10)).await, Err(10));
        let full = |size| Full::new(Bytes::from(vec![0; size]));
        assert_eq!(outcome(CappedBody::new(full(10), 10)).await, Ok(10));
        assert_eq!(outcome(CappedBody::new(full(11), 10)).await, Err(10));
    }

    /// C27: what is a little too large is read to its end, so that its sender hears why; what is much too
    /// large is not.
    #[tokio::test]
    async fn a_refused_body_is_read_on_within_bounds() {
        for (frames, read) in [(8, 8), (100, 17)] {
            let mut taken = 0;
            let counted = stream::iter(0..frames).inspect(|_| taken += 1);
            let body = counted.map(|_| Ok::<_, BoxError>(Frame::data(Bytes::from(vec![7; 64 * 1024]))));
            let capped = CappedBody::new(StreamBody::new(body), 1024);
            assert_eq!(outcome(capped).await, Err(1024));
            assert_eq!(taken, read, "of {frames} frames of 64 KiB");
        }
    }

    /// C27: a client that declares much and sends little is answered, not waited for.
    #[tokio::test(start_paused = true)]
    async fn a_refused_body_that_never_arrives_is_given_up_after_a_second() {
        struct Silent;
        impl Body for Silent {
            type Data = Bytes;
            type Error = BoxError;
            fn poll_frame(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
            ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
                Poll::Pending
            }
            fn size_hint(&self) -> SizeHint {
                SizeHint::with_exact(4 << 30)
            }
        }
        let before = tokio::time::Instant::now();
        assert_eq!(outcome(CappedBody::new(Silent, 1024)).await, Err(1024));
        assert!(before.elapsed() <= Duration::from_secs(2));
    }
}
