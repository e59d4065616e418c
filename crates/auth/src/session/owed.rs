//! What is still to be stored about sessions: ends and last uses that could not be stored on a full disk. Until they
//! are, they apply from memory, so that signing out always ends the session (A7).

mod settle;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cutis_audit::Action;
use cutis_domain::{AccountId, Caller, SessionId, Timestamp};
use cutis_storage::port::Session;
use cutis_storage::{ErrorKind, StorageError};

/// The maximum number of ends, and of uses, that are remembered; there are never more open sessions, and a forgotten
/// use ends a session early, not late.
const MOST: usize = 10_000;

/// An end that is not stored yet.
#[derive(Debug, Clone)]
struct End {
    account: AccountId,
    action: Action,
    caller: Caller,
    at: Timestamp,
}

/// What is not in the database yet. It is in memory only: a restart before there is room loses it.
#[derive(Debug, Default)]
pub(crate) struct Owed {
    ends: Mutex<HashMap<SessionId, End>>,
    uses: Mutex<HashMap<SessionId, Timestamp>>,
}

impl Owed {
    fn ends(&self) -> MutexGuard<'_, HashMap<SessionId, End>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<SessionId, Timestamp>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a session has ended although the database does not say so.
    pub(crate) fn is_over(&self, session: SessionId) -> bool {
        self.ends().contains_key(&session)
    }

    /// The session with its last use, which may be newer than the database's.
    pub(crate) fn brought_up_to_date(&self, mut session: Session) -> Session {
        if let Some(used) = self.uses().get(&session.id) {
            session.last_seen_at = session.last_seen_at.max(*used);
        }
        session
    }

    pub(crate) fn used(&self, session: SessionId, at: Timestamp) {
        let mut uses = self.uses();
        if uses.len() < MOST || uses.contains_key(&session) {
            uses.insert(session, at);
        }
    }

    fn used_in_database(&self, session: SessionId) {
        self.uses().remove(&session);
    }
}

/// Whether a failure will pass once there is room, or less to do.
pub(crate) fn may_pass(error: &StorageError) -> bool {
    matches!(error.kind(), ErrorKind::Full | ErrorKind::Busy)
}
