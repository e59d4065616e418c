//! What is going on on one connection, shared by its socket, its service and its watch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::limits::Limits;

/// Into how many looks the watch divides the time it allows.
const LOOKS: u32 = 4;

/// Counters of one connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Requests whose head has arrived and whose response isn't wholly handed over.
    requests: AtomicUsize,
    /// Requests whose head has arrived, ever.
    begun: AtomicU64,
    /// Responses with a frame handed to the connection that it hasn't come back from.
    unread: AtomicUsize,
    /// Grows with every request and every frame of a response.
    progress: AtomicU64,
    upgraded: AtomicBool,
    /// Somebody signed in has asked for something.
    vouched: AtomicBool,
    /// A request was answered before its body's end.
    left_unread: AtomicBool,
    /// Ticks over all connections; `last` is when something happened on this one.
    clock: Arc<AtomicU64>,
    last: AtomicU64,
}

/// How well a connection could be spared; the first soonest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leisure {
    /// No request has come yet.
    NeverUsed,
    /// No request at the moment.
    Unused,
    /// No request at the moment, but people who are signed in have used it.
    Kept,
    /// A stranger's request is under way.
    Busy,
    /// The request of somebody signed in is under way, or the socket belongs to a WebSocket.
    Needed,
}

/// A request in flight. Dropping it ends the request.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Activity>);

/// Why a connection should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No request for as long as a connection may be idle.
    Idle,
    /// The client doesn't read what it asked for.
    Unread,
}

impl Activity {
    /// Of a connection that has just been accepted.
    pub(super) fn new(clock: Arc<AtomicU64>) -> Self {
        let activity = Self {
            clock,
            ..Self::default()
        };
        activity.tick();
        activity
    }

    pub(super) fn begin(self: &Arc<Self>) -> InFlight {
        self.requests.fetch_add(1, Ordering::AcqRel);
        self.begun.fetch_add(1, Ordering::AcqRel);
        self.advance();
        InFlight(Arc::clone(self))
    }

    pub(super) fn busy(&self) -> bool {
        self.requests.load(Ordering::Acquire) > 0
    }

    /// How many requests have begun.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Acquire)
    }

    pub(super) fn upgrade(&self) {
        self.upgraded.store(true, Ordering::Release);
    }

    pub(super) fn upgraded(&self) -> bool {
        self.upgraded.load(Ordering::Acquire)
    }

    /// Somebody signed in uses this connection.
    pub(super) fn vouch(&self) {
        self.vouched.store(true, Ordering::Release);
    }

    /// Some of a request's body was not wanted, so its sender may still be sending when we close.
    pub(super) fn leave_unread(&self) {
        self.left_unread.store(true, Ordering::Release);
    }

    pub(super) fn left_unread(&self) -> bool {
        self.left_unread.load(Ordering::Acquire)
    }

    /// How well it could be spared, and when something last happened on it.
    pub(super) fn leisure(&self) -> (Leisure, u64) {
        let vouched = self.vouched.load(Ordering::Acquire);
        let leisure = match (self.busy() || self.upgraded(), vouched) {
            (true, true) => Leisure::Needed,
            (true, false) if self.upgraded() => Leisure::Needed,
            (true, false) => Leisure::Busy,
            (false, true) => Leisure::Kept,
            (false, false) if self.begun() > 0 => Leisure::Unused,
            (false, false) => Leisure::NeverUsed,
        };
        (leisure, self.last.load(Ordering::Acquire))
    }

    fn advance(&self) {
        self.progress.fetch_add(1, Ordering::AcqRel);
        self.tick();
    }

    fn tick(&self) {
        let now = self.clock.fetch_add(1, Ordering::AcqRel);
        self.last.store(now, Ordering::Release);
    }

    /// Looks until the connection deserves to end.
    pub(super) async fn watch(&self, limits: &Limits) -> Verdict {
        let allowed = limits.idle.min(limits.response_stall);
        let mut looks = interval((allowed / LOOKS).max(Duration::from_millis(1)));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = self.progress.load(Ordering::Acquire);
        let (mut idle, mut unread) = (Duration::ZERO, Duration::ZERO);
        loop {
            looks.tick().await;
            let now = self.progress.load(Ordering::Acquire);
            if now != seen {
                (idle, unread) = (Duration::ZERO, Duration::ZERO);
                seen = now;
                continue;
            }
            let step = looks.period();
            idle = if self.busy() {
                Duration::ZERO
            } else {
                idle.saturating_add(step)
            };
            unread = if self.unread.load(Ordering::Acquire) > 0 {
                unread.saturating_add(step)
            } else {
                Duration::ZERO
            };
            // The first look comes at once, hence "more than".
            if unread > limits.response_stall {
                return Verdict::Unread;
            }
            if idle > limits.idle {
                return Verdict::Idle;
            }
        }
    }
}

impl InFlight {
    /// A frame of the response was handed to the connection; whether it is taken is the client's doing.
    pub(super) fn handed_over(&self) {
        self.0.unread.fetch_add(1, Ordering::AcqRel);
    }

    /// The connection came back for more after [`Self::handed_over`].
    pub(super) fn taken(&self) {
        self.0.unread.fetch_sub(1, Ordering::AcqRel);
        self.0.advance();
    }

    pub(super) fn upgrade(&self) {
        self.0.upgrade();
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::AcqRel);
        self.0.advance();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, timeout};

    fn limits() -> Limits {
        Limits {
            idle: Duration::from_mins(1),
            response_stall: Duration::from_mins(1),
            ..Limits::default()
        }
    }

    /// C32: an idle connection ends after a minute, and not much before or after.
    #[tokio::test(start_paused = true)]
    async fn idle_ends_after_the_time_allowed() {
        let activity = Arc::new(Activity::default());
        let before = Instant::now();
        assert_eq!(activity.watch(&limits()).await, Verdict::Idle);
        let waited = before.elapsed();
        assert!(
            waited >= Duration::from_mins(1) && waited <= Duration::from_secs(76),
            "{waited:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_flight_keeps_the_connection() {
        let activity = Arc::new(Activity::default());
        let request = activity.begin();
        assert!(
            timeout(Duration::from_hours(1), activity.watch(&limits()))
                .await
                .is_err()
        );
        drop(request);
        assert_eq!(activity.watch(&limits()).await, Verdict::Idle);
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_nobody_reads_ends_it_and_a_slow_handler_does_not() {
        let activity = Arc::new(Activity::default());
        let request = activity.begin();
        request.handed_over();
        assert_eq!(activity.watch(&limits()).await, Verdict::Unread);
        request.taken();
        assert!(
            timeout(Duration::from_hours(1), activity.watch(&limits()))
                .await
                .is_err()
        );
    }
}
