//! Signing in (A1, A5, A8), with a type for each step: a name becomes [`Identified`], the right password makes it
//! [`Proven`], and only that can begin a session. A second factor will come between the two.

mod confirm;

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::account::AccountState;
use cutis_domain::settings::Key;
use cutis_domain::{AccountId, Caller, Digest, Invalid, Secret, SessionId, Timestamp};
use cutis_storage::port::{Credentials, Session};
use cutis_storage::{StorageError, SystemUnit};

use crate::lane::Busy;
use crate::password::{Candidate, StoredPassword};
use crate::service::Auth;
use crate::session::{Limits, OwnSession, SignedIn, Started, ended, new_session, session_started};
use crate::strangers::{Failure, Refused};
use crate::throttle::in_flight::Pass;
use crate::throttle::{Gate, Policy, key};
use crate::token::SessionToken;

/// The maximum number of open sessions of one account. When it is reached, the person who signs in chooses which of
/// them to end (A7).
pub const MOST_SESSIONS: usize = 100;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The name, the password or the account's state is wrong; the answer does not say which (A8).
    #[error("incorrect username or password")]
    Refused,
    /// Too many attempts failed.
    #[error("too many attempts failed; try again in {seconds} seconds")]
    Throttled {
        /// How long to wait, at most a quarter of an hour.
        seconds: u32,
    },
    /// The password was right, but the account has so many open sessions that some must end first (A7).
    #[error("this account already has {MOST_SESSIONS} open sessions")]
    TooManySessions {
        /// Those that are open, newest first.
        sessions: Vec<OwnSession>,
    },
    /// The password is too long for any account.
    #[error(transparent)]
    PasswordTooLong(Invalid),
    /// Too many requests are waiting already.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

fn refused(account: AccountId, reason: &'static str) -> Event {
    Event::new(Action::SessionRefused)
        .refused()
        .detail(Detail::code("reason", reason))
        .target(Target::Account(account))
}

/// A name that may be tried now. It does not reveal whether there is such an account.
struct Identified {
    login: String,
    credentials: Option<Credentials>,
    pass: Pass,
}

/// The password was right.
struct Proven {
    login: String,
    credentials: Credentials,
    /// The stored form at today's cost and of today's scheme, if either changed.
    rehashed: Option<StoredPassword>,
    pass: Pass,
}

/// The result of checking a password, and what has to be counted if it was wrong.
enum Looked {
    Proven(Box<Proven>),
    Refused {
        account: Option<AccountId>,
        reason: &'static str,
        pass: Pass,
    },
}

/// A session about to begin.
struct Beginning {
    id: SessionId,
    token: Digest,
    caller: Caller,
    now: Timestamp,
    /// The sessions that the person chose to end.
    ending: Vec<SessionId>,
}

/// Why a session did not begin. What is recorded about it, and by whom, is decided outside the unit.
enum NotBegun {
    /// The account changed while the password was being checked.
    Overtaken,
    /// Too many are open.
    TooMany(Vec<Session>),
    /// The database failed.
    Storage(StorageError),
}

impl From<StorageError> for NotBegun {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Denial for NotBegun {
    fn denial(&self) -> Option<Event> {
        None
    }
}

impl Auth {
    /// Signs in by username or e-mail address.
    ///
    /// An unknown name, a wrong password and an account that may not sign in get the same answer
    /// after the same work, and each counts against name and address. None of them writes before its
    /// answer: a failure against an account becomes an event once the answer has left, the rest is counted
    /// (see `strangers`).
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(
        &self,
        caller: Caller,
        login: &str,
        password: &Secret<String>,
    ) -> Result<Started, SignInError> {
        self.sign_in_ending(caller, login, password, Vec::new()).await
    }

    /// The same, ending the sessions in `ending`, which the person chose (A7). Apart from sessions that were unused for
    /// too long, no others end. Ids that are not those of an open session of the account are ignored, whether it has
    /// ended in the meantime, is somebody else's or never existed. No session ends if the sign-in fails.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in_ending(
        &self,
        caller: Caller,
        login: &str,
        password: &Secret<String>,
        ending: Vec<SessionId>,
    ) -> Result<Started, SignInError> {
        let candidate = Candidate::parse(password).map_err(SignInError::PasswordTooLong)?;
        let identified = self.identify(&caller, login).await?;
        match self.prove(identified, candidate).await? {
            Looked::Proven(proven) => self.begin(caller, *proven, ending).await,
            Looked::Refused {
                account,
                reason,
                pass,
            } => {
                self.count(caller, account, reason, pass);
                Err(SignInError::Refused)
            }
        }
    }

    /// Finds the account for a name and whether it may be tried now.
    async fn identify(&self, caller: &Caller, login: &str) -> Result<Identified, SignInError> {
        let login = login.trim().to_lowercase();
        let credentials = self.store.look_up(|view| view.credentials(&login)).await?;
        let name = credentials.as_ref().map_or_else(
            || key::of_unknown(&login),
            |found| key::of_account(found.account.id),
        );
        let keys = std::iter::once(name)
            .chain(caller.address.map(key::of_address))
            .collect();
        let (pass, now) = (self.in_flight.enter(keys), self.now());
        let gate = self
            .store
            .look_up(|view| {
                pass.counts().try_fold(Gate::Open, |gate, (key, in_flight)| {
                    let row = view.throttle(key)?;
                    if !key::is_account(key) {
                        self.remembered.learn(key, row);
                    }
                    let (policy, held) = (policy_for(key), self.remembered.get(key));
                    let gate = gate.or(policy.gate(row, in_flight, now));
                    Ok::<_, StorageError>(gate.or(policy.gate(held, in_flight, now)))
                })
            })
            .await?;
        match gate {
            Gate::Open => Ok(Identified {
                login,
                credentials,
                pass,
            }),
            Gate::Wait { seconds } => {
                let account = credentials.map(|found| found.account.id);
                self.strangers.count(caller, account, Refused::Throttled, now);
                Err(SignInError::Throttled { seconds })
            }
        }
    }

    /// Checks the password, with the same amount of work whatever the name was.
    async fn prove(&self, identified: Identified, candidate: Candidate) -> Result<Looked, Busy> {
        // The pass goes along: somebody who hangs up while the work is done stays counted.
        self.hash(move |hasher| {
            let Identified {
                login,
                credentials,
                pass,
            } = identified;
            let Some(credentials) = credentials else {
                let reason = hasher
                    .pretend(&candidate)
                    .map_or("unreadable", |()| "unknown_name");
                return Looked::Refused {
                    account: None,
                    reason,
                    pass,
                };
            };
            let owner = credentials.account.id;
            let account = Some(owner);
            let Ok(stored) = StoredPassword::parse(&credentials.password) else {
                let reason = hasher.pretend(&candidate).map_or("unreadable", |()| "unreadable");
                return Looked::Refused {
                    account,
                    reason,
                    pass,
                };
            };
            let reason = match (
                hasher.verify(owner, &candidate, &stored),
                credentials.account.state,
            ) {
                (Ok(true), AccountState::Active) => {
                    // A rehash that fails is tried again at the next sign-in.
                    let due = hasher.needs_rehash(&stored);
                    let rehashed = due
                        .then(|| hasher.hash_again(owner, &candidate))
                        .and_then(Result::ok);
                    return Looked::Proven(Box::new(Proven {
                        login,
                        credentials,
                        rehashed,
                        pass,
                    }));
                }
                (Ok(true), _) => "account_not_active",
                (Ok(false), _) => "wrong_password",
                (Err(_), _) => "unreadable",
            };
            Looked::Refused {
                account,
                reason,
                pass,
            }
        })
        .await
    }

    /// Begins the session, unless the account changed while the password was being checked.
    async fn begin(
        &self,
        caller: Caller,
        proven: Proven,
        ending: Vec<SessionId>,
    ) -> Result<Started, SignInError> {
        let Proven {
            login,
            credentials,
            rehashed,
            pass,
        } = proven;
        let account = credentials.account.clone();
        let token = SessionToken::make(self.entropy.as_ref());
        let (id, now) = (self.ids.make(), self.now());
        let signed_in = caller
            .clone()
            .signed_in(account.id, account.profile.username.clone(), id);
        let beginning = Beginning {
            id,
            token: token.digest(),
            caller: signed_in.clone(),
            now,
            ending,
        };
        let auth = self.clone();
        let begun = self
            .store
            .practice(&signed_in)
            .uphold(move |unit| auth.begin_in(unit, &login, &credentials, rehashed.as_ref(), &beginning))
            .await;
        match begun {
            Ok((session, limits)) => {
                self.steady.begin(session.id);
                self.remembered.forget(&key::of_account(account.id));
                Ok(Started {
                    token,
                    signed_in: SignedIn::new(account, session, limits, signed_in),
                })
            }
            Err(NotBegun::Overtaken) => {
                self.count(caller, Some(account.id), "changed_meanwhile", pass);
                Err(SignInError::Refused)
            }
            Err(NotBegun::TooMany(open)) => {
                let event = refused(account.id, "too_many_sessions");
                self.store.record(&caller, vec![event]).await?;
                let shown = |session| OwnSession::of(session, None);
                Err(SignInError::TooManySessions {
                    sessions: open.into_iter().map(shown).collect(),
                })
            }
            Err(NotBegun::Storage(error)) => Err(error.into()),
        }
    }

    /// Counts a failure against name and address. Nothing is written here in any case, because a commit would show in
    /// the time of the answer (A8).
    fn count(&self, caller: Caller, account: Option<AccountId>, reason: &'static str, mut pass: Pass) {
        let at = self.now();
        for (key, _) in pass.counts().filter(|(key, _)| !key::is_account(key)) {
            self.remembered.fail(key, policy_for(key), at);
        }
        // It is counted there now; only the account's row has yet to be written.
        pass.leave_all_but(key::is_account);
        let Some(account) = account else {
            return self.strangers.count(&caller, None, Refused::UnknownName, at);
        };
        self.strangers.leave(Failure {
            caller,
            account,
            event: refused(account, reason),
            pass,
            at,
        });
    }
}

/// Whether the account is still as it was when its password was found right; if so its failures are forgotten.
fn hold_to(unit: &mut SystemUnit<'_>, login: &str, proven: &Credentials) -> Result<bool, StorageError> {
    let account = proven.account.id;
    let unchanged = unit.credentials(login)?.is_some_and(|now| {
        now.account.id == account
            && now.account.state == AccountState::Active
            && now.password.expose() == proven.password.expose()
    });
    let key = key::of_account(account);
    if unchanged && unit.throttle(&key)?.is_some() {
        unit.set_throttle(&key, None)?;
    }
    Ok(unchanged)
}

fn policy_for(key: &str) -> Policy {
    if key::is_address(key) {
        Policy::ADDRESS
    } else {
        Policy::ACCOUNT
    }
}

impl Auth {
    fn begin_in(
        &self,
        unit: &mut SystemUnit<'_>,
        login: &str,
        proven: &Credentials,
        rehashed: Option<&StoredPassword>,
        beginning: &Beginning,
    ) -> Result<Audited<(Session, Limits)>, NotBegun> {
        let account = proven.account.id;
        if !hold_to(unit, login, proven)? {
            return Err(NotBegun::Overtaken);
        }
        if let Some(rehashed) = rehashed {
            unit.set_password(account, rehashed.text())?;
        }
        let limits = Limits::of(
            &unit.setting(Key::SessionIdleMinutes)?,
            &unit.setting(Key::SessionAbsoluteHours)?,
        );
        let mut audited = Audited::new((), session_started(beginning.id, account));
        for ending in self.make_room(unit, account, limits, beginning)? {
            audited = audited.and(ending);
        }
        let session = new_session(
            beginning.id,
            account,
            beginning.token,
            limits,
            beginning.now,
            &beginning.caller,
        );
        unit.insert_session(&session)?;
        Ok(audited.map(|()| (session, limits)))
    }

    /// Ends the sessions that the person chose, and those that were unused for too long: programs that sign in but
    /// never sign out leave sessions that would otherwise be counted, and listed before the ones in use.
    fn make_room(
        &self,
        unit: &mut SystemUnit<'_>,
        account: AccountId,
        limits: Limits,
        beginning: &Beginning,
    ) -> Result<Vec<Event>, NotBegun> {
        let now = beginning.now;
        let (mut open, mut events) = (Vec::new(), Vec::new());
        for session in unit.live_sessions(account, now)? {
            let id = session.id;
            let event = match self.still_open(session, limits, now) {
                Some(session) if !beginning.ending.contains(&id) => {
                    open.push(session);
                    continue;
                }
                Some(_) => ended(Action::SessionEnded, id, account)
                    .detail(Detail::code("reason", "chosen_at_sign_in")),
                // Its end is known, and is stored in its own time.
                None if self.owed.is_over(id) => continue,
                None => ended(Action::SessionExpired, id, account),
            };
            if unit.end_session(account, id, now)? {
                events.push(event);
            }
        }
        if open.len() < MOST_SESSIONS {
            Ok(events)
        } else {
            Err(NotBegun::TooMany(open))
        }
    }
}

#[cfg(test)]
mod tests;
