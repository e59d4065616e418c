use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use cutis_domain::{Clock, Timestamp};

use super::*;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH
    }
}

struct Rig {
    folder: tempfile::TempDir,
    free: Arc<AtomicU64>,
    board: Board,
    disk: Disk,
}

const SIZE: u64 = 64 * MIB;

fn rig(free: u64) -> Rig {
    let folder = tempfile::tempdir().expect("a folder");
    let free = Arc::new(AtomicU64::new(free));
    let board = Board::new(Arc::new(Still));
    let disk = open(folder.path(), &free, &board);
    Rig {
        folder,
        free,
        board,
        disk,
    }
}

fn open(folder: &Path, free: &Arc<AtomicU64>, board: &Board) -> Disk {
    let told = Arc::clone(free);
    let probe: Probe = Box::new(move || {
        Some(Space {
            free: told.load(Ordering::SeqCst),
        })
    });
    Disk::open(folder.join("reserve"), SIZE, probe, board.clone())
}

impl Rig {
    fn kept(&self) -> u64 {
        self.folder
            .path()
            .join("reserve")
            .metadata()
            .map_or(0, |about| about.len())
    }

    fn codes(&self) -> Vec<&'static str> {
        self.board
            .list()
            .iter()
            .map(|notice| notice.code.code())
            .collect()
    }

    fn free(&self, bytes: u64) {
        self.free.store(bytes, Ordering::SeqCst);
    }
}

/// Issue 6, 5: changes stop while there is as much room as the reserve again; the reserve is given free
/// only when nothing else is left, step by step, and is whole again when there is room.
#[test]
fn a_disk_fills_and_empties() {
    let rig = rig(100 * SIZE);
    rig.disk.look();
    assert_eq!(rig.kept(), SIZE);
    assert!(rig.codes().is_empty() && rig.disk.takes_changes());

    rig.free(9 * SIZE);
    rig.disk.look();
    assert_eq!(rig.codes(), ["disk_low"]);
    assert!(rig.disk.takes_changes());

    rig.free(SIZE - 1);
    assert!(!rig.disk.takes_changes(), "before the reserve is touched");
    rig.disk.make_way();
    rig.disk.look();
    assert_eq!((rig.kept(), rig.codes()), (SIZE, vec!["disk_full"]));

    rig.free(SIZE + 1);
    assert!(!rig.disk.takes_changes(), "a little more room is no room yet");

    rig.free(0);
    for step in 1..=STEPS {
        rig.disk.make_way();
        assert_eq!(rig.kept(), SIZE - step * (SIZE / STEPS));
    }
    rig.disk.make_way();
    let notice = rig.board.list().remove(0);
    assert!(
        notice.message.contains("The reserve is used up"),
        "{}",
        notice.message
    );

    rig.free(SIZE * 2);
    rig.disk.look();
    assert_eq!(rig.kept(), 0, "it would take the room for changes");
    assert!(rig.disk.takes_changes());
    rig.free(SIZE * 3);
    rig.disk.look();
    assert_eq!((rig.kept(), rig.codes()), (SIZE, vec!["disk_low"]));
    rig.free(SIZE * 100);
    rig.disk.look();
    assert!(rig.codes().is_empty());
}

/// Issue 6, 5: a start on a full disk begins by giving a step free.
#[test]
fn a_start_on_a_full_disk_finds_room() {
    let rig = rig(100 * SIZE);
    rig.disk.look();
    rig.free(0);
    let again = open(rig.folder.path(), &rig.free, &rig.board);
    assert_eq!(rig.kept(), SIZE - SIZE / STEPS);
    assert!(!again.takes_changes());
}

/// The reserve has blocks behind it, also where it had to be written.
#[cfg(unix)]
#[test]
fn the_reserve_is_no_hole() {
    use std::os::unix::fs::MetadataExt as _;
    let rig = rig(100 * SIZE);
    rig.disk.look();
    let about = rig.folder.path().join("reserve").metadata().expect("there");
    assert!(about.blocks() * 512 >= SIZE, "{} blocks", about.blocks());
    assert_eq!(about.mode() & 0o777, 0o600);
    let written = rig.folder.path().join("written");
    let file = File::create(&written).expect("made");
    fill(&file, 0, 3 * MIB + 5).expect("written");
    let about = written.metadata().expect("there");
    assert_eq!(about.len(), 3 * MIB + 5);
    assert!(about.blocks() * 512 >= 3 * MIB);
}

/// Whoever is refused finds the notice at once, and it is gone when a change is taken again; it used to come and go
/// by the minute.
#[test]
fn a_refusal_is_told_at_once() {
    let rig = rig(100 * SIZE);
    rig.free(SIZE - 1);
    assert!(!rig.disk.takes_changes());
    assert_eq!(rig.codes(), ["disk_full"]);
    rig.free(100 * SIZE);
    assert!(rig.disk.takes_changes());
    assert!(rig.codes().is_empty());
}

/// A quota or a limit that the disk's own figures don't show is told as well, as long as writes meet it.
#[test]
fn a_limit_that_the_disk_does_not_show_is_told() {
    let rig = rig(100 * SIZE);
    rig.disk.found_none();
    assert_eq!(rig.codes(), ["disk_full"]);
    let notice = rig.board.list().remove(0);
    assert!(notice.message.contains("although"), "{}", notice.message);
    rig.disk.look();
    assert_eq!(rig.codes(), ["disk_full"], "it was met within the last minute");
    rig.disk.look();
    assert!(rig.codes().is_empty());
}

/// Without a reserve nothing is kept and nothing is refused.
#[test]
fn none_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let board = Board::new(Arc::new(Still));
    let disk = Disk::open(
        folder.path().join("reserve"),
        0,
        Box::new(|| Some(Space { free: 0 })),
        board,
    );
    disk.look();
    disk.make_way();
    assert!(disk.takes_changes());
    assert!(!folder.path().join("reserve").exists());
}
