//! The write deadline of an HTTP/2 stream.
//!
//! hyper doesn't ask a body for its next frame while the client's window is closed, so the body can't
//! watch the clock itself. The stream's task does: when a frame has not moved for too long, the task is dropped, with
//! the body and everything that it holds, and the stream is reset. Other streams continue.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

/// Into how many checks the allowed time is divided.
const LOOKS: u32 = 4;

tokio::task_local! {
    static STREAM: Stall;
}

/// Since when the frame that a stream handed over last hasn't been taken.
#[derive(Debug, Clone, Default)]
pub(super) struct Stall(Arc<Mutex<Option<Instant>>>);

impl Stall {
    /// The watch over the stream whose task this is; none on HTTP/1.
    pub(super) fn of_this_stream() -> Option<Self> {
        STREAM.try_with(Self::clone).ok()
    }

    /// A frame was handed over at this time, or taken.
    pub(super) fn note(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    fn since(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ready once a frame has stood still for this long.
    async fn overdue(&self, allowed: Duration) {
        let mut looks = interval((allowed / LOOKS).max(Duration::from_millis(1)));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if self.since().is_some_and(|since| since.elapsed() >= allowed) {
                return;
            }
        }
    }
}

/// Runs a stream's task until it ends or its client has read nothing for this long.
pub(super) async fn watched(stream: impl Future, allowed: Duration) {
    let stall = Stall::default();
    tokio::select! {
        _ = STREAM.scope(stall.clone(), stream) => (),
        () = stall.overdue(allowed) => tracing::debug!("a response that nobody read was cut off"),
    }
}
