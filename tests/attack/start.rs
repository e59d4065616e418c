//! Starts over a data folder of which a part is missing, older or another's (points 1, 3, 12 and 20).
//!
//! Nothing may be lost: every sealed image and every key that was there before must be somewhere in the
//! folder afterwards, and a folder whose parts don't fit must be refused with words that say what to do.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cutis_tests::client::{Call, Client};

use crate::Field;
use crate::practice::{Kept, Scratch, by_hand, copy_of, files};
use crate::process::{self, Refused, Serving};
use crate::report::Tally;

/// How long a server that starts is left to do its worst.
const LEFT_ALONE: Duration = Duration::from_secs(4);

/// What must be found of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Must {
    /// It is refused.
    Refuse,
    /// Whether it starts or not, nothing is lost.
    LoseNothing,
}

type Deed = fn(&Path, &Shelf);

/// Other databases and heads, to be put where they don't belong.
struct Shelf {
    /// The practice some changes ago.
    older: Scratch,
    /// The practice as it went on from there, otherwise.
    fork: Scratch,
    /// Another practice altogether.
    other: Scratch,
}

/// The database alone, replaced by what lies in another folder.
fn put_database(data: &Path, from: &Path) {
    remove_database(data);
    std::fs::copy(from.join("cutis.db"), data.join("cutis.db")).expect("put there");
}

fn remove_database(data: &Path) {
    for name in ["cutis.db", "cutis.db-wal", "cutis.db-shm"] {
        let _gone = std::fs::remove_file(data.join(name)).is_ok();
    }
}

fn truncate(path: &Path, share: u64) {
    let file = std::fs::File::options().write(true).open(path).expect("opens");
    let length = file.metadata().expect("known").len();
    file.set_len(length * share / 100).expect("cut");
}

fn remove(path: &Path) {
    if path.is_dir() {
        std::fs::remove_dir_all(path).expect("removed");
    } else {
        std::fs::remove_file(path).expect("removed");
    }
}

const CASES: &[(&str, Must, Deed)] = &[
    ("the database is missing", Must::Refuse, |data, _| {
        remove_database(data)
    }),
    ("the database is empty", Must::Refuse, |data, _| {
        remove_database(data);
        std::fs::write(data.join("cutis.db"), b"").expect("written");
    }),
    ("the database is cut to a half", Must::Refuse, |data, _| {
        truncate(&data.join("cutis.db"), 50)
    }),
    (
        "the database is cut to nothing but its head",
        Must::Refuse,
        |data, _| {
            std::fs::File::options()
                .write(true)
                .open(data.join("cutis.db"))
                .and_then(|file| file.set_len(100))
                .expect("cut");
        },
    ),
    ("the database is an older one", Must::Refuse, |data, shelf| {
        put_database(data, &shelf.older.data)
    }),
    (
        "the database is a fork of an older one",
        Must::Refuse,
        |data, shelf| put_database(data, &shelf.fork.data),
    ),
    (
        "the database is another practice's",
        Must::Refuse,
        |data, shelf| put_database(data, &shelf.other.data),
    ),
    ("the database has no tables", Must::Refuse, |data, _| {
        remove_database(data);
        by_hand(data)
            .execute_batch("PRAGMA user_version = 1; CREATE TABLE x (y)")
            .expect("made");
    }),
    ("only the keys are there", Must::Refuse, |data, _| {
        remove_database(data);
        remove(&data.join("blobs"));
        remove(&data.join("trail.head"));
    }),
    ("only the photos are there", Must::Refuse, |data, _| {
        remove_database(data);
        remove(&data.join("keys"));
        remove(&data.join("trail.head"));
    }),
    ("database and head are missing", Must::Refuse, |data, _| {
        remove_database(data);
        remove(&data.join("trail.head"));
    }),
    ("the head is missing", Must::Refuse, |data, _| {
        remove(&data.join("trail.head"))
    }),
    ("the head is another practice's", Must::Refuse, |data, shelf| {
        std::fs::copy(shelf.other.data.join("trail.head"), data.join("trail.head")).expect("put there");
    }),
    ("the head is a fork's", Must::Refuse, |data, shelf| {
        std::fs::copy(shelf.fork.data.join("trail.head"), data.join("trail.head")).expect("put there");
    }),
    ("the head is no head", Must::Refuse, |data, _| {
        std::fs::write(data.join("trail.head"), b"0123456789").expect("written");
    }),
    ("the installation's key is missing", Must::Refuse, |data, _| {
        remove(&data.join("keys/installation.key"))
    }),
    (
        "the installation's key is another's",
        Must::Refuse,
        |data, shelf| {
            std::fs::copy(
                shelf.other.data.join("keys/installation.key"),
                data.join("keys/installation.key"),
            )
            .expect("put");
        },
    ),
    ("all patients' keys are missing", Must::LoseNothing, |data, _| {
        remove(&data.join("keys/patients"))
    }),
    ("the image rows are gone", Must::LoseNothing, |data, _| {
        cutis_tests::database::without_triggers(&by_hand(data), |open| {
            open.execute_batch("DELETE FROM upload_receipt; DELETE FROM image")
                .expect("deleted");
        });
    }),
    (
        "database and head are older together",
        Must::LoseNothing,
        |data, shelf| {
            put_database(data, &shelf.older.data);
            std::fs::copy(shelf.older.data.join("trail.head"), data.join("trail.head")).expect("put there");
        },
    ),
];

async fn shelf(kept: &Kept) -> Shelf {
    let older = kept.copy();
    // The practice goes on, in two ways: the kept one is `older`, and here are its two futures.
    let fork = kept.copy();
    {
        let server = process::serve(&fork.data).expect("starts");
        let anna = kept.anna(&server);
        for number in 0..12 {
            anna.create_patient(&format!("fork-{number}")).await;
        }
        server.stop();
    }
    let other = kept.copy();
    for entry in std::fs::read_dir(&other.data).expect("readable") {
        remove(&entry.expect("an entry").path());
    }
    let server = process::serve(&other.data).expect("starts");
    crate::practice::set_up(&server).await;
    server.stop();
    Shelf { older, fork, other }
}

/// What of sealed images and keys was before and is nowhere any more.
fn lost(before: &[(String, String)], data: &Path) -> Vec<String> {
    let after = files(data);
    let there: BTreeSet<&String> = after.iter().map(|(_, digest)| digest).collect();
    before
        .iter()
        .filter(|(name, digest)| {
            (name.starts_with("blobs/") || name.starts_with("keys/")) && !there.contains(digest)
        })
        .map(|(name, _)| name.clone())
        .collect()
}

/// Leaves a started server alone until it swept or its time is over.
async fn left_alone(server: &Serving, data: &Path) {
    let count = || files(&data.join("blobs")).len();
    let (before, begin) = (count(), Instant::now());
    let _seen = Client::new(server.place.clone())
        .try_send(Call::new("GET", "/api/v1/ready"))
        .await
        .is_ok();
    while begin.elapsed() < LEFT_ALONE && count() == before {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Point 1: whatever is missing, nothing is destroyed on a guess.
pub async fn over_damaged_folders(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("start");
    let shelf = shelf(&field.kept).await;
    // The folder under attack went on from the older state for a while.
    let newer = field.kept.copy();
    let server = process::serve(&newer.data).expect("starts");
    let anna = field.kept.anna(&server);
    let patient = anna.create_patient("p-later").await;
    for number in 90..93 {
        anna.store(&patient, cutis_tests::images::made(number)).await;
    }
    server.stop();
    let (mut lost_files, mut wordless) = (0, 0);
    for (name, must, deed) in CASES {
        let scratch = copy_of(&newer.data);
        deed(&scratch.data, &shelf);
        let before = files(&scratch.data);
        let outcome = process::serve(&scratch.data);
        let started = match outcome {
            Ok(server) => {
                left_alone(&server, &scratch.data).await;
                server.stop();
                true
            }
            Err(Refused { said }) => {
                let helpful = ["restore", "put", "start ", "copy", "backup", "back"];
                if !helpful.iter().any(|word| said.contains(word)) {
                    wordless += 1;
                    eprintln!("  refused without advice ({name}): {}", said.trim());
                }
                false
            }
        };
        let gone = lost(&before, &scratch.data);
        lost_files += gone.len();
        tally.tried(gone.is_empty() && !(started && *must == Must::Refuse), || {
            format!("{name}: started: {started}, {} files lost", gone.len())
        });
    }
    tally.figure(format!("{lost_files} sealed files or keys lost"));
    tally.figure(format!("{wordless} refusals without advice"));
    tally
}

/// Point 20: a folder that isn't Cutis's and isn't empty is left alone.
pub async fn in_a_foreign_folder(_field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("start-elsewhere");
    for names in [
        vec!["notes.txt"],
        vec!["photo.jpg", "blobs.txt"],
        vec![".git/config"],
        vec!["keys/id_ed25519"],
    ] {
        let folder = tempfile::TempDir::with_prefix("cutis-attack-").expect("a folder");
        let data = folder.path().join("data");
        for name in &names {
            let path = data.join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, b"somebody else's").expect("written");
        }
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        let before = files(&data);
        if let Ok(server) = process::serve(&data) {
            server.stop();
        }
        let mode = std::fs::metadata(&data).expect("there").permissions().mode() & 0o777;
        let after = files(&data);
        tally.tried(before == after && mode == 0o755, || {
            format!("a folder with {names:?}: {} files, mode {mode:o}", after.len())
        });
    }
    tally
}

/// Point 3: an older database, and strangers whose requests make its trail longer than the head.
pub async fn rolled_back_and_grown(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("rollback");
    for head in ["kept", "deleted"] {
        let scratch = field.kept.copy();
        let server = process::serve(&scratch.data).expect("starts");
        let anna = field.kept.anna(&server);
        for number in 0..6 {
            anna.create_patient(&format!("lost-{number}")).await;
        }
        server.stop();
        put_database(&scratch.data, &field.kept.data());
        let known = std::fs::read(scratch.data.join("trail.head")).expect("a head");
        if head == "deleted" {
            remove(&scratch.data.join("trail.head"));
        }
        let mut requests = 0_u64;
        if let Ok(server) = process::serve(&scratch.data) {
            for number in 0..60 {
                // Each from another address, so that none is put together with others.
                let stranger = Client::new(server.place.coming_from([127, 0, 3, number + 1]));
                let call =
                    Call::new("POST", "/api/v1/setup").json(&crate::strangers::a_set_up("0000-0000-0000"));
                requests += u64::from(stranger.try_send(call).await.is_ok());
            }
            server.stop();
        }
        let now = std::fs::read(scratch.data.join("trail.head")).ok();
        let verdict = process::verify(&scratch.data, &[]);
        let remade = head == "deleted" && now.is_some();
        let overwritten = head == "kept" && now.as_deref() != Some(known.as_slice());
        // Without a head nothing here can show the rollback; a verdict that says so is all there is.
        let laundered = head == "kept" && !verdict.found();
        tally.tried(!remade && !overwritten && !laundered, || {
            format!(
                "head {head}: {requests} strangers' requests; head created again {remade}, overwritten {overwritten}; {verdict:?}"
            )
        });
    }
    tally
}
