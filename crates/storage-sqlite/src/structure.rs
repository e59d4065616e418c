//! What is wrong with the database's own structure: its pages, its schema, its list of migrations.

use std::collections::BTreeMap;

use cutis_storage::ErrorKind;
use rusqlite::Connection;

use crate::error::{Result, failed};
use crate::evidence;
use crate::migrate;
use crate::ports::Ports;
use crate::sql::{evidence as sql, pragmas};

/// The first fault, in words; a file too damaged to be read is one too.
pub(crate) fn fault(ports: &Ports) -> Result<Option<String>> {
    match examine(ports) {
        Err(error) if error.kind() == ErrorKind::Corrupt => Ok(Some(error.to_string())),
        other => other,
    }
}

type Check = fn(&Ports) -> Result<Option<String>>;

fn examine(ports: &Ports) -> Result<Option<String>> {
    let checks: [Check; 5] = [pages, schema, history, references, tail];
    checks
        .into_iter()
        .map(|check| check(ports))
        .find(|found| !matches!(found, Ok(None)))
        .unwrap_or(Ok(None))
}

fn pages(ports: &Ports) -> Result<Option<String>> {
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

fn schema(ports: &Ports) -> Result<Option<String>> {
    let (expected, found) = (fresh_schema()?, schema_of(&ports.0)?);
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
    Ok(changed.or_else(added))
}

/// The schema that the embedded migrations make.
fn fresh_schema() -> Result<Schema> {
    let mut fresh = Connection::open_in_memory().map_err(failed)?;
    migrate::run(&mut fresh)?;
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

fn history(ports: &Ports) -> Result<Option<String>> {
    let changed = migrate::had(&ports.0)? != migrate::known();
    Ok(changed.then(|| "the list of migrations in table refinery_schema_history was changed".to_owned()))
}

fn references(ports: &Ports) -> Result<Option<String>> {
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
fn tail(ports: &Ports) -> Result<Option<String>> {
    evidence::tail(ports)?;
    let others = ports.count(sql::OTHER_TAILS, [])?;
    Ok((others > 0).then(|| "table trail_tail holds more than the one end of the trail".to_owned()))
}
