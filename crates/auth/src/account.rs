//! What a person can do with accounts on the host's command line (A9): add one, reset a password.

use cutis_audit::{Action, Audited, Denial, Event, Target};
use cutis_domain::account::{AccountProfile, Roles, Username};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{AccountId, Caller, Invalid, Secret, System};
use cutis_storage::StorageError;
use cutis_storage::port::NewAccount;

use crate::lane::Busy;
use crate::password::hash::HashError;
use crate::password::{self, Candidate, Context, Report, StoredPassword};
use crate::service::{Auth, is_conflict, policy_of};
use crate::session::all_ended;
use crate::throttle::key;

/// An account to be added.
#[derive(Debug)]
pub struct AddAccount {
    /// Whose account it is.
    pub profile: AccountProfile,
    /// What it may do.
    pub roles: Roles,
    /// Its password.
    pub password: Secret<String>,
}

/// Why an account was not added or its password not reset.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The username is or was taken (A1: never reused).
    #[error("this username is taken; choose another")]
    UsernameTaken,
    /// The e-mail address belongs to another account.
    #[error("this e-mail address belongs to another account")]
    EmailTaken,
    /// No account has this username or e-mail address.
    #[error("there is no such account")]
    Unknown,
    /// The account has no role.
    #[error("give the account at least one role")]
    NoRole,
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

impl Denial for AccountError {
    /// Nothing: a person on the host's command line may do all of this, and only made a typing mistake.
    fn denial(&self) -> Option<Event> {
        None
    }
}

impl Auth {
    /// Adds an account, which is active at once.
    ///
    /// # Errors
    /// See [`AccountError`].
    pub async fn add_account(&self, by: &System, input: AddAccount) -> Result<AccountId, AccountError> {
        if !(input.roles.administrator || input.roles.clinician) {
            return Err(AccountError::NoRole);
        }
        let id = self.ids.make();
        let stored = self.choose_password(id, &input.password, &input.profile).await?;
        let account = NewAccount {
            id,
            profile: input.profile,
            roles: input.roles,
            password: stored.text().clone(),
            created_at: self.now(),
        };
        self.store
            .practice(by.caller())
            .write(move |unit| {
                let username: &Username = &account.profile.username;
                if unit.username_taken(username)? {
                    return Err(AccountError::UsernameTaken);
                }
                let id = account.id;
                unit.insert_account(&account).map_err(|error| {
                    if is_conflict(&error) {
                        AccountError::EmailTaken
                    } else {
                        error.into()
                    }
                })?;
                Ok(Audited::new(
                    id,
                    Event::new(Action::AccountCreated).target(Target::Account(id)),
                ))
            })
            .await
    }

    /// Gives an account a new password, ends all its sessions and forgets its failed attempts (A9).
    ///
    /// # Errors
    /// See [`AccountError`]; `Unknown` when nobody has this username or e-mail address.
    pub async fn reset_password(
        &self,
        by: &System,
        login: &str,
        password: &Secret<String>,
    ) -> Result<AccountId, AccountError> {
        let login = login.trim().to_lowercase();
        let found = self.store.look_up(|view| view.credentials(&login)).await?;
        let account = found.ok_or(AccountError::Unknown)?.account;
        let stored = self
            .choose_password(account.id, password, &account.profile)
            .await?;
        self.replace_password(by.caller(), account.id, stored).await?;
        Ok(account.id)
    }

    async fn replace_password(
        &self,
        by: &Caller,
        account: AccountId,
        stored: StoredPassword,
    ) -> Result<(), AccountError> {
        let now = self.now();
        self.store
            .practice(by)
            .write(move |unit| {
                unit.set_password(account, stored.text())?;
                unit.set_throttle(&key::of_account(account), None)?;
                let sessions = unit.end_all_sessions(account, now)?;
                let reset = Event::new(Action::PasswordResetByOperator).target(Target::Account(account));
                Ok(Audited::new((), reset).and(all_ended(account, &sessions)))
            })
            .await
    }

    /// Checks a password against the practice's policy and hashes it.
    async fn choose_password(
        &self,
        account: AccountId,
        password: &Secret<String>,
        profile: &AccountProfile,
    ) -> Result<StoredPassword, AccountError> {
        let candidate = Candidate::parse(password).map_err(AccountError::PasswordTooLong)?;
        let (policy, practice) = self
            .store
            .look_up(|view| {
                let policy = policy_of(view.setting(Key::PasswordPolicy)?.value())?;
                Ok::<_, StorageError>((policy, view.setting(Key::PracticeName)?))
            })
            .await?;
        // The default is a word, and nobody's name.
        let own = Setting::default_of(Key::PracticeName) != practice;
        let names = Context::of(profile).practice(if own { practice.value() } else { "" });
        self.hash(move |hasher| {
            let accepted =
                password::accept(candidate, policy, false, &names).map_err(AccountError::PasswordRefused)?;
            Ok(hasher.hash(account, &accepted)?)
        })
        .await?
    }
}

#[cfg(test)]
mod tests;
