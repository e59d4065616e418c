//! Every statement is prepared against the real schema, and none reads a whole table unless it says so.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::history;

/// A file of statements: their names and texts, and how many keys are bound first.
struct File {
    name: &'static str,
    statements: &'static [(&'static str, &'static str)],
    keys: usize,
}

macro_rules! files {
    ($($name:ident)+) => {
        [$(File { name: stringify!($name), statements: $name::ALL, keys: $name::KEYS }),+]
    };
}

/// What the ports ask.
const FILES: &[File] = &files! {
    accounts activity consents custom_fields entries find images listing patients sessions settings tag_links tags trail
    upkeep workspaces
};

/// What `audit verify` reads whole, and what controls transactions.
const OTHERS: &[File] = &files! { evidence transaction };

/// The files beside this one, with their texts.
fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sql");
    let entries = std::fs::read_dir(folder).expect("the folder of statements");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("a file").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("text"))
    };
    entries.map(read).filter(|(name, _)| name != "tests").collect()
}

/// The tests below look at every file in which statements are declared.
#[test]
fn every_file_of_statements_is_listed() {
    let mut there = texts();
    there.retain(|(_, text)| text.contains("statements! {"));
    let there: BTreeSet<String> = there.into_iter().map(|(name, _)| name).collect();
    let listed: BTreeSet<String> = FILES.iter().chain(OTHERS).map(|it| it.name.to_owned()).collect();
    assert_eq!(there, listed);
}

fn database() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    history::build(&connection, history::known().len()).expect("migrated");
    connection
}

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let explained = format!("EXPLAIN QUERY PLAN {sql}");
    let mut statement = connection
        .prepare(&explained)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    for index in 1..=statement.parameter_count() {
        statement
            .raw_bind_parameter(index, rusqlite::types::Null)
            .expect("bound");
    }
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next().expect("explained") {
        plan.push(row.get(3).expect("a step"));
    }
    plan
}

/// Reads all of something, each for its reason.
const WHOLE: &[(&str, &str)] = &[
    (
        "accounts::COUNT",
        "asked while there are none, and when the practice is set up",
    ),
    (
        "accounts::THROTTLE_FORGET",
        "4,096 rows are kept at most, and this is asked once a minute at most",
    ),
    ("accounts::THROTTLE_CAP", "as THROTTLE_FORGET"),
    ("custom_fields::LIST", "two hundred definitions at most"),
    ("find::DUE", "thirty-two rows, and those of the present group"),
    ("find::DOCUMENTS", "asked once, when the database is opened"),
    ("find::LINES", "as DOCUMENTS"),
    ("find::SOME_DUE", "as DUE, and bounded"),
    ("find::HOW_MANY_DUE", "as DUE, and bounded"),
    (
        "trail::OF_ACCOUNT",
        "scans the hundred rows at most that its own inner lists give",
    ),
];

/// Whether a step asks a virtual table for something: for what matches, or for the values of a list in JSON. Without a
/// question its plan has the number 0.
fn asks_a_virtual_table(step: &str) -> bool {
    step.contains(" VIRTUAL TABLE INDEX ") && !step.ends_with(" INDEX 0:")
}

#[test]
fn every_statement_uses_an_index() {
    let connection = database();
    let mut wrong = Vec::new();
    for File {
        name: group,
        statements,
        ..
    } in FILES
    {
        for (name, sql) in *statements {
            let steps = plan(&connection, sql);
            let scans = steps.iter().any(|step| {
                step.starts_with("SCAN")
                    && !step.contains("CONSTANT ROW")
                    && !step.contains("SUBQUERY")
                    && !asks_a_virtual_table(step)
            });
            let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
            let name = format!("{group}::{name}");
            let excused = WHOLE.iter().any(|(whole, _)| *whole == name);
            if (scans || sorts) != excused {
                wrong.push(format!("{name}: {steps:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// P4: what is asked for by row numbers is read by them, and not by going through all of the owner's rows.
#[test]
fn rows_in_a_list_are_read_by_their_numbers() {
    let connection = database();
    for (sql, table) in [
        (patients::LISTED, "patient"),
        (listing::COMPARED, "p"),
        (listing::COVERS, "image"),
    ] {
        let steps = plan(&connection, sql.text());
        let wanted = format!("SEARCH {table} USING INTEGER PRIMARY KEY (rowid=?)");
        assert!(steps.contains(&wanted), "{steps:#?}");
    }
}

/// P4: what a list, a count and a search read beside the rows is found by all the keys that an index has for it. By the
/// owner alone, all of the owner's rows would be gone through.
#[test]
fn what_lists_and_searches_read_is_found_by_all_its_keys() {
    let connection = database();
    for (sql, wanted) in [
        (
            listing::COUNT.text(),
            "SEARCH l USING COVERING INDEX patient_line_by_change (owner_id=? AND last_modified>? AND last_modified<?)",
        ),
        (
            listing::MATCHING.text(),
            "SEARCH l USING COVERING INDEX patient_line_by_change (owner_id=? AND last_modified>? AND last_modified<?)",
        ),
        (
            listing::COUNT_TAGGED.text(),
            "SEARCH u USING COVERING INDEX patient_tag_use_by_unique_id (owner_id=? AND tag_id=?)",
        ),
        // A use's other tags, before its line.
        (
            listing::TAGGED_NAME_UP.text(),
            "SEARCH t USING COVERING INDEX patient_tag_use_by_patient (owner_id=? AND patient_id=? AND tag_id=?)",
        ),
        (
            listing::MODIFIED_DOWN.text(),
            "SEARCH i USING INDEX image_by_time (owner_id=? AND patient_id=? AND shown_at>? AND shown_at<?)",
        ),
        // The day follows from other columns, so SQLite does not call this covering; yet it reads no row.
        (
            listing::SHOWN.text(),
            "SEARCH i USING INDEX image_by_day (owner_id=? AND shown_at>? AND shown_at<?)",
        ),
        (
            listing::USES.text(),
            "SEARCH u USING COVERING INDEX sqlite_autoindex_patient_tag_use_1 (owner_id=? AND tag_id=? AND patient_id>?)",
        ),
        (
            listing::THESE.text(),
            "SEARCH p USING COVERING INDEX sqlite_autoindex_patient_2 (owner_id=? AND id=?)",
        ),
        (
            listing::IMAGES_WITHIN.text(),
            "SEARCH l USING INDEX patient_line_by_images (owner_id=? AND image_count>? AND image_count<?)",
        ),
        (
            listing::ENTRIES_WITHIN.text(),
            "SEARCH l USING INDEX patient_line_by_entries (owner_id=? AND entry_count>? AND entry_count<?)",
        ),
        (
            listing::COVERS.text(),
            "SEARCH i USING INDEX image_by_time (owner_id=? AND patient_id=?)",
        ),
        (
            listing::GRANTS.text(),
            "SEARCH c USING INDEX consent_by_time (owner_id=? AND patient_id=?)",
        ),
        (
            listing::LINES_OF.text(),
            "SEARCH p USING COVERING INDEX sqlite_autoindex_patient_2 (owner_id=? AND id=?)",
        ),
        (
            listing::TAGS.text(),
            "SEARCH tag_tally USING INDEX sqlite_autoindex_tag_tally_1 (owner_id=? AND tag_id=?)",
        ),
        // What matches, before a row.
        (find::CANDIDATES, "SCAN patient_find VIRTUAL TABLE INDEX 192:M1<"),
    ] {
        let steps = plan(&connection, sql);
        assert!(steps.iter().any(|step| step == wanted), "{sql}: {steps:#?}");
    }
}

/// Whether a statement keeps to the keys that are bound first: every table that is named in it is asked for the
/// rows of `?1`, the owner, or joined with one that is; a new row is that owner's. What belongs to a patient is asked
/// for by the patient too, `?2`.
fn keeps_to_its_keys(sql: &str, of_a_patient: bool) -> bool {
    let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((columns, values)) = sql
        .strip_prefix("INSERT INTO ")
        .and_then(|row| row.split_once(" VALUES "))
    {
        let begins = |text: &str, with: &[&str]| {
            let inner = text.split_once('(').map_or("", |(_, inner)| inner);
            let named: Vec<&str> = inner.split([',', ')']).map(str::trim).take(with.len()).collect();
            named == with
        };
        return if of_a_patient {
            begins(columns, &["owner_id", "patient_id"]) && begins(values, &["?1", "?2"])
        } else {
            begins(columns, &["owner_id"]) && begins(values, &["?1"])
        };
    }
    let lists = sql.matches("FROM json_each(").count();
    let named = sql.matches("FROM ").count() - lists + usize::from(sql.starts_with("UPDATE "));
    let bound = sql.matches("owner_id = ?1").count();
    let joined = sql.matches("owner_id = p.owner_id").count();
    let patients = sql.matches("patient_id = ?2").count()
        + sql
            .matches("FROM patient WHERE owner_id = ?1 AND id = ?2")
            .count()
        + usize::from(
            sql.starts_with("UPDATE patient SET ") && sql.contains(" WHERE owner_id = ?1 AND id = ?2"),
        );
    bound >= 1 && bound + joined + unowned(&sql) >= named && (!of_a_patient || patients == bound)
}

/// How often a statement reads from rows that it found itself, whose owner was asked for there.
fn unowned(sql: &str) -> usize {
    OWN_ROWS.iter().map(|own| sql.matches(own).count()).sum()
}

/// Rows by their number, where an inner query of the same statement gave the number.
const OWN_ROWS: &[&str] =
    &["FROM patient p WHERE p.row IN (SELECT m.row FROM patient m WHERE m.owner_id = ?1"];

/// A10, G1: every statement of an owner's port keeps to that owner's rows, and to one patient's where it is
/// about what belongs to one.
#[test]
fn every_keyed_statement_keeps_to_its_keys() {
    let with = |keys| {
        FILES
            .iter()
            .filter(move |it| it.keys == keys)
            .flat_map(|it| it.statements)
    };
    assert!(with(1).count() >= 8 && with(2).count() >= 16);
    for (name, sql) in with(1) {
        assert!(keeps_to_its_keys(sql, false), "{name}: {sql}");
    }
    for (name, sql) in with(2) {
        assert!(keeps_to_its_keys(sql, true), "{name}: {sql}");
    }
}

/// The test above sees one that does not.
#[test]
fn a_statement_without_its_keys_is_seen() {
    for sql in [
        "SELECT row FROM image WHERE id = ?2",
        "SELECT row FROM image WHERE owner_id = ?2 AND id = ?1",
        "INSERT INTO image (id, owner_id) VALUES (?1, ?2)",
        "INSERT INTO image (owner_id, id) VALUES (?2, ?1)",
        "INSERT INTO image (owner_id) SELECT ?2",
        "UPDATE image SET name = ?1 WHERE id = ?2",
        "SELECT row, (SELECT id FROM entry WHERE patient_id = ?2) FROM image WHERE owner_id = ?1",
    ] {
        assert!(!keeps_to_its_keys(sql, false), "{sql}");
    }
    for sql in [
        "SELECT row FROM image WHERE owner_id = ?1 AND id = ?2",
        "INSERT INTO image (owner_id, id, patient_id) VALUES (?1, ?2, ?3)",
        "UPDATE consent SET revoked_at = ?3 WHERE owner_id = ?1 AND id = ?2",
    ] {
        assert!(!keeps_to_its_keys(sql, true), "{sql}");
    }
}

/// Nobody counts beyond a dozen: what has more columns takes its numbers from `table!`.
#[test]
fn no_statement_is_numbered_by_hand_beyond_a_dozen() {
    let texts = texts();
    for number in 13..100 {
        let parameter = format!("?{number}");
        assert!(
            !texts.iter().any(|(_, text)| text.contains(&parameter)),
            "{parameter}"
        );
    }
}

/// What `audit verify` reads whole, and what controls transactions, at least is valid.
#[test]
fn every_other_statement_is_valid() {
    let connection = database();
    for (name, sql) in OTHERS.iter().flat_map(|it| it.statements) {
        assert!(connection.prepare(sql).is_ok(), "{name}");
    }
    for attested in attested::TABLES {
        let steps = plan(&connection, attested.row);
        assert!(
            steps.iter().all(|step| step.starts_with("SEARCH")),
            "{}: {steps:?}",
            attested.table
        );
        assert!(connection.prepare(attested.rows).is_ok(), "{}", attested.table);
        let first = connection
            .prepare(attested.row)
            .expect("valid")
            .column_name(0)
            .map(ToOwned::to_owned);
        assert_eq!(first.as_deref(), Ok("row"), "{}", attested.table);
    }
}
