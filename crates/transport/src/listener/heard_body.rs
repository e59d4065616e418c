//! A request body that remembers whether it was read to its end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};

/// The body of a request that is being handled.
#[derive(Debug)]
pub(super) struct HeardBody<B> {
    inner: B,
    heard: Heard,
}

/// Whether everything that the client has to say was heard.
#[derive(Debug, Clone)]
pub(super) struct Heard(Arc<AtomicBool>);

impl Heard {
    /// Nothing of the body is left unread.
    pub(super) fn out(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl<B: Body<Data = Bytes> + Unpin> HeardBody<B> {
    /// Wraps the body of a request.
    pub(super) fn of(request: Request<B>) -> (Request<Self>, Heard) {
        let heard = Heard(Arc::new(AtomicBool::new(request.body().is_end_stream())));
        let request = request.map(|inner| Self {
            inner,
            heard: heard.clone(),
        });
        (request, heard)
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for HeardBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(context));
        let whole = match &frame {
            None => true,
            Some(Ok(_)) => this.inner.is_end_stream(),
            Some(Err(_)) => false,
        };
        if whole {
            this.heard.0.store(true, Ordering::Release);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
