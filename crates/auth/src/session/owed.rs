//! What sessions are owed by the database: ends and last uses that a full disk did not take. Until it
//! does they hold from memory, so that signing out always ends the session (A7).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cutis_audit::{Action, Audited, Detail};
use cutis_domain::{AccountId, Caller, SessionId, Timestamp};
use cutis_storage::port::Session;
use cutis_storage::{ErrorKind, StorageError, Touch};

use super::ended;
use crate::service::{Auth, Void};

/// The most ends and the most uses that are remembered; there are never more sessions that somebody is
/// signed in with, and a use that is forgotten ends a session early, not late.
const MOST: usize = 10_000;

/// An end that is not stored yet.
#[derive(Debug, Clone)]
struct End {
    account: AccountId,
    action: Action,
    caller: Caller,
    at: Timestamp,
}

/// What the database does not know yet. In memory only: a restart before there is room forgets it.
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

    /// Whether a session is over although the database does not say so.
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

/// Whether a failure passes once there is room or less to do.
pub(crate) fn may_pass(error: &StorageError) -> bool {
    matches!(error.kind(), ErrorKind::Full | ErrorKind::Busy)
}

impl Auth {
    /// Ends sessions in memory; the database learns of it when there is room.
    pub(super) fn end_in_memory(
        &self,
        by: &Caller,
        account: AccountId,
        sessions: impl IntoIterator<Item = SessionId>,
        action: Action,
    ) {
        let at = self.now();
        let mut ends = self.owed.ends();
        for session in sessions {
            let caller = by.clone();
            ends.entry(session).or_insert(End {
                account,
                action,
                caller,
                at,
            });
        }
    }

    /// Notes a use in the database, and in memory when the disk is full: nobody is signed out by that.
    pub(super) async fn note_use(&self, session: SessionId, at: Timestamp) -> Result<(), StorageError> {
        self.steady.noted(session);
        match self.store.touch(Touch::SessionSeen { session, at }).await {
            Ok(()) => {
                self.owed.used_in_database(session);
                Ok(())
            }
            Err(error) if may_pass(&error) => {
                self.owed.used(session, at);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Stores the ends that only memory knows. Uses are stored when they are due again; those of sessions
    /// that nobody uses any more are forgotten.
    pub(crate) async fn settle_sessions(&self) -> Result<(), StorageError> {
        let ends: Vec<(SessionId, End)> = {
            let ends = self.owed.ends();
            ends.iter().map(|(id, end)| (*id, end.clone())).collect()
        };
        for (session, end) in ends {
            let End {
                account,
                action,
                caller,
                at,
            } = end;
            let stored = self
                .store
                .practice(&caller)
                .uphold(move |unit| {
                    if unit.end_session(account, session, at)? {
                        let event = ended(action, session, account).detail(Detail::code("stored", "late"));
                        Ok(Audited::new((), event))
                    } else {
                        Err(Void::Overtaken)
                    }
                })
                .await;
            Void::into_done(stored)?;
            self.owed.ends().remove(&session);
            self.owed.uses().remove(&session);
        }
        let old = self.now().plus_seconds(-24 * 3600);
        self.owed.uses().retain(|_, at| *at > old);
        self.steady.tidy();
        Ok(())
    }
}
