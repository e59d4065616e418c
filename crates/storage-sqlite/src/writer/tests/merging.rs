//! The search index's parts are put together while no change waits.

use cutis_domain::Sensitive;
use cutis_domain::patient::PatientProfile;
use cutis_storage::port::{NewPatient, PatientFilter};
use cutis_testkit::builders::text;

use super::*;

/// As many as are folded in at once.
const GROUP: u32 = 32;

/// A writer of an empty practice that has nothing left to do.
fn at_rest() -> (tempfile::TempDir, Sqlite, SqliteWriter) {
    let (folder, database, mut writer) = writer();
    writer.begin().expect("begun");
    writer.mark().expect("marked");
    let inserted = writer.transaction().common().insert_account(&account(1, now()));
    inserted.expect("in");
    writer.keep().expect("kept");
    writer.commit().expect("committed");
    tended(&mut writer);
    (folder, database, writer)
}

/// Adds patients in a group, which folds them in.
fn add(writer: &mut SqliteWriter, group: u32) {
    writer.begin().expect("begun");
    for number in group * GROUP..(group + 1) * GROUP {
        writer.mark().expect("marked");
        let profile = PatientProfile {
            last_name: Some(text(&format!("Okafor{number:04}"))),
            ..PatientProfile::default()
        };
        let patient = NewPatient {
            profile: Sensitive::new(profile),
            ..new_patient(number, &format!("p-{number}"), now())
        };
        writer
            .transaction()
            .owned(&scope(1))
            .insert_patient(&patient)
            .expect("in");
        assert!(!writer.touched().expect("touched").is_empty());
        writer.keep().expect("kept");
    }
    writer.settle(now()).expect("settled");
    writer.commit().expect("committed");
}

fn parts(writer: &SqliteWriter) -> i64 {
    let sql = "SELECT count(DISTINCT segid) FROM patient_find_idx";
    let count = writer.ports.0.query_row(sql, [], |row| row.get(0));
    count.expect("counted")
}

/// How often it had something to do.
fn tended(writer: &mut SqliteWriter) -> u32 {
    let mut times = 0;
    while writer.tend(now()).expect("tended") {
        times += 1;
        assert!(times < 100, "it comes to an end");
    }
    times
}

/// How many are found of a name, and of the beginning of all names.
fn found(database: &Sqlite, name: &str) -> (usize, bool) {
    let mut found = None;
    let read = &mut |snapshot: &dyn cutis_storage::Snapshot| {
        let owned = snapshot.owned(&scope(1));
        let patients = owned.find_patients(name, &PatientFilter::default(), now());
        found = Some(patients.expect("searched"));
    };
    database.read(read).expect("a snapshot");
    found.map_or((0, false), |found| (found.patients.len(), found.more))
}

#[test]
fn many_parts_become_one_and_a_search_finds_the_same() {
    let (_folder, database, mut writer) = at_rest();
    for group in 0..12 {
        add(&mut writer, group);
    }
    assert!(parts(&writer) > 4, "each folding in adds one: {}", parts(&writer));
    assert_eq!(found(&database, "okafor0007"), (1, false));
    assert!(tended(&mut writer) > 0);
    assert_eq!(parts(&writer), 1);
    assert_eq!(found(&database, "okafor0007"), (1, false));
    assert_eq!(found(&database, "okafor"), (200, true));
    assert!(!writer.ports.1.guard.doubts_index());
    let changes = writer.ports.0.total_changes();
    assert_eq!(tended(&mut writer), 0, "nothing is left to do");
    assert_eq!(writer.ports.0.total_changes(), changes);
}

#[test]
fn few_parts_and_few_rows_are_left_alone() {
    let (_folder, _database, mut writer) = at_rest();
    for group in 0..12 {
        add(&mut writer, group);
    }
    tended(&mut writer);
    // More parts than are left alone, of fewer rows than are.
    for group in 12..18 {
        add(&mut writer, group);
    }
    let left = parts(&writer);
    assert!(left > 4);
    assert_eq!((tended(&mut writer), parts(&writer)), (0, left));
    for group in 18..21 {
        add(&mut writer, group);
    }
    assert!(tended(&mut writer) > 0);
    assert_eq!(parts(&writer), 1);
}

/// What comes while the parts are put together is found, and the merge comes to its end.
#[test]
fn patients_are_added_meanwhile() {
    let (_folder, database, mut writer) = at_rest();
    for group in 0..40 {
        add(&mut writer, group);
        if group > 12 {
            writer.tend(now()).expect("tended");
        }
        assert_eq!(
            found(&database, &format!("okafor{:04}", group * GROUP)),
            (1, false)
        );
    }
    tended(&mut writer);
    assert!(parts(&writer) <= 5);
    for number in 0..40 * GROUP {
        assert_eq!(
            found(&database, &format!("okafor{number:04}")),
            (1, false),
            "{number}"
        );
    }
}

/// Changes the index by hand.
fn damage(folder: &tempfile::TempDir, sql: &str) {
    let other = connection::writer(&folder.path().join("cutis.db")).expect("open");
    let defended = other.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false);
    assert!(!defended.expect("set"));
    assert!(other.execute(sql, []).expect("changed") > 0);
}

/// A structure without any part: what is folded in then meets the parts that are there.
const NO_PARTS: &str = "UPDATE patient_find_data SET block = x'00000000000000' WHERE id = 10";

#[test]
fn an_index_that_lost_its_parts_refuses_no_change() {
    let (folder, database, mut writer) = at_rest();
    for group in 0..3 {
        add(&mut writer, group);
    }
    damage(&folder, NO_PARTS);
    add(&mut writer, 3);
    tended(&mut writer);
    for number in [0, 40, 127] {
        assert_eq!(
            found(&database, &format!("okafor{number:04}")),
            (1, false),
            "{number}"
        );
    }
}

#[test]
fn an_index_that_lost_its_parts_is_doubted_at_the_start() {
    let (folder, database, mut writer) = at_rest();
    for group in 0..3 {
        add(&mut writer, group);
    }
    let doubts = |writer: &SqliteWriter| writer.ports.1.guard.doubts_index();
    drop(writer);
    let again = || {
        let guard = Arc::new(Guard::new(cutis_testkit::Lab::key()));
        let connection = connection::writer(&folder.path().join("cutis.db")).expect("open");
        SqliteWriter::new(connection, &guard, database.its_readers()).expect("a writer")
    };
    assert!(!doubts(&again()), "nothing is wrong with it");
    damage(&folder, NO_PARTS);
    let mut writer = again();
    assert!(doubts(&writer));
    tended(&mut writer);
    assert!(!doubts(&writer));
    drop(writer);
    assert_eq!(found(&database, "okafor0007"), (1, false));
}
