//! Which rows the trail attests, what they were before a unit and what they are after it.

mod before;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_audit::{ColumnValue, RowState, digest_row};
use cutis_domain::Digest;
use cutis_storage::{ErrorKind, StorageError};
use rusqlite::hooks::Action;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::error::{Result, failed};
use crate::sql::attested::{Attested, TABLES};

/// A row: its table's place in the list, and its number.
type Place = (usize, i64);

/// What the present unit did to rows so far.
#[derive(Default)]
struct Unit {
    /// Rows touched since the last mark, with what each was when the unit first came to it.
    rows: BTreeMap<Place, Option<Digest>>,
    /// A row that was changed without its earlier content having been seen, which no unit may keep.
    unseen: Option<Place>,
}

/// The rows of the present unit.
///
/// Two things tell of them, and neither is a port's business, so no port can forget one. SQLite's update
/// hook tells of every row that a statement or a trigger inserts, updates or deletes (it stays silent for
/// tables without row numbers and for REPLACE; there are neither). And [`before`] hands over what a row
/// was, just before it is updated or deleted.
#[derive(Clone, Default)]
pub(crate) struct Touched(Arc<Mutex<Unit>>);

impl Touched {
    /// Starts collecting from a connection.
    pub(crate) fn watch(&self, connection: &Connection) -> Result<()> {
        let touched = self.clone();
        let hook = move |action: Action, _database: &str, table: &str, row: i64| {
            if let Some(place) = TABLES.iter().position(|attested| attested.table == table) {
                touched.changed(action, (place, row));
            }
        };
        connection.update_hook(Some(hook)).map_err(failed)?;
        before::watch(self, connection)
    }

    fn unit(&self) -> MutexGuard<'_, Unit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A row was inserted, updated or deleted.
    fn changed(&self, action: Action, place: Place) {
        let mut unit = self.unit();
        if unit.rows.contains_key(&place) {
            return;
        }
        if action == Action::SQLITE_INSERT {
            unit.rows.insert(place, None);
        } else {
            unit.unseen.get_or_insert(place);
        }
    }

    /// A row is about to be updated or deleted. What it was when the unit first came to it counts.
    fn about_to_change(&self, place: Place, digest: impl FnOnce() -> Digest) {
        self.unit().rows.entry(place).or_insert_with(|| Some(digest()));
    }

    /// Forgets what was collected.
    pub(crate) fn clear(&self) {
        *self.unit() = Unit::default();
    }

    /// What each of the rows was and is.
    pub(crate) fn states(&self, connection: &Connection) -> Result<Vec<RowState>> {
        let rows = {
            let unit = self.unit();
            if let Some((place, row)) = unit.unseen {
                return Err(unseen(place, row));
            }
            unit.rows.clone()
        };
        let mut states = Vec::with_capacity(rows.len());
        for ((place, row), before) in rows {
            let Some(attested) = TABLES.get(place) else {
                continue;
            };
            let after = now(connection, attested, row)?;
            // A row that came and went within the unit was never there.
            if before.is_some() || after.is_some() {
                states.push(RowState {
                    table: attested.table.to_owned(),
                    row,
                    before,
                    after,
                });
            }
        }
        Ok(states)
    }
}

/// Better no write than one that attests what nobody saw.
fn unseen(place: usize, row: i64) -> StorageError {
    let table = TABLES.get(place).map_or("?", |attested| attested.table);
    StorageError::new(
        ErrorKind::Corrupt,
        format!(
            "row {row} of table {table} changed without its earlier content having been read; \
             nothing was stored, run `cutis audit verify`"
        ),
    )
}

fn now(connection: &Connection, attested: &Attested, row: i64) -> Result<Option<Digest>> {
    let mut statement = connection.prepare_cached(attested.row).map_err(failed)?;
    let columns = names(&statement);
    let mut rows = statement.query([row]).map_err(failed)?;
    let found = rows.next().map_err(failed)?;
    found.map(|row| digest(attested.table, &columns, row)).transpose()
}

/// Hands over every row of every attested table with its digest.
pub(crate) fn all(connection: &Connection, each: &mut dyn FnMut(&str, i64, Digest)) -> Result<()> {
    for attested in TABLES {
        let mut statement = connection.prepare(attested.rows).map_err(failed)?;
        let columns = names(&statement);
        let number = columns.iter().position(|name| name == "row").unwrap_or(0);
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(
                attested.table,
                row.get(number).map_err(failed)?,
                digest(attested.table, &columns, row)?,
            );
        }
    }
    Ok(())
}

fn names(statement: &rusqlite::Statement<'_>) -> Vec<String> {
    statement
        .column_names()
        .into_iter()
        .map(ToOwned::to_owned)
        .collect()
}

fn digest(table: &str, columns: &[String], row: &Row<'_>) -> Result<Digest> {
    let values: Vec<(&str, ColumnValue<'_>)> = columns
        .iter()
        .enumerate()
        .map(|(index, name)| Ok((name.as_str(), value(row.get_ref(index).map_err(failed)?))))
        .collect::<Result<_>>()?;
    Ok(digest_row(table, values.into_iter()))
}

const fn value(value: ValueRef<'_>) -> ColumnValue<'_> {
    match value {
        ValueRef::Null => ColumnValue::Null,
        ValueRef::Integer(number) => ColumnValue::Integer(number),
        ValueRef::Real(number) => ColumnValue::Real(number),
        ValueRef::Text(text) => ColumnValue::Text(text),
        ValueRef::Blob(bytes) => ColumnValue::Blob(bytes),
    }
}
