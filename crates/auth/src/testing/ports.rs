//! The ports over the state.

use cutis_domain::account::{Account, Username};
use cutis_domain::custom_field::CustomField;
use cutis_domain::page::Limit;
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{AccountId, Digest, PatientId, Secret, SessionId, Timestamp};
use cutis_storage::error::{ErrorKind, Result, StorageError};
use cutis_storage::port::*;

use super::memory::{HeldAccount, State, absent};

fn account_of(held: &HeldAccount) -> Account {
    Account {
        id: held.id,
        profile: held.profile.clone(),
        roles: held.roles,
        state: held.state,
        created_at: held.created_at,
    }
}

impl AccountsRead for State {
    fn account_count(&self) -> Result<u64> {
        Ok(self.accounts.len().try_into().expect("few"))
    }

    fn credentials(&self, login: &str) -> Result<Option<Credentials>> {
        let named = |held: &&HeldAccount| {
            held.profile.username.as_str() == login
                || held
                    .profile
                    .email
                    .as_ref()
                    .is_some_and(|email| email.as_str() == login)
        };
        let found = self.accounts.iter().find(named);
        Ok(found.map(|held| Credentials {
            account: account_of(held),
            password: held.password.clone(),
        }))
    }

    fn account(&self, id: AccountId) -> Result<Option<Account>> {
        Ok(self.accounts.iter().find(|held| held.id == id).map(account_of))
    }

    fn username_taken(&self, username: &Username) -> Result<bool> {
        Ok(self
            .accounts
            .iter()
            .any(|held| held.profile.username == *username))
    }

    fn throttle(&self, key: &str) -> Result<Option<ThrottleRow>> {
        Ok(self.throttles.get(key).copied())
    }
}

impl AccountsWrite for State {
    fn insert_account(&mut self, account: &NewAccount) -> Result<()> {
        let clash = |held: &HeldAccount| {
            held.profile.username == account.profile.username
                || (held.profile.email.is_some() && held.profile.email == account.profile.email)
        };
        if self.accounts.iter().any(clash) {
            return Err(StorageError::new(ErrorKind::Conflict, "the account exists"));
        }
        self.accounts.push(HeldAccount {
            id: account.id,
            profile: account.profile.clone(),
            roles: account.roles,
            state: cutis_domain::account::AccountState::Active,
            password: account.password.clone(),
            created_at: account.created_at,
        });
        Ok(())
    }

    fn set_password(&mut self, id: AccountId, password: &Secret<String>) -> Result<()> {
        for held in self.accounts.iter_mut().filter(|held| held.id == id) {
            held.password = password.clone();
        }
        Ok(())
    }

    fn set_throttle(&mut self, key: &str, row: Option<ThrottleRow>) -> Result<()> {
        match row {
            Some(row) => self.throttles.insert(key.to_owned(), row),
            None => self.throttles.remove(key),
        };
        Ok(())
    }

    fn forget_throttles(
        &mut self,
        (addresses, others): (Timestamp, Timestamp),
        _: u64,
        _: usize,
    ) -> Result<()> {
        self.throttles.retain(|key, row| {
            row.last_failure_at
                >= if key.starts_with("address:") {
                    addresses
                } else {
                    others
                }
        });
        Ok(())
    }
}

impl SessionsRead for State {
    fn session_by_token(&self, token: &Digest) -> Result<Option<Session>> {
        Ok(self
            .sessions
            .iter()
            .find(|session| session.token == *token)
            .cloned())
    }

    fn live_sessions(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>> {
        let live = |session: &&Session| {
            session.account == account && session.ended_at.is_none() && now < session.expires_at
        };
        let mut live: Vec<_> = self.sessions.iter().filter(live).cloned().collect();
        live.reverse();
        live.truncate(100);
        Ok(live)
    }
}

impl SessionsWrite for State {
    fn insert_session(&mut self, session: &Session) -> Result<()> {
        self.sessions.push(session.clone());
        Ok(())
    }

    fn end_session(&mut self, account: AccountId, id: SessionId, at: Timestamp) -> Result<bool> {
        let open = |session: &&mut Session| {
            session.account == account && session.id == id && session.ended_at.is_none()
        };
        Ok(self
            .sessions
            .iter_mut()
            .find(open)
            .map(|session| session.ended_at = Some(at))
            .is_some())
    }

    fn set_handed_to(
        &mut self,
        account: AccountId,
        id: SessionId,
        patient: Option<PatientId>,
    ) -> Result<bool> {
        let open = |session: &&mut Session| {
            session.account == account && session.id == id && session.ended_at.is_none()
        };
        Ok(self
            .sessions
            .iter_mut()
            .find(open)
            .map(|session| session.handed_to = patient)
            .is_some())
    }

    fn end_all_sessions(&mut self, account: AccountId, at: Timestamp) -> Result<Vec<SessionId>> {
        let open = |session: &&mut Session| session.account == account && session.ended_at.is_none();
        let end = |session: &mut Session| {
            session.ended_at = Some(at);
            session.id
        };
        Ok(self.sessions.iter_mut().filter(open).map(end).collect())
    }
}

impl SessionsTouch for State {
    fn touch_session(
        &mut self,
        id: SessionId,
        at: Timestamp,
        mac: &mut dyn FnMut(&str, i64, &[u8]) -> [u8; 32],
    ) -> Result<()> {
        mac("session_seen", 1, id.as_bytes());
        self.touches += 1;
        for session in self.sessions.iter_mut().filter(|session| session.id == id) {
            session.last_seen_at = at;
        }
        Ok(())
    }
}

impl SettingsRead for State {
    fn setting(&self, key: Key) -> Result<Setting> {
        Ok(self
            .settings
            .get(&key)
            .cloned()
            .unwrap_or_else(|| Setting::default_of(key)))
    }
}

impl SettingsWrite for State {
    fn set_setting(&mut self, setting: &Setting) -> Result<()> {
        self.settings.insert(setting.key(), setting.clone());
        Ok(())
    }
}

/// Ports that a test of this crate has no business with.
macro_rules! refused {
    ($($port:ident { $(read $read:ident($($a:ty),*) -> $out:ty;)* $(write $write:ident($($b:ty),*) -> $done:ty;)* })+) => {$(
        impl $port for State {
            $(fn $read(&self, $(_: $a),*) -> Result<$out> { Err(absent()) })*
            $(fn $write(&mut self, $(_: $b),*) -> Result<$done> { Err(absent()) })*
        }
    )+};
}

refused! {
    CustomFieldsRead {
        read custom_fields() -> Vec<CustomField>;
    }
    CustomFieldsWrite {
        write insert_custom_field(&CustomField, u16) -> ();
        write update_custom_field(&CustomField, u16) -> bool;
    }
    BlobNamesRead {
        read blob_name_known(&[u8; 32]) -> bool;
        read blob_owner(&[u8; 32]) -> Option<PatientId>;
        read patient_known(PatientId) -> bool;
        read anything_sealed(PatientId) -> bool;
        read patients_with_images(Option<PatientId>, Limit) -> Vec<PatientId>;
    }
    TrailRead {
        read account_activity(AccountId, ActivityKind, Option<u64>, Limit) -> Vec<ActivityItem>;
        read trail_size() -> u64;
    }
}
