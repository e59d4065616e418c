//! Which sessions' passwords were entered again a short time ago (I5). Kept in memory: after a restart the password is
//! asked for once more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cutis_domain::{SessionId, Timestamp};

use super::steady::Monotonic;

/// For how long entering the password counts.
const LASTING: Duration = Duration::from_mins(10);

/// The maximum number of sessions that are remembered; the oldest is forgotten first, and is asked again.
const MOST: usize = 10_000;

/// When the password was entered, by the wall clock and by the steady one.
type Moment = (Timestamp, Duration);

/// When each session's password was entered.
pub(crate) struct Confirmations {
    clock: Monotonic,
    sessions: Mutex<HashMap<SessionId, Moment>>,
}

impl Confirmations {
    pub(crate) fn new(clock: Monotonic) -> Self {
        Self {
            clock,
            sessions: Mutex::default(),
        }
    }

    /// The password was entered in this session.
    pub(crate) fn note(&self, session: SessionId, now: Timestamp) {
        let steady = (self.clock)();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MOST {
            sessions.retain(|_, (_, at)| steady.saturating_sub(*at) < LASTING);
        }
        if sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, (_, at))| *at);
            if let Some(oldest) = oldest.map(|(id, _)| *id) {
                sessions.remove(&oldest);
            }
        }
        sessions.insert(session, (now, steady));
    }

    /// Whether that was within the last ten minutes by both clocks: one may have been set back, the other stands still
    /// while the host sleeps.
    pub(crate) fn is_recent(&self, session: SessionId, now: Timestamp) -> bool {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((at, steady)) = sessions.get(&session) else {
            return false;
        };
        let lasting = i64::try_from(LASTING.as_secs()).unwrap_or(0);
        (0..lasting).contains(&now.seconds_since(*at)) && (self.clock)().saturating_sub(*steady) < LASTING
    }
}
