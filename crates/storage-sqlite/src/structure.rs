//! Faults of the database's structure: its pages, its schema, its list of migrations.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cutis_storage::{ErrorKind, Mismatch};
use rusqlite::Connection;

use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::find::Stored;
use crate::find::keep::names_are_due;
use crate::guard::Version;
use crate::history;
use crate::ports::Ports;
use crate::sql::{evidence as sql, pragmas};

/// The first fault of a database with this many migrations, in words; a file too damaged to be read counts too.
pub(crate) fn fault(ports: &Ports, version: usize) -> Result<Option<String>> {
    match examine(ports, version) {
        Err(error) if error.kind() == ErrorKind::Corrupt => Ok(Some(error.to_string())),
        other => other,
    }
}

/// The same for the pages alone. A foreign index that cannot be computed here looks like damage but is not: it is named
/// where it stops the first write.
pub(crate) fn page_fault(ports: &Ports) -> Result<Option<String>> {
    let found = pages(ports, 0);
    let foreign = || matches!(schema_fault(ports), Ok(Some(Mismatch::Added { stops: true, .. })));
    match found {
        Ok(None) => Ok(None),
        _ if foreign() => Ok(None),
        Err(error) if error.kind() == ErrorKind::Corrupt => Ok(Some(error.to_string())),
        found => found,
    }
}

type Check = fn(&Ports, usize) -> Result<Option<String>>;

fn examine(ports: &Ports, version: usize) -> Result<Option<String>> {
    // The schema first: what somebody added may make the pages look damaged.
    let checks: [Check; 9] = [
        schema, pages, history, references, derived, lines, names, orders, tail,
    ];
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

/// Kind and name.
type Object = (String, String);
/// The table that it is of, and its text.
type Definition = (String, String);
type Schema = BTreeMap<Object, Definition>;

/// SQLite's count of changes to the schema, including those by others, and the number beside it, which is 0.
pub(crate) fn version(ports: &Ports) -> Result<Version> {
    let number = |sql| ports.one(sql, [], |row| row.get(0).map_err(failed));
    Ok((number(sql::SCHEMA_VERSION)?, number(sql::USER_VERSION)?))
}

/// Faults of the schema and of what is kept beside it, in a database of this version. The writer checks this whenever
/// another connection wrote: it must not write into a structure that is not ours.
pub(crate) fn schema_fault(ports: &Ports) -> Result<Option<Mismatch>> {
    let fault = schema(ports, history::known().len())?;
    let Some(what) = fault else { return Ok(None) };
    let (expected, found) = (present()?, schema_of(&ports.0)?);
    if ports.count(sql::USER_VERSION, [])? != 0 || changed(expected, &found).is_some() {
        return Ok(Some(Mismatch::Structure { what }));
    }
    let mut first = None;
    for (object, definition) in added(expected, &found) {
        let stops = !is_idle(ports, object, definition)?;
        // What stops is named before what does not.
        if stops || first.is_none() {
            first = Some(Mismatch::Added {
                kind: object.0.clone(),
                name: object.1.clone(),
                stops,
            });
        }
        if stops {
            break;
        }
    }
    Ok(first)
}

/// What others added, except the indexes that SQLite makes for tables, which come and go with those.
fn added<'s>(expected: &'s Schema, found: &'s Schema) -> impl Iterator<Item = (&'s Object, &'s Definition)> {
    found
        .iter()
        .filter(|(object, _)| !expected.contains_key(*object))
        .filter(|((kind, name), (_, text))| {
            !(kind == "index" && text.is_empty() && name.starts_with("sqlite_autoindex_"))
        })
}

/// Whether something added cannot act inside a write of ours: an index of plain columns, a view, or a table that refers
/// to none of ours. A trigger could act there, a unique index could refuse a row, an index of an expression could fail
/// to compute it, and a foreign key could keep a row of ours from being deleted. This is judged by the definition that
/// SQLite keeps and uses; the kind in its list could have been forged.
fn is_idle(ports: &Ports, (kind, name): &Object, (_, definition): &Definition) -> Result<bool> {
    match kind.as_str() {
        "index" if definition.starts_with("CREATE INDEX ") => Ok(ports.count(sql::ODD_INDEX, [name])? == 0),
        "view" => Ok(definition.starts_with("CREATE VIEW ")),
        "table" if definition.starts_with("CREATE TABLE ") => Ok(ports.count(sql::POINTERS, [name])? == 0),
        _ => Ok(false),
    }
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
    Ok(difference(present()?, &found))
}

fn present() -> Result<&'static Schema> {
    if let Some(expected) = PRESENT.get() {
        return Ok(expected);
    }
    let fresh = fresh_schema(history::known().len())?;
    Ok(PRESENT.get_or_init(|| fresh))
}

/// The first of the program's own objects that differs from what it should be.
fn changed(expected: &Schema, found: &Schema) -> Option<String> {
    expected
        .iter()
        .find(|(object, what)| found.get(*object) != Some(*what))
        .map(|(object @ (kind, name), _)| {
            let how = if found.contains_key(object) {
                "was changed"
            } else {
                "is missing"
            };
            format!("{kind} {name} of the database {how}")
        })
}

fn difference(expected: &Schema, found: &Schema) -> Option<String> {
    let first = || {
        added(expected, found)
            .next()
            .map(|((kind, name), _)| format!("{kind} {name} was added to the database by something else"))
    };
    changed(expected, found).or_else(first)
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
            "row {number} of table {table} refers to a row of table {parent} that does not exist"
        ))
    })
}

/// The first version with tables that are derived from others.
const DERIVED: usize = 13;

/// What is derived from attested rows is not attested itself; it is compared with them.
fn derived(ports: &Ports, version: usize) -> Result<Option<String>> {
    if version < DERIVED {
        return Ok(None);
    }
    for (table, sql) in [
        ("patient_tag_use", sql::TAG_USES),
        ("tag_tally", sql::TAG_TALLIES),
    ] {
        let wrong = ports.count(sql, [])?;
        if wrong > 0 {
            return Ok(Some(format!(
                "{wrong} rows of table {table} do not follow from the tags that were given, or are missing"
            )));
        }
    }
    Ok(None)
}

/// The first version with a line for each patient.
const LINES: usize = 15;

/// What lists are sorted and filtered by follows from other rows; it is no evidence, but a list that leaves somebody out
/// would be believed.
fn lines(ports: &Ports, version: usize) -> Result<Option<String>> {
    if version < LINES {
        return Ok(None);
    }
    let first = |sql| ports.one(sql, [], |row| row.get::<_, i64>(0).map_err(failed));
    if let Some(row) = first(sql::WRONG_LINE)? {
        return Ok(Some(wrong_line(row)));
    }
    if let Some(row) = first(sql::STRAY_LINE)? {
        return Ok(Some(format!("row {row} of table patient_line is of no patient")));
    }
    let missing = first(sql::NOT_INDEXED)?;
    Ok(missing.map(|row| {
        format!(
            "the search index patient_find does not have row {row} of table patient; the index is built again when \
             `cutis serve` starts"
        )
    }))
}

fn wrong_line(row: i64) -> String {
    format!("row {row} of table patient_line is not what follows from the patient's rows")
}

/// The same for the order of names, which has to be folded to be compared.
fn names(ports: &Ports, version: usize) -> Result<Option<String>> {
    if version < LINES || names_are_due(ports)? {
        return Ok(None);
    }
    let mut statement = ports.0.prepare(sql::NAMED_LINES).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let mut columns = Columns::of(row, "patient")?;
        let key: String = columns.get("name_key")?;
        if Stored::read(&mut columns)?.name_key() != key {
            return Ok(Some(wrong_line(columns.number())));
        }
    }
    Ok(None)
}

/// The first version in which the order of lists stands beside the uses of tags.
const ORDERED: usize = 18;

/// Lists of the patients with a tag are read in the order of its uses, so it has to be that of the lines.
fn orders(ports: &Ports, version: usize) -> Result<Option<String>> {
    if version < ORDERED {
        return Ok(None);
    }
    let wrong = ports.count(sql::TAG_ORDERS, [])?;
    Ok((wrong > 0).then(|| {
        format!(
            "{wrong} rows of table patient_tag_use are not in the order that follows from the patients' rows"
        )
    }))
}

/// A reader does not look at CHECKs (SQLite leaves them out of a file opened for reading only). What
/// they say of other tables is attested or keyed; that the trail has one end is asked here.
fn tail(ports: &Ports, _: usize) -> Result<Option<String>> {
    ports.tail()?;
    let others = ports.count(sql::OTHER_TAILS, [])?;
    Ok((others > 0).then(|| "table trail_tail holds more than the one end of the trail".to_owned()))
}
