//! Every statement is prepared against the real schema, and none reads a whole table unless it says so.

use rusqlite::Connection;

use super::*;
use crate::history;

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
    (
        "patients::SEARCH",
        "sorts the hundred rows at most that its own inner list gives",
    ),
    (
        "trail::OF_ACCOUNT",
        "scans the hundred rows at most that its own inner lists give",
    ),
];

#[test]
fn every_statement_uses_an_index() {
    let connection = database();
    let groups = [
        ("accounts", accounts::ALL),
        ("activity", activity::ALL),
        ("consents", consents::ALL),
        ("entries", entries::ALL),
        ("images", images::ALL),
        ("custom_fields", custom_fields::ALL),
        ("patients", patients::ALL),
        ("sessions", sessions::ALL),
        ("settings", settings::ALL),
        ("trail", trail::ALL),
        ("upkeep", upkeep::ALL),
    ];
    for (group, statements) in groups {
        for (name, sql) in statements {
            let steps = plan(&connection, sql);
            let scans = steps.iter().any(|step| {
                step.starts_with("SCAN") && !step.contains("CONSTANT ROW") && !step.contains("SUBQUERY")
            });
            let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
            let name = format!("{group}::{name}");
            let excused = WHOLE.iter().any(|(whole, _)| *whole == name);
            assert_eq!(scans || sorts, excused, "{name}: {steps:#?}");
        }
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
    let named = sql.matches("FROM ").count() + usize::from(sql.starts_with("UPDATE "));
    let bound = sql.matches("owner_id = ?1").count();
    let joined = sql.matches("owner_id = p.owner_id").count();
    let patients = sql.matches("patient_id = ?2").count()
        + sql
            .matches("FROM patient WHERE owner_id = ?1 AND id = ?2")
            .count();
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
    let inside = [activity::ALL, consents::ALL, entries::ALL, images::ALL].concat();
    assert!(patients::ALL.len() >= 8 && inside.len() >= 16);
    for (name, sql) in patients::ALL {
        assert!(keeps_to_its_keys(sql, false), "{name}: {sql}");
    }
    for (name, sql) in inside {
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
    let texts = [
        include_str!("accounts.rs"),
        include_str!("activity.rs"),
        include_str!("attested.rs"),
        include_str!("consents.rs"),
        include_str!("entries.rs"),
        include_str!("evidence.rs"),
        include_str!("images.rs"),
        include_str!("custom_fields.rs"),
        include_str!("patients.rs"),
        include_str!("sessions.rs"),
        include_str!("settings.rs"),
        include_str!("trail.rs"),
        include_str!("upkeep.rs"),
    ];
    for number in 13..100 {
        let parameter = format!("?{number}");
        assert!(!texts.iter().any(|text| text.contains(&parameter)), "{parameter}");
    }
}

/// What `audit verify` reads whole, and what controls transactions, at least is valid.
#[test]
fn every_other_statement_is_valid() {
    let connection = database();
    for (name, sql) in evidence::ALL.iter().chain(transaction::ALL) {
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
