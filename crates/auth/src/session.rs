//! Sessions (A7): who a cookie belongs to, for how long, and how it ends.

use std::net::IpAddr;

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::account::{Account, AccountState};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{
    AccountId, Administrator, Caller, Clinician, Digest, PatientId, Scope, SessionId, Text, Timestamp,
};
use cutis_storage::port::Session;
use cutis_storage::{ErrorKind, StorageError};

pub(crate) mod confirmed;
pub(crate) mod owed;
pub(crate) mod recent;
pub(crate) mod steady;

use crate::service::{Auth, Void};
use crate::token::SessionToken;
use owed::may_pass;
use recent::{Found, Moment};
use steady::Elapsed;

/// A session's last use is noted at most once in this many seconds.
const SEEN_EVERY: i64 = 30;

/// How long sessions last, as the practice chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Minutes without use after which a session ends, 5–60.
    pub idle_minutes: i64,
    /// Hours after which it ends whatever happens, 1–24.
    pub absolute_hours: i64,
}

impl Limits {
    pub(crate) fn of(idle: &Setting, absolute: &Setting) -> Self {
        Self {
            idle_minutes: idle.as_integer(),
            absolute_hours: absolute.as_integer(),
        }
    }

    /// When a session ends in any case. A shortened limit also applies to open sessions.
    fn end_of(self, session: &Session) -> Timestamp {
        session.expires_at.min(
            session
                .created_at
                .plus_seconds(self.absolute_hours.saturating_mul(3600)),
        )
    }

    /// Whether a session that nobody ended is still valid at `now`, by the wall clock and by the steady one.
    fn admit(self, session: &Session, now: Timestamp, steady: Elapsed) -> bool {
        let unused = now.seconds_since(session.last_seen_at).max(steady.unused);
        now < self.end_of(session)
            && steady.open < self.absolute_hours.saturating_mul(3600)
            && unused < self.idle_minutes.saturating_mul(60)
    }
}

/// Whether a request counts as use of a session (C13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A person did something.
    Person,
    /// The client made the request on its own; this does not keep a session alive.
    Background,
}

/// A person who has proved every required factor.
#[derive(Debug, Clone)]
pub struct SignedIn {
    account: Account,
    session: Session,
    limits: Limits,
    caller: Caller,
}

impl SignedIn {
    pub(crate) const fn new(account: Account, session: Session, limits: Limits, caller: Caller) -> Self {
        Self {
            account,
            session,
            limits,
            caller,
        }
    }

    /// Whose session it is.
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// Which session.
    pub const fn session_id(&self) -> SessionId {
        self.session.id
    }

    /// How long sessions last.
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// When this one ends whatever happens.
    pub fn expires_at(&self) -> Timestamp {
        self.limits.end_of(&self.session)
    }

    /// Who they are, for the trail.
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Whose consent is signed on this device, while it is in that person's hands (N6).
    pub const fn handed_to(&self) -> Option<PatientId> {
        self.session.handed_to
    }

    /// The right to clinical data of their own, if the account has that role (A10, G1) and the device is in their own
    /// hands (N6).
    pub fn clinician(&self) -> Option<Clinician> {
        match self.session.handed_to {
            Some(_) => None,
            None => self.as_clinician(),
        }
    }

    /// The same for recording the consent of this patient, which is all that goes on while the device is in their hands
    /// (N6).
    pub fn clinician_for_consent_of(&self, patient: PatientId) -> Option<Clinician> {
        match self.session.handed_to {
            Some(other) if other != patient => None,
            _ => self.as_clinician(),
        }
    }

    fn as_clinician(&self) -> Option<Clinician> {
        let scope = self
            .account
            .roles
            .clinician
            .then(|| Scope::assertion(self.account.id))?;
        Some(Clinician::assertion(scope, self.caller.clone()))
    }

    /// The right to manage the practice, if the account has that role (G2) and the device is in their own hands (N6).
    pub fn administrator(&self) -> Option<Administrator> {
        let is_theirs = self.session.handed_to.is_none();
        (is_theirs && self.account.roles.administrator).then(|| Administrator::assertion(self.caller.clone()))
    }
}

/// A session that has just begun.
#[derive(Debug)]
pub struct Started {
    /// The content of the cookie. It must not be used anywhere else.
    pub token: SessionToken,
    /// Who signed in.
    pub signed_in: SignedIn,
}

/// A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct OwnSession {
    /// The identifier, which grants no access.
    pub id: SessionId,
    /// Whether it is the one that makes this request.
    pub current: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// The last use that counted, accurate to half a minute.
    pub last_seen_at: Timestamp,
    /// From which address it began.
    pub address: Option<IpAddr>,
    /// With which program, by its own account.
    pub agent: Option<Text<1, 300>>,
}

impl OwnSession {
    pub(crate) fn of(session: Session, asking: Option<SessionId>) -> Self {
        Self {
            id: session.id,
            current: asking == Some(session.id),
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            address: session.address,
            agent: session.agent,
        }
    }
}

/// Why a request is not authenticated.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// No session has this cookie, or it ended.
    #[error("sign in to continue")]
    Unauthenticated,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a session was not ended.
#[derive(Debug, thiserror::Error)]
pub enum EndSessionError {
    /// The caller has no such session, or it ended before.
    #[error("there is no such session")]
    NotFound {
        /// What was asked for.
        session: SessionId,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Denial for EndSessionError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::NotFound { session } => {
                let refused = Event::new(Action::AccessRefused)
                    .refused()
                    .target(Target::Session(*session));
                Some(refused.detail(Detail::code("reason", "not_found")))
            }
            Self::Storage(_) => None,
        }
    }
}

impl Auth {
    /// Whose request this is. Rights, state and limits are read again whenever one of them may have changed (C17).
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown, ended or expired session and for an account that may no longer sign in; all
    /// get the same answer. A session found expired is ended, with an event.
    pub async fn authenticate(
        &self,
        caller: Caller,
        cookie: &str,
        usage: Use,
    ) -> Result<SignedIn, AuthenticateError> {
        let refused = || AuthenticateError::Unauthenticated;
        let digest = SessionToken::parse(cookie).ok_or_else(refused)?.digest();
        let Found {
            session,
            account,
            limits,
        } = self.session_of(digest).await?;
        let is_over = session.ended_at.is_some() || self.owed.is_over(session.id);
        if is_over || account.state != AccountState::Active {
            return Err(refused());
        }
        let caller = caller.signed_in(account.id, account.profile.username.clone(), session.id);
        let session = self.owed.brought_up_to_date(session);
        let mut signed_in = SignedIn::new(account, session, limits, caller);
        let now = self.now();
        let elapsed = self.steady.elapsed(signed_in.session.id);
        if !limits.admit(&signed_in.session, now, elapsed) {
            self.end_surely(&signed_in, Action::SessionExpired).await?;
            return Err(refused());
        }
        if usage == Use::Person {
            self.steady.used(signed_in.session.id);
            let unnoted = now.seconds_since(signed_in.session.last_seen_at);
            if unnoted.max(elapsed.unnoted) >= SEEN_EVERY {
                self.note_use(signed_in.session.id, now).await?;
                signed_in.session.last_seen_at = now;
            }
        }
        Ok(signed_in)
    }

    /// The session with this cookie's digest, its account and how long sessions last, as the database has them.
    async fn session_of(&self, cookie: Digest) -> Result<Found, AuthenticateError> {
        let refused = || AuthenticateError::Unauthenticated;
        let then = Moment {
            version: self.store.common_version(),
            at: self.steady.now(),
        };
        if let Some(found) = self.recent.find(&cookie, then) {
            return Ok(found);
        }
        let found = self
            .store
            .look_up(|view| {
                let session = match view.session_by_token(&cookie) {
                    // A session that this program did not begin is nobody's. The store reports it.
                    Err(error) if error.kind() == ErrorKind::Tampered => return Err(refused()),
                    found => found?.ok_or_else(refused)?,
                };
                let account = view.account(session.account)?.ok_or_else(refused)?;
                let limits = Limits::of(
                    &view.setting(Key::SessionIdleMinutes)?,
                    &view.setting(Key::SessionAbsoluteHours)?,
                );
                Ok::<_, AuthenticateError>(Found {
                    session,
                    account,
                    limits,
                })
            })
            .await?;
        self.recent.keep(cookie, then, &found);
        Ok(found)
    }

    /// Signs out: ends this session, in memory while the disk is full. Ending it twice is not an error.
    ///
    /// # Errors
    /// When the database fails for another reason; the session has ended all the same.
    pub async fn sign_out(&self, by: &SignedIn) -> Result<(), StorageError> {
        self.end_surely(by, Action::SessionEnded).await
    }

    /// The caller's own sessions that are still valid, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, by: &SignedIn) -> Result<Vec<OwnSession>, StorageError> {
        let (now, account, limits) = (self.now(), by.account.id, by.limits);
        let live = self
            .store
            .look_up(|view| view.live_sessions(account, now))
            .await?;
        Ok(live
            .into_iter()
            .filter_map(|session| self.still_open(session, limits, now))
            .map(|session| OwnSession::of(session, Some(by.session.id)))
            .collect())
    }

    /// The session with its last use, unless it is over, by either clock or in memory.
    pub(crate) fn still_open(&self, session: Session, limits: Limits, now: Timestamp) -> Option<Session> {
        let session = self.owed.brought_up_to_date(session);
        let open = limits.admit(&session, now, self.steady.elapsed(session.id));
        (open && !self.owed.is_over(session.id)).then_some(session)
    }

    /// Ends one of the caller's own sessions, which may be this one.
    ///
    /// # Errors
    /// `NotFound` when it is not one of theirs: somebody else's session and a session that does not exist get the same
    /// answer (A10).
    pub async fn end_session(&self, by: &SignedIn, session: SessionId) -> Result<(), EndSessionError> {
        let (now, account) = (self.now(), by.account.id);
        let outcome = self
            .store
            .practice(&by.caller)
            .uphold(move |unit| {
                if unit.end_session(account, session, now)? {
                    Ok(Audited::new((), ended(Action::SessionEnded, session, account)))
                } else {
                    Err(EndSessionError::NotFound { session })
                }
            })
            .await;
        match outcome {
            Err(EndSessionError::Storage(error)) if may_pass(&error) => {
                let live = self
                    .store
                    .look_up(|view| view.live_sessions(account, now))
                    .await?;
                if !live.iter().any(|one| one.id == session) {
                    return Err(EndSessionError::NotFound { session });
                }
                self.end_in_memory(&by.caller, account, [session], Action::SessionEnded);
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Ends every session of the caller, this one included (A7).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_all_sessions(&self, by: &SignedIn) -> Result<(), StorageError> {
        let (now, account) = (self.now(), by.account.id);
        let outcome = self
            .store
            .practice(&by.caller)
            .uphold::<_, Void, _>(move |unit| {
                let sessions = unit.end_all_sessions(account, now)?;
                Ok(Audited::new((), all_ended(account, &sessions)))
            })
            .await;
        match Void::into_done(outcome) {
            Err(error) if may_pass(&error) => {
                let live: Result<_, StorageError> =
                    self.store.look_up(|view| view.live_sessions(account, now)).await;
                let live = live?.into_iter().map(|session| session.id);
                self.end_in_memory(&by.caller, account, live, Action::SessionEnded);
                Ok(())
            }
            outcome => outcome.map(drop),
        }
    }

    /// Ends a session unless it has ended in the meantime; in memory if the database cannot store it.
    async fn end_surely(&self, by: &SignedIn, action: Action) -> Result<(), StorageError> {
        let (now, account, session) = (self.now(), by.account.id, by.session.id);
        let outcome = self
            .store
            .practice(&by.caller)
            .uphold(move |unit| {
                if unit.end_session(account, session, now)? {
                    Ok(Audited::new((), ended(action, session, account)))
                } else {
                    Err(Void::Overtaken)
                }
            })
            .await;
        let Err(error) = Void::into_done(outcome) else {
            return Ok(());
        };
        // Whatever the reason: this session opens nothing any more.
        self.end_in_memory(&by.caller, account, [session], action);
        if may_pass(&error) { Ok(()) } else { Err(error) }
    }
}

/// A session that begins now.
pub(crate) fn new_session(
    id: SessionId,
    account: AccountId,
    token: Digest,
    limits: Limits,
    now: Timestamp,
    caller: &Caller,
) -> Session {
    Session {
        id,
        account,
        token,
        created_at: now,
        expires_at: now.plus_seconds(limits.absolute_hours.saturating_mul(3600)),
        last_seen_at: now,
        address: caller.address,
        agent: caller.agent.clone(),
        ended_at: None,
        handed_to: None,
    }
}

/// The event of a session that began.
pub(crate) fn session_started(id: SessionId, account: AccountId) -> Event {
    Event::new(Action::SessionStarted)
        .target(Target::Session(id))
        .detail(Detail::id("account", account))
}

/// The event of a session that ended.
pub(crate) fn ended(action: Action, id: SessionId, account: AccountId) -> Event {
    Event::new(action)
        .target(Target::Session(id))
        .detail(Detail::id("account", account))
}

/// The event of all sessions of an account having ended.
pub(crate) fn all_ended(account: AccountId, sessions: &[SessionId]) -> Event {
    Event::new(Action::SessionEndedAll)
        .target(Target::Account(account))
        .detail(Detail::ids(
            "sessions",
            sessions.iter().map(SessionId::to_string).collect(),
        ))
}

#[cfg(test)]
mod tests;
