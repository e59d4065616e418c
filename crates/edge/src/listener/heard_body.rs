//! A request body that remembers whether it was read to its end, and leaves behind what wasn't.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};

/// The body of a request that is being handled. When it is dropped before its end, what is left of it goes
/// to its [`Heard`].
#[derive(Debug)]
pub(super) struct HeardBody<B> {
    /// There until the body is dropped or breaks.
    inner: Option<B>,
    heard: Heard<B>,
}

/// Whether everything that the client sent was read, and what was not.
#[derive(Debug)]
pub(super) struct Heard<B>(Arc<Account<B>>);

#[derive(Debug)]
struct Account<B> {
    whole: AtomicBool,
    rest: Mutex<Option<B>>,
}

impl<B> Heard<B> {
    /// Nothing of the body is left unread.
    pub(super) fn out(&self) -> bool {
        self.0.whole.load(Ordering::Acquire)
    }

    /// What is left of a body that its handler has dropped.
    pub(super) fn take_rest(&self) -> Option<B> {
        self.0.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<B: Body<Data = Bytes> + Unpin> HeardBody<B> {
    /// Wraps the body of a request.
    pub(super) fn of(request: Request<B>) -> (Request<Self>, Heard<B>) {
        let account = Arc::new(Account {
            whole: AtomicBool::new(request.body().is_end_stream()),
            rest: Mutex::new(None),
        });
        let request = request.map(|inner| Self {
            inner: Some(inner),
            heard: Heard(Arc::clone(&account)),
        });
        (request, Heard(account))
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
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        let frame = ready!(Pin::new(&mut *inner).poll_frame(context));
        let whole = match &frame {
            None => true,
            Some(Ok(_)) => inner.is_end_stream(),
            Some(Err(_)) => {
                this.inner = None;
                false
            }
        };
        if whole {
            this.heard.0.whole.store(true, Ordering::Release);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B> Drop for HeardBody<B> {
    fn drop(&mut self) {
        if !self.heard.out() {
            let mut rest = self.heard.0.rest.lock().unwrap_or_else(PoisonError::into_inner);
            *rest = self.inner.take();
        }
    }
}
