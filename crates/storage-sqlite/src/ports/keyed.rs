//! Rows that are asked for by keys: the owner, and for what belongs to a patient the patient. Every statement with
//! keys goes through the helpers here, and they bind the keys: no port can forget to.

use cutis_domain::settings::{Key, Setting};
use cutis_domain::{PatientId, Scope};
use cutis_storage::port::SettingsRead;
use cutis_storage::{ErrorKind, InsideRead, InsideWrite, OwnedRead, OwnedWrite, StorageError};
use rusqlite::{Row, ToSql};

use super::Ports;
use crate::error::Result;
use crate::sql::KeyedSql;

/// The ports, bound to keys.
pub(crate) struct Keyed<'c, const KEYS: usize> {
    pub(crate) ports: &'c Ports,
    keys: [[u8; 16]; KEYS],
}

/// The ports of one owner.
pub(crate) type Owned<'c> = Keyed<'c, 1>;

/// The ports of one owner's patient.
pub(crate) type Inside<'c> = Keyed<'c, 2>;

impl<'c> Owned<'c> {
    pub(super) fn of(ports: &'c Ports, scope: &Scope) -> Self {
        Self {
            ports,
            keys: [*scope.owner().as_bytes()],
        }
    }

    pub(crate) fn owner(&self) -> &[u8; 16] {
        let [owner] = &self.keys;
        owner
    }

    fn patient_of(&self, patient: PatientId) -> Inside<'c> {
        let [owner] = self.keys;
        Keyed {
            ports: self.ports,
            keys: [owner, *patient.as_bytes()],
        }
    }
}

impl OwnedRead for Owned<'_> {
    fn belongings<'s>(&'s self, patient: PatientId) -> Box<dyn InsideRead + 's> {
        Box::new(self.patient_of(patient))
    }
}

impl<'tx> OwnedWrite<'tx> for Owned<'_> {
    fn change_belongings<'s>(&'s mut self, patient: PatientId) -> Box<dyn InsideWrite<'tx> + 's> {
        Box::new(self.patient_of(patient))
    }
}

impl Inside<'_> {
    pub(super) fn patient(&self) -> PatientId {
        let [_, patient] = self.keys;
        PatientId::from_bytes(patient)
    }

    /// Refuses an object that states that it belongs to another patient.
    pub(super) fn must_be_of(&self, patient: PatientId) -> Result<()> {
        if patient == self.patient() {
            Ok(())
        } else {
            Err(StorageError::new(
                ErrorKind::Conflict,
                "something of one patient was about to be stored with another patient; nothing was changed",
            ))
        }
    }
}

impl<const KEYS: usize> Keyed<'_, KEYS> {
    /// The keys first, and the rest behind them.
    fn with_keys<'p>(&'p self, rest: &[&'p dyn ToSql]) -> Vec<&'p dyn ToSql> {
        let keys = self.keys.iter().map(|key| -> &dyn ToSql { key });
        keys.chain(rest.iter().copied()).collect()
    }

    /// Changes something; returns how many rows. `rest` begins after the keys, here and below.
    pub(super) fn run(&self, sql: KeyedSql<KEYS>, rest: &[&dyn ToSql]) -> Result<usize> {
        self.ports.run(sql.text(), self.with_keys(rest).as_slice())
    }

    /// The first row, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: KeyedSql<KEYS>,
        rest: &[&dyn ToSql],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.ports.one(sql.text(), self.with_keys(rest).as_slice(), read)
    }

    /// Every row.
    pub(crate) fn all<T>(
        &self,
        sql: KeyedSql<KEYS>,
        rest: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.ports.all(sql.text(), self.with_keys(rest).as_slice(), read)
    }

    /// So many of the rows of which something is kept; no row is read beyond.
    pub(crate) fn some<T>(
        &self,
        sql: KeyedSql<KEYS>,
        rest: &[&dyn ToSql],
        most: usize,
        read: impl FnMut(&Row<'_>) -> Result<Option<T>>,
    ) -> Result<Vec<T>> {
        self.ports
            .some(sql.text(), self.with_keys(rest).as_slice(), most, read)
    }

    /// The first column of the first row: a number that is never negative.
    pub(super) fn count(&self, sql: KeyedSql<KEYS>, rest: &[&dyn ToSql]) -> Result<u64> {
        self.ports.count(sql.text(), self.with_keys(rest).as_slice())
    }

    /// The first row, if there is one and it is genuine.
    pub(super) fn genuine_one<T>(
        &self,
        table: &'static str,
        sql: KeyedSql<KEYS>,
        rest: &[&dyn ToSql],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.ports
            .genuine_one(table, sql.text(), self.with_keys(rest).as_slice(), read)
    }

    /// Every row, each genuine.
    pub(super) fn genuine_all<T>(
        &self,
        table: &'static str,
        sql: KeyedSql<KEYS>,
        rest: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.ports
            .genuine_all(table, sql.text(), self.with_keys(rest).as_slice(), read)
    }
}

/// Everybody may read the practice's settings.
impl<const KEYS: usize> SettingsRead for Keyed<'_, KEYS> {
    fn setting(&self, key: Key) -> Result<Setting> {
        self.ports.setting(key)
    }
}
