//! Whatever is changed behind the program's back is found by `cutis audit verify` (U4).

use std::path::Path;

use cutis_tests::TestServer;
use cutis_tests::client::Call;
use cutis_tests::database::{INDEX, count, tables, without_triggers};
use cutis_tests::images::made;
use cutis_tests::live::LivePage;
use cutis_tests::program::{audit_verify, copy_folder};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;

/// A practice in which every table has rows, stopped.
async fn a_used_practice() -> tempfile::TempDir {
    let (server, anna) = TestServer::set_up().await;
    for number in 1..=2 {
        let patient = anna
            .create_patient_with(&json!({ "uniqueId": format!("p-{number}"), "note": "before" }))
            .await;
        anna.give_consent(&patient).await;
        let images = [
            anna.store(&patient, made(number)).await,
            anna.store(&patient, made(number + 10)).await,
        ];
        let entries = format!("/api/v1/patients/{patient}/entries");
        let entry = anna
            .post(&entries, &json!({ "notes": "visit" }))
            .await
            .expect(201);
        let entry = format!("{entries}/{}", cutis_tests::actors::id_of(&entry));
        let id = entry.rsplit('/').next().unwrap_or_default().to_owned();
        let mut page = LivePage::open(server.place(), &anna).await;
        let typed = page.type_on((&patient, &id), 0, "visit", "visit, typed").await;
        assert_eq!(typed["kind"], "ack", "{typed}");
        let layout = json!({
            "sections": { "workspace": true, "comparisons": false, "notes": true }, "order": "ascending", "size": "small",
        });
        anna.put(format!("{entry}/layout"), &layout).await.expect(204);
        let add = json!({ "add": images });
        anna.post(format!("{entry}/workspace"), &add).await.expect(200);
        let group = json!({ "mode": "grid", "images": images });
        anna.post(format!("{entry}/comparisons"), &group)
            .await
            .expect(201);
        let categories = anna.get("/api/v1/tags").await.expect(200);
        let tag = json!({ "categoryId": categories["categories"][0]["id"], "name": format!("Tag {number}") });
        let tag = cutis_tests::actors::id_of(&anna.post("/api/v1/tags", &tag).await.expect(201));
        let given = json!({ "add": [tag], "patients": [patient], "entries": [id], "images": images });
        anna.post("/api/v1/tags/assignments", &given).await.expect(200);
        anna.sign_visit(&entry).await;
        anna.post(format!("{entry}/addenda"), &json!({ "text": "later" }))
            .await
            .expect(201);
    }
    let field = json!({ "label": "Side", "kind": "choice", "choices": ["Left", "Right"] });
    let field = anna.post("/api/v1/patient-fields", &field).await.expect(201);
    let field = cutis_tests::actors::id_of(&field);
    anna.create_patient_with(&json!({ "uniqueId": "p-field", "practiceFields": { field: "Left" } }))
        .await;
    anna.set("practice.name", "Other").await;
    server.add_account("ben", false, true).await;
    let wrong = Call::new("POST", "/api/v1/session")
        .json(&json!({ "username": "ben", "password": "Wrong-password-1" }));
    server
        .anonymous()
        .send(wrong)
        .await
        .problem(401, "sign_in_failed");
    // Some minutes on, the session's last use is noted.
    server.clock.advance(5 * 60);
    anna.get("/api/v1/session").await.expect(200);
    anna.create_patient("p-3").await;
    server.stop().await
}

pub(crate) fn open(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("cutis.db")).expect("the database opens");
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .expect("set");
    connection
}

/// Changes one value of one row so that it stays of its type.
fn changed(value: &Value) -> Option<Value> {
    match value {
        Value::Integer(number) => Some(Value::Integer(number.checked_add(1).unwrap_or(0))),
        Value::Text(text) if text.is_empty() => Some(Value::Text("x".to_owned())),
        Value::Text(text) => {
            let mut chars: Vec<char> = text.chars().collect();
            let last = chars.last_mut()?;
            *last = if *last == 'a' { 'b' } else { 'a' };
            Some(Value::Text(chars.into_iter().collect()))
        }
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            *bytes.last_mut()? ^= 1;
            Some(Value::Blob(bytes))
        }
        Value::Null | Value::Real(_) => None,
    }
}

/// The columns of a table that one of its rows has a value in.
fn columns(connection: &Connection, table: &str, rowid: i64) -> Vec<(String, Value)> {
    let mut statement = connection
        .prepare(&format!("SELECT * FROM {table} WHERE rowid = ?1"))
        .expect("readable");
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    statement
        .query_row([rowid], |row| {
            names
                .iter()
                .enumerate()
                .map(|(index, name)| Ok((name.clone(), row.get::<_, Value>(index)?)))
                .collect()
        })
        .expect("a row")
}

/// Whether SQLite computes the column from others, so that nobody can change it.
fn is_computed(connection: &Connection, table: &str, column: &str) -> bool {
    let sql = "SELECT hidden >= 2 FROM pragma_table_xinfo(?1) WHERE name = ?2";
    connection
        .query_row(sql, [table, column], |row| row.get(0))
        .expect("a column")
}

fn verdict(folder: &Path) -> String {
    let (said, code, complaint) = audit_verify(folder);
    match (said["verdict"].as_str(), code) {
        (Some("intact"), Some(0)) => "intact".to_owned(),
        (Some("broken"), Some(2)) => {
            assert!(
                said["place"].as_str().is_some_and(|place| !place.is_empty()),
                "the place is named: {said}"
            );
            "broken".to_owned()
        }
        // A database that cannot even be opened is refused with a message: found as well.
        (None, Some(1)) if !complaint.is_empty() => {
            eprintln!("refused: {}", complaint.trim());
            "broken".to_owned()
        }
        _ => panic!("{said} {code:?} {complaint}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn u4_a_changed_row_in_any_table_is_found() {
    let kept = a_used_practice().await;
    assert_eq!(verdict(kept.path()), "intact", "before anything is changed");
    // The control: what this test does around its changes is not what is found.
    let scratch = tempfile::TempDir::new().expect("a folder");
    copy_folder(kept.path(), scratch.path());
    without_triggers(&open(scratch.path()), |_| {});
    assert_eq!(
        verdict(scratch.path()),
        "intact",
        "copied, triggers dropped and put back, nothing changed"
    );
    // The index of searches only narrows what is compared, and is built again where it lacks something (ADR 24).
    let mut names = tables(&open(kept.path()));
    names.retain(|table| !table.starts_with(INDEX));
    assert!(names.len() >= 14, "{names:?}");
    let mut tried = 0;
    let mut missed = Vec::new();
    for table in &names {
        assert!(
            count(&open(kept.path()), table) > 0,
            "{table} is empty: the practice of this test must use it"
        );
        for (which, order) in [("oldest", "ASC"), ("newest", "DESC")] {
            let connection = open(kept.path());
            let row: i64 = connection
                .query_row(
                    &format!("SELECT rowid FROM {table} ORDER BY rowid {order} LIMIT 1"),
                    [],
                    |row| row.get(0),
                )
                .expect("a row");
            drop(connection);
            // The last two values of the newest row, the last one of the oldest.
            let mut values: Vec<(String, Value)> = columns(&open(kept.path()), table, row)
                .into_iter()
                .filter(|(name, _)| !is_computed(&open(kept.path()), table, name))
                .filter_map(|(name, value)| Some((name, changed(&value)?)))
                .collect();
            let kept_values = if which == "oldest" { 1 } else { 2 };
            values.drain(..values.len().saturating_sub(kept_values));
            for (name, value) in values {
                let scratch = tempfile::TempDir::new().expect("a folder");
                copy_folder(kept.path(), scratch.path());
                let connection = open(scratch.path());
                without_triggers(&connection, |connection| {
                    let sql = format!("UPDATE {table} SET {name} = ?1 WHERE rowid = ?2");
                    let rows = connection
                        .execute(&sql, rusqlite::params![value, row])
                        .expect("changed");
                    assert_eq!(rows, 1, "{table}.{name}");
                });
                drop(connection);
                if verdict(scratch.path()) != "broken" {
                    missed.push(format!("the {which} row of {table}: {name}"));
                }
                tried += 1;
            }
        }
    }
    assert!(missed.is_empty(), "changed and not found: {missed:#?}");
    assert!(tried >= 40, "{tried} values were changed");
    eprintln!("{tried} values changed, each found");
}

#[tokio::test(flavor = "multi_thread")]
async fn u4_removed_rows_are_found() {
    let kept = a_used_practice().await;
    for (table, which) in [
        ("trail_entry", "DESC"),
        ("trail_entry", "ASC"),
        ("trail_index", "DESC"),
        ("consent", "DESC"),
        ("image", "DESC"),
        ("patient", "ASC"),
        ("account", "DESC"),
        ("setting", "ASC"),
        ("entry", "ASC"),
    ] {
        let scratch = tempfile::TempDir::new().expect("a folder");
        copy_folder(kept.path(), scratch.path());
        let connection = open(scratch.path());
        without_triggers(&connection, |connection| {
            let sql = format!(
                "DELETE FROM {table} WHERE rowid = (SELECT rowid FROM {table} ORDER BY rowid {which} LIMIT 1)"
            );
            assert_eq!(connection.execute(&sql, []).expect("removed"), 1, "{table}");
        });
        drop(connection);
        assert_eq!(
            verdict(scratch.path()),
            "broken",
            "a row of {table} ({which}) was removed"
        );
    }
    // A trigger that is gone, and one too many, are changes of what the program relies on.
    for deed in [
        "DROP TRIGGER consent_stays",
        "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
    ] {
        let scratch = tempfile::TempDir::new().expect("a folder");
        copy_folder(kept.path(), scratch.path());
        let connection = open(scratch.path());
        connection.execute_batch(deed).expect("done");
        drop(connection);
        assert_eq!(verdict(scratch.path()), "broken", "{deed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn u4_an_older_database_put_back_is_found_by_the_head_outside() {
    let (server, anna) = TestServer::set_up().await;
    anna.create_patient("p-001").await;
    let older = tempfile::TempDir::new().expect("a folder");
    // A copy such as an attacker takes, or a careless restore brings: the database alone.
    let source = Connection::open(server.data.database()).expect("opens");
    source
        .execute(
            "VACUUM INTO ?1",
            [older.path().join("cutis.db").to_string_lossy()],
        )
        .expect("copied");
    drop(source);
    anna.create_patient("p-002").await;
    let kept = server.stop().await;
    assert_eq!(verdict(kept.path()), "intact");
    for log in ["cutis.db-wal", "cutis.db-shm"] {
        let _gone = std::fs::remove_file(kept.path().join(log)).is_ok();
    }
    std::fs::copy(older.path().join("cutis.db"), kept.path().join("cutis.db")).expect("put back");
    assert_eq!(
        verdict(kept.path()),
        "broken",
        "the database was put back to an older state"
    );
}
