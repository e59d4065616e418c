//! U4: whatever somebody changes with another program, `cutis audit verify` finds it and says where.

pub(crate) mod hand;

use cutis_storage::{Manner, Progress, Store, TrailVerdict, verify_in};
use cutis_testkit::Lab;
use cutis_testkit::builders::patient_id;
use cutis_testkit::lab::{add_patient, expect_intact, look};
use tempfile::TempDir;

use crate::support::{furnish, lab, path, verdict};
use hand::{Hand, WhichRow};

async fn furnished() -> (Lab, TempDir, Store, Hand) {
    let (lab, folder) = lab();
    let store = furnish(&lab).await;
    expect_intact(&lab, &store).await;
    let hand = Hand::on(&path(&folder));
    (lab, folder, store, hand)
}

/// U4: every column of every table, in the newest row and in the oldest.
#[tokio::test]
async fn changing_any_column_is_found() {
    let (lab, _folder, store, hand) = furnished().await;
    let mut changed = 0;
    for table in hand.tables() {
        for column in hand.columns(&table) {
            for which in [WhichRow::Newest, WhichRow::Oldest] {
                let undo = hand.change(&table, &column, which);
                let said = verdict(&lab, &store, false).await;
                let said = said.expect_err(&format!("{table}.{column} of the {which:?} row"));
                assert!(
                    names_the_place(&table, &said),
                    "{table}.{column} of the {which:?} row: {said}"
                );
                hand.undo(undo);
                changed += 1;
            }
        }
    }
    assert!(changed > 200, "only {changed} changes were tried");
    expect_intact(&lab, &store).await;
}

/// Issue 8: verification that keeps a few rows at once, as of a trail with more rows than it may keep, finds the same
/// and says the same.
#[tokio::test]
async fn a_few_rows_at_a_time_find_the_same() {
    let (lab, _folder, store, hand) = furnished().await;
    let backend = lab.backend();
    let said = |most| {
        let mut told = Vec::new();
        let mut tell = |progress| told.push(progress);
        let manner = Manner::telling(&mut tell).keeping(most);
        let verdict = verify_in(&*backend, &Lab::key(), Vec::new(), manner).expect("read");
        assert_eq!(told.first(), Some(&Progress::Structure));
        match verdict {
            TrailVerdict::Intact(found) => format!("{found:?}"),
            TrailVerdict::Broken(place) => place,
        }
    };
    assert_eq!(said(3), said(1 << 20));
    for table in hand.tables() {
        let column = hand.columns(&table).pop().expect("a column");
        for which in [WhichRow::Newest, WhichRow::Oldest] {
            let undo = hand.change(&table, &column, which);
            assert_eq!(said(3), said(1 << 20), "{table}");
            hand.undo(undo);
        }
        let undo = hand.remove(&table, WhichRow::Oldest);
        assert_eq!(said(3), said(1 << 20), "{table}");
        hand.undo(undo);
    }
    expect_intact(&lab, &store).await;
}

/// U4: removing the newest or the oldest row of any table.
#[tokio::test]
async fn removing_any_row_is_found() {
    let (lab, _folder, store, hand) = furnished().await;
    for table in hand.tables() {
        for which in [WhichRow::Newest, WhichRow::Oldest] {
            let undo = hand.remove(&table, which);
            let said = verdict(&lab, &store, false).await;
            if table == "session_seen" {
                // Its keyed digest goes with it. The session then looks unused since it began, so it
                // ends sooner and never later.
                assert_eq!(said, Ok(()));
            } else {
                let said = said.expect_err(&format!("the {which:?} row of {table}"));
                assert!(
                    names_the_place(&table, &said),
                    "the {which:?} row of {table}: {said}"
                );
            }
            hand.undo(undo);
        }
    }
    expect_intact(&lab, &store).await;
}

/// U4: a row put into any table.
#[tokio::test]
async fn adding_a_row_to_any_table_is_found() {
    let (lab, _folder, store, hand) = furnished().await;
    for table in hand.tables() {
        let undo = hand.add(&table);
        let said = verdict(&lab, &store, false).await.expect_err(&table);
        assert!(names_the_place(&table, &said), "{table}: {said}");
        hand.undo(undo);
    }
    expect_intact(&lab, &store).await;
}

/// Issue 6, 2 (failed before): a row changed by hand stays found when the program writes it again, with
/// the event that met it. An upload raises the patient's count of images, and so wrote the row again.
#[tokio::test]
async fn the_next_write_launders_nothing() {
    let (lab, _folder, store, hand) = furnished().await;
    hand.run("UPDATE patient SET allergies = 'none' WHERE unique_id = 'p-1'")
        .expect("changed");
    let said = verdict(&lab, &store, true).await.expect_err("found");
    assert!(said.contains("table patient"), "{said}");
    let next = lab.witness.newest().expect("a head").size + 1;
    // Another process writes: it does not know what the row was.
    let store = {
        drop(store);
        lab.store()
    };
    cutis_testkit::lab::add_image(&store, 1, 1, 50, lab.now())
        .await
        .expect("uploaded");
    for more in 0..2 {
        let said = verdict(&lab, &store, true).await.expect_err("found for good");
        assert_eq!(
            said,
            format!(
                "row 1 of table patient was changed by something other than this program before event {next}"
            )
        );
        cutis_testkit::lab::add_image(&store, 1, 1, 51 + more, lab.now())
            .await
            .expect("uploaded");
    }
}

/// The words name the table, or the event, or that it is the trail's end.
fn names_the_place(table: &str, said: &str) -> bool {
    match table {
        "trail_entry" => said.contains("event"),
        "trail_index" | "trail_surroundings" => said.contains("event") || said.contains("index"),
        "trail_tail" => ["trail", "head", "tree"].iter().any(|word| said.contains(word)),
        "migration_code" => said.contains("refinery_schema_history") || said.contains(table),
        other => said.contains(other),
    }
}

/// G8: while the triggers are there, the trail cannot be changed at all.
#[tokio::test]
async fn triggers_refuse_changes_of_the_trail() {
    let (lab, _folder, store, hand) = furnished().await;
    for sql in [
        "UPDATE trail_entry SET day = day + 1",
        "DELETE FROM trail_entry WHERE seq = 1",
        "UPDATE trail_index SET actor = NULL",
        "DELETE FROM trail_index",
        "UPDATE trail_surroundings SET text = x'00'",
        "DELETE FROM trail_surroundings",
        "UPDATE trail_tail SET size = size - 1",
        "UPDATE trail_tail SET root = zeroblob(32)",
        "DELETE FROM trail_tail",
        "UPDATE consent SET purposes = 63",
        "UPDATE consent_signature SET picture = x'00'",
        "UPDATE image SET patient_id = (SELECT max(id) FROM patient)",
        "UPDATE image SET basis = 'consent', consent_id = randomblob(16), basis_level = NULL",
        "UPDATE entry SET owner_id = randomblob(16)",
        "UPDATE patient SET owner_id = (SELECT max(id) FROM account)",
    ] {
        let error = hand.run(sql).expect_err(sql).to_string();
        assert!(
            error.contains("trail")
                || error.contains("changed")
                || error.contains("stays")
                || error.contains("keeps"),
            "{sql}: {error}"
        );
    }
    expect_intact(&lab, &store).await;
}

/// U4: a schema that is not the one this program makes, though every row is as it was.
#[tokio::test]
async fn changing_the_schema_is_found() {
    for (sql, named) in [
        ("DROP TRIGGER trail_entry_is_not_removed", "trail_entry_is_not_removed"),
        ("DROP INDEX image_by_time", "image_by_time"),
        ("CREATE TABLE extra (x)", "extra"),
        ("CREATE VIEW peek AS SELECT * FROM patient", "peek"),
        (
            "CREATE TRIGGER copy AFTER INSERT ON patient BEGIN UPDATE setting SET value = 'x'; END",
            "copy",
        ),
        ("ALTER TABLE entry ADD COLUMN extra TEXT", "entry"),
        (
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (image_count >= 0)', '') WHERE name = 'patient'",
            "patient",
        ),
        ("PRAGMA application_id = 7", "database of this program"),
    ] {
        let (lab, _folder, store, hand) = furnished().await;
        hand.run(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let said = verdict(&lab, &store, false).await.expect_err(sql);
        assert!(said.contains(named), "{sql}: {said}");
    }
}

/// U4: whoever removes the trigger that stood in the way doesn't hide by it what was done: both are told.
#[tokio::test]
async fn a_missing_trigger_hides_no_place() {
    let (lab, _folder, store, hand) = furnished().await;
    hand.run("DROP TRIGGER trail_entry_is_not_changed")
        .expect("dropped");
    hand.run("UPDATE trail_entry SET salt = zeroblob(32) WHERE seq = 5")
        .expect("changed");
    let said = verdict(&lab, &store, false).await.expect_err("found");
    assert!(said.contains("trail_entry_is_not_changed"), "{said}");
    assert!(said.contains("event 5"), "{said}");
}

/// U4: cutting the newest events off, with the stored end of that time put back, leaves a trail that
/// is right in itself. The head kept outside tells.
#[tokio::test]
async fn an_older_end_is_found_with_the_head_outside() {
    let (lab, _folder, store, hand) = furnished().await;
    let end = hand.row("trail_tail", 1);
    let size = lab.witness.newest().expect("a head").size;
    look(&store, 1, |view| view.patient(patient_id(2), lab.now()))
        .await
        .expect("there");
    look(&store, 1, |view| view.patient(patient_id(1), lab.now()))
        .await
        .expect("there");
    hand.without_triggers(|hand| {
        hand.run(&format!("DELETE FROM trail_entry WHERE seq > {size}"))
            .expect("cut");
        hand.run(&format!("DELETE FROM trail_index WHERE seq > {size}"))
            .expect("cut");
        hand.run("DELETE FROM trail_tail").expect("cut");
        hand.put("trail_tail", &end);
    });
    assert_eq!(verdict(&lab, &store, false).await, Ok(()), "right in itself");
    let said = verdict(&lab, &store, true)
        .await
        .expect_err("the head outside tells");
    assert!(said.contains("head file"), "{said}");
}

/// U4: so does putting back the whole file as it was earlier.
#[tokio::test]
async fn an_older_file_is_found_with_the_head_outside() {
    let (lab, folder) = lab();
    drop(furnish(&lab).await);
    let old = std::fs::read(path(&folder)).expect("the file");
    let store = lab.store();
    add_patient(&store, 1, 9, "later", lab.now()).await;
    drop(store);
    replace(&folder, &old);
    let store = lab.store();
    assert_eq!(verdict(&lab, &store, false).await, Ok(()), "right in itself");
    let said = verdict(&lab, &store, true)
        .await
        .expect_err("the head outside tells");
    assert!(said.contains("head file"), "{said}");
}

/// After tampering nothing more is appended to a trail whose end does not fit.
#[tokio::test]
async fn a_cut_trail_is_not_continued() {
    let (lab, _folder, store, hand) = furnished().await;
    hand.without_triggers(|hand| hand.run("DELETE FROM trail_entry WHERE seq > 5").expect("cut"));
    let event = cutis_audit::Event::new(cutis_audit::Action::ServerStarted);
    let error = store
        .record(&cutis_domain::Caller::system(), vec![event])
        .await
        .expect_err("refused");
    assert!(error.to_string().contains("audit verify"), "{error}");
    let said = verdict(&lab, &store, false).await.expect_err("broken");
    assert!(said.contains("event"), "{said}");
}

/// Another file under the same name, as a file manager would put it there.
fn replace(folder: &TempDir, content: &[u8]) {
    for name in ["cutis.db", "cutis.db-wal", "cutis.db-shm"] {
        drop(std::fs::remove_file(folder.path().join(name)));
    }
    #[expect(clippy::disallowed_methods, reason = "a file for a test need not be durable")]
    std::fs::write(path(folder), content).expect("replaced");
}

/// A file damaged below SQL is a verdict or a refusal in words, never a crash, and never "intact".
#[tokio::test]
async fn damaged_pages_are_found() {
    let (lab, folder) = lab();
    drop(furnish(&lab).await);
    let sound = std::fs::read(path(&folder)).expect("the file");
    for page in (1..sound.len() / 4096).step_by(5) {
        let mut damaged = sound.clone();
        damaged[page * 4096..page * 4096 + 64].fill(0xA5);
        replace(&folder, &damaged);
        let opened = cutis_storage_sqlite::Sqlite::open_existing(
            path(&folder),
            &Lab::key(),
            cutis_storage_sqlite::Options::default(),
        );
        match opened {
            Err(error) => assert_eq!(
                error.kind(),
                cutis_storage::ErrorKind::Corrupt,
                "page {page}: {error}"
            ),
            Ok(backend) => {
                drop(backend);
                let said = verdict(&lab, &lab.store(), false).await;
                assert!(said.is_err(), "page {page} was damaged unseen");
            }
        }
    }
}
