//! Ending sessions in memory, and storing what is owed.

use cutis_audit::{Action, Audited, Detail};
use cutis_domain::{AccountId, Caller, SessionId, Timestamp};
use cutis_storage::{StorageError, Touch};

use super::super::ended;
use super::{End, may_pass};
use crate::service::{Auth, Void};

impl Auth {
    /// Ends sessions in memory; this is stored once there is room.
    pub(in crate::session) fn end_in_memory(
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

    /// Notes a use in the database, or in memory if the disk is full, so that nobody is signed out because of that.
    pub(in crate::session) async fn note_use(
        &self,
        session: SessionId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
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

    /// Stores the ends that are only in memory. Uses are stored when they are due again; those of sessions that are no
    /// longer used are forgotten.
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
