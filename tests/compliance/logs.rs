//! A database's log (`cutis.db-wal`) beside another database, as when a copy of `cutis.db` is put back and the log is
//! forgotten (issue 6, point 3). SQLite takes the two for one. U4.

use std::path::Path;

use cutis_tests::client::Client;
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify, run};
use cutis_tests::server::PASSWORD;
use cutis_tests::{SignedIn, TestServer};
use serde_json::json;
use tempfile::TempDir;

use crate::start::{copy, state};

const LOG: [&str; 2] = ["cutis.db-wal", "cutis.db-shm"];

/// A practice with one photo, stopped: its database, without a log.
async fn practice() -> TempDir {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    anna.store(&patient, made(1)).await;
    server.stop().await
}

/// How a server ends.
#[derive(PartialEq, Eq)]
enum End {
    InOrder,
    Killed,
}

/// Starts it, changes the patient so many times, and ends it. It looks at them in any case.
async fn change(data: &Path, times: usize, end: &End) {
    let program = Program::serve(data, &data.with_extension("log"));
    let client = Client::new(program.place());
    let body = json!({ "username": "anna", "password": PASSWORD });
    let me = client.post("/api/v1/session", &body).await.expect(201);
    let anna = SignedIn::new(client, me);
    let found = anna.search("p-1").await.expect(200);
    let id = found["patients"][0]["id"].as_str().expect("an id").to_owned();
    anna.patient(&id).await;
    for time in 0..times {
        let version = &anna.patient(&id).await["version"];
        let body = json!({ "version": version, "allergies": format!("penicillin, {time} of {times}") });
        anna.patch(format!("/api/v1/patients/{id}"), &body)
            .await
            .expect(200);
    }
    match end {
        End::InOrder => program.stop(),
        End::Killed => program.kill(),
    }
}

/// The practice as it was, with files of another folder put beside it.
fn with(kept: &TempDir, other: &Path, names: &[&str]) -> TempDir {
    let mixed = copy(kept);
    for name in names {
        std::fs::copy(other.join(name), mixed.path().join(name)).expect("copied");
    }
    mixed
}

/// A start that must be refused: what it said. Nothing was changed.
fn refused(data: &Path) -> String {
    let before = state(data);
    let output = run(
        &["serve", "--port", "0", "--http-port", "0", "--bind", "127.0.0.1"],
        data,
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(state(data), before, "a refused start changes nothing: {said}");
    said
}

/// What is done about it, as the message says: what the log was is lost, and the copy is whole.
fn without_its_log(kept: &TempDir, mixed: &Path) {
    for name in LOG {
        std::fs::rename(mixed.join(name), mixed.join("quarantine").join(name)).unwrap_or_default();
    }
    std::fs::copy(kept.path().join("trail.head"), mixed.join("trail.head")).expect("copied");
    Program::serve(mixed, &mixed.with_extension("log")).stop();
    intact(mixed);
}

fn intact(data: &Path) {
    let (said, code, complaint) = audit_verify(data);
    assert_eq!(code, Some(0), "{said} {complaint}");
}

/// The log of a later time of the same practice, of which an older copy of the database was put back. Before, most of
/// these started, showed older values as present ones, and wrote the mixture into the copy when they were stopped.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_log_of_a_later_time_is_no_part_of_an_older_copy() {
    let kept = practice().await;
    for (between, last) in [(0, 0), (1, 0), (1, 3), (3, 60), (60, 3)] {
        let later = copy(&kept);
        change(later.path(), between, &End::InOrder).await;
        change(later.path(), last, &End::Killed).await;
        for names in [
            &LOG[..1],
            &LOG,
            &["cutis.db-wal", "trail.head"],
            &["cutis.db-wal", "cutis.db-shm", "trail.head"],
        ] {
            let case = format!("{between} changes, {last} more, {names:?}");
            let mixed = with(&kept, later.path(), names);
            let said = refused(mixed.path());
            assert!(said.contains("cutis.db-wal"), "{case}: {said}");
            assert!(
                said.contains("from different times") || said.contains("is damaged"),
                "{case}: {said}"
            );
            // No other command goes on with it either, and recovery is not the way out.
            for command in [&["key", "show"][..], &["recover"]] {
                let output = run(command, mixed.path());
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert_eq!(output.status.code(), Some(1), "{case} {command:?}: {said}");
                assert!(said.contains("cutis.db-wal"), "{case} {command:?}: {said}");
            }
            let (said, code, complaint) = audit_verify(mixed.path());
            assert_ne!(code, Some(0), "{case}: {said} {complaint}");
            without_its_log(&kept, mixed.path());
        }
    }
}

/// A log that goes on from the very state that was put back is that database's log: nothing is missing in between.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_log_that_goes_on_from_the_copy_is_its_log() {
    let kept = practice().await;
    let later = copy(&kept);
    change(later.path(), 3, &End::Killed).await;
    for names in [&LOG[..1], &LOG, &["cutis.db-wal", "trail.head"]] {
        let mixed = with(&kept, later.path(), names);
        intact(mixed.path());
        Program::serve(mixed.path(), &mixed.path().with_extension("log")).stop();
        intact(mixed.path());
    }
}

/// The log of another practice.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_log_of_another_practice_is_refused() {
    let (kept, other) = (practice().await, practice().await);
    change(other.path(), 3, &End::Killed).await;
    for names in [&LOG[..1], &LOG] {
        let mixed = with(&kept, other.path(), names);
        let said = refused(mixed.path());
        assert!(
            said.contains("cutis.db-wal") && said.contains("from different times"),
            "{said}"
        );
        without_its_log(&kept, mixed.path());
    }
}
