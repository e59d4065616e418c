//! Nothing is destroyed on a guess (issue 6, points 1, 3, 11, 12, 13, 20): a start over a missing, empty, older or
//! other database is refused and changes nothing, orphans go to quarantine, and looking changes no byte. U4, I4.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, SystemTime};

use cutis_tests::TestServer;
use cutis_tests::client::Client;
use cutis_tests::database::{blob_files, sha256, trail_text};
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify, copy_folder, run};
use cutis_tests::server::PASSWORD;
use serde_json::{Value, json};
use tempfile::TempDir;

const IMAGES: u64 = 6;

/// What somebody does to a data folder.
type Deed = fn(&Path);

/// A practice with six images of two patients, so twelve blobs, stopped.
async fn practice() -> (TempDir, Vec<(String, String)>) {
    let (server, anna) = TestServer::set_up().await;
    let mut images = Vec::new();
    for patient in ["p-1", "p-2"] {
        let patient = anna.create_patient(patient).await;
        for number in 0..IMAGES / 2 {
            let image = anna.store(&patient, made(number + 1)).await;
            images.push((patient.clone(), image));
        }
    }
    (server.stop().await, images)
}

/// Every file with its bytes and its time, and every folder.
pub(crate) fn state(folder: &Path) -> BTreeMap<String, (String, Option<SystemTime>)> {
    fn walk(at: &Path, root: &Path, found: &mut BTreeMap<String, (String, Option<SystemTime>)>) {
        for entry in std::fs::read_dir(at).expect("readable") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("inside").display().to_string();
            let metadata = std::fs::metadata(&path).expect("there");
            let modified = metadata.modified().ok();
            if metadata.is_dir() {
                found.insert(name, ("a folder".to_owned(), modified));
                walk(&path, root, found);
            } else {
                let bytes = std::fs::read(&path).expect("readable");
                found.insert(name, (sha256(&bytes), modified));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

pub(crate) fn copy(kept: &TempDir) -> TempDir {
    let scratch = TempDir::with_prefix("cutis-start-").expect("a folder");
    copy_folder(kept.path(), scratch.path());
    scratch
}

const SERVE: [&str; 7] = ["serve", "--port", "0", "--http-port", "0", "--bind", "127.0.0.1"];

/// A start that must be refused: what it said, once it is sure that nothing was changed.
pub(crate) fn refused(data: &Path) -> String {
    refused_with(data, &[])
}

/// The same with more arguments.
pub(crate) fn refused_with(data: &Path, more: &[&str]) -> String {
    let before = state(data);
    let output: Output = run(&[&SERVE, more].concat(), data);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(state(data), before, "a refused start changes nothing: {said}");
    assert!(said.contains("Nothing was changed"), "{said}");
    assert!(
        said.contains("cutis recover --data"),
        "the way out is named: {said}"
    );
    said
}

pub(crate) fn remove_database(data: &Path) {
    for name in ["cutis.db", "cutis.db-wal", "cutis.db-shm"] {
        match std::fs::remove_file(data.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{name}: {error}"),
            _ => {}
        }
    }
}

pub(crate) fn answer(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(said.trim())
        .unwrap_or_else(|error| panic!("{error}: {said} {}", String::from_utf8_lossy(&output.stderr)))
}

/// Makes every blob and key older than any upload that could be under way.
fn age(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            age(&path);
        } else {
            let old = SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
            let file = std::fs::File::options().write(true).open(&path).expect("opens");
            file.set_modified(old).expect("set");
        }
    }
}

/// Point 1, critical: twelve blobs were swept away in two seconds. Now each start is refused, twice over, and all
/// twelve, the keys and the trail's end are as they were.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_a_start_without_the_database_changes_nothing() {
    let (kept, _) = practice().await;
    age(&kept.path().join("blobs"));
    let blobs = blob_files(&kept.path().join("blobs"));
    assert_eq!(blobs.len(), 12);
    let cases: [(&str, Deed, &str); 4] = [
        ("missing", remove_database, "is missing"),
        (
            "of no length",
            |data| {
                remove_database(data);
                std::fs::write(data.join("cutis.db"), "").expect("written");
            },
            "an empty file",
        ),
        (
            "with an empty schema",
            |data| {
                remove_database(data);
                let fresh = rusqlite::Connection::open(data.join("cutis.db")).expect("opens");
                fresh
                    .execute_batch("PRAGMA application_id = 1131770985")
                    .expect("marked as ours");
            },
            "holds nothing",
        ),
        (
            "of a practice that was never used",
            |data| {
                remove_database(data);
                let fresh = TempDir::new().expect("a folder");
                let place = fresh.path().join("cutis.db");
                let key = cutis_audit::TrailKey::from_bytes([1; 32]);
                drop(cutis_storage_sqlite::Sqlite::open(&place, &key, Default::default()).expect("made"));
                copy_folder(fresh.path(), data);
            },
            "holds nothing",
        ),
    ];
    for (case, deed, words) in cases {
        let scratch = copy(&kept);
        deed(scratch.path());
        for attempt in 1..=2 {
            let said = refused(scratch.path());
            assert!(
                said.contains(words) && said.contains("12 photo files, 2 patients' keys"),
                "a database {case}, start {attempt}: {said}"
            );
            assert!(said.contains("the end of a trail of"), "{said}");
        }
        assert_eq!(
            blob_files(&scratch.path().join("blobs")),
            blobs,
            "a database {case}"
        );
    }
    // Another program's database is not ours to judge.
    let scratch = copy(&kept);
    remove_database(scratch.path());
    std::fs::write(
        scratch.path().join("cutis.db"),
        "SQLite format 3\0 of somebody else",
    )
    .expect("written");
    let before = state(scratch.path());
    let output = run(&SERVE, scratch.path());
    assert!(String::from_utf8_lossy(&output.stderr).contains("another program"));
    assert_eq!(state(scratch.path()), before);
}

/// Point 3: an older database, another one, a removed or damaged end: refused with both numbers, each time.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_database_that_is_not_what_was_seen_is_refused() {
    let (kept, _) = practice().await;
    let older = copy(&kept);
    let log = kept.path().with_extension("log");
    let program = Program::serve(older.path(), &log);
    let anna = Client::new(program.place());
    let body = json!({ "username": "anna", "password": PASSWORD });
    anna.post("/api/v1/session", &body).await.expect(201);
    program.kill();
    // `older` has gone on: its head, on the database as it was, is a rollback.
    let rolled_back = copy(&kept);
    std::fs::copy(
        older.path().join("trail.head"),
        rolled_back.path().join("trail.head"),
    )
    .expect("copied");
    let said = refused(rolled_back.path());
    assert!(
        said.contains("ends at event") && said.contains("has seen event"),
        "{said}"
    );
    assert_eq!(
        refused(rolled_back.path()),
        said,
        "the second start says the same"
    );

    // The rolled back database, used on until its trail is longer than what was seen, is another trail.
    let forked = copy(&kept);
    let program = Program::serve(forked.path(), &log);
    for _ in 0..12 {
        let body = json!({ "username": "anna", "password": PASSWORD });
        Client::new(program.place())
            .post("/api/v1/session", &body)
            .await
            .expect(201);
    }
    program.kill();
    std::fs::copy(older.path().join("trail.head"), forked.path().join("trail.head")).expect("copied");
    let said = refused(forked.path());
    assert!(said.contains("are not those that trail.head has seen"), "{said}");

    let gone = copy(&kept);
    std::fs::remove_file(gone.path().join("trail.head")).expect("removed");
    assert!(refused(gone.path()).contains("trail.head is missing"));
    assert!(!gone.path().join("trail.head").exists(), "and not created again");
    for bytes in [vec![7; 72], Vec::new(), vec![1; 100]] {
        let damaged = copy(&kept);
        std::fs::write(damaged.path().join("trail.head"), &bytes).expect("written");
        assert!(refused(damaged.path()).contains("damaged, or written by something other"));
    }
    // The command line refuses as the server does.
    let output = run(&["key", "show"], gone.path());
    assert!(String::from_utf8_lossy(&output.stderr).contains("trail.head is missing"));

    // A crash between commit and head is no rollback: the database ahead of its head goes on.
    let behind = copy(&kept);
    let program = Program::serve(behind.path(), &log);
    drop(program);
    std::fs::copy(kept.path().join("trail.head"), behind.path().join("trail.head")).expect("copied");
    Program::serve(behind.path(), &log).kill();
    let (said, code, complaint) = audit_verify(behind.path());
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said} {complaint}"
    );
}

/// Point 1: the way on is a typed sentence; nothing is deleted by it, and the trail says what was given up.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_a_recovery_is_typed_recorded_and_deletes_nothing() {
    let (kept, images) = practice().await;
    let scratch = copy(&kept);
    let data = scratch.path();
    remove_database(data);
    let blobs = blob_files(&data.join("blobs"));
    let before = state(data);
    let asked = run(&["recover"], data);
    let said = answer(&asked);
    assert_eq!(asked.status.code(), Some(1), "{said}");
    let sentence = "I accept that 12 photo files become unreachable";
    assert_eq!(said["sentence"], sentence, "{said}");
    let wrong = run(&["recover", "--accept", "yes"], data);
    assert_eq!(answer(&wrong)["recovered"], false);
    assert_eq!(state(data), before, "whoever does not type it changes nothing");

    let done = run(&["recover", "--accept", sentence], data);
    assert_eq!(answer(&done)["recovered"], true);
    assert!(blob_files(&data.join("blobs")).is_empty());
    assert_eq!(quarantined(data), blobs, "moved, not deleted");
    let trail = trail_text(&data.join("cutis.db"));
    assert!(
        trail
            .lines()
            .next()
            .is_some_and(|first| first.contains("practice.started_over")
                && first.contains("old_root")
                && first.contains("old_events")),
        "{trail}"
    );
    let log = kept.path().with_extension("recover-log");
    let program = Program::serve(data, &log);
    assert!(program.ready["setupCode"].is_string(), "a new practice");
    program.kill();
    let (said, code, complaint) = audit_verify(data);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said} {complaint}"
    );

    // The old database is found after all: everything comes back by itself.
    remove_database(data);
    std::fs::copy(kept.path().join("cutis.db"), data.join("cutis.db")).expect("put back");
    std::fs::copy(kept.path().join("trail.head"), data.join("trail.head")).expect("put back");
    let program = Program::serve(data, &log);
    let client = Client::new(program.place());
    let anna = cutis_tests::SignedIn::sign_in(client, "anna", PASSWORD).await;
    for (patient, image) in &images {
        let original = anna
            .get(format!(
                "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
            ))
            .await;
        assert_eq!(original.status, 200, "read where it lies, or already back");
    }
    program.kill();
}

/// Points 1 and 3: an interrupted recovery goes on by itself, so its note must be this installation's own; one that
/// somebody put there overrides nothing.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_note_of_a_recovery_that_nobody_began_is_refused() {
    let (kept, _) = practice().await;
    let scratch = copy(&kept);
    let data = scratch.path();
    for reason in ["behind", "no_database", "forked", "no_head"] {
        let note = json!({ "reason": reason, "blobs": 0, "keys": 0 }).to_string();
        std::fs::write(
            data.join("recovery.pending"),
            format!("{note}\n{}\n", "0".repeat(64)),
        )
        .expect("planted");
        let before = state(data);
        let asked = run(&["recover"], data);
        assert_eq!(asked.status.code(), Some(1), "{reason}");
        let said = String::from_utf8_lossy(&asked.stderr).into_owned();
        assert!(said.contains("was not written by this installation"), "{said}");
        assert_eq!(state(data), before, "{reason}: nothing was changed");
    }
}

/// Point 1: what a row names is never deleted. Something else in its place gives way when the right file lies in the
/// quarantine, and is kept; when neither opens, nothing is deleted, and that is said.
#[tokio::test(flavor = "multi_thread")]
async fn i4_what_lies_in_an_images_place_gives_way_to_the_image() {
    let (kept, images) = practice().await;
    for planted in [&b""[..], b"something else"] {
        let scratch = copy(&kept);
        let data = scratch.path();
        let blob = blob_files(&data.join("blobs")).first().cloned().expect("a blob");
        let shard = blob.get(..2).expect("a name").to_owned();
        let there = data.join("blobs").join(&shard).join(&blob);
        let aside = data.join("quarantine/blobs").join(&shard);
        let right = std::fs::read(&there).expect("there");
        std::fs::create_dir_all(&aside).expect("made");
        std::fs::rename(&there, aside.join(&blob)).expect("moved");
        std::fs::write(&there, planted).expect("planted");
        // The same with a key.
        let (patient, image) = &images[0];
        let place = |folder: &str| {
            let shard = &patient[patient.len() - 2..];
            data.join(folder).join(shard).join(format!("{patient}.key"))
        };
        let (key, key_aside) = (place("keys/patients"), place("quarantine/keys"));
        let right_key = std::fs::read(&key).expect("there");
        std::fs::create_dir_all(key_aside.parent().expect("a folder")).expect("made");
        std::fs::rename(&key, &key_aside).expect("moved");
        std::fs::write(&key, planted).expect("planted");

        let program = Program::serve(data, &kept.path().with_extension("log"));
        let client = Client::new(program.place());
        let body = json!({ "username": "anna", "password": PASSWORD });
        let me = client.post("/api/v1/session", &body).await.expect(201);
        let anna = cutis_tests::SignedIn::new(client, me);
        let original = format!("/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record");
        let mut exchanged = String::new();
        for _ in 0..200 {
            exchanged = anna.get("/api/v1/practice/notices").await.expect(200).to_string();
            if exchanged.contains("the right one") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(exchanged.contains("\"quarantine\""), "{exchanged}");
        assert_eq!(anna.get(original).await.status, 200);
        program.stop();
        assert_eq!(std::fs::read(&there).expect("there"), right, "by itself");
        assert_eq!(std::fs::read(&key).expect("there"), right_key);
        let names = |path: &Path| {
            format!(
                "{}.replaced-1",
                path.file_name().expect("a name").to_string_lossy()
            )
        };
        let kept_aside = aside.join(names(&there));
        assert_eq!(std::fs::read(kept_aside).expect("kept"), planted);
        assert!(key_aside.with_extension("replaced-1").exists());
        let (said, code, _) = audit_verify(data);
        assert_eq!(
            (said["verdict"].as_str(), code),
            (Some("intact"), Some(0)),
            "{said}"
        );
        assert_eq!(
            answer(&run(&["quarantine", "empty"], data))["reason"],
            "nothing_there"
        );
    }

    // Neither opens: nothing is moved and nothing is deleted.
    let data = kept.path();
    let blob = blob_files(&data.join("blobs")).first().cloned().expect("a blob");
    let shard = blob.get(..2).expect("a name").to_owned();
    let there = data.join("blobs").join(&shard).join(&blob);
    let aside = data.join("quarantine/blobs").join(&shard);
    std::fs::create_dir_all(&aside).expect("made");
    std::fs::write(aside.join(&blob), "damaged").expect("planted");
    std::fs::write(&there, "").expect("planted");
    let swept = answer(&run(&["quarantine", "sweep"], data));
    assert_eq!(
        (&swept["undecidedBlobs"], &swept["returnedBlobs"]),
        (&json!(1), &json!(0)),
        "{swept}"
    );
    let accepted = "Delete 1 file and 0 keys for good";
    let emptied = run(&["quarantine", "empty", "--accept", accepted], data);
    assert_eq!(emptied.status.code(), Some(1));
    let said = String::from_utf8_lossy(&emptied.stderr).into_owned();
    assert!(
        said.contains(&blob) && said.contains("Nothing was deleted"),
        "{said}"
    );
    assert!(aside.join(&blob).exists(), "it is still there");
}

/// Point 3: going on in spite of the trail's end is typed and recorded, and quotes both ends.
#[tokio::test(flavor = "multi_thread")]
async fn u4_going_on_after_a_rollback_is_typed_and_quotes_both_ends() {
    let (kept, _) = practice().await;
    let later = copy(&kept);
    let log = kept.path().with_extension("log");
    Program::serve(later.path(), &log).kill();
    let scratch = copy(&kept);
    let data = scratch.path();
    std::fs::copy(later.path().join("trail.head"), data.join("trail.head")).expect("copied");
    let seen = std::fs::read(data.join("trail.head")).expect("there");
    let said = answer(&run(&["recover"], data));
    let sentence = said["sentence"].as_str().expect("a sentence").to_owned();
    assert!(
        sentence.starts_with("I accept that event") && sentence.ends_with(" lost"),
        "{sentence}"
    );
    assert_eq!(
        answer(&run(&["recover", "--accept", &sentence], data))["recovered"],
        true
    );
    let trail = trail_text(&data.join("cutis.db"));
    let last = trail.lines().last().expect("events").to_owned();
    for part in ["trail.continued", "behind", "old_events", "old_root", "\"root\""] {
        assert!(last.contains(part), "{part}: {last}");
    }
    let aside = std::fs::read_dir(data.join("quarantine"))
        .expect("readable")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("trail.head-"))
        })
        .expect("the old end is kept");
    assert_eq!(std::fs::read(aside).expect("there"), seen);
    let (said, code, complaint) = audit_verify(data);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said} {complaint}"
    );
    Program::serve(data, &log).kill();
    assert_eq!(answer(&run(&["recover"], data))["reason"], "nothing_lost");
}

fn quarantined(data: &Path) -> Vec<String> {
    let mut found = blob_files(&data.join("quarantine/blobs"));
    found.sort();
    found
}

/// Point 1: a sweep that would take more than a small share takes nothing, says so, and is an event; what a person
/// agrees to goes to quarantine, and only a typed command empties that.
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_sweep_stops_at_more_than_a_small_share() {
    let (kept, _) = practice().await;
    let data = kept.path();
    // Twelve blobs that no row names, as after an older database was put back.
    for number in 0..12_u8 {
        let name = format!("{number:02x}").repeat(32);
        let folder = data.join("blobs").join(format!("{number:02x}"));
        std::fs::write(folder.join(&name), "sealed").expect("written");
    }
    age(&data.join("blobs"));
    let all = blob_files(&data.join("blobs"));
    let sentence = "Move 12 files and 0 keys to the quarantine";
    let asked = run(&["quarantine", "sweep"], data);
    assert_eq!(answer(&asked)["sentence"], sentence);
    assert_eq!(asked.status.code(), Some(1));
    assert_eq!(blob_files(&data.join("blobs")), all, "nothing was moved");
    let trail = trail_text(&data.join("cutis.db"));
    let swept: Vec<&str> = trail
        .lines()
        .filter(|line| line.contains("store.swept"))
        .collect();
    assert!(
        swept
            .iter()
            .any(|line| line.contains("refused") && line.contains("\"orphans\":12")),
        "{swept:?}"
    );
    let (said, code, _) = audit_verify(data);
    assert_eq!(
        (said["verdict"].as_str(), code, &said["unnamed"]),
        (Some("intact"), Some(0), &json!(12)),
        "{said}"
    );

    let moved = answer(&run(&["quarantine", "sweep", "--accept", sentence], data));
    assert_eq!(moved["movedBlobs"], 12, "{moved}");
    assert_eq!(quarantined(data).len(), 12);
    let record = std::fs::read_to_string(data.join("quarantine/blobs/record.txt")).expect("a record");
    assert_eq!(record.lines().count(), 12, "when and what: {record}");
    let listed = answer(&run(&["quarantine", "list"], data));
    assert_eq!((&listed["blobs"], &listed["keys"]), (&json!(12), &json!(0)));
    let refused = run(&["quarantine", "empty", "--accept", "yes"], data);
    assert_eq!(refused.status.code(), Some(1));
    let sentence = "Delete 12 files and 0 keys for good";
    assert_eq!(answer(&refused)["sentence"], sentence);
    assert_eq!(
        answer(&run(&["quarantine", "empty", "--accept", sentence], data))["emptied"],
        true
    );
    assert_eq!(answer(&run(&["quarantine", "list"], data))["blobs"], 0);
    assert!(trail_text(&data.join("cutis.db")).contains("quarantine.emptied"));
}

/// Point 11: verifying changes no byte, no time, no file, after an orderly end and after a kill, and completes no
/// destruction; without a log's index beside the log too.
#[tokio::test(flavor = "multi_thread")]
async fn u4_looking_changes_no_byte() {
    let (kept, _) = practice().await;
    let look = |data: &Path, case: &str| {
        let before = state(data);
        for arguments in [&["audit", "verify"][..], &["audit", "verify", "--deep"]] {
            let output = run(arguments, data);
            assert_eq!(answer(&output)["verdict"], "intact", "{case}");
            assert_eq!(output.status.code(), Some(0), "{case}");
            let after = state(data);
            let changed: Vec<_> = after
                .iter()
                .filter(|(name, what)| before.get(*name) != Some(*what))
                .map(|(name, _)| name)
                .collect();
            assert!(
                changed.is_empty() && after.len() == before.len(),
                "{case}, {arguments:?}: {changed:?} changed"
            );
        }
    };
    look(kept.path(), "after an orderly end");
    let killed = copy(&kept);
    let log = kept.path().with_extension("log");
    Program::serve(killed.path(), &log).kill();
    assert!(
        std::fs::metadata(killed.path().join("cutis.db-wal")).is_ok_and(|log| log.len() > 0),
        "a kill leaves a log"
    );
    look(killed.path(), "after a kill");
    std::fs::remove_file(killed.path().join("cutis.db-shm")).expect("there");
    let before: Vec<String> = state(killed.path()).into_keys().collect();
    let output = run(&["audit", "verify"], killed.path());
    assert_eq!(answer(&output)["verdict"], "intact", "a log without its index");
    assert_eq!(state(killed.path()).into_keys().collect::<Vec<_>>(), before);

    // A mark that nobody wrote destroys nothing, neither by looking nor by starting.
    let key = std::fs::read_dir(kept.path().join("keys/patients"))
        .expect("readable")
        .flat_map(|folder| std::fs::read_dir(folder.expect("an entry").path()).expect("readable"))
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|ending| ending == "key"))
        .expect("a key");
    std::fs::write(key.with_extension("destroyed"), "").expect("written");
    let bytes = std::fs::read(&key).expect("there");
    let (said, code, _) = audit_verify(kept.path());
    assert_eq!((said["verdict"].as_str(), code), (Some("broken"), Some(2)));
    assert!(
        said["place"]
            .as_str()
            .is_some_and(|place| place.contains("did not write it")),
        "{said}"
    );
    Program::serve(kept.path(), &log).kill();
    assert_eq!(std::fs::read(&key).expect("there"), bytes, "the key is as it was");
    assert!(trail_text(&kept.path().join("cutis.db")).contains("patient_key.mark_refused"));
}

/// Points 12 and 13: what is missing, short, changed or foreign beside the database is found and named, and what was
/// not looked at is said.
#[tokio::test(flavor = "multi_thread")]
async fn u4_images_keys_and_certificates_are_verified() {
    let (kept, images) = practice().await;
    let (said, code, _) = audit_verify(kept.path());
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said}"
    );
    assert_eq!(
        (&said["photographs"], &said["files"], &said["keys"], &said["deep"]),
        (&json!(6), &json!(12), &json!(2), &json!(false))
    );
    // Whatever addresses this computer has: the server listened on loopback only, so no other certificate is coming.
    assert!(
        said["certificates"]
            .as_str()
            .is_some_and(|it| it.starts_with("intact, and their keys can be opened")),
        "{said}"
    );
    let not_checked = said["notChecked"].to_string();
    assert!(
        not_checked.contains("--deep") && not_checked.contains("--against"),
        "{not_checked}"
    );

    let blob = |data: &Path| {
        let name = blob_files(&data.join("blobs")).remove(3);
        data.join("blobs").join(&name[..2]).join(name)
    };
    let key = |data: &Path| {
        let (patient, _) = &images[0];
        data.join("keys/patients")
            .join(&patient[patient.len() - 2..])
            .join(format!("{patient}.key"))
    };
    let broken = |deed: &dyn Fn(&Path), deep: bool, words: &str| {
        let scratch = copy(&kept);
        deed(scratch.path());
        let arguments: &[&str] = if deep {
            &["audit", "verify", "--deep"]
        } else {
            &["audit", "verify"]
        };
        let output = run(arguments, scratch.path());
        let said = answer(&output);
        assert_eq!(output.status.code(), Some(2), "{words}: {said}");
        let places = said["places"].to_string();
        assert!(places.contains(words), "{words}: {places}");
        scratch
    };
    broken(
        &|data| std::fs::remove_file(blob(data)).expect("removed"),
        false,
        "is missing",
    );
    broken(
        &|data| {
            let path = blob(data);
            let bytes = std::fs::read(&path).expect("there");
            std::fs::write(&path, &bytes[..bytes.len() - 1]).expect("cut");
        },
        false,
        "bytes instead of",
    );
    let flip = |data: &Path| {
        let path = blob(data);
        let mut bytes = std::fs::read(&path).expect("there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, &bytes).expect("written");
    };
    broken(&flip, true, "is damaged");
    let scratch = copy(&kept);
    flip(scratch.path());
    let (said, code, _) = audit_verify(scratch.path());
    assert_eq!(
        code,
        Some(0),
        "a changed byte is for --deep, which it says: {said}"
    );
    broken(
        &|data| std::fs::remove_file(key(data)).expect("removed"),
        false,
        "is missing, but",
    );
    broken(
        &|data| {
            let other = std::fs::read(data.join("tls/server.pem")).expect("there");
            std::fs::write(data.join("tls/authority.pem"), other).expect("written");
        },
        false,
        "certificates:",
    );

    // Point 12: nothing new is taken in for the patient whose key is missing, and no new key hides the loss.
    let scratch = copy(&kept);
    std::fs::remove_file(key(scratch.path())).expect("removed");
    let log = kept.path().with_extension("log");
    let program = Program::serve(scratch.path(), &log);
    let client = Client::new(program.place());
    let anna = cutis_tests::SignedIn::sign_in(client, "anna", PASSWORD).await;
    let (patient, image) = &images[0];
    anna.get(format!(
        "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
    ))
    .await
    .problem(500, "patient_key_unusable");
    let call = cutis_tests::client::upload_call(
        patient,
        &cutis_tests::client::fresh_key(),
        &[cutis_tests::client::File::new("new.jpg", made(77))],
    );
    let refused = anna.send(call).await;
    assert!(
        String::from_utf8_lossy(&refused.body).contains("patient_key_unusable"),
        "{}",
        String::from_utf8_lossy(&refused.body)
    );
    assert!(!key(scratch.path()).exists(), "no new key was made");
    let (other, _) = &images[5];
    anna.store(other, made(78)).await;
    program.kill();
    assert!(trail_text(&scratch.path().join("cutis.db")).contains("patient_key.missing"));
}

/// Point 3: signed checkpoints leave at start and stop for a second place, and verification takes them.
#[tokio::test(flavor = "multi_thread")]
async fn u4_checkpoints_from_elsewhere_show_what_the_folder_cannot() {
    let (kept, _) = practice().await;
    let data = kept.path();
    let elsewhere = TempDir::new().expect("a folder");
    let earlier = copy(&kept);
    let log = data.with_extension("log");
    let program = Program::serve_with(
        data,
        &log,
        &["--checkpoints", &elsewhere.path().display().to_string()],
    );
    Client::new(program.place())
        .post(
            "/api/v1/session",
            &json!({ "username": "anna", "password": PASSWORD }),
        )
        .await
        .expect(201);
    program.stop();
    let written = std::fs::read_dir(elsewhere.path()).expect("readable").count();
    assert_eq!(written, 2, "one at the start and one at the end");
    let against = elsewhere.path().display().to_string();
    let output = run(&["audit", "verify", "--against", &against], data);
    let said = answer(&output);
    assert_eq!(
        (said["verdict"].as_str(), output.status.code()),
        (Some("intact"), Some(0)),
        "{said}"
    );
    assert_eq!(said["checkpoints"]["given"], 2, "{said}");
    assert!(!said["notChecked"].to_string().contains("--against"));

    // The whole folder put back, head and checkpoints with it: nothing in it shows, the checkpoint does.
    let (said, code, _) = audit_verify(earlier.path());
    assert_eq!(code, Some(0), "{said}");
    let output = run(&["audit", "verify", "--against", &against], earlier.path());
    let said = answer(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said["place"]
            .as_str()
            .is_some_and(|place| place.contains("the checkpoint")),
        "{said}"
    );

    // A checkpoint of somebody else, or a changed one, says nothing, and that is said.
    let file = std::fs::read_dir(elsewhere.path())
        .expect("readable")
        .map(|entry| entry.expect("an entry").path())
        .next()
        .expect("one");
    let text = std::fs::read_to_string(&file).expect("text");
    let size = text.lines().nth(1).expect("a size").to_owned();
    let changed = elsewhere.path().join("changed.checkpoint");
    std::fs::write(&changed, text.replacen(&size, "3", 1)).expect("written");
    let output = run(
        &["audit", "verify", "--against", &changed.display().to_string()],
        data,
    );
    let said = answer(&output);
    assert_eq!(
        (said["verdict"].as_str(), output.status.code()),
        (Some("incomplete"), Some(1)),
        "{said}"
    );
    assert!(
        said["checkpoints"]["refused"]
            .to_string()
            .contains("does not fit"),
        "{said}"
    );
    let key = answer(&run(&["audit", "key"], data));
    assert!(
        key["publicKey"]
            .as_str()
            .is_some_and(|key| key.starts_with("cutis/")),
        "{key}"
    );
}

/// A typed question that nobody can answer says so, and how it is answered without a keyboard; and images behind a
/// link are images.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_question_without_an_answer_says_how_to_answer() {
    let (kept, _) = practice().await;
    let data = kept.path();
    let disk = TempDir::new().expect("a folder");
    copy_folder(&data.join("blobs"), disk.path());
    std::fs::remove_dir_all(data.join("blobs")).expect("removed");
    std::os::unix::fs::symlink(disk.path(), data.join("blobs")).expect("linked");
    assert_eq!(
        audit_verify(data).1,
        Some(0),
        "a folder on another disk is as good"
    );
    remove_database(data);
    let before = state(data);
    let output = std::process::Command::new(cutis_tests::server::built_program())
        .args(["recover", "--data"])
        .arg(data)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let sentence = "I accept that 12 photo files become unreachable";
    assert!(
        said.contains("Nothing was typed. Nothing was changed.")
            && said.contains(&format!("--accept \"{sentence}\"")),
        "{said}"
    );
    assert_eq!(state(data), before);
}

/// Point 20: a folder of somebody else is not touched.
#[tokio::test]
async fn a_folder_of_somebody_else_is_refused_untouched() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("letter.txt"), "mine").expect("written");
    let before = state(folder.path());
    let output = run(&SERVE, folder.path());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("letter.txt") && said.contains("new or an empty folder"),
        "{said}"
    );
    assert_eq!(state(folder.path()), before);
}

/// A library that makes the sync of files under `blobs` fail as long as a file is there. Its compiler is the one that
/// building the program needs.
#[cfg(target_os = "linux")]
fn failing_disk(folder: &Path) -> std::path::PathBuf {
    const SOURCE: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd) {
    char link[64], path[4096];
    const char *trigger = getenv("FAILING_DISK");
    if (!trigger || access(trigger, F_OK) != 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, "/blobs/") != NULL;
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    if (fails(fd)) { errno = EIO; return -1; }
    return real(fd);
}
"#;
    let (source, library) = (folder.join("disk.c"), folder.join("disk.so"));
    std::fs::write(&source, SOURCE).expect("written");
    let built = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status()
        .expect("there is a C compiler");
    assert!(built.success());
    library
}

/// Point 21: a blob whose sync failed ends the program as a failed commit does: the upload is not acknowledged, nothing
/// is retried or taken after it, and after the next start everything acknowledged is there. I4.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_blob_whose_sync_failed_stops_the_store() {
    let (kept, images) = practice().await;
    let data = kept.path();
    let tools = TempDir::new().expect("a folder");
    let (library, trigger) = (failing_disk(tools.path()), tools.path().join("fail"));
    let log = data.with_extension("log");
    let disk = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAILING_DISK", trigger.display().to_string()),
    ];
    let program = Program::serve_in(data, &log, &[], &disk);
    let client = Client::new(program.place());
    let anna = cutis_tests::SignedIn::sign_in(client, "anna", PASSWORD).await;
    let (patient, image) = &images[0];
    let upload = |number: u64| {
        let file = cutis_tests::client::File::new("new.jpg", made(number));
        cutis_tests::client::upload_call(patient, &cutis_tests::client::fresh_key(), &[file])
    };
    let sound = anna.send(upload(90)).await;
    assert!(
        String::from_utf8_lossy(&sound.body).contains("\"stored\""),
        "the disk is sound so far"
    );
    std::fs::write(&trigger, "").expect("written");
    if let Ok(answer) = anna.try_send(upload(91)).await {
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!said.contains("\"stored\""), "not acknowledged: {said}");
    }
    let code = program.ended();
    assert_eq!(code, Some(1), "a disk that failed is no orderly end");
    std::fs::remove_file(&trigger).expect("removed");
    let said = std::fs::read_to_string(&log).expect("a log");
    assert!(
        said.contains("the disk failed while a photo was made durable"),
        "{said}"
    );

    let program = Program::serve(data, &log);
    let client = Client::new(program.place());
    let anna = cutis_tests::SignedIn::sign_in(client, "anna", PASSWORD).await;
    assert_eq!(
        anna.patient(patient).await["imageCount"],
        4,
        "three and the one that was acknowledged"
    );
    let original = anna
        .get(format!(
            "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
        ))
        .await;
    assert_eq!(original.status, 200);
    program.kill();
    let (said, code, complaint) = audit_verify(data);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said} {complaint}"
    );
}
