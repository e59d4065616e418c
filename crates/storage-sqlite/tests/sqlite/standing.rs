//! How a trail stands to what was seen of it, and looking at a database without touching it (U4).

use std::path::Path;
use std::time::Instant;

use cutis_audit::{Action, Event, Head};
use cutis_domain::Caller;
use cutis_storage::{Backend as _, ErrorKind, Standing, Store, TrailVerdict, standing_of, verify_unopened};
use cutis_storage_sqlite::{Found, Neighbours, Options, Untouched};
use cutis_testkit::Lab;

use crate::support::{furnish, lab, path};

async fn record(store: &Store, count: usize) {
    let events = vec![Event::new(Action::ServerStarted); count];
    store.record(&Caller::system(), events).await.expect("recorded");
}

fn standing(path: &Path, head: &Head) -> Standing {
    let database = Untouched::open(path, Neighbours::Server).expect("it opens");
    standing_of(&database, &Lab::key(), head).expect("compared")
}

/// U4: every head that was ever noted is the trail's beginning; one of more events, of others or of another key is not.
#[tokio::test]
async fn a_head_is_the_beginning_of_its_own_trail_only() {
    let (lab, folder) = lab();
    let _store = furnish(&lab).await;
    let (other, other_folder) = crate::support::lab();
    let stranger = other.store();
    record(&stranger, 200).await;
    let place = path(&folder);
    let heads = lab.witness.heads();
    let newest = heads.last().expect("heads").clone();
    for head in &heads {
        let by = newest.size - head.size;
        assert_eq!(
            standing(&place, head),
            Standing::Continues { by },
            "{}",
            head.size
        );
    }
    let longer = other.witness.newest().expect("a head");
    assert_eq!(
        standing(&place, &longer),
        Standing::Behind { ends_at: newest.size }
    );
    assert_eq!(
        standing(&path(&other_folder), &newest),
        Standing::Forked { ends_at: longer.size },
        "as many events, and others"
    );
    let forged = Head {
        mac: [0; 32],
        ..newest
    };
    assert_eq!(standing(&place, &forged), Standing::Forged);
}

/// U4: nothing lies beside a database after looking at it that was not there before, and what was read is whole.
#[tokio::test]
async fn looking_makes_no_file_and_reads_the_log_too() {
    let (lab, folder) = lab();
    let store = furnish(&lab).await;
    record(&store, 3).await;
    // As after a kill: database, log and index copied while a writer holds them.
    let killed = tempfile::TempDir::new().expect("a folder");
    for name in ["cutis.db", "cutis.db-wal", "cutis.db-shm"] {
        std::fs::copy(folder.path().join(name), killed.path().join(name)).expect("copied");
    }
    let events = lab.witness.newest().expect("a head").size;
    drop(store);
    let files = |folder: &Path| {
        let mut found: Vec<_> = std::fs::read_dir(folder)
            .expect("readable")
            .map(|entry| {
                let path = entry.expect("an entry").path();
                (path.clone(), std::fs::read(&path).expect("readable"))
            })
            .collect();
        found.sort();
        found
    };
    for folder in [folder.path(), killed.path()] {
        let before = files(folder);
        let database = Untouched::open(&folder.join("cutis.db"), Neighbours::None).expect("it opens");
        let verdict = verify_unopened(&database, &Lab::key(), Vec::new()).expect("read");
        let TrailVerdict::Intact(report) = verdict else {
            panic!("{verdict:?}")
        };
        assert_eq!(report.events, events);
        assert!(database.is_unchanged() && database.has_trail().expect("read"));
        assert_eq!(
            database.open_writer().err().map(|error| error.kind()),
            Some(ErrorKind::Unavailable)
        );
        drop(database);
        assert_eq!(files(folder), before);
    }
    std::fs::remove_file(killed.path().join("cutis.db-shm")).expect("there");
    let before = files(killed.path());
    let database = Untouched::open(&killed.path().join("cutis.db"), Neighbours::None).expect("it opens");
    let verdict = verify_unopened(&database, &Lab::key(), Vec::new()).expect("read");
    assert!(matches!(verdict, TrailVerdict::Intact(report) if report.events == events));
    drop(database);
    assert_eq!(
        files(killed.path()),
        before,
        "the index that was made is gone again"
    );
}

fn put(path: &Path, bytes: &[u8]) {
    use std::io::Write as _;

    let mut file = std::fs::File::create(path).expect("made");
    file.write_all(bytes).expect("written");
}

/// What lies in the place of a database is told by its first bytes, and names that need escaping are found.
#[tokio::test]
async fn what_lies_there_is_told_without_opening_it() {
    let folder = tempfile::TempDir::with_prefix("a b%20#?ü-").expect("a folder");
    let place = folder.path().join("cutis.db");
    assert_eq!(Found::at(&place).expect("looked"), Found::Nothing);
    put(&place, b"");
    assert_eq!(Found::at(&place).expect("looked"), Found::Empty);
    put(&place, b"SQLite format 3\0 and more");
    assert_eq!(Found::at(&place).expect("looked"), Found::Foreign);
    assert!(Untouched::open(&place, Neighbours::None).is_err());
    std::fs::remove_file(&place).expect("removed");
    drop(cutis_storage_sqlite::Sqlite::open(&place, &Lab::key(), Options::default()).expect("made"));
    assert_eq!(Found::at(&place).expect("looked"), Found::Ours);
    let database = Untouched::open(&place, Neighbours::None).expect("a name that needs escaping");
    assert!(database.has_trail().expect("read"));
}

/// Measures what a start costs after a crash: the root over a hundred thousand events. Run with --ignored --nocapture.
#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
#[expect(clippy::print_stdout, reason = "measuring is what this is for")]
#[tokio::test]
#[ignore = "measures"]
async fn comparing_a_hundred_thousand_events() {
    let (lab, folder) = crate::support::lab_on_disk();
    let store = lab.store();
    record(&store, 1).await;
    for _ in 0..200 {
        record(&store, 500).await;
    }
    let heads = lab.witness.heads();
    let (newest, before) = (&heads[heads.len() - 1], &heads[heads.len() - 2]);
    for (what, head) in [("the newest head", newest), ("one of 500 events before", before)] {
        let began = Instant::now();
        let found = standing(&path(&folder), head);
        println!(
            "{what}: {found:?} in {:?}, of {} events",
            began.elapsed(),
            newest.size
        );
    }
}
