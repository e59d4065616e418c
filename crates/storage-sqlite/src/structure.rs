//! What is wrong with the database's own structure: its pages, its schema, its list of migrations.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cutis_storage::ErrorKind;
use rusqlite::Connection;

use crate::error::{Result, failed};
use crate::history;
use crate::ports::Ports;
use crate::sql::{evidence as sql, pragmas};

/// The first fault of a database that has had so many migrations, in words; a file too damaged to be
/// read is one too.
pub(crate) fn fault(ports: &Ports, version: usize) -> Result<Option<String>> {
    match examine(ports, version) {
        Err(error) if error.kind() == ErrorKind::Corrupt => Ok(Some(error.to_string())),
        other => other,
    }
}

type Check = fn(&Ports, usize) -> Result<Option<String>>;

fn examine(ports: &Ports, version: usize) -> Result<Option<String>> {
    let checks: [Check; 5] = [pages, schema, history, references, tail];
    checks
        .into_iter()
        .map(|check| check(ports, version))
        .find(|found| !matches!(found, Ok(None)))
        .unwrap_or(Ok(None))
}

fn pages(ports: &Ports, _: usize) -> Result<Option<String>> {
    let mark: i64 = ports
        .0
        .query_row(sql::APPLICATION_ID, [], |row| row.get(0))
        .map_err(failed)?;
    if mark != pragmas::APPLICATION_ID {
        return Ok(Some(
            "the file no longer says that it is a database of this program".to_owned(),
        ));
    }
    let said: String = ports
        .0
        .query_row(sql::INTEGRITY, [], |row| row.get(0))
        .map_err(failed)?;
    Ok((said != "ok").then(|| format!("the database file is damaged: {said}")))
}

type Schema = BTreeMap<(String, String), (String, String)>;

/// What is wrong with the schema and what is kept beside it, in a database of this version. What the
/// writer asks whenever the schema changed: it must not write into one that is not ours.
pub(crate) fn schema_fault(ports: &Ports) -> Result<Option<String>> {
    schema(ports, history::known().len())
}

/// The schema of this version, which is asked for again and again.
static PRESENT: OnceLock<Schema> = OnceLock::new();

fn schema(ports: &Ports, version: usize) -> Result<Option<String>> {
    if ports.count(sql::USER_VERSION, [])? != 0 {
        return Ok(Some(
            "the database's user_version was changed by something else".to_owned(),
        ));
    }
    let found = schema_of(&ports.0)?;
    if version != history::known().len() {
        return Ok(difference(&fresh_schema(version)?, &found));
    }
    let expected = if let Some(expected) = PRESENT.get() {
        expected
    } else {
        let fresh = fresh_schema(version)?;
        PRESENT.get_or_init(|| fresh)
    };
    Ok(difference(expected, &found))
}

fn difference(expected: &Schema, found: &Schema) -> Option<String> {
    let changed = expected
        .iter()
        .find(|(object, what)| found.get(*object) != Some(*what))
        .map(|(object @ (kind, name), _)| {
            let how = if found.contains_key(object) {
                "was changed"
            } else {
                "is missing"
            };
            format!("{kind} {name} of the database {how}")
        });
    let added = || {
        let mut added = found.keys().filter(|object| !expected.contains_key(*object));
        added
            .next()
            .map(|(kind, name)| format!("{kind} {name} was added to the database by something else"))
    };
    changed.or_else(added)
}

/// The schema that the first so many embedded migrations make.
fn fresh_schema(version: usize) -> Result<Schema> {
    let fresh = Connection::open_in_memory().map_err(failed)?;
    history::build(&fresh, version)?;
    schema_of(&fresh)
}

fn schema_of(connection: &Connection) -> Result<Schema> {
    let mut statement = connection.prepare(sql::SCHEMA).map_err(failed)?;
    let rows = statement
        .query_map([], |row| {
            Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
        })
        .map_err(failed)?;
    rows.collect::<rusqlite::Result<_>>().map_err(failed)
}

fn history(ports: &Ports, version: usize) -> Result<Option<String>> {
    let known: Vec<_> = history::known().into_iter().take(version).collect();
    let changed = history::had(&ports.0)? != known;
    Ok(changed.then(|| "the list of migrations in table refinery_schema_history was changed".to_owned()))
}

fn references(ports: &Ports, _: usize) -> Result<Option<String>> {
    ports.one(sql::FOREIGN_KEYS, [], |row| {
        let table: String = row.get(0).map_err(failed)?;
        let number: Option<i64> = row.get(1).map_err(failed)?;
        let parent: String = row.get(2).map_err(failed)?;
        let number = number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        Ok(format!(
            "row {number} of table {table} points at a row of table {parent} that is not there"
        ))
    })
}

/// A reader does not look at CHECKs (SQLite leaves them out of a file opened for reading only). What
/// they say of other tables is attested or keyed; that the trail has one end is asked here.
fn tail(ports: &Ports, _: usize) -> Result<Option<String>> {
    ports.tail()?;
    let others = ports.count(sql::OTHER_TAILS, [])?;
    Ok((others > 0).then(|| "table trail_tail holds more than the one end of the trail".to_owned()))
}
