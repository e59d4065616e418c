//! Accounts and what is known before sign-in (A1, A8).

use cutis_domain::account::{Account, AccountProfile, Roles, Username};
use cutis_domain::{AccountId, Secret, Timestamp};

use crate::error::Result;

/// An account to be added; it is active at once.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its identifier.
    pub id: AccountId,
    /// Its details.
    pub profile: AccountProfile,
    /// What it may do.
    pub roles: Roles,
    /// The stored form of its password, never the password.
    pub password: Secret<String>,
    /// When it is added.
    pub created_at: Timestamp,
}

/// An account and the stored form of its password.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// The stored form of its password.
    pub password: Secret<String>,
}

/// How often signing in failed recently, for one account or one address (A8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThrottleRow {
    /// Failures in a row.
    pub failures: u32,
    /// The last of them.
    pub last_failure_at: Timestamp,
    /// No attempt is checked before this instant.
    pub locked_until: Option<Timestamp>,
}

/// Reading accounts.
pub trait AccountsRead {
    /// How many accounts exist, whatever their state. Zero means that the practice still has to be set up (A2).
    ///
    /// # Errors
    /// When the database fails.
    fn account_count(&self) -> Result<u64>;

    /// The account with this username, or with this e-mail address (A1).
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn credentials(&self, login: &str) -> Result<Option<Credentials>>;

    /// The account with this id.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn account(&self, id: AccountId) -> Result<Option<Account>>;

    /// Whether a username was ever taken (A1: never reused).
    ///
    /// # Errors
    /// When the database fails.
    fn username_taken(&self, username: &Username) -> Result<bool>;

    /// The failures counted under a key; the key is made by the caller and names no person.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn throttle(&self, key: &str) -> Result<Option<ThrottleRow>>;
}

/// Changing accounts.
pub trait AccountsWrite {
    /// Adds an account.
    ///
    /// # Errors
    /// `Conflict` when the username or the e-mail address is taken.
    fn insert_account(&mut self, account: &NewAccount) -> Result<()>;

    /// Replaces the stored form of a password.
    ///
    /// # Errors
    /// When the database fails.
    fn set_password(&mut self, id: AccountId, password: &Secret<String>) -> Result<()>;

    /// Sets or, with `None`, forgets the failures counted under a key.
    ///
    /// # Errors
    /// When the database fails.
    fn set_throttle(&mut self, key: &str, row: Option<ThrottleRow>) -> Result<()>;

    /// Removes rows of failures that no longer count, oldest first and at most `rows`: those older
    /// than the first instant under an address's key, than the second under any other; and, if there are more than
    /// `most`, the oldest that do not belong to an account.
    ///
    /// # Errors
    /// When the database fails.
    fn forget_throttles(&mut self, before: (Timestamp, Timestamp), most: u64, rows: usize) -> Result<()>;
}
