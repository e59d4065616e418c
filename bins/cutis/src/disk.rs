//! The disk that holds the practice: how much room it has, and a reserve for when it is full.
//!
//! The reserve is a file of blocks that nothing else can take. While the disk has room for changes it is
//! not touched. When free space falls below the reserve's own size, changes and images are refused
//! and only what must continue is written: events of views and refusals, and sessions that begin and end. When there is
//! no room even for that, the file is shortened step by step, and refilled once there is room. (Free pages kept inside
//! the database would not do: a commit goes to the write-ahead log first, which is a file of its own, and is emptied
//! when the program stops.)

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cutis_practice::{Board, NoticeCode};
use cutis_storage::{DiskSpace, Level, Room};
use cutis_vault::durable;

/// The reserve of a practice, in bytes: 20,000 events, which is more than a clinic's day, take 30 MiB
/// of the database, and the write-ahead log 64 MiB at most (docs/adr/0016).
pub const RESERVE: u64 = 96 << 20;
/// The number of steps in which it is released.
const STEPS: u64 = 8;
/// What a group of writes may need at once: 64 units of some fifty KiB in the write-ahead log.
const GROUP: u64 = 4 * MIB;
/// The disk is filling when less than this many times the reserve is free,
const LOW: u64 = 10;
/// or less than one part in this many of the disk (a twentieth),
const LOW_SHARE: u64 = 20;
/// but only up to this much: a twentieth of a large disk is room for years.
const MOST_LOW: u64 = 10 << 30;
const MIB: u64 = 1 << 20;

/// How much room a disk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes that this program may still write.
    pub free: u64,
    /// Size of the whole disk in bytes, if known.
    pub total: Option<u64>,
}

/// Returns how much room the disk has; `None` if it is not known.
pub type Probe = Box<dyn Fn() -> Option<Space> + Send + Sync>;

/// Asks the file system that holds a folder.
pub fn probe_of(folder: &Path) -> Probe {
    let folder = folder.to_path_buf();
    Box::new(move || space_of(&folder))
}

#[cfg(unix)]
fn space_of(folder: &Path) -> Option<Space> {
    let told = rustix::fs::statvfs(folder).ok()?;
    let free = told.f_bavail.saturating_mul(told.f_frsize);
    let total = told.f_blocks.saturating_mul(told.f_frsize);
    Some(Space {
        free,
        total: Some(total).filter(|total| *total > 0),
    })
}

#[cfg(not(unix))]
fn space_of(_: &Path) -> Option<Space> {
    None
}

/// The disk of one practice.
pub struct Disk {
    probe: Probe,
    board: Board,
    /// The size that the reserve should have; zero for none.
    size: u64,
    reserve: Mutex<Reserve>,
    /// Whether changes are refused; they are accepted again only when there is a little more room.
    tight: AtomicBool,
    /// Whether a write found no room since the last check, whatever the disk reports.
    refused: AtomicBool,
    /// The state that was logged last.
    logged: Mutex<Level>,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disk")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Disk {
    /// The disk with a reserve of this size (in bytes, zero for none) at this path; its notices for administrators go
    /// on this board. Writes nothing, and releases a step of the reserve if there is no room to begin with.
    pub fn open(reserve: PathBuf, size: u64, probe: Probe, board: Board) -> Self {
        let disk = Self {
            probe,
            board,
            size,
            reserve: Mutex::new(Reserve { path: reserve }),
            tight: AtomicBool::new(false),
            refused: AtomicBool::new(false),
            logged: Mutex::new(Level::Enough),
        };
        disk.make_way();
        disk
    }

    fn step(&self) -> u64 {
        self.size / STEPS
    }

    fn free(&self) -> Option<u64> {
        (self.probe)().map(|space| space.free)
    }

    /// Whether changes must be refused with so many bytes free.
    fn judge(&self, free: u64) -> bool {
        let least = if self.tight.load(Ordering::Relaxed) {
            self.size.saturating_add(self.size / 4)
        } else {
            self.size
        };
        let tight = free < least;
        self.tight.store(tight, Ordering::Relaxed);
        tight
    }

    /// Checks the disk: restores the reserve if there is room for it, and updates the notices. To be called at the
    /// start and once a minute; may write the whole reserve.
    pub fn look(&self) {
        let refused = self.refused.swap(false, Ordering::Relaxed);
        let Some(free) = self.free() else { return };
        if self.size > 0 {
            self.keep_reserve(free);
        }
        self.tell(refused);
    }

    fn keep_reserve(&self, free: u64) {
        let missing = self.size.saturating_sub(self.with_reserve(Reserve::len));
        // Nothing is put back that would make changes be refused again at once.
        let spare = free.saturating_sub(self.size.saturating_add(self.size / 4));
        if missing > 0 && spare >= missing {
            match self.with_reserve(|reserve| reserve.grow(self.size)) {
                Ok(()) => tracing::info!(mebibytes = self.size / MIB, "the reserve for a full disk is kept"),
                Err(error) => tracing::warn!(%error, "the reserve for a full disk could not be kept"),
            }
        }
    }

    /// Updates the administrators' notices for this many free bytes, and for whether a write was refused.
    fn tell(&self, refused: bool) {
        let space = (self.probe)().unwrap_or(Space { free: 0, total: None });
        let (free, kept) = (space.free, self.with_reserve(Reserve::len));
        let tight = self.judge(free);
        let level = self.level(space, tight || refused);
        let (said, remedy) = match level {
            Level::Full if tight => (full(free, kept), MAKE_ROOM),
            Level::Full => (limited(free), RAISE_LIMIT),
            Level::Filling => (self.filling(space), MAKE_ROOM),
            Level::Enough => (String::new(), ""),
        };
        self.log(level, free, &said, remedy);
        for (code, of) in [
            (NoticeCode::DiskFull, Level::Full),
            (NoticeCode::DiskLow, Level::Filling),
        ] {
            if level == of {
                self.board.raise(code, said.clone(), remedy);
            } else {
                self.board.clear(code);
            }
        }
    }

    /// The level for this much room. A disk that was filling counts as filling until there is a quarter more room than
    /// the limit.
    fn level(&self, space: Space, full: bool) -> Level {
        if full {
            return Level::Full;
        }
        let share = space.total.map_or(0, |total| (total / LOW_SHARE).min(MOST_LOW));
        let low = self.size.saturating_mul(LOW).max(share);
        let was_low = *self.logged() != Level::Enough;
        let least = if was_low { low.saturating_add(low / 4) } else { low };
        if space.free < least {
            Level::Filling
        } else {
            Level::Enough
        }
    }

    fn logged(&self) -> MutexGuard<'_, Level> {
        self.logged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs the level, once for each change.
    fn log(&self, level: Level, free: u64, said: &str, remedy: &str) {
        if std::mem::replace(&mut *self.logged(), level) == level {
            return;
        }
        match level {
            Level::Full => tracing::error!(free, "{said} {remedy}"),
            Level::Filling => tracing::warn!(free, "{said} {remedy}"),
            Level::Enough => tracing::info!(free, "the disk has enough room again"),
        }
    }

    fn filling(&self, space: Space) -> String {
        let of = space
            .total
            .map(|total| format!(" of {}", amount(total)))
            .unwrap_or_default();
        let then = match self.size {
            0 => "When it is full, nothing more can be stored.".to_owned(),
            size => format!("With less than {}, photos and changes are refused.", amount(size)),
        };
        format!(
            "The disk is nearly full: {}{of} are free. {then}",
            amount(space.free)
        )
    }

    fn with_reserve<T>(&self, work: impl FnOnce(&Reserve) -> T) -> T {
        work(&self.reserve.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Bytes as people read them, in the units of the reserve.
fn amount(bytes: u64) -> String {
    if bytes >= 10 << 30 {
        format!("{} GiB", bytes >> 30)
    } else {
        format!("{} MiB", bytes / MIB)
    }
}

const MAKE_ROOM: &str = "Make room on the disk that holds the data folder, or move the folder to a larger one. \
                         Nothing has to be restarted once there is room.";

const RAISE_LIMIT: &str = "See whether the account that Cutis runs under has a quota on this disk, or a limit on the size \
                           of files (ulimit -f), and raise it. Nothing has to be restarted after a quota was raised.";

fn limited(free: u64) -> String {
    format!(
        "Something could not be written for lack of space, although the disk reports {} MiB free. What was being \
         stored was refused.",
        free / MIB
    )
}

fn full(free: u64, kept: u64) -> String {
    let rest = if kept == 0 {
        "The reserve is used up: soon nobody can sign in or view anything.".to_owned()
    } else {
        format!("{} MiB are reserved for that.", kept / MIB)
    };
    format!(
        "The disk is full: {} MiB are free. Photos and changes are refused; viewing, signing in and signing out still \
         work. {rest}",
        free / MIB
    )
}

impl Room for Disk {
    fn make_way(&self) {
        let needed = self.step().max(GROUP.min(self.size));
        let Some(free) = self.free().filter(|free| *free < needed) else {
            return;
        };
        let part = self.step().max(needed.saturating_sub(free));
        match self.with_reserve(|reserve| reserve.shrink(part)) {
            Ok(0) => {}
            Ok(given) => tracing::warn!(
                bytes = given,
                "the disk is full; part of the reserve was released"
            ),
            Err(error) => tracing::warn!(%error, "the reserve could not be released"),
        }
        self.tell(false);
    }

    fn takes_changes(&self) -> bool {
        if self.size == 0 {
            return true;
        }
        let Some(free) = self.free() else { return true };
        let before = self.tight.load(Ordering::Relaxed);
        let tight = self.judge(free);
        // Whoever is refused, and whoever is taken again, may ask why at once.
        if tight || before {
            self.tell(self.refused.load(Ordering::Relaxed));
        }
        !tight
    }

    fn found_none(&self) {
        self.refused.store(true, Ordering::Relaxed);
        self.tell(true);
    }

    fn space(&self) -> DiskSpace {
        let Some(space) = (self.probe)() else {
            return DiskSpace {
                level: Level::Enough,
                free: None,
                total: None,
            };
        };
        let refused = self.refused.load(Ordering::Relaxed);
        let level = self.level(space, self.judge(space.free) || refused);
        // Nobody hears of it here before the log and the notices do.
        let news = *self.logged() != level;
        if news {
            self.tell(refused);
        }
        DiskSpace {
            level,
            free: Some(space.free),
            total: space.total,
        }
    }
}

/// The file.
struct Reserve {
    path: PathBuf,
}

impl Reserve {
    fn len(&self) -> u64 {
        self.path.metadata().map_or(0, |about| about.len())
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        durable::open_with(&mut options, &self.path)
    }

    /// Shortens it by `step`; returns by how much.
    fn shrink(&self, step: u64) -> io::Result<u64> {
        let before = self.len();
        if before == 0 {
            return Ok(0);
        }
        let after = before.saturating_sub(step);
        self.open()?.set_len(after)?;
        Ok(before.saturating_sub(after))
    }

    /// Makes it `size` bytes long, with allocated blocks for every byte.
    fn grow(&self, size: u64) -> io::Result<()> {
        let file = self.open()?;
        let before = self.len();
        let grown = allocate(&file, before, size);
        if grown.is_err() {
            // A part of it would be a promise that is not kept.
            file.set_len(before)?;
        }
        grown
    }
}

/// If the file system can, blocks are allocated without being written. Otherwise bytes are written that no file system
/// can compress.
fn allocate(file: &File, from: u64, to: u64) -> io::Result<()> {
    #[cfg(unix)]
    if rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, to).is_ok() {
        return Ok(());
    }
    fill(file, from, to)
}

fn fill(mut file: &File, from: u64, to: u64) -> io::Result<()> {
    use std::io::{Seek as _, Write as _};
    let mut block = vec![0_u8; 1 << 16];
    let (mut at, mut state) = (
        file.seek(io::SeekFrom::Start(from))?,
        0x9E37_79B9_7F4A_7C15_u64 ^ from,
    );
    while at < to {
        for bytes in block.chunks_exact_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes.copy_from_slice(&state.to_le_bytes());
        }
        let rest = usize::try_from(to.saturating_sub(at))
            .unwrap_or(usize::MAX)
            .min(block.len());
        let part = block.get(..rest).unwrap_or_default();
        file.write_all(part)?;
        at = at.saturating_add(u64::try_from(rest).unwrap_or(u64::MAX));
    }
    file.sync_data()
}

#[cfg(test)]
mod tests;
