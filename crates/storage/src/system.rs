//! Everything without clinical content: accounts, sessions, settings (G2). Other types and other
//! methods than a clinician's, so that administration cannot reach a patient by mistake.

use cutis_domain::account::{Account, Username};
use cutis_domain::page::Limit;
use cutis_domain::patient_field::PatientField;
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{AccountId, Digest, PatientId, Secret, SessionId, Timestamp};

use crate::error::Result;
use crate::port::{ActivityItem, Credentials, NewAccount, Session, ThrottleRow};
use crate::{ReadTx, WriteTx};

macro_rules! reading {
    ($($port:ident :: $name:ident ( $($arg:ident : $ty:ty),* ) -> $out:ty;)+) => {$(
        #[doc = concat!("See [`crate::port::", stringify!($port), "::", stringify!($name), "`].")]
        ///
        /// # Errors
        /// As the port.
        pub fn $name(&self, $($arg: $ty),*) -> Result<$out> {
            self.ports.$name($($arg),*)
        }
    )+};
}

macro_rules! system_reads {
    () => {
        reading! {
            AccountsRead::account_count() -> u64;
            AccountsRead::credentials(login: &str) -> Option<Credentials>;
            AccountsRead::account(id: AccountId) -> Option<Account>;
            AccountsRead::username_taken(username: &Username) -> bool;
            AccountsRead::throttle(key: &str) -> Option<ThrottleRow>;
            BlobNamesRead::blob_name_known(name: &[u8; 32]) -> bool;
            BlobNamesRead::blob_owner(name: &[u8; 32]) -> Option<PatientId>;
            BlobNamesRead::patient_known(patient: PatientId) -> bool;
            BlobNamesRead::anything_sealed(patient: PatientId) -> bool;
            BlobNamesRead::patients_with_images(after: Option<PatientId>, limit: Limit) -> Vec<PatientId>;
            PatientFieldsRead::patient_fields() -> Vec<PatientField>;
            SessionsRead::session_by_token(token: &Digest) -> Option<Session>;
            SessionsRead::live_sessions(account: AccountId, now: Timestamp) -> Vec<Session>;
            SettingsRead::setting(key: Key) -> Setting;
            TrailRead::account_activity(account: AccountId, before: Option<u64>, limit: Limit) -> Vec<ActivityItem>;
            TrailRead::trail_size() -> u64;
        }
    };
}

/// A snapshot of what has no clinical content.
pub struct SystemView<'tx> {
    ports: &'tx dyn ReadTx,
}

impl std::fmt::Debug for SystemView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemView").finish_non_exhaustive()
    }
}

impl<'tx> SystemView<'tx> {
    pub(crate) fn new(ports: &'tx dyn ReadTx) -> Self {
        Self { ports }
    }

    system_reads!();
}

/// One transaction over what has no clinical content.
pub struct SystemUnit<'tx> {
    ports: &'tx mut dyn WriteTx,
}

impl std::fmt::Debug for SystemUnit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemUnit").finish_non_exhaustive()
    }
}

impl<'tx> SystemUnit<'tx> {
    pub(crate) fn new(ports: &'tx mut dyn WriteTx) -> Self {
        Self { ports }
    }

    system_reads!();

    /// See [`crate::port::AccountsWrite::insert_account`].
    ///
    /// # Errors
    /// As the port.
    pub fn insert_account(&mut self, account: &NewAccount) -> Result<()> {
        self.ports.insert_account(account)
    }

    /// See [`crate::port::AccountsWrite::set_password`].
    ///
    /// # Errors
    /// As the port.
    pub fn set_password(&mut self, id: AccountId, password: &Secret<String>) -> Result<()> {
        self.ports.set_password(id, password)
    }

    /// See [`crate::port::AccountsWrite::set_throttle`].
    ///
    /// # Errors
    /// As the port.
    pub fn set_throttle(&mut self, key: &str, row: Option<ThrottleRow>) -> Result<()> {
        self.ports.set_throttle(key, row)
    }

    /// See [`crate::port::AccountsWrite::forget_throttles`].
    ///
    /// # Errors
    /// As the port.
    pub fn forget_throttles(&mut self, before: (Timestamp, Timestamp), most: u64, rows: usize) -> Result<()> {
        self.ports.forget_throttles(before, most, rows)
    }

    /// See [`crate::port::SessionsWrite::insert_session`].
    ///
    /// # Errors
    /// As the port.
    pub fn insert_session(&mut self, session: &Session) -> Result<()> {
        self.ports.insert_session(session)
    }

    /// See [`crate::port::SessionsWrite::end_session`].
    ///
    /// # Errors
    /// As the port.
    pub fn end_session(&mut self, account: AccountId, id: SessionId, at: Timestamp) -> Result<bool> {
        self.ports.end_session(account, id, at)
    }

    /// See [`crate::port::SessionsWrite::end_all_sessions`].
    ///
    /// # Errors
    /// As the port.
    pub fn end_all_sessions(&mut self, account: AccountId, at: Timestamp) -> Result<Vec<SessionId>> {
        self.ports.end_all_sessions(account, at)
    }

    /// See [`crate::port::PatientFieldsWrite::insert_patient_field`].
    ///
    /// # Errors
    /// As the port.
    pub fn insert_patient_field(&mut self, field: &PatientField, position: u16) -> Result<()> {
        self.ports.insert_patient_field(field, position)
    }

    /// See [`crate::port::PatientFieldsWrite::update_patient_field`].
    ///
    /// # Errors
    /// As the port.
    pub fn update_patient_field(&mut self, field: &PatientField, position: u16) -> Result<bool> {
        self.ports.update_patient_field(field, position)
    }

    /// See [`crate::port::SettingsWrite::set_setting`].
    ///
    /// # Errors
    /// As the port.
    pub fn set_setting(&mut self, setting: &Setting) -> Result<()> {
        self.ports.set_setting(setting)
    }
}
