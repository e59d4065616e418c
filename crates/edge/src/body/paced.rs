//! A request body that must keep arriving.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::limits::Limits;

/// How slowly a request body may arrive.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The longest wait for one frame.
    pub pause: Duration,
    /// The span of waiting over which the rate is measured.
    pub window: Duration,
    /// Bytes per second in every such span.
    pub rate: u64,
}

impl From<&Limits> for Pace {
    fn from(limits: &Limits) -> Self {
        Self {
            pause: limits.body_pause,
            window: limits.body_window,
            rate: limits.body_rate,
        }
    }
}

impl Pace {
    /// Bytes that must arrive in one window.
    fn window_bytes(&self) -> u64 {
        let bytes = u128::from(self.rate).saturating_mul(self.window.as_millis()) / 1000;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// A request body arrived too slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body arrived too slowly")]
pub struct TooSlow;

/// A body that fails with [`TooSlow`] if its sender is too slow.
///
/// Only time spent waiting for the sender counts, not the time in which a handler processes what it has read.
#[derive(Debug)]
pub struct PacedBody<B> {
    inner: B,
    pace: Pace,
    /// Since when the sender is being waited for.
    waiting: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
    window_waited: Duration,
    window_read: u64,
    failed: bool,
}

impl<B> PacedBody<B> {
    /// Wraps a body that hasn't been read from.
    pub fn new(inner: B, pace: Pace) -> Self {
        Self {
            inner,
            pace,
            waiting: None,
            alarm: None,
            window_waited: Duration::ZERO,
            window_read: 0,
            failed: false,
        }
    }

    /// Takes note of a frame, after the wait for it.
    fn arrived(&mut self, bytes: u64) {
        if let Some(since) = self.waiting.take() {
            self.window_waited = self.window_waited.saturating_add(since.elapsed());
        }
        self.window_read = self.window_read.saturating_add(bytes);
        if self.window_read >= self.pace.window_bytes() {
            self.window_waited = Duration::ZERO;
            self.window_read = 0;
        }
    }

    /// When the sender is late, if nothing arrives until then.
    fn deadline(&self, since: Instant) -> Instant {
        let rest_of_window = self.pace.window.saturating_sub(self.window_waited);
        since + self.pace.pause.min(rest_of_window.max(Duration::from_millis(1)))
    }
}

impl<B> Body for PacedBody<B>
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
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) {
            let bytes = match &frame {
                Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) | None => 0,
            };
            this.arrived(u64::try_from(bytes).unwrap_or(u64::MAX));
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let since = *this.waiting.get_or_insert_with(Instant::now);
        let deadline = this.deadline(since);
        let alarm = this.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        if alarm.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        this.failed = true;
        Poll::Ready(Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.failed || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;
    use futures_util::stream;
    use http_body_util::{BodyExt, StreamBody};

    const PACE: Pace = Pace {
        pause: Duration::from_secs(15),
        window: Duration::from_secs(15),
        rate: 8 * 1024,
    };

    /// Frames of this size, this far apart, on tokio's paused clock.
    async fn read(size: usize, apart: Duration, frames: usize) -> Result<usize, BoxError> {
        let frames = stream::iter(0..frames).then(move |_| async move {
            tokio::time::sleep(apart).await;
            Ok::<_, BoxError>(Frame::data(Bytes::from(vec![0; size])))
        });
        let body = PacedBody::new(Box::pin(StreamBody::new(frames)), PACE);
        Ok(body.collect().await?.to_bytes().len())
    }

    /// C32: 8 KiB/s is enough, however long it takes.
    #[tokio::test(start_paused = true)]
    async fn a_steady_sender_may_take_its_time() {
        assert_eq!(
            read(8 * 1024, Duration::from_millis(999), 300).await.unwrap(),
            300 * 8 * 1024
        );
    }

    /// C32: a trickle is cut off, though it never pauses for long.
    #[tokio::test(start_paused = true)]
    async fn a_trickle_ends_after_the_first_window() {
        let before = Instant::now();
        let error = read(1, Duration::from_millis(500), 10_000).await.unwrap_err();
        assert!(error.is::<TooSlow>(), "{error}");
        assert!(
            before.elapsed() <= Duration::from_secs(16),
            "{:?}",
            before.elapsed()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_stops_is_cut_off() {
        let before = Instant::now();
        let error = read(1 << 20, Duration::from_hours(1), 2).await.unwrap_err();
        assert!(error.is::<TooSlow>());
        assert!(before.elapsed() <= PACE.pause);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_on_our_side_makes_nobody_late() {
        let frames = stream::iter((0..3).map(|_| Ok::<_, BoxError>(Frame::data(Bytes::from_static(b"x")))));
        let mut body = PacedBody::new(StreamBody::new(frames), PACE);
        for _ in 0..3 {
            body.frame().await.unwrap().unwrap();
            tokio::time::sleep(Duration::from_mins(5)).await;
        }
        assert!(body.frame().await.is_none());
    }
}
