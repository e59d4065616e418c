//! How long sessions have been unused and open, by a monotonic clock. A host's wall clock may run ahead and be
//! corrected: a session that was used in the meantime has a time in the future, and by the wall clock alone it would
//! stay open until after that time (A7, C13). So both limits apply by both clocks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cutis_domain::SessionId;

/// A monotonic clock: the time since some fixed moment.
pub type Monotonic = Arc<dyn Fn() -> Duration + Send + Sync>;

/// The maximum number of sessions that are remembered. There are fewer people, and the one that was idle longest is
/// forgotten first.
const MOST: usize = 10_000;

/// No session lasts longer, whatever the practice's settings.
const LONGEST: Duration = Duration::from_hours(24);

/// Moments of one session, counted from the start of the process.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    first: Duration,
    used: Duration,
    noted: Duration,
}

/// How long, in whole seconds, rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Elapsed {
    /// Since the session was first seen by this process.
    pub(super) open: i64,
    /// Since a person last used it.
    pub(super) unused: i64,
    /// Since a use was last noted in the database.
    pub(super) unnoted: i64,
}

/// What this process has seen of sessions. An unknown session counts as last seen when the process started, so a
/// restart prolongs a session by no more than one span of each limit.
pub(crate) struct Steady {
    clock: Monotonic,
    began: Duration,
    sessions: Mutex<HashMap<SessionId, Moments>>,
}

impl Steady {
    pub(crate) fn new(clock: Monotonic) -> Self {
        let began = clock();
        Self {
            clock,
            began,
            sessions: Mutex::default(),
        }
    }

    /// Time since this process began to count.
    pub(super) fn now(&self) -> Duration {
        (self.clock)().saturating_sub(self.began)
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<SessionId, Moments>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The times of a session by this clock.
    pub(super) fn elapsed(&self, session: SessionId) -> Elapsed {
        let now = self.now();
        let seen = self.sessions().get(&session).copied().unwrap_or_default();
        let since = |then: Duration| i64::try_from(now.saturating_sub(then).as_secs()).unwrap_or(i64::MAX);
        Elapsed {
            open: since(seen.first),
            unused: since(seen.used),
            unnoted: since(seen.noted),
        }
    }

    /// A session begins.
    pub(crate) fn begin(&self, session: SessionId) {
        let now = self.now();
        let mut sessions = self.sessions();
        if sessions.len() >= MOST {
            // The one that was unused for longest is over already, or will be first.
            let idlest = sessions.iter().min_by_key(|(_, seen)| seen.used);
            if let Some(idlest) = idlest.map(|(id, _)| *id) {
                sessions.remove(&idlest);
            }
        }
        let moments = Moments {
            first: now,
            used: now,
            noted: now,
        };
        sessions.insert(session, moments);
    }

    /// A person uses a session.
    pub(super) fn used(&self, session: SessionId) {
        let now = self.now();
        self.sessions().entry(session).or_default().used = now;
    }

    /// A use was noted in the database.
    pub(super) fn noted(&self, session: SessionId) {
        let now = self.now();
        self.sessions().entry(session).or_default().noted = now;
    }

    /// Forgets the sessions that must have ended by now.
    pub(crate) fn tidy(&self) {
        let now = self.now();
        self.sessions()
            .retain(|_, seen| now.saturating_sub(seen.first) < LONGEST);
    }
}
