//! Accounts (A1) and throttling (A8).

use cutis_domain::account::{Account, AccountProfile, AccountState, EmailAddress, Roles, Username};
use cutis_domain::{AccountId, Invalid, Secret, Sensitive, Text, Timestamp};
use cutis_storage::port::{AccountsRead, AccountsWrite, Credentials, NewAccount, ThrottleRow};
use rusqlite::{Row, params};

use super::{Ports, micros, stored};
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::accounts::{self as sql, TABLE};

const ACTIVE: &str = "active";

impl AccountsRead for Ports {
    fn account_count(&self) -> Result<u64> {
        self.count(sql::COUNT, [])
    }

    fn credentials(&self, login: &str) -> Result<Option<Credentials>> {
        // A username never holds an @, an address always does.
        if login.contains('@') {
            let Ok(email) = EmailAddress::stored(login) else {
                return Ok(None);
            };
            self.genuine_one(TABLE, sql::BY_EMAIL, [email.as_str()], credentials)
        } else {
            let Ok(username) = Username::parse(login) else {
                return Ok(None);
            };
            self.genuine_one(TABLE, sql::BY_USERNAME, [username.as_str()], credentials)
        }
    }

    fn account(&self, id: AccountId) -> Result<Option<Account>> {
        let found = self.genuine_one(TABLE, sql::BY_ID, [id.as_bytes()], credentials)?;
        Ok(found.map(|found| found.account))
    }

    fn username_taken(&self, username: &Username) -> Result<bool> {
        Ok(self
            .one(sql::USERNAME_TAKEN, [username.as_str()], |_| Ok(()))?
            .is_some())
    }

    fn throttle(&self, key: &str) -> Result<Option<ThrottleRow>> {
        self.one(sql::THROTTLE, [key], |row| {
            let mut columns = Columns::of(row, "throttle")?;
            Ok(ThrottleRow {
                failures: columns.count("failures")?,
                last_failure_at: columns.time("last_failure_at")?,
                locked_until: columns.time_if_any("locked_until")?,
            })
        })
    }
}

impl AccountsWrite for Ports {
    fn insert_account(&mut self, account: &NewAccount) -> Result<()> {
        let NewAccount {
            id,
            profile,
            roles,
            password,
            created_at,
        } = account;
        let values = sql::Values {
            username: &profile.username.as_str(),
            first_name: &profile.first_name.reveal().as_str(),
            last_name: &profile.last_name.reveal().as_str(),
            email: &profile.email.as_ref().map(EmailAddress::as_str),
            administrator: &roles.administrator,
            clinician: &roles.clinician,
            state: &ACTIVE,
            created_at: &created_at.as_micros(),
            password: password.expose(),
        };
        self.run(sql::INSERT, values.after(&[id.as_bytes()]).as_slice())
            .map(|_| ())
    }

    fn set_password(&mut self, id: AccountId, password: &Secret<String>) -> Result<()> {
        self.run(sql::SET_PASSWORD, params![id.as_bytes(), password.expose()])
            .map(|_| ())
    }

    fn set_throttle(&mut self, key: &str, row: Option<ThrottleRow>) -> Result<()> {
        let Some(row) = row else {
            return self.run(sql::THROTTLE_DELETE, [key]).map(|_| ());
        };
        let values = params![
            key,
            row.failures,
            row.last_failure_at.as_micros(),
            micros(row.locked_until)
        ];
        if self.run(sql::THROTTLE_UPDATE, values)? == 0 {
            self.run(sql::THROTTLE_INSERT, values)?;
        }
        Ok(())
    }

    fn forget_throttles(
        &mut self,
        (addresses, others): (Timestamp, Timestamp),
        most: u64,
        rows: usize,
    ) -> Result<()> {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        self.run(
            sql::THROTTLE_FORGET,
            params![addresses.as_micros(), others.as_micros(), rows],
        )?;
        self.run(sql::THROTTLE_CAP, params![stored(most, "a count")?, rows])
            .map(|_| ())
    }
}

fn credentials(row: &Row<'_>) -> Result<Credentials> {
    let mut columns = Columns::of(row, TABLE)?;
    let profile = AccountProfile {
        username: columns.parse("username", Username::parse)?,
        first_name: Sensitive::new(columns.parse("first_name", Text::stored)?),
        last_name: Sensitive::new(columns.parse("last_name", Text::stored)?),
        email: columns.parse_if_any("email", EmailAddress::stored)?,
    };
    let roles = Roles {
        administrator: columns.get("administrator")?,
        clinician: columns.get("clinician")?,
    };
    let (state, created_at) = (columns.parse("state", state)?, columns.time("created_at")?);
    let password = Secret::new(columns.get("password")?);
    let id = columns.id("id", AccountId::from_bytes)?;
    Ok(Credentials {
        account: Account {
            id,
            profile,
            roles,
            state,
            created_at,
        },
        password,
    })
}

fn state(code: &str) -> std::result::Result<AccountState, Invalid> {
    match code {
        ACTIVE => Ok(AccountState::Active),
        "deleted" => Ok(AccountState::Deleted),
        "disabled" => Ok(AccountState::Disabled),
        "locked" => Ok(AccountState::Locked),
        "pending" => Ok(AccountState::Pending),
        _ => Err(Invalid::new(
            "state",
            "an account's status must be active, deleted, disabled, locked or pending",
        )),
    }
}
