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
}

impl<S> GuardedIo<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>, head: Duration) -> Self {
        Self {
            stream,
            activity,
            scan: HeadScan::default(),
            begun: 0,
            head,
            alarm: None,
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

impl<S: AsyncWrite + Unpin> AsyncWrite for GuardedIo<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
