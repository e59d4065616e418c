//! The port traits over one connection. Every statement goes through the four helpers here.

mod accounts;
mod consents;
mod entries;
mod images;
mod json;
mod patient_fields;
mod patients;
mod sessions;
mod settings;
mod trail;

use std::ops::Deref;

use cutis_domain::{Scope, Timestamp};
use cutis_storage::{ErrorKind, StorageError};
use r2d2::PooledConnection;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, Params, Row};

use crate::error::{Result, failed, too_large};

/// A connection, owned by the writer or lent by the pool.
pub(crate) enum Held {
    Own(Connection),
    Lent(PooledConnection<SqliteConnectionManager>),
}

impl Deref for Held {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Self::Own(connection) => connection,
            Self::Lent(connection) => connection,
        }
    }
}

/// All ports over one connection, in whatever transaction that is in.
pub(crate) struct Ports(pub(crate) Held);

impl Ports {
    /// When space runs out SQLite may give up the whole transaction by itself. A change made after that
    /// would be a transaction of its own, without its event; so every change asks first.
    pub(crate) fn in_transaction(&self) -> Result<()> {
        if self.0.is_autocommit() {
            Err(StorageError::new(
                ErrorKind::Full,
                "the database gave up the transaction, most likely for want of space; nothing was changed",
            ))
        } else {
            Ok(())
        }
    }

    /// Changes something inside the transaction; says how many rows.
    pub(crate) fn run(&self, sql: &'static str, params: impl Params) -> Result<usize> {
        self.in_transaction()?;
        self.control(sql, params)
    }

    /// Runs a statement that answers nothing, in a transaction or not.
    pub(crate) fn control(&self, sql: &'static str, params: impl Params) -> Result<usize> {
        self.0
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .map_err(failed)
    }

    /// The first row, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params).map_err(failed)?;
        rows.next().map_err(failed)?.map(read).transpose()
    }

    /// Every row.
    pub(crate) fn all<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params).map_err(failed)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            all.push(read(row)?);
        }
        Ok(all)
    }

    /// The first column of the first row: a number that is never negative.
    pub(crate) fn count(&self, sql: &'static str, params: impl Params) -> Result<u64> {
        let number = self.one(sql, params, |row| row.get::<_, i64>(0).map_err(failed))?;
        Ok(number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
    }
}

/// A number as SQLite stores it.
pub(crate) fn stored(number: u64, what: &str) -> Result<i64> {
    i64::try_from(number).map_err(|_| too_large(what))
}

/// How many rows to ask for: one more than shown, which only tells that there are more.
fn one_more(limit: cutis_domain::page::Limit) -> i64 {
    i64::try_from(limit.get().saturating_add(1)).unwrap_or(i64::MAX)
}

/// The first part of every key of clinical data.
fn owner(scope: &Scope) -> [u8; 16] {
    *scope.owner().as_bytes()
}

fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_micros)
}
