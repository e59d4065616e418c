//! Asking a signed-in person for their password again: after a hand-over for signing (N6), and before actions that
//! require it.

use cutis_audit::{Action, Audited, Denial, Event, Target};
use cutis_domain::{Confirmed, Secret, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::port::Credentials;

use super::{Candidate, Looked, SignInError, hold_to};
use crate::service::Auth;
use crate::session::SignedIn;
use crate::throttle::key;

/// Why a right password was not accepted.
enum NotConfirmed {
    /// The account changed while the password was being checked.
    Overtaken,
    /// The device was handed over, or the session ended, while the password was being checked (N6).
    HandedOver,
    /// The database failed.
    Storage(StorageError),
}

impl From<StorageError> for NotConfirmed {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Denial for NotConfirmed {
    fn denial(&self) -> Option<Event> {
        None
    }
}

impl Auth {
    /// Whether this is the password of the account that is signed in, with the same work, delays and records as at
    /// sign-in (A8). The right one takes back a device that was handed over for signing (N6).
    ///
    /// # Errors
    /// See [`SignInError`]; there are never too many sessions.
    pub async fn confirm_password(
        &self,
        by: &SignedIn,
        password: &Secret<String>,
    ) -> Result<(), SignInError> {
        let (caller, login) = (by.caller().clone(), by.account().profile.username.to_string());
        let candidate = Candidate::parse(password).map_err(SignInError::PasswordTooLong)?;
        let identified = self.identify(&caller, &login).await?;
        let proven = match self.prove(identified, candidate).await? {
            Looked::Proven(proven) => *proven,
            Looked::Refused {
                account,
                reason,
                pass,
            } => {
                self.count(caller, account, reason, pass);
                return Err(SignInError::Refused);
            }
        };
        let account = proven.credentials.account.id;
        let confirmed = self
            .record_confirmation(by, login, proven.credentials, self.now())
            .await;
        match confirmed {
            Ok(()) => {
                self.remembered.forget(&key::of_account(account));
                self.confirmations.note(by.session_id(), self.now());
                Ok(())
            }
            Err(NotConfirmed::Overtaken) => {
                self.count(caller, Some(account), "changed_meanwhile", proven.pass);
                Err(SignInError::Refused)
            }
            // The password was right, so nothing is counted; but whoever holds the device now did not enter it.
            Err(NotConfirmed::HandedOver) => Err(SignInError::Refused),
            Err(NotConfirmed::Storage(error)) => Err(error.into()),
        }
    }

    /// The right to take many photos out of the program: of a clinician who entered their password in this session within
    /// the last ten minutes. Signing in does not count, because devices are often left signed in (I5).
    pub fn confirmed(&self, by: &SignedIn) -> Option<Confirmed> {
        let recent = self.confirmations.is_recent(by.session_id(), self.now());
        by.clinician().filter(|_| recent).map(Confirmed::assertion)
    }

    async fn record_confirmation(
        &self,
        by: &SignedIn,
        login: String,
        proven: Credentials,
        now: Timestamp,
    ) -> Result<(), NotConfirmed> {
        let (session, seen) = (by.session_id(), by.handed_to());
        self.store
            .practice(by.caller())
            .uphold(move |unit| {
                if !hold_to(unit, &login, &proven)? {
                    return Err(NotConfirmed::Overtaken);
                }
                let open = unit.live_sessions(proven.account.id, now)?;
                if !open.iter().any(|one| one.id == session && one.handed_to == seen) {
                    return Err(NotConfirmed::HandedOver);
                }
                unit.set_handed_to(proven.account.id, session, None)?;
                let event = Event::new(Action::SessionConfirmed).target(Target::Account(proven.account.id));
                Ok(Audited::new((), event))
            })
            .await
    }
}
