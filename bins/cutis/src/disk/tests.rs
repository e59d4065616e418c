use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use cutis_domain::{Clock, Timestamp};
use tracing::subscriber::DefaultGuard;

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
    _listening: DefaultGuard,
}

/// Every test here listens: tracing remembers for good that nobody did when an event first happened.
fn listening() -> DefaultGuard {
    let subscriber = tracing_subscriber::fmt().with_writer(io::sink);
    tracing::subscriber::set_default(subscriber.finish())
}

const SIZE: u64 = 64 * MIB;

fn rig(free: u64) -> Rig {
    let listening = listening();
    let folder = tempfile::tempdir().expect("a folder");
    let free = Arc::new(AtomicU64::new(free));
    let board = Board::new(Arc::new(Still));
    let disk = open(folder.path(), &free, &board);
    Rig {
        folder,
        free,
        board,
        disk,
        _listening: listening,
    }
}

fn open(folder: &Path, free: &Arc<AtomicU64>, board: &Board) -> Disk {
    let told = Arc::clone(free);
    let probe: Probe = Box::new(move || {
        Some(Space {
            free: told.load(Ordering::SeqCst),
            total: None,
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
/// once a minute.
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

/// O3, issue 8: a disk is filling before it is full, by bytes or by its share, and the log says each change once, with what to
/// do. Around a limit nothing flickers.
#[test]
fn a_disk_that_fills_is_told_before_it_is_full() {
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);
    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("whole").extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(move || written.clone());
    let _listening = tracing::subscriber::set_default(subscriber.finish());

    let (folder, free) = (
        tempfile::tempdir().expect("a folder"),
        Arc::new(AtomicU64::new(0)),
    );
    let (told, board) = (Arc::clone(&free), Board::new(Arc::new(Still)));
    let total = Arc::new(AtomicU64::new(100 << 30));
    let of = Arc::clone(&total);
    let probe: Probe = Box::new(move || {
        Some(Space {
            free: told.load(Ordering::SeqCst),
            total: Some(of.load(Ordering::SeqCst)),
        })
    });
    free.store(50 << 30, Ordering::SeqCst);
    let disk = Disk::open(folder.path().join("reserve"), SIZE, probe, board.clone());
    let at = |bytes: u64| {
        free.store(bytes, Ordering::SeqCst);
        disk.look();
        let codes: Vec<_> = board.list().iter().map(|notice| notice.code.code()).collect();
        (disk.space().level, codes)
    };
    // A twentieth of 100 GiB.
    assert_eq!(at(5 << 30), (Level::Enough, vec![]));
    assert_eq!(at((5 << 30) - 1), (Level::Filling, vec!["disk_low"]));
    assert!(
        board.list()[0].message.contains("of 100 GiB"),
        "{:?}",
        board.list()
    );
    assert_eq!(
        at((5 << 30) + 1),
        (Level::Filling, vec!["disk_low"]),
        "a little more is none"
    );
    assert_eq!(at(SIZE - 1), (Level::Full, vec!["disk_full"]));
    assert_eq!(at(SIZE - 2), (Level::Full, vec!["disk_full"]));
    assert_eq!(at(2 * SIZE), (Level::Filling, vec!["disk_low"]));
    assert_eq!(at(7 << 30), (Level::Enough, vec![]));
    // On a large disk a twentieth is too much to ask, on a small one ten times the reserve counts.
    total.store(4 << 40, Ordering::SeqCst);
    assert_eq!(at(11 << 30), (Level::Enough, vec![]));
    assert_eq!(at(9 << 30), (Level::Filling, vec!["disk_low"]));
    total.store(1 << 30, Ordering::SeqCst);
    assert_eq!(at(20 * SIZE), (Level::Enough, vec![]));
    free.store(10 * SIZE - 1, Ordering::SeqCst);
    assert_eq!(
        disk.space().level,
        Level::Filling,
        "whoever asks hears of it at once"
    );
    assert_eq!(board.list().len(), 1);

    let text = String::from_utf8(log.0.lock().expect("whole").clone()).expect("text");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|line: &serde_json::Value| line["fields"]["free"].is_u64())
        .collect();
    let levels: Vec<_> = lines.iter().filter_map(|line| line["level"].as_str()).collect();
    assert_eq!(
        levels,
        ["WARN", "ERROR", "WARN", "INFO", "WARN", "INFO", "WARN"],
        "{text}"
    );
    assert!(
        lines[0]["fields"]["message"]
            .as_str()
            .is_some_and(|said| said.contains("Make room")),
        "{text}"
    );
}

/// Without a reserve nothing is kept and nothing is refused.
#[test]
fn none_is_none() {
    let _listening = listening();
    let folder = tempfile::tempdir().expect("a folder");
    let board = Board::new(Arc::new(Still));
    let disk = Disk::open(
        folder.path().join("reserve"),
        0,
        Box::new(|| Some(Space { free: 0, total: None })),
        board,
    );
    disk.look();
    disk.make_way();
    assert!(disk.takes_changes());
    assert!(!folder.path().join("reserve").exists());
}
