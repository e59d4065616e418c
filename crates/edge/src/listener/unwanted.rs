//! Reading the rest of a request that was answered before its end, within limits, and discarding it.
//!
//! Many clients send everything before they look for an answer, and lose it when the connection or the
//! stream is reset under them: over HTTP/1 by the system (RFC 9112, section 9.6), over HTTP/2 even by the
//! reset without an error that RFC 9113, section 8.1, provides for just this. So what still comes is thrown
//! away: it costs no memory, and a connection that only does this is the first to go when places are short.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use http_body_util::BodyExt as _;
use tokio::task::consume_budget;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::Shared;
use crate::limits::Limits;

/// How much is read and discarded.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    bytes: u64,
    time: Duration,
    pause: Duration,
    stopping: CancellationToken,
}

impl Bounds {
    pub(super) fn of(shared: &Shared) -> Self {
        let Limits {
            unwanted_bytes: bytes,
            unwanted_time: time,
            unwanted_pause: pause,
            ..
        } = *shared.limits;
        Self {
            bytes,
            time,
            pause,
            stopping: shared.stopping.clone(),
        }
    }
}

/// Throwing away what one client still sends.
#[derive(Debug)]
pub(super) struct Unwanted {
    left: u64,
    pause: Duration,
    end: Instant,
    alarm: Pin<Box<Sleep>>,
    /// Resolved already, and gone, once the server stops.
    stopping: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl Unwanted {
    pub(super) fn within(bounds: &Bounds) -> Self {
        let now = Instant::now();
        let end = now + bounds.time;
        Self {
            left: bounds.bytes,
            pause: bounds.pause,
            end,
            alarm: Box::pin(sleep_until(end.min(now + bounds.pause))),
            stopping: Some(Box::pin(bounds.stopping.clone().cancelled_owned())),
        }
    }

    /// So many bytes were thrown away.
    pub(super) fn heard(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.alarm
            .as_mut()
            .reset(self.end.min(Instant::now() + self.pause));
    }

    /// Ready once enough was thrown away: so many bytes, for so long, or nothing came for a while. Once the
    /// server stops, there is no more time than for one pause.
    pub(super) fn poll_enough(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.left == 0 {
            return Poll::Ready(());
        }
        if let Some(stopping) = &mut self.stopping
            && stopping.as_mut().poll(context).is_ready()
        {
            self.stopping = None;
            self.end = self.end.min(Instant::now() + self.pause);
            self.alarm.as_mut().reset(self.end);
        }
        self.alarm.as_mut().poll(context)
    }
}

/// Throws away what is left of a body.
pub(super) async fn read_on<B: Body<Data = Bytes> + Unpin>(mut body: B, bounds: Bounds) {
    let mut unwanted = Unwanted::within(&bounds);
    loop {
        tokio::select! {
            biased;
            () = std::future::poll_fn(|context| unwanted.poll_enough(context)) => return,
            frame = body.frame() => match frame {
                Some(Ok(frame)) => unwanted.heard(frame.data_ref().map_or(0, Bytes::len)),
                Some(Err(_)) | None => return,
            },
        }
        consume_budget().await;
    }
}
