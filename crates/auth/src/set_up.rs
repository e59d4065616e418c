//! The first start (A2): a person with the printed code creates the first account.

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::account::{Account, AccountProfile, AccountState, Roles};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{Caller, Invalid, Secret};
use cutis_storage::StorageError;
use cutis_storage::port::NewAccount;

use crate::lane::Busy;
use crate::password::hash::HashError;
use crate::password::{self, Candidate, Context, Report};
use crate::service::{Auth, SetupState, Void, policy_of};
use crate::session::{Limits, SignedIn, Started, new_session, session_started};
use crate::setup_code::Verdict;
use crate::strangers::Refused;
use crate::token::SessionToken;

/// What the first account's owner enters.
#[derive(Debug)]
pub struct SetUp {
    /// The code that the program printed.
    pub code: Secret<String>,
    /// Who they are.
    pub profile: AccountProfile,
    /// The password they chose.
    pub password: Secret<String>,
    /// The practice's choices: its name, its time zone, its level of consent, as far as given.
    pub settings: Vec<Setting>,
}

/// Why the practice was not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// It is already set up.
    #[error("this practice is already set up; sign in instead")]
    Done,
    /// The code is not the printed one.
    #[error("this is not the set-up code; it was printed where cutis was started")]
    CodeWrong,
    /// Too many codes were wrong.
    #[error("too many wrong set-up codes; try again in {seconds} seconds")]
    Throttled {
        /// How long to wait.
        seconds: u32,
    },
    /// The password is too long.
    #[error(transparent)]
    PasswordTooLong(Invalid),
    /// The password breaks a rule.
    #[error("the password does not meet the password policy")]
    PasswordRefused(Report),
    /// Too many requests are waiting already.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl SetUpError {
    /// Whether it looks like an attack, which is counted in the trail.
    const fn is_attempt(&self) -> bool {
        match self {
            Self::Done | Self::CodeWrong | Self::Throttled { .. } => true,
            // A password being chosen is no attempt at anything.
            Self::PasswordTooLong(_)
            | Self::PasswordRefused(_)
            | Self::Busy(_)
            | Self::Hash(_)
            | Self::Storage(_) => false,
        }
    }
}

impl Auth {
    /// Creates the first account, an administrator and clinician, stores the practice's choices, and signs in; all of
    /// it or nothing.
    ///
    /// # Errors
    /// See [`SetUpError`]. Those that look like an attack are counted in the trail.
    pub async fn set_up(&self, caller: Caller, input: SetUp) -> Result<Started, SetUpError> {
        let outcome = self.try_set_up(&caller, input).await;
        if outcome.as_ref().is_err_and(SetUpError::is_attempt) {
            self.strangers.count(&caller, None, Refused::SetUp, self.now());
        }
        outcome
    }

    /// Checks the set-up code. The code remains valid: only the set-up itself uses it up.
    ///
    /// # Errors
    /// [`SetUpError::Done`], [`SetUpError::CodeWrong`] and [`SetUpError::Throttled`], which are counted in the trail
    /// as attempts; or the database failed.
    pub async fn check_setup_code(&self, caller: &Caller, code: &Secret<String>) -> Result<(), SetUpError> {
        let outcome = self.setup_code_is_right(caller, code).await.map(|_| ());
        if outcome.as_ref().is_err_and(SetUpError::is_attempt) {
            self.strangers.count(caller, None, Refused::SetUp, self.now());
        }
        outcome
    }

    /// The state of the set-up, if it has not been done and this is its code.
    async fn setup_code_is_right(
        &self,
        caller: &Caller,
        code: &Secret<String>,
    ) -> Result<SetupState, SetUpError> {
        let state = self.setup_state().await?;
        if !state.needed {
            return Err(SetUpError::Done);
        }
        match self.setup.check(code, caller.address, self.now()) {
            Verdict::Right => Ok(state),
            Verdict::Wrong => Err(SetUpError::CodeWrong),
            Verdict::Wait { seconds } => Err(SetUpError::Throttled { seconds }),
        }
    }

    async fn try_set_up(&self, caller: &Caller, input: SetUp) -> Result<Started, SetUpError> {
        let now = self.now();
        let candidate = Candidate::parse(&input.password).map_err(SetUpError::PasswordTooLong)?;
        let state = self.setup_code_is_right(caller, &input.code).await?;

        let chosen = |key| {
            input
                .settings
                .iter()
                .find(|setting| setting.key() == key)
                .map(Setting::value)
        };
        let policy = chosen(Key::PasswordPolicy).map_or(Ok(state.policy), policy_of)?;
        let names = Context::of(&input.profile).practice(chosen(Key::PracticeName).unwrap_or_default());
        let owner = self.ids.make();
        let stored = self
            .hash(move |hasher| {
                let accepted = password::accept(candidate, policy, false, &names)
                    .map_err(SetUpError::PasswordRefused)?;
                Ok::<_, SetUpError>(hasher.hash(owner, &accepted)?)
            })
            .await??;

        let account = Account {
            id: owner,
            profile: input.profile,
            roles: Roles {
                administrator: true,
                clinician: true,
            },
            state: AccountState::Active,
            created_at: now,
        };
        let new_account = NewAccount {
            id: account.id,
            profile: account.profile.clone(),
            roles: account.roles,
            password: stored.text().clone(),
            created_at: now,
        };
        let token = SessionToken::make(self.entropy.as_ref());
        let (id, digest) = (self.ids.make(), token.digest());
        let caller = caller
            .clone()
            .signed_in(account.id, account.profile.username.clone(), id);
        let (origin, settings) = (caller.clone(), input.settings);
        let outcome = self
            .store
            .practice(&caller)
            .write(move |unit| {
                if unit.account_count()? > 0 {
                    return Err(Void::Overtaken);
                }
                unit.insert_account(&new_account)?;
                let mut set_up = Event::new(Action::PracticeSetUp).target(Target::Practice);
                for setting in &settings {
                    unit.set_setting(setting)?;
                    set_up = set_up.detail(Detail::setting_value(setting.key().code(), setting));
                }
                let limits = Limits::of(
                    &unit.setting(Key::SessionIdleMinutes)?,
                    &unit.setting(Key::SessionAbsoluteHours)?,
                );
                let session = new_session(id, new_account.id, digest, limits, now, &origin);
                unit.insert_session(&session)?;
                let created = Event::new(Action::AccountCreated).target(Target::Account(new_account.id));
                Ok(Audited::new((session, limits), set_up)
                    .and(created)
                    .and(session_started(id, new_account.id)))
            })
            .await;
        match outcome {
            Ok((session, limits)) => {
                self.steady.begin(session.id);
                self.setup.close();
                Ok(Started {
                    token,
                    signed_in: SignedIn::new(account, session, limits, caller),
                })
            }
            Err(Void::Overtaken) => Err(SetUpError::Done),
            Err(Void::Storage(error)) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
