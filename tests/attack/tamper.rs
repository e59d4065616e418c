//! Hand-made changes of values and rows while the program runs, followed by an ordinary day's work (point 2).
//!
//! For every table and every column one value is changed; from every table a row is removed and to every table
//! one is added. Then people work, and `cutis audit verify` must still name what was done.

use std::path::Path;
use std::sync::Arc;

use cutis_tests::client::{Call, File, fresh_key, upload_call};
use cutis_tests::database::without_triggers;
use cutis_tests::images::made;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde_json::json;

use crate::Field;
use crate::practice::{Kept, by_hand, vouched};
use crate::process::{self, Verdict};
use crate::report::Tally;
use crate::settings::Choices;

/// One hand-made change.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Another value in the newest row.
    Change(String, String),
    /// The newest row removed.
    Remove(String),
    /// A row more, like the newest one.
    Add(String),
}

/// Changes a value so that it stays of its type.
fn changed(value: &Value) -> Option<Value> {
    match value {
        Value::Integer(number @ (0 | 1)) => Some(Value::Integer(1 - number)),
        Value::Integer(number) => Some(Value::Integer(number + 1)),
        Value::Text(text) if text.is_empty() => Some(Value::Text("x".to_owned())),
        Value::Text(text) => {
            let mut chars: Vec<char> = text.chars().collect();
            let last = chars.iter_mut().rev().find(|it| it.is_ascii_alphanumeric())?;
            *last = if *last == '1' { '2' } else { '1' };
            Some(Value::Text(chars.into_iter().collect()))
        }
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            *bytes.last_mut()? ^= 1;
            Some(Value::Blob(bytes))
        }
        Value::Null => Some(Value::Text("x".to_owned())),
        Value::Real(_) => None,
    }
}

/// Columns that hold something of their own, and whether each is part of a key.
fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden < 2";
    let mut statement = connection.prepare(sql).expect("readable");
    let names = statement.query_map([table], |row| row.get(0)).expect("readable");
    names.collect::<Result<_, _>>().expect("text")
}

fn newest(connection: &Connection, table: &str) -> Option<i64> {
    let sql = format!("SELECT max(rowid) FROM {table}");
    connection
        .query_row(&sql, [], |row| row.get(0))
        .expect("readable")
}

fn row(connection: &Connection, table: &str, names: &[String]) -> Option<(i64, Vec<Value>)> {
    let number = newest(connection, table)?;
    let sql = format!("SELECT {} FROM {table} WHERE rowid = ?1", names.join(", "));
    let values = connection
        .query_row(&sql, [number], |row| {
            (0..names.len()).map(|at| row.get(at)).collect()
        })
        .expect("a row");
    Some((number, values))
}

/// Does it; `None` when there was nothing to do it to.
pub fn perform(data: &Path, deed: &Deed) -> Option<()> {
    let connection = by_hand(data);
    let mut done = None;
    without_triggers(&connection, |open| {
        done = match deed {
            Deed::Change(table, column) => change(open, table, column),
            Deed::Remove(table) => newest(open, table).map(|number| {
                open.execute(&format!("DELETE FROM {table} WHERE rowid = ?1"), [number])
                    .expect("removed");
            }),
            Deed::Add(table) => add(open, table),
        };
    });
    done
}

fn change(open: &Connection, table: &str, column: &str) -> Option<()> {
    let (number, values) = row(open, table, &[column.to_owned()])?;
    let value = changed(values.first()?)?;
    let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
    // STRICT refuses a text where a number belongs; then a number does.
    let rows = open
        .execute(&sql, rusqlite::params![value, number])
        .or_else(|_| open.execute(&sql, rusqlite::params![7, number]))
        .or_else(|_| open.execute(&sql, rusqlite::params![vec![7_u8; 16], number]))
        .ok()?;
    (rows == 1).then_some(())
}

fn add(open: &Connection, table: &str) -> Option<()> {
    let names = columns(open, table);
    let (_, values) = row(open, table, &names)?;
    // What must be unique is made another value; what need not be is left as it was.
    let values = names
        .iter()
        .zip(values)
        .map(|(name, value)| match (name.as_str(), value) {
            ("row" | "seq" | "version", Value::Integer(number)) => Value::Integer(number + 1),
            ("row", _) => Value::Null,
            (
                "id" | "token" | "session_id" | "account_id" | "sha256" | "original_name" | "upload_key",
                Value::Blob(mut bytes),
            ) if table != "trail_entry" => {
                if let Some(byte) = bytes.first_mut() {
                    *byte ^= 0x55;
                }
                Value::Blob(bytes)
            }
            ("username" | "key" | "unique_id" | "email", Value::Text(text)) => {
                Value::Text(format!("{text}x"))
            }
            (_, value) => value,
        });
    let places: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        places.join(", ")
    );
    open.execute(&sql, params_from_iter(values)).ok().map(|_| ())
}

/// What people do in a day; answers may be refusals, but the program must not end over them in silence.
pub async fn a_day(kept: &Kept, server: &process::Serving) -> u64 {
    let anna = kept.anna(server);
    let mut answered = 0;
    let (first, second) = (&kept.patients[0], &kept.patients[1]);
    let path = format!("/api/v1/patients/{second}");
    let mut calls = vec![
        Call::new("GET", "/api/v1/patients"),
        Call::new("GET", path.clone()),
        Call::new("PATCH", path.clone()).json(&json!({ "version": 1, "note": "after" })),
        Call::new("PATCH", path.clone()).json(&json!({ "version": 2, "note": "later" })),
        Call::new("POST", format!("{path}/entries")).json(&json!({ "notes": "second visit" })),
        Call::new("POST", format!("{path}/consents/{}/revocation", kept.consent))
            .json(&json!({ "reason": "x" })),
        Call::new("POST", format!("{path}/consents")).json(&cutis_tests::actors::consent()),
        Call::new("POST", "/api/v1/patients").json(&json!({ "uniqueId": "p-new" })),
        Call::new("PATCH", "/api/v1/settings").json(&json!({ "values": { "practice.name": "Third" } })),
        Call::new("PATCH", format!("/api/v1/patient-fields/{}", kept.field))
            .json(&json!({ "label": "Where" })),
        Call::new("GET", format!("{path}/images")),
        Call::new("POST", "/api/v1/session")
            .json(&json!({ "username": "ben", "password": "Wrong-password-2" })),
    ];
    for patient in [first, second, &kept.patients[2]] {
        calls.push(upload_call(
            patient,
            &fresh_key(),
            &[File::new("day.jpg", made(77))],
        ));
    }
    calls.push(Call::new("DELETE", "/api/v1/session"));
    for call in calls {
        let answer = tokio::time::timeout(std::time::Duration::from_secs(30), anna.try_send(call)).await;
        answered += u64::from(answer.is_ok_and(|answer| answer.is_ok()));
    }
    answered
}

/// Whether the place that is named has to do with the table.
fn names_it(verdict: &Verdict, table: &str) -> bool {
    let Verdict::Broken(said) = verdict else {
        return false;
    };
    said.contains(table) || said.contains("trail") || said.contains("event") || said.contains("schema")
}

/// Every deed there is to do.
fn deeds(data: &Path) -> Vec<Deed> {
    let connection = by_hand(data);
    let mut deeds = Vec::new();
    for table in vouched(&connection) {
        for column in columns(&connection, &table) {
            deeds.push(Deed::Change(table.clone(), column));
        }
        deeds.push(Deed::Remove(table.clone()));
        deeds.push(Deed::Add(table));
    }
    deeds
}

/// Point 2: nothing that was changed by hand is vouched for by the next ordinary write.
pub async fn values_and_rows(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("tamper");
    let all = deeds(&field.kept.data());
    let there = all.len();
    let mut choices = Choices::new(field.settings.seed, "tamper");
    let deeds = match field.settings.cells {
        Some(many) => choices.keep(all, many),
        None => all,
    };
    let (mut named, mut refused) = (0_u64, 0_u64);
    let queue = Arc::new(std::sync::Mutex::new(deeds.into_iter()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let (field, queue) = (Arc::clone(&field), Arc::clone(&queue));
        workers.spawn(async move {
            let mut found = Vec::new();
            loop {
                let next = queue.lock().expect("no panic holds it").next();
                let Some(deed) = next else { return found };
                if let Some(outcome) = one(&field.kept, &deed).await {
                    found.push((deed, outcome));
                }
            }
        });
    }
    while let Some(found) = workers.join_next().await {
        for (deed, (verdict, stopped_at_start)) in found.expect("no panic") {
            let table = match &deed {
                Deed::Change(table, _) | Deed::Remove(table) | Deed::Add(table) => table,
            };
            named += u64::from(names_it(&verdict, table));
            refused += u64::from(stopped_at_start);
            tally.tried(verdict.found(), || format!("{deed:?}: {verdict:?}"));
        }
    }
    tally.figure(format!("of {there} possible"));
    tally.figure(format!("{named} named by table or event"));
    tally.figure(format!("{refused} refused at the next start"));
    tally
}

/// One deed on a running server, a day's work, a restart, and what is found.
async fn one(kept: &Kept, deed: &Deed) -> Option<(Verdict, bool)> {
    let scratch = kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    perform(&scratch.data, deed)?;
    a_day(kept, &server).await;
    server.stop();
    let refused = match process::serve(&scratch.data) {
        Ok(server) => {
            server.stop();
            false
        }
        Err(_) => true,
    };
    Some((process::verify(&scratch.data, &[]), refused))
}
