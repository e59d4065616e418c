//! Which rows the trail attests, and what they are now.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use cutis_audit::{ColumnValue, RowState, digest_row};
use cutis_domain::Digest;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::error::{Result, failed};
use crate::sql::attested::{Attested, TABLES};

/// Rows changed since the last mark, by a table's place in the list and the row's number.
///
/// SQLite's update hook tells of every row that a statement or a trigger inserts, updates or
/// deletes, so no port can forget one. (It stays silent for tables without row numbers and for
/// REPLACE; there are neither.)
#[derive(Clone, Default)]
pub(crate) struct Touched(Arc<Mutex<BTreeSet<(usize, i64)>>>);

impl Touched {
    /// Starts collecting from a connection.
    pub(crate) fn watch(&self, connection: &Connection) -> Result<()> {
        let rows = Arc::clone(&self.0);
        let hook = move |_action: rusqlite::hooks::Action, _database: &str, table: &str, row: i64| {
            if let Some(place) = TABLES.iter().position(|attested| attested.table == table) {
                rows.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert((place, row));
            }
        };
        connection.update_hook(Some(hook)).map_err(failed)
    }

    /// Forgets what was collected.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What each of the rows is now.
    pub(crate) fn states(&self, connection: &Connection) -> Result<Vec<RowState>> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        rows.into_iter()
            .filter_map(|(place, row)| TABLES.get(place).map(|attested| (attested, row)))
            .map(|(attested, row)| state(connection, attested, row))
            .collect()
    }
}

fn state(connection: &Connection, attested: &Attested, row: i64) -> Result<RowState> {
    let mut statement = connection.prepare_cached(attested.row).map_err(failed)?;
    let columns = names(&statement);
    let mut rows = statement.query([row]).map_err(failed)?;
    let found = rows.next().map_err(failed)?;
    let digest = found
        .map(|row| digest(attested.table, &columns, row))
        .transpose()?;
    Ok(RowState {
        table: attested.table.to_owned(),
        row,
        digest,
    })
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
