//! When a reader goes on in its snapshot, and what it then sees. That it does is seen by the trail, whose newest events are
//! missing there.

use cutis_audit::{Action, Event};
use cutis_domain::Caller;
use cutis_storage::{Backend, Store};
use cutis_testkit::Lab;
use cutis_testkit::builders::{account, scope};
use cutis_testkit::lab::add_patient;

use super::*;
use crate::guard::Guard;
use crate::writer::SqliteWriter;
use crate::{Options, Sqlite};

/// Longer than any test takes.
const HOUR: Duration = Duration::from_hours(1);

struct Desk {
    lab: Lab,
    database: Arc<Sqlite>,
    store: Store,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

/// A database with one reader, a store over it with two accounts, and the patient 1.
async fn desk(kept_for: Duration) -> Desk {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("cutis.db");
    let options = Options {
        readers: 1,
        kept_for,
        ..Options::default()
    };
    let database = Arc::new(Sqlite::open(&path, &Lab::key(), options).expect("open"));
    let backend = Arc::<Sqlite>::clone(&database);
    let lab = Lab::new(move || Arc::<Sqlite>::clone(&backend));
    let store = lab.practice().await;
    add_patient(&store, 1, 1, "anna-1", lab.now()).await;
    Desk {
        lab,
        database,
        store,
        path,
        _folder: folder,
    }
}

/// What a read finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    events: u64,
    patients: u64,
}

impl Desk {
    fn seen(&self, newness: Newness) -> Seen {
        let mut seen = None;
        let mut look = |snapshot: &dyn cutis_storage::Snapshot| {
            seen = Some(Seen {
                events: snapshot.common().trail_size().expect("readable"),
                patients: snapshot.owned(&scope(1)).patient_count().expect("readable"),
            });
        };
        match newness {
            Newness::Newest => self.database.read(&mut look),
            Newness::Records => self.database.read_records(&mut look),
        }
        .expect("a snapshot");
        seen.expect("it ran")
    }

    /// Adds to the trail alone, as a view does.
    async fn view(&self) {
        self.store
            .record(&Caller::system(), vec![Event::new(Action::PatientViewed)])
            .await
            .expect("recorded");
    }

    /// Waits until the writer, which builds the index of a new database while nothing else waits, is done with that.
    async fn come_to_rest(&self) -> Seen {
        while !self.index_is_built() {
            tokio::task::yield_now().await;
        }
        // Comes behind the writer's last step.
        self.view().await;
        self.seen(Newness::Records)
    }

    fn index_is_built(&self) -> bool {
        let sql = "SELECT upto = 9223372036854775807 FROM patient_find_state";
        self.other()
            .query_row(sql, [], |row| row.get::<_, bool>(0))
            .expect("asked")
    }

    /// Another program's connection.
    fn other(&self) -> Connection {
        connection::writer(&self.path).expect("open")
    }

    /// Moves the log into the file and empties it, which takes that nobody reads from it.
    fn empty_log(&self) -> bool {
        let busy = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let other = self.other();
        other
            .query_row(crate::sql::pragmas::EMPTY_LOG, [], busy)
            .expect("asked")
            == 0
    }
}

#[tokio::test]
async fn a_reader_goes_on_in_its_snapshot_while_only_the_trail_grows() {
    let desk = desk(HOUR).await;
    let before = desk.come_to_rest().await;
    for _ in 0..3 {
        desk.view().await;
        assert_eq!(desk.seen(Newness::Records), before, "the same snapshot");
    }
    let newest = Seen {
        events: before.events + 3,
        ..before
    };
    assert_eq!(
        desk.seen(Newness::Newest),
        newest,
        "whoever reads the trail sees all of it"
    );
    assert_eq!(
        desk.seen(Newness::Records),
        newest,
        "and the reader goes on from there"
    );
}

#[tokio::test]
async fn a_change_is_read_as_soon_as_it_is_acknowledged() {
    let desk = desk(HOUR).await;
    let before = desk.seen(Newness::Records);
    for number in 2..6 {
        desk.view().await;
        desk.seen(Newness::Records);
        add_patient(&desk.store, 1, number, &format!("ben-{number}"), desk.lab.now()).await;
        let now = desk.seen(Newness::Records);
        assert_eq!(now.patients, before.patients + u64::from(number) - 1);
    }
}

/// A unit that changes nothing that lists or records show, such as an account, is a change too.
#[tokio::test]
async fn anything_beyond_the_trail_is_a_change() {
    let desk = desk(HOUR).await;
    let before = desk.seen(Newness::Records);
    let new = account(3, desk.lab.now());
    desk.store
        .practice(&Caller::system())
        .write::<_, cutis_testkit::Fault, _>(move |unit| {
            unit.insert_account(&new)?;
            Ok(cutis_audit::Audited::new((), Event::new(Action::AccountCreated)))
        })
        .await
        .expect("added");
    assert_eq!(desk.seen(Newness::Records).events, before.events + 1);
}

#[tokio::test]
async fn what_another_program_changes_is_read_at_once() {
    let desk = desk(HOUR).await;
    let before = desk.seen(Newness::Records);
    let by_hand = |sql: &str| desk.other().execute(sql, []).expect("changed");
    by_hand("UPDATE trail_tail SET size = size + 100");
    assert_eq!(desk.seen(Newness::Records).events, before.events + 100);
}

/// If it writes just between a commit of ours and the look at the mark, it is taken for ours, until the writer begins again.
#[tokio::test]
async fn what_is_taken_for_ours_is_found_by_the_writer() {
    let desk = desk(HOUR).await;
    desk.come_to_rest().await;
    let readers = desk.database.its_readers();
    let guard = Arc::new(Guard::new(Lab::key()));
    let mut writer = SqliteWriter::new(desk.other(), &guard, readers).expect("a writer");
    cutis_storage::Writer::begin(&mut writer).expect("begun");
    cutis_storage::Writer::commit(&mut writer).expect("committed");
    let before = desk.seen(Newness::Records);
    desk.other()
        .execute("UPDATE trail_tail SET size = size + 100", [])
        .expect("changed");
    readers.grown();
    assert_eq!(desk.seen(Newness::Records), before, "taken for ours");
    cutis_storage::Writer::begin(&mut writer).expect("begun");
    cutis_storage::Writer::rollback(&mut writer);
    assert_eq!(desk.seen(Newness::Records).events, before.events + 100);
}

#[tokio::test]
async fn nothing_is_kept_for_too_long() {
    let desk = desk(Duration::ZERO).await;
    let before = desk.seen(Newness::Records);
    desk.view().await;
    assert_eq!(desk.seen(Newness::Records).events, before.events + 1);
}

/// A reader in an old snapshot keeps the log from being emptied, so snapshots that nobody uses are ended: by the thread, which
/// is waited for here, and before the writer ends.
#[tokio::test]
async fn a_snapshot_that_nobody_uses_does_not_hold_the_log() {
    let brief = desk(Duration::from_millis(1)).await;
    brief.seen(Newness::Records);
    brief.view().await;
    assert!(brief.empty_log(), "the thread has ended it");

    let desk = desk(HOUR).await;
    desk.seen(Newness::Records);
    desk.view().await;
    let Desk {
        store,
        path,
        database,
        ..
    } = desk;
    drop(store);
    let log = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "emptied by the writer when it ended");
    drop(database);
}

/// However many views there are, and although a reader always keeps a snapshot, the log is begun again.
#[tokio::test]
async fn the_log_does_not_grow_behind_snapshots_that_are_kept() {
    let desk = desk(HOUR).await;
    let log = desk.path.with_extension("db-wal");
    let (mut longest, mut kept) = (0, 0);
    for _ in 0..2_500 {
        let before = desk.seen(Newness::Records);
        desk.view().await;
        kept += u32::from(desk.seen(Newness::Records) == before);
        longest = longest.max(std::fs::metadata(&log).map_or(0, |log| log.len()));
    }
    assert!(longest < 24 << 20, "{longest} bytes");
    assert!(kept > 2_000, "{kept} times a snapshot was gone on in");
}
