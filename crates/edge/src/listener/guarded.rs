//! The HTTP/1 socket: bounds how long a request head may take and refuses one that smuggles.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::activity::Activity;
use super::head_scan::HeadScan;
use super::unwanted::{Bounds, Unwanted};
use super::writes_through::writes_through;

/// A socket that knows whether a request head is under way.
///
/// hyper's own header timer starts when it begins to wait, so it serves as the idle deadline; the
/// deadline here starts with a head's first byte.
#[derive(Debug)]
pub(super) struct GuardedIo<S> {
    stream: S,
    activity: Arc<Activity>,
    scan: HeadScan,
    /// Requests that had begun when the scan did.
    begun: u64,
    head: Duration,
    alarm: Option<Pin<Box<Sleep>>>,
    bounds: Bounds,
    farewell: Farewell,
}

/// How far closing has come.
#[derive(Debug)]
enum Farewell {
    /// Not begun.
    Open,
    /// Nothing more is sent; what still arrives is discarded for a while, so that the client reads our
    /// answer instead of finding its connection reset (RFC 9112, section 9.6).
    Listening(Unwanted),
}

impl<S> GuardedIo<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>, head: Duration, bounds: Bounds) -> Self {
        Self {
            stream,
            activity,
            scan: HeadScan::default(),
            begun: 0,
            head,
            alarm: None,
            bounds,
            farewell: Farewell::Open,
        }
    }

    /// Forgets the last head once its request has begun.
    fn turn_page(&mut self) {
        let begun = self.activity.begun();
        if begun != self.begun {
            self.begun = begun;
            self.scan = HeadScan::default();
            self.alarm = None;
        }
    }

    /// Between a head's last byte and its response's end, bytes are bodies; after an upgrade, always.
    fn expects_head(&self) -> bool {
        !self.activity.busy() && !self.activity.upgraded()
    }

    fn poll_head_deadline(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.scan.began() {
            return Poll::Pending;
        }
        let head = self.head;
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + head)));
        ready!(alarm.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the request head took too long",
        )))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for GuardedIo<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.turn_page();
        if !this.expects_head() {
            return Pin::new(&mut this.stream).poll_read(context, buffer);
        }
        let before = buffer.filled().len();
        if Pin::new(&mut this.stream)
            .poll_read(context, buffer)?
            .is_pending()
        {
            return this.poll_head_deadline(context);
        }
        let smuggles = buffer
            .filled()
            .get(before..)
            .is_some_and(|read| this.scan.push(read));
        if smuggles {
            // hyper answers 400 to a head with a zero byte in it, and closes.
            if let Some(read) = buffer.filled_mut().get_mut(before..) {
                read.fill(0);
            }
        }
        // A trickle of bytes that is always ready must not outrun its deadline.
        match this.poll_head_deadline(context) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(())),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for GuardedIo<S> {
    writes_through!(stream);

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Farewell::Open = this.farewell {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            this.farewell = Farewell::Listening(Unwanted::within(&this.bounds));
        }
        this.turn_page();
        // A head that hyper refused was not read to its end either.
        if !this.activity.left_unread() && !this.scan.began() {
            return Poll::Ready(Ok(()));
        }
        this.poll_silence(context).map(Ok)
    }
}

impl<S: AsyncRead + Unpin> GuardedIo<S> {
    /// Ready once the client has stopped sending, or has sent enough, or long enough.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Farewell::Listening(unwanted) = &mut self.farewell else {
            return Poll::Ready(());
        };
        let mut scrap = [0; 16 * 1024];
        while unwanted.poll_enough(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut scrap);
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
            let count = buffer.filled().len();
            if read.is_err() || count == 0 {
                break;
            }
            unwanted.heard(count);
        }
        Poll::Ready(())
    }
}
