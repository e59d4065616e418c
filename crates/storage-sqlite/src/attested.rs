//! Which rows the trail attests, and what they were before and after a unit.

mod before;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_audit::{ColumnValue, RowState, digest_row};
use cutis_domain::Digest;
use cutis_domain::settings::{Key, Setting};
use cutis_storage::{ErrorKind, Mismatch, StorageError};
use rusqlite::hooks::Action;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use crate::error::{Result, failed};
use crate::guard::{Guard, changed, table_of};
use crate::known::{Known, Left};
use crate::place::{Found, Place};
use crate::sql::attested::{Attested, CODE, NUMBER, TABLES, place_of};
use crate::sql::{settings, trail};

/// What the current unit has done to rows so far.
#[derive(Default)]
struct Unit {
    /// Rows touched since the last mark, with what each was when the unit first touched it.
    rows: BTreeMap<Place, Option<Digest>>,
    /// A row that was changed without its earlier content having been read, which no unit may keep.
    unseen: Option<Place>,
    /// A row that the unit found changed by something else.
    refused: Option<Place>,
    /// Codes are being written, which does not count as a change.
    sealing: bool,
}

#[derive(Default)]
struct State {
    unit: Unit,
    known: Known,
    /// Whether the present transaction changed anything but the trail.
    beyond_trail: bool,
    /// Settings that were read and found genuine; nothing while the present transaction changes one.
    settings: Option<HashMap<Key, Setting>>,
}

/// The rows of the current unit.
///
/// They are known from two sources, which do not depend on the ports, so no port can forget one. SQLite's update
/// hook reports every row that a statement or a trigger inserts, updates or deletes (it stays silent for
/// tables without row numbers and for REPLACE; there are neither). And [`before`] hands over what a row
/// was, just before it is updated or deleted; a row that is not as this program left it ends the statement.
#[derive(Clone)]
pub(crate) struct Touched {
    state: Arc<Mutex<State>>,
    guard: Arc<Guard>,
}

impl Touched {
    /// Starts collecting from a connection.
    pub(crate) fn watch(guard: &Arc<Guard>, connection: &Connection) -> Result<Self> {
        let touched = Self {
            state: Arc::default(),
            guard: Arc::clone(guard),
        };
        let told = touched.clone();
        let hook = move |action: Action, _database: &str, table: &str, row: i64| {
            if table == settings::TABLE {
                told.state().settings = None;
            }
            if !trail::TABLES.contains(&table) {
                told.state().beyond_trail = true;
            }
            if let Some(place) = place_of(table) {
                told.changed(action, (place, row));
            }
        };
        connection.update_hook(Some(hook)).map_err(failed)?;
        before::watch(&touched, connection)?;
        Ok(touched)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A row was inserted, updated or deleted.
    fn changed(&self, action: Action, place: Place) {
        let State { unit, known, .. } = &mut *self.state();
        if unit.sealing || unit.rows.contains_key(&place) {
            return;
        }
        if action == Action::SQLITE_INSERT {
            unit.rows.insert(place, None);
            if known.expected(place).is_some_and(|left| left.digest.is_some()) {
                // The number is free although this program did not free it.
                unit.refused.get_or_insert(place);
            }
        } else {
            unit.unseen.get_or_insert(place);
        }
    }

    /// A row is about to be updated or deleted. What it was when the unit first touched it is recorded; returns whether
    /// it may be changed.
    fn about_to_change(&self, place: Place, found: impl FnOnce() -> Found) -> bool {
        let State { unit, known, .. } = &mut *self.state();
        if unit.sealing || unit.rows.contains_key(&place) {
            return true;
        }
        let found = found();
        let sealed = TABLES
            .get(place.0)
            .is_some_and(|attested| attested.seal.is_some());
        let ours = !sealed || self.guard.is_ours(place, &found.digest, found.code.as_deref());
        let as_left = known
            .expected(place)
            .is_none_or(|left| left.digest == Some(found.digest));
        if ours && as_left {
            unit.rows.insert(place, Some(found.digest));
            true
        } else {
            unit.refused.get_or_insert(place);
            false
        }
    }

    /// The error of a statement that found a row changed by something else, if one did.
    pub(crate) fn refusal(&self) -> Option<StorageError> {
        let refused = self.state().unit.refused;
        refused.map(|place| self.guard.raise(changed(place)))
    }

    /// Whether anything but the trail was changed since this was last asked.
    pub(crate) fn take_beyond_trail(&self) -> bool {
        std::mem::take(&mut self.state().beyond_trail)
    }

    /// Whether the present unit wrote a row, so that its code is not there yet.
    pub(crate) fn wrote(&self, place: Place) -> bool {
        self.state().unit.rows.contains_key(&place)
    }

    /// A unit begins, or the group does.
    pub(crate) fn mark(&self) {
        let state = &mut *self.state();
        state.unit = Unit::default();
        state.known.undo();
    }

    /// The unit is kept.
    pub(crate) fn keep(&self) {
        let state = &mut *self.state();
        state.unit = Unit::default();
        state.known.keep();
    }

    /// The group is durable, and the trail has this length.
    pub(crate) fn commit(&self, size: u64) {
        let last = self.state().known.commit();
        self.guard.remember(last.into_iter(), size);
    }

    /// The group is given up, or a new one begins.
    pub(crate) fn rollback(&self) {
        let state = &mut *self.state();
        state.unit = Unit::default();
        state.known.rollback();
        state.settings.get_or_insert_default();
    }

    /// Another process of this program wrote.
    pub(crate) fn forget(&self) {
        self.state().known.forget();
    }

    /// Something was written: settings are read again.
    pub(crate) fn doubt_settings(&self) {
        self.state().settings = Some(HashMap::new());
    }

    /// A setting as it was read before, if nothing was written since.
    pub(crate) fn setting(&self, key: Key) -> Option<Setting> {
        self.state().settings.as_ref()?.get(&key).cloned()
    }

    /// A setting was read, and is genuine.
    pub(crate) fn was_read(&self, setting: &Setting) {
        if let Some(settings) = &mut self.state().settings {
            settings.insert(setting.key(), setting.clone());
        }
    }

    /// What each row was and is. Writes the codes of those that carry one.
    pub(crate) fn states(&self, connection: &Connection) -> Result<Vec<RowState>> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        let rows = {
            let state = self.state();
            if let Some(place) = state.unit.unseen {
                return Err(unseen(place));
            }
            state.unit.rows.clone()
        };
        let mut states = Vec::with_capacity(rows.len());
        for ((place, row), before) in rows {
            let Some(attested) = TABLES.get(place) else {
                continue;
            };
            let found = read(connection, attested, row)?;
            if let Some(found) = &found {
                self.seal(connection, attested, (place, row), found)?;
            }
            let after = found.as_ref().map(|found| found.digest);
            let left = Left {
                digest: after,
                last: found.is_some_and(|found| found.last),
            };
            self.state().known.left((place, row), left);
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

    /// Writes a row's code, in the one place where codes are written, so that no port can forget it.
    fn seal(&self, connection: &Connection, attested: &Attested, place: Place, found: &Found) -> Result<()> {
        let Some(seal) = attested.seal else { return Ok(()) };
        let code = self.guard.code(place, &found.digest);
        if found.code.as_deref() == Some(&code) {
            return Ok(());
        }
        self.state().unit.sealing = true;
        let sealed = connection
            .prepare_cached(seal)
            .and_then(|mut statement| statement.execute(params![place.1, code]));
        self.state().unit.sealing = false;
        sealed.map(drop).map_err(failed)
    }
}

/// It is better not to write than to attest something that was not read.
fn unseen((place, row): Place) -> StorageError {
    let table = table_of(place);
    StorageError::new(
        ErrorKind::Corrupt,
        format!(
            "row {row} of table {table} changed without its earlier content having been read; \
             nothing was stored, run `cutis audit verify`"
        ),
    )
}

/// A row as it is now, if it exists.
pub(crate) fn read(connection: &Connection, attested: &Attested, row: i64) -> Result<Option<Found>> {
    let mut statement = connection.prepare_cached(attested.row).map_err(failed)?;
    let mut rows = statement.query([row]).map_err(failed)?;
    let row = rows.next().map_err(failed)?;
    row.map(|row| whole(attested, row, 0)).transpose()
}

/// Hands over every row of a table.
pub(crate) fn all(
    connection: &Connection,
    attested: &Attested,
    each: &mut dyn FnMut(i64, Found),
) -> Result<()> {
    let mut statement = connection.prepare(attested.rows).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        each(row.get(NUMBER).map_err(failed)?, whole(attested, row, 0)?);
    }
    Ok(())
}

/// A row that decisions depend on, as a statement selected it: first the columns that are read, then the whole row,
/// which begins with its number again.
pub(crate) fn selected(attested: &Attested, row: &Row<'_>) -> Result<Option<Found>> {
    let statement = row.as_ref();
    let whole_from = (1..statement.column_count())
        .find(|index| statement.column_name(*index).is_ok_and(|name| name == NUMBER));
    whole_from.map(|from| whole(attested, row, from)).transpose()
}

/// Refuses a row that decisions depend on if it was changed by something else, as far as that can be known here.
pub(crate) fn mismatch(
    guard: &Guard,
    place: Place,
    found: &Found,
    trail_size: impl FnOnce() -> Result<u64>,
) -> Result<Option<Mismatch>> {
    if !guard.is_ours(place, &found.digest, found.code.as_deref()) {
        return Ok(Some(changed(place)));
    }
    let older = match guard.contradicted_since(place, found) {
        Some(since) => trail_size()? >= since,
        None => false,
    };
    Ok(older.then(|| changed(place)))
}

fn names(statement: &rusqlite::Statement<'_>) -> Vec<String> {
    statement
        .column_names()
        .into_iter()
        .map(ToOwned::to_owned)
        .collect()
}

/// The table's columns begin at `from` and are the last that the statement has.
fn whole(attested: &Attested, row: &Row<'_>, from: usize) -> Result<Found> {
    let statement = row.as_ref();
    let count = statement.column_count();
    let mut columns = Vec::with_capacity(count.saturating_sub(from));
    for index in from..count {
        let name = statement.column_name(index).map_err(failed)?;
        columns.push((name, value(row.get_ref(index).map_err(failed)?)));
    }
    Ok(found(attested, columns.into_iter()))
}

/// A row of these columns.
fn found<'a>(attested: &Attested, columns: impl Iterator<Item = (&'a str, ColumnValue<'a>)>) -> Found {
    let (mut code, mut last) = (None, false);
    let content = columns.filter(|(name, value)| {
        last |= attested.last == Some(*name) && *value != ColumnValue::Null;
        if attested.seal.is_none() || *name != CODE {
            return true;
        }
        if let ColumnValue::Blob(bytes) = value {
            code = Some(bytes.to_vec());
        }
        false
    });
    let digest = digest_row(attested.table, content);
    Found { digest, code, last }
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
