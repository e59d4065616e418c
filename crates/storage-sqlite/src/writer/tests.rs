//! Savepoints, what they touched, and a disk that is full.

mod merging;
mod undo;

use cutis_storage::Backend as _;
use cutis_testkit::builders::{account, new_patient, patient_id, scope};

use super::*;
use crate::{Options, Sqlite, connection};

fn writer() -> (tempfile::TempDir, Sqlite, SqliteWriter) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("cutis.db");
    let key = cutis_testkit::Lab::key();
    let database = Sqlite::open(&path, &key, Options::default()).expect("open");
    let guard = Arc::new(Guard::new(key));
    let writer = SqliteWriter::new(
        connection::writer(&path).expect("open"),
        &guard,
        database.its_readers(),
    )
    .expect("a writer");
    (folder, database, writer)
}

fn now() -> Timestamp {
    cutis_domain::Clock::now(&cutis_testkit::FixedClock::default())
}

fn tables(states: &[RowState]) -> Vec<&str> {
    states.iter().map(|state| state.table.as_str()).collect()
}

/// U4: rows that a trigger changes are touched too, each row once, and a mark forgets.
#[test]
fn what_a_unit_touched() {
    let (_folder, _database, mut writer) = writer();
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .insert_account(&account(1, now()))
        .expect("in");
    assert_eq!(tables(&writer.touched().expect("touched")), ["account"]);
    writer.keep().expect("kept");
    writer.mark().expect("marked");
    assert!(writer.touched().expect("touched").is_empty(), "a mark forgets");
    writer
        .transaction()
        .owned(&scope(1))
        .insert_patient(&new_patient(1, "anna-1", now()))
        .expect("in");
    let touched = writer.touched().expect("touched");
    assert_eq!(
        tables(&touched),
        ["patient", "patient_tally"],
        "the tally is a trigger's"
    );
    writer
        .transaction()
        .owned(&scope(1))
        .insert_patient(&new_patient(2, "ben-2", now()))
        .expect("in");
    let again = writer.touched().expect("touched");
    assert_eq!(
        tables(&again),
        ["patient", "patient", "patient_tally"],
        "each row once"
    );
    let tally = |states: &[RowState]| states.last().and_then(|state| state.after);
    assert_ne!(tally(&touched), tally(&again), "and as it is now");
    assert!(
        again.iter().all(|state| state.before.is_none()),
        "what the unit itself put in was not there before, however often it changed since"
    );
    writer.keep().expect("kept");
    writer.commit().expect("committed");
}

/// U4: a row that is gone is attested as gone.
#[test]
fn what_is_removed_is_attested_as_gone() {
    let (_folder, _database, mut writer) = writer();
    let row = cutis_storage::port::ThrottleRow {
        failures: 1,
        last_failure_at: now(),
        locked_until: None,
    };
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .set_throttle("x", Some(row))
        .expect("set");
    writer.keep().expect("kept");
    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .set_throttle("x", None)
        .expect("forgotten");
    let touched = writer.touched().expect("touched");
    assert_eq!(tables(&touched), ["throttle"]);
    assert!(
        touched
            .iter()
            .all(|state| state.before.is_some() && state.after.is_none())
    );
    writer.rollback();
}

/// Issue 6, 2: a unit says of each row what it was when the unit came to it, whatever happened since:
/// changed twice, deleted, put in again under the same number, or changed and undone before.
#[test]
fn what_a_row_was_before_a_unit() {
    let (_folder, _database, mut writer) = writer();
    let row = |failures| cutis_storage::port::ThrottleRow {
        failures,
        last_failure_at: now(),
        locked_until: None,
    };
    let only = |writer: &mut SqliteWriter| {
        let mut states = writer.touched().expect("touched");
        assert_eq!(states.len(), 1);
        states.remove(0)
    };
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .set_throttle("x", Some(row(1)))
        .expect("set");
    let first = only(&mut writer);
    assert!(first.before.is_none() && first.after.is_some());
    writer.keep().expect("kept");

    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .set_throttle("x", Some(row(2)))
        .expect("set");
    writer.undo().expect("undone");

    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .set_throttle("x", Some(row(3)))
        .expect("set");
    writer
        .transaction()
        .common()
        .set_throttle("x", Some(row(4)))
        .expect("set");
    let twice = only(&mut writer);
    assert_eq!(twice.before, first.after, "not what the undone unit made of it");
    writer.keep().expect("kept");

    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .set_throttle("x", None)
        .expect("gone");
    writer
        .transaction()
        .common()
        .set_throttle("y", Some(row(5)))
        .expect("set");
    let reused = only(&mut writer);
    assert_eq!(
        (reused.row, reused.before),
        (twice.row, twice.after),
        "the number was free again"
    );
    assert!(reused.after.is_some());
    writer.keep().expect("kept");

    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .set_throttle("z", Some(row(6)))
        .expect("set");
    writer
        .transaction()
        .common()
        .set_throttle("z", None)
        .expect("gone");
    assert!(
        writer.touched().expect("touched").is_empty(),
        "it was never there"
    );
    writer.keep().expect("kept");
    writer.commit().expect("committed");
}

/// A writer that lost its triggers stores nothing rather than attest what nobody saw.
#[test]
fn a_change_that_nobody_saw_coming_is_not_kept() {
    let (_folder, _database, mut writer) = writer();
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .insert_account(&account(1, now()))
        .expect("in");
    writer.keep().expect("kept");
    writer
        .ports
        .0
        .execute_batch("DROP TRIGGER temp.before_update_of_account")
        .expect("dropped");
    writer.mark().expect("marked");
    let password = cutis_domain::Secret::new("c1$other".to_owned());
    writer
        .transaction()
        .common()
        .set_password(account(1, now()).id, &password)
        .expect("changed");
    let error = writer.touched().expect_err("refused");
    assert!(error.to_string().contains("row 1 of table account"), "{error}");
    writer.rollback();
}

/// G5: undoing a unit undoes it alone, and a rollback everything.
#[test]
fn undoing_is_exact() {
    let (_folder, database, mut writer) = writer();
    writer.begin().expect("begun");
    for (number, keep) in [(1, true), (2, false), (3, true)] {
        writer.mark().expect("marked");
        writer
            .transaction()
            .common()
            .insert_account(&account(number, now()))
            .expect("in");
        if keep {
            writer.keep().expect("kept");
        } else {
            writer.undo().expect("undone");
        }
        assert!(writer.touched().expect("touched").is_empty());
    }
    let count = |database: &Sqlite| {
        let mut count = 0;
        database
            .read(&mut |snapshot| count = snapshot.common().account_count().expect("readable"))
            .expect("a snapshot");
        count
    };
    assert_eq!(count(&database), 0, "nobody sees it before the commit");
    writer.commit().expect("committed");
    assert_eq!(count(&database), 2);
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .insert_account(&account(4, now()))
        .expect("in");
    writer.keep().expect("kept");
    writer.rollback();
    assert_eq!(count(&database), 2);
}

/// A full disk: the failure is `Full`, nothing sneaks in outside a transaction, and once there is room
/// the same writer goes on.
#[test]
fn a_full_disk_changes_nothing() {
    let (_folder, database, mut writer) = writer();
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    writer
        .transaction()
        .common()
        .insert_account(&account(1, now()))
        .expect("in");
    writer.keep().expect("kept");
    writer.commit().expect("committed");
    let limit = |writer: &SqliteWriter, sql: &str| {
        writer
            .ports
            .0
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .expect("a limit")
    };
    limit(&writer, "PRAGMA max_page_count = 1");
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    let full = (1..5000).find_map(|number| {
        writer
            .transaction()
            .owned(&scope(1))
            .insert_patient(&new_patient(number, &format!("p-{number}"), now()))
            .err()
    });
    assert_eq!(full.map(|error| error.kind()), Some(ErrorKind::Full));
    // Whether or not SQLite gave the transaction up by itself, the unit ends without a trace.
    if writer.undo().is_ok() {
        writer.mark().expect("the next unit of the group");
        writer.undo().expect("undone");
    } else {
        assert!(writer.mark().is_err_and(|error| error.kind() == ErrorKind::Full));
        assert!(
            writer
                .transaction()
                .common()
                .insert_account(&account(2, now()))
                .is_err_and(|e| e.kind() == ErrorKind::Full)
        );
    }
    writer.rollback();
    limit(&writer, "PRAGMA max_page_count = 4294967294");
    let mut found = (9, 9);
    let seen = &mut |snapshot: &dyn cutis_storage::Snapshot| {
        found = (
            snapshot.common().account_count().expect("readable"),
            snapshot.owned(&scope(1)).patient_count().expect("readable"),
        );
    };
    database.read(seen).expect("a snapshot");
    assert_eq!(found, (1, 0));
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    writer
        .transaction()
        .owned(&scope(1))
        .insert_patient(&new_patient(1, "anna-1", now()))
        .expect("there is room");
    writer.keep().expect("kept");
    writer.commit().expect("committed");
}

/// Outside a transaction nothing can be changed, so nothing can be kept without its event.
#[test]
fn nothing_changes_outside_a_transaction() {
    let (_folder, _database, mut writer) = writer();
    assert!(writer.mark().is_err());
    assert!(writer.keep().is_err());
    assert!(writer.commit().is_err());
    assert!(
        writer
            .transaction()
            .common()
            .insert_account(&account(1, now()))
            .is_err()
    );
    assert!(
        writer
            .transaction()
            .common()
            .end_all_sessions(account(1, now()).id, now())
            .is_err()
    );
    assert_eq!(
        writer
            .transaction()
            .common()
            .account_count()
            .map_err(|error| error.kind()),
        Ok(0)
    );
}

/// A second program that holds the database makes the first wait, then say that it is busy.
#[test]
fn a_held_database_is_busy() {
    let (folder, _database, mut writer) = writer();
    let other = connection::writer(&folder.path().join("cutis.db")).expect("open");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    writer
        .ports
        .0
        .busy_timeout(std::time::Duration::ZERO)
        .expect("set");
    assert!(writer.begin().is_err_and(|error| error.kind() == ErrorKind::Busy));
    other.execute_batch("ROLLBACK").expect("let go");
    writer.begin().expect("begun");
    writer.rollback();
}

/// Readers go on reading the state of before while a unit is under way.
#[test]
fn a_snapshot_stays_as_it_was() {
    let (_folder, database, mut writer) = writer();
    let read = &mut |snapshot: &dyn cutis_storage::Snapshot| {
        assert_eq!(snapshot.common().account_count().expect("readable"), 0);
        writer.begin().expect("begun");
        writer.mark().expect("marked");
        writer
            .transaction()
            .common()
            .insert_account(&account(1, now()))
            .expect("in");
        writer.keep().expect("kept");
        writer.commit().expect("committed");
        assert_eq!(
            snapshot.common().account_count().expect("readable"),
            0,
            "the same snapshot"
        );
        assert!(
            snapshot
                .owned(&scope(1))
                .patient(patient_id(1), now())
                .expect("readable")
                .is_none()
        );
    };
    database.read(read).expect("a snapshot");
    let mut count = 0;
    database
        .read(&mut |snapshot| count = snapshot.common().account_count().expect("readable"))
        .expect("a snapshot");
    assert_eq!(count, 1);
}
