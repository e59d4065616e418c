//! The port traits over one connection. Every statement goes through the four helpers here.

mod accounts;
mod consents;
mod custom_fields;
mod entries;
mod images;
mod json;
pub(crate) mod keyed;
mod marks;
pub(crate) mod patients;
mod sessions;
mod settings;
mod tag_links;
mod tags;
mod trail;
mod upkeep;
mod workspaces;

use std::ops::Deref;
use std::sync::Arc;

use cutis_domain::{Scope, Timestamp};
use cutis_storage::port::SessionsTouch;
use cutis_storage::{
    CommonRead, CommonWrite, ErrorKind, OwnedRead, OwnedWrite, Snapshot, StorageError, Transaction,
};
use rusqlite::{Connection, Params, Row};

use crate::attested::{self, Touched};
use crate::columns::Columns;
use crate::error::{Result, failed, too_large};
use crate::guard::Guard;
use crate::place::{Found, Place};
use crate::readers::{Lent, Newness};
use crate::sql::attested::{CODE, TABLES, place_of};
use crate::sql::trail as trail_sql;
use keyed::Owned;

/// A connection, owned by the writer or lent by the pool.
pub(crate) enum Held {
    Own(Connection),
    Lent(Lent),
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

/// What guards the rows, besides the connection.
#[derive(Clone)]
pub(crate) struct Watch {
    pub(crate) guard: Arc<Guard>,
    /// The rows of the current unit; only the writer has any.
    pub(crate) touched: Option<Touched>,
    /// How new what is read is.
    pub(crate) newness: Newness,
}

/// A row that decisions depend on, and what it is.
type Sealed = (Place, Found);

/// All ports over one connection, in whatever transaction that is in.
pub(crate) struct Ports(pub(crate) Held, pub(crate) Watch);

impl Ports {
    /// A row that decisions depend on is used only if it is as this program wrote it.
    fn genuine(&self, (place, found): &Sealed) -> Result<()> {
        let Watch { guard, touched, .. } = &self.1;
        // The present unit's own rows get their codes when it ends.
        if touched.as_ref().is_some_and(|touched| touched.wrote(*place)) {
            return Ok(());
        }
        let size = || self.count(trail_sql::SIZE, []);
        match attested::mismatch(guard, *place, found, size)? {
            Some(mismatch) => Err(guard.raise(mismatch)),
            None => Ok(()),
        }
    }

    /// The first row, if there is one and it is genuine. The statement selects the row's number, what is read, and
    /// then the whole row, of which its code is made.
    fn genuine_one<T>(
        &self,
        table: &'static str,
        sql: &'static str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let found = self.one(sql, params, |row| Ok((sealed(table, row)?, read(row))))?;
        // That it is genuine is asked first: a row that makes no sense may be somebody's work.
        found
            .map(|(sealed, value)| self.genuine(&sealed).and(value))
            .transpose()
    }

    /// Every row, each genuine.
    fn genuine_all<T>(
        &self,
        table: &'static str,
        sql: &'static str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let found = self.all(sql, params, |row| Ok((sealed(table, row)?, read(row))))?;
        found
            .into_iter()
            .map(|(sealed, value)| self.genuine(&sealed).and(value))
            .collect()
    }

    /// When space runs out, SQLite may give up the whole transaction on its own. A change made after that
    /// would be a transaction of its own, without its event; so every change asks first.
    pub(crate) fn in_transaction(&self) -> Result<()> {
        if self.0.is_autocommit() {
            Err(StorageError::new(
                ErrorKind::Full,
                "the database gave up the transaction, most likely for lack of space; nothing was changed",
            ))
        } else {
            Ok(())
        }
    }

    /// Changes something inside the transaction; returns how many rows.
    pub(crate) fn run(&self, sql: &'static str, params: impl Params) -> Result<usize> {
        self.in_transaction()?;
        self.control(sql, params)
    }

    /// Runs a statement without a result, in a transaction or not.
    pub(crate) fn control(&self, sql: &'static str, params: impl Params) -> Result<usize> {
        let ran = self
            .0
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params));
        ran.map_err(|error| {
            let refusal = self.1.touched.as_ref().and_then(Touched::refusal);
            refusal.unwrap_or_else(|| failed(error))
        })
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

    /// So many of the rows of which something is kept; no row is read beyond.
    pub(crate) fn some<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        most: usize,
        mut read: impl FnMut(&Row<'_>) -> Result<Option<T>>,
    ) -> Result<Vec<T>> {
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params).map_err(failed)?;
        let mut some = Vec::new();
        while some.len() < most
            && let Some(row) = rows.next().map_err(failed)?
        {
            some.extend(read(row)?);
        }
        Ok(some)
    }

    /// The first column of the first row: a number that is never negative.
    pub(crate) fn count(&self, sql: &'static str, params: impl Params) -> Result<u64> {
        let number = self.one(sql, params, |row| row.get::<_, i64>(0).map_err(failed))?;
        Ok(number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
    }
}

/// A row that decides, with all that its statement selected behind the columns that are read of it.
fn sealed(table: &'static str, row: &Row<'_>) -> Result<Sealed> {
    let number = Columns::of(row, table)?.number();
    let incomplete = || StorageError::corrupt(table, CODE, number);
    let place = place_of(table).ok_or_else(incomplete)?;
    let attested = TABLES.get(place).ok_or_else(incomplete)?;
    let found = attested::selected(attested, row)?.ok_or_else(incomplete)?;
    Ok(((place, number), found))
}

impl Snapshot for Ports {
    fn owned<'s>(&'s self, scope: &Scope) -> Box<dyn OwnedRead + 's> {
        Box::new(Owned::of(self, scope))
    }

    fn common(&self) -> &dyn CommonRead {
        self
    }
}

impl Transaction for Ports {
    fn owned<'tx>(&'tx mut self, scope: &Scope) -> Box<dyn OwnedWrite<'tx> + 'tx> {
        Box::new(Owned::of(self, scope))
    }

    fn common(&mut self) -> &mut dyn CommonWrite {
        self
    }

    fn touches(&mut self) -> &mut dyn SessionsTouch {
        self
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

/// So many rows.
fn exactly(limit: cutis_domain::page::Limit) -> i64 {
    i64::try_from(limit.get()).unwrap_or(i64::MAX)
}

fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_micros)
}
