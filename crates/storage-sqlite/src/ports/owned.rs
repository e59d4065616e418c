//! The ports of one owner over one connection. Every statement of an owner goes through the helpers here, and
//! they bind the owner: no port can forget to.

use cutis_domain::Scope;
use cutis_domain::settings::{Key, Setting};
use cutis_storage::port::SettingsRead;
use rusqlite::{Row, ToSql};

use super::Ports;
use crate::error::Result;
use crate::sql::OwnedSql;

/// The ports, bound to an owner.
pub(crate) struct Owned<'c> {
    pub(super) ports: &'c Ports,
    owner: [u8; 16],
}

impl<'c> Owned<'c> {
    pub(super) fn new(ports: &'c Ports, scope: &Scope) -> Self {
        Self {
            ports,
            owner: *scope.owner().as_bytes(),
        }
    }

    /// The owner as `?1`, and the rest behind it.
    fn with_owner<'p>(&'p self, rest: &[&'p dyn ToSql]) -> Vec<&'p dyn ToSql> {
        let mut all: Vec<&dyn ToSql> = Vec::with_capacity(rest.len().saturating_add(1));
        all.push(&self.owner);
        all.extend_from_slice(rest);
        all
    }

    /// Changes something; says how many rows. `rest` begins with `?2`, here and below.
    pub(super) fn run(&self, sql: OwnedSql, rest: &[&dyn ToSql]) -> Result<usize> {
        self.ports.run(sql.text(), self.with_owner(rest).as_slice())
    }

    /// The first row, if there is one.
    pub(super) fn one<T>(
        &self,
        sql: OwnedSql,
        rest: &[&dyn ToSql],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.ports.one(sql.text(), self.with_owner(rest).as_slice(), read)
    }

    /// Every row.
    pub(super) fn all<T>(
        &self,
        sql: OwnedSql,
        rest: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.ports.all(sql.text(), self.with_owner(rest).as_slice(), read)
    }

    /// The first column of the first row: a number that is never negative.
    pub(super) fn count(&self, sql: OwnedSql, rest: &[&dyn ToSql]) -> Result<u64> {
        self.ports.count(sql.text(), self.with_owner(rest).as_slice())
    }

    /// The first row, if there is one and it is genuine.
    pub(super) fn genuine_one<T>(
        &self,
        table: &'static str,
        sql: OwnedSql,
        rest: &[&dyn ToSql],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.ports
            .genuine_one(table, sql.text(), self.with_owner(rest).as_slice(), read)
    }

    /// Every row, each genuine.
    pub(super) fn genuine_all<T>(
        &self,
        table: &'static str,
        sql: OwnedSql,
        rest: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.ports
            .genuine_all(table, sql.text(), self.with_owner(rest).as_slice(), read)
    }
}

/// What the practice chose is everybody's to read.
impl SettingsRead for Owned<'_> {
    fn setting(&self, key: Key) -> Result<Setting> {
        self.ports.setting(key)
    }
}
