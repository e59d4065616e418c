//! The activity of one connection, shared by its socket, its service and its watch.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::limits::Limits;

/// Into how many checks the watch divides the time that it allows.
const LOOKS: u32 = 4;

/// Counters of one connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Requests whose head has arrived and whose response isn't wholly handed over.
    requests: AtomicUsize,
    /// Requests whose head has arrived, ever.
    begun: AtomicU64,
    /// What was handed to the connection and hasn't left it.
    unread: Mutex<Unread>,
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

/// How dispensable a connection is, the most dispensable first.
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

/// Frames that were handed over, oldest first.
#[derive(Debug, Default)]
struct Unread {
    next: u64,
    since: BTreeMap<u64, Instant>,
}

/// A request in flight. Dropping it ends the request.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Activity>);

/// A frame of a response, or its head, that was handed to the connection. Dropping the last copy means
/// that it has left: the client took it.
#[derive(Debug)]
pub(super) struct HandedOver {
    activity: Arc<Activity>,
    number: u64,
}

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

    /// How dispensable it is, and when something last happened on it.
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

    fn unread(&self) -> MutexGuard<'_, Unread> {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the oldest frame that hasn't left has been waiting.
    fn unread_for(&self) -> Option<Duration> {
        self.unread().since.values().next().map(Instant::elapsed)
    }

    /// Looks until the connection deserves to end: when it was idle too long, or when any one frame
    /// was left unread for longer than `stall`, however much else went on meanwhile.
    pub(super) async fn watch(&self, limits: &Limits, stall: Duration) -> Verdict {
        let allowed = limits.idle.min(stall);
        let mut looks = interval((allowed / LOOKS).max(Duration::from_millis(1)));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = self.progress.load(Ordering::Acquire);
        let mut idle = Duration::ZERO;
        loop {
            looks.tick().await;
            let unread = self.unread_for();
            if unread.is_some_and(|unread| unread > stall) {
                return Verdict::Unread;
            }
            let now = self.progress.load(Ordering::Acquire);
            idle = if now != seen || self.busy() || unread.is_some() {
                Duration::ZERO
            } else {
                idle.saturating_add(looks.period())
            };
            seen = now;
            // The first look comes at once, hence "more than".
            if idle > limits.idle {
                return Verdict::Idle;
            }
        }
    }
}

impl InFlight {
    /// A frame of the response was handed to the connection; whether it is taken is the client's doing.
    pub(super) fn hand_over(&self) -> Arc<HandedOver> {
        let activity = Arc::clone(&self.0);
        let mut unread = activity.unread();
        let number = unread.next;
        unread.next = number.wrapping_add(1);
        unread.since.insert(number, Instant::now());
        drop(unread);
        Arc::new(HandedOver { activity, number })
    }

    pub(super) fn upgrade(&self) {
        self.0.upgrade();
    }
}

impl HandedOver {
    /// Since when.
    pub(super) fn since(&self) -> Option<Instant> {
        self.activity.unread().since.get(&self.number).copied()
    }
}

impl Drop for HandedOver {
    fn drop(&mut self) {
        self.activity.unread().since.remove(&self.number);
        self.activity.advance();
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
    use tokio::time::timeout;

    const STALL: Duration = Duration::from_mins(1);

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
        assert_eq!(activity.watch(&limits(), STALL).await, Verdict::Idle);
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
            timeout(Duration::from_hours(1), activity.watch(&limits(), STALL))
                .await
                .is_err()
        );
        drop(request);
        assert_eq!(activity.watch(&limits(), STALL).await, Verdict::Idle);
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_nobody_reads_ends_it_and_a_slow_handler_does_not() {
        let activity = Arc::new(Activity::default());
        let request = activity.begin();
        let frame = request.hand_over();
        assert_eq!(activity.watch(&limits(), STALL).await, Verdict::Unread);
        drop(frame);
        assert!(
            timeout(Duration::from_hours(1), activity.watch(&limits(), STALL))
                .await
                .is_err()
        );
    }

    /// Issue 6, point 7: requests that go well don't hide one response that stands still.
    #[tokio::test(start_paused = true)]
    async fn progress_elsewhere_hides_no_frame_that_stands_still() {
        let activity = Arc::new(Activity::default());
        let stalled = activity.begin().hand_over();
        let limits = limits();
        let lively = async {
            loop {
                drop(activity.begin().hand_over());
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::select! {
            verdict = activity.watch(&limits, STALL) => assert_eq!(verdict, Verdict::Unread),
            () = lively => unreachable!("it goes on forever"),
        }
        drop(stalled);
    }
}
