//! How a trail stands to what was seen of it, and looking at a database without touching it (U4).

use std::path::Path;
use std::time::Instant;

use cutis_audit::{Action, Detail, Event, Head};
use cutis_domain::{Caller, Digest};
use cutis_storage::{
    Agreement, Backend as _, ErrorKind, Seen, Standing, Store, TrailVerdict, agreements_of, genuine_events,
    standing_of, verify_unopened,
};
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
    let database = Untouched::open(&path(&folder), Neighbours::Server).expect("it opens");
    let began = Instant::now();
    let mixture = cutis_storage::mixture_in(&database, &Lab::key()).expect("looked");
    println!("of one moment: {mixture:?} in {:?}", began.elapsed());
}

/// U4: of many statements each is judged: what the trail has an event about by one look, what it has none about by
/// reading leaves once, and what has seen more or others is told apart.
#[tokio::test]
async fn many_statements_are_judged_at_once() {
    let (lab, folder) = lab();
    let store = furnish(&lab).await;
    let mut noted = Vec::new();
    for _ in 0..3 {
        record(&store, 2).await;
        let head = lab.witness.newest().expect("a head");
        let event = Event::new(Action::TrailCheckpoint)
            .detail(Detail::number("events", i64::try_from(head.size).expect("few")))
            .detail(Detail::id("root", Digest::from_bytes(head.root)));
        store
            .record(&Caller::system(), vec![event])
            .await
            .expect("recorded");
        noted.push(Seen {
            size: head.size,
            root: head.root,
        });
    }
    let (other, _other_folder) = crate::support::lab();
    record(&other.store(), 500).await;
    let end = lab.witness.newest().expect("a head");
    let seen = |head: &Head| Seen {
        size: head.size,
        root: head.root,
    };
    let unnoted = seen(
        lab.witness
            .heads()
            .iter()
            .find(|head| head.size > 0 && !noted.contains(&seen(head)))
            .expect("one without a checkpoint"),
    );
    let forked = Seen {
        root: [7; 32],
        ..noted[1]
    };
    let longer = seen(&other.witness.newest().expect("a head"));
    let mut all = noted.clone();
    all.extend([
        seen(&end),
        unnoted,
        forked,
        longer,
        Seen {
            size: 0,
            root: cutis_audit::tree::empty_root(),
        },
    ]);
    let database = Untouched::open(&path(&folder), Neighbours::Server).expect("it opens");
    let judged = agreements_of(&database, &Lab::key(), &all).expect("compared");
    assert_eq!(judged.ends_at, end.size);
    assert_eq!(
        judged.each,
        [
            Agreement::Recorded,
            Agreement::Recorded,
            Agreement::Recorded,
            Agreement::Recorded,
            Agreement::Agrees,
            Agreement::Differs,
            Agreement::Ahead,
            Agreement::Agrees,
        ]
    );
    // An event of somebody else's making vouches for nothing.
    let stranger = cutis_audit::TrailKey::from_bytes([9; 32]);
    let events = genuine_events(&database, &Lab::key(), &[Action::TrailCheckpoint], (0, u64::MAX));
    assert_eq!(events.expect("read").len(), 3);
    let events = genuine_events(&database, &stranger, &[Action::TrailCheckpoint], (0, u64::MAX));
    assert_eq!(events.expect("read").len(), 0);
}

/// Measures what ten years of daily checkpoints cost at a start: all of them known to the trail, and one that is not.
#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
#[expect(clippy::print_stdout, reason = "measuring is what this is for")]
#[tokio::test]
#[ignore = "measures"]
async fn comparing_ten_years_of_checkpoints() {
    let (lab, folder) = crate::support::lab_on_disk();
    let store = lab.store();
    let mut noted = Vec::new();
    for _ in 0..3650 {
        record(&store, 27).await;
        let head = lab.witness.newest().expect("a head");
        let event = Event::new(Action::TrailCheckpoint)
            .detail(Detail::number("events", i64::try_from(head.size).expect("few")))
            .detail(Detail::id("root", Digest::from_bytes(head.root)));
        let caller = Caller::system();
        store.record(&caller, vec![event]).await.expect("recorded");
        noted.push(Seen {
            size: head.size,
            root: head.root,
        });
    }
    let newest = lab.witness.newest().expect("a head").size;
    let database = Untouched::open(&path(&folder), Neighbours::Server).expect("it opens");
    for what in ["all known to the trail", "one of others among them"] {
        let began = Instant::now();
        let judged = agreements_of(&database, &Lab::key(), &noted).expect("compared");
        let recorded = judged
            .each
            .iter()
            .filter(|it| **it == Agreement::Recorded)
            .count();
        println!(
            "{what}: {recorded} of {} by a look, {:?}, of {newest} events",
            noted.len(),
            began.elapsed()
        );
        noted[3649].root = [7; 32];
    }
}

/// U4, I4: a log that holds no transaction is no log, whatever its length: only its header, a part of it, other bytes,
/// or a header begun again over frames of before. All that was killed at such a moment opens, changed by nothing.
#[tokio::test]
async fn a_log_without_a_transaction_hinders_nothing() {
    let (lab, folder) = lab();
    let store = furnish(&lab).await;
    record(&store, 3).await;
    let place = folder.path().join("cutis.db");
    let log = std::fs::read(folder.path().join("cutis.db-wal")).expect("a log");
    let index = std::fs::read(folder.path().join("cutis.db-shm")).expect("an index");
    let events = lab.witness.newest().expect("a head").size;
    drop(store);
    let database = std::fs::read(&place).expect("the last one moves everything into it");
    let mut anew = log.clone();
    // As SQLite begins again: another salt, and the checksum of the header that has it.
    anew[19] = anew[19].wrapping_add(1);
    let big = anew[3] & 1 == 1;
    let (mut one, mut two) = (0_u32, 0_u32);
    for pair in anew[..24].chunks_exact(8) {
        let word = |at: usize| {
            let bytes = [pair[at], pair[at + 1], pair[at + 2], pair[at + 3]];
            if big {
                u32::from_be_bytes(bytes)
            } else {
                u32::from_le_bytes(bytes)
            }
        };
        one = one.wrapping_add(word(0)).wrapping_add(two);
        two = two.wrapping_add(word(4)).wrapping_add(one);
    }
    anew[24..28].copy_from_slice(&one.to_be_bytes());
    anew[28..32].copy_from_slice(&two.to_be_bytes());
    let mut cut = log.clone();
    cut.truncate(32 + 24 + 100);
    let mut damaged = log.clone();
    damaged[32 + 24 + 7] ^= 1;
    let logs = [
        ("a header", log[..32].to_vec()),
        ("a part of one", log[..20].to_vec()),
        ("a part of a frame", cut),
        ("other bytes", vec![0xa5; 5000]),
        ("zeros", vec![0; 32]),
        ("a header begun again", anew),
        ("a damaged frame", damaged),
    ];
    for (what, log) in logs {
        for index in [None, Some(&index[..]), Some(&[][..])] {
            let killed = tempfile::TempDir::new().expect("a folder");
            let place = killed.path().join("cutis.db");
            put(&place, &database);
            put(&killed.path().join("cutis.db-wal"), &log);
            if let Some(index) = index {
                put(&killed.path().join("cutis.db-shm"), index);
            }
            let names = || std::fs::read_dir(killed.path()).expect("readable").count();
            let before = names();
            let looked = Untouched::open(&place, Neighbours::None).expect(what);
            let verdict = verify_unopened(&looked, &Lab::key(), Vec::new()).expect(what);
            assert!(
                matches!(verdict, TrailVerdict::Intact(report) if report.events == events),
                "{what}"
            );
            drop(looked);
            assert_eq!(names(), before, "{what}");
            assert_eq!(
                std::fs::read(killed.path().join("cutis.db-wal")).expect("there"),
                log,
                "{what}"
            );
            let opened = cutis_storage_sqlite::Sqlite::open(&place, &Lab::key(), Options::default());
            drop(opened.expect(what));
        }
    }
}
