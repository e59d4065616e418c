//! Every statement is prepared against the real schema, and none reads a whole table unless it says so.

use rusqlite::Connection;

use super::*;
use crate::migrate;

fn database() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    migrate::build(&connection, migrate::known().len()).expect("migrated");
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
    ("patient_fields::LIST", "two hundred definitions at most"),
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
        ("consents", consents::ALL),
        ("entries", entries::ALL),
        ("images", images::ALL),
        ("patient_fields", patient_fields::ALL),
        ("patients", patients::ALL),
        ("sessions", sessions::ALL),
        ("settings", settings::ALL),
        ("trail", trail::ALL),
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
