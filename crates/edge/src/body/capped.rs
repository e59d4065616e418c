//! A request body that ends at a limit.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};

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
    failed: bool,
}

impl<B> CappedBody<B> {
    /// Wraps a body that hasn't been read from; `limit` is in bytes.
    pub fn new(inner: B, limit: u64) -> Self {
        Self {
            inner,
            limit,
            read: 0,
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
        if this.read.saturating_add(this.inner.size_hint().lower()) <= limit {
            let Some(frame) = ready!(Pin::new(&mut this.inner).poll_frame(context)) else {
                return Poll::Ready(None);
            };
            let frame = frame.map_err(Into::into)?;
            this.read = this.read.saturating_add(data_length(&frame));
            if this.read <= limit {
                return Poll::Ready(Some(Ok(frame)));
            }
        }
        this.failed = true;
        Poll::Ready(Some(Err(TooLarge { limit }.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.failed || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
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
    use futures_util::stream;
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

    /// C27: a client that declares much is answered before it sends any of it; what it still sends is the
    /// connection's to throw away.
    #[tokio::test]
    async fn a_refused_body_is_not_waited_for() {
        struct Silent;
        impl Body for Silent {
            type Data = Bytes;
            type Error = BoxError;
            fn poll_frame(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
            ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
                unreachable!("nobody asks for it")
            }
            fn size_hint(&self) -> SizeHint {
                SizeHint::with_exact(4 << 30)
            }
        }
        assert_eq!(outcome(CappedBody::new(Silent, 1024)).await, Err(1024));
    }
}
