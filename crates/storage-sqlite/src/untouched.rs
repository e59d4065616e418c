//! Reading a database without changing a byte of it, or of the files beside it.
//!
//! An ordinary reader of a database with a write-ahead log makes the files `-wal` and `-shm` where they are
//! missing, and repairs the index of the log after a crash. A database that a person wants to examine as it is must not
//! be changed even in this way. There are three cases:
//!
//! - the log is missing or holds nothing and nobody writes: the file is opened as immutable. A log can hold nothing and
//!   still have a length, after a crash at its very beginning;
//! - there is a log, from a program that was killed: its index is opened read-only, and SQLite builds
//!   its own in memory; where the index is missing, one is made and removed again;
//! - a server is running: it owns the files beside the database, and a reader joins it like any other.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use cutis_audit::TrailKey;
use cutis_storage::{Backend, ErrorKind, Evidence, Snapshot, StorageError, Writer};
use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;

use crate::database::SqliteSnapshot;
use crate::error::Result;
use crate::guard::Guard;
use crate::sql::{evidence as sql, pragmas};
use crate::{connection, log, migrate, readers};

/// What is in the place of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file without content, which was created but never written.
    Empty,
    /// A file of another program.
    Foreign,
    /// A database of this program.
    Ours,
}

impl Found {
    /// Looks at the first bytes of a file.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn at(path: &Path) -> std::io::Result<Self> {
        /// The position in SQLite's header of the number that tells whose file it is.
        const MARK_AT: usize = 68;
        // Also what lies beside it: SQLite would open a pipe as its log, and lose what it writes there.
        for ending in ["", "-wal", "-shm", "-journal"] {
            ordinary(&beside(path, ending))?;
        }
        let file = match fs::File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::Nothing),
            Err(error) => return Err(error),
        };
        let mut header = Vec::with_capacity(100);
        file.take(100).read_to_end(&mut header)?;
        if header.is_empty() {
            return Ok(Self::Empty);
        }
        let mark = header.get(MARK_AT..).and_then(|rest| rest.first_chunk::<4>());
        let ours = header.starts_with(b"SQLite format 3\0")
            && mark.is_some_and(|mark| i64::from(i32::from_be_bytes(*mark)) == pragmas::APPLICATION_ID);
        Ok(if ours { Self::Ours } else { Self::Foreign })
    }
}

/// Which other program may have the database open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbours {
    /// Nobody, as far as is known.
    None,
    /// A server.
    Server,
}

/// A database opened for reading.
pub struct Untouched {
    path: PathBuf,
    /// Always there until the end.
    pool: Option<Pool<SqliteConnectionManager>>,
    /// Authenticates nothing: what is read here is evidence, to be judged by the holder of the key.
    guard: Arc<Guard>,
    state: Option<State>,
    logged: bool,
    /// The log's index, if it was made for this reading only.
    made: Option<PathBuf>,
}

impl std::fmt::Debug for Untouched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Untouched")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Drop for Untouched {
    fn drop(&mut self) {
        if let Some(index) = self.made.take() {
            // The connection must be gone first; an index that stays behind holds nothing of its own.
            drop(self.pool.take());
            drop(fs::remove_file(index));
        }
    }
}

impl Untouched {
    /// Opens the database at `path`, of whatever version.
    ///
    /// # Errors
    /// `Unavailable` when there is none or it cannot be opened.
    pub fn open(path: &Path, neighbours: Neighbours) -> Result<Self> {
        let found = Found::at(path).map_err(|error| {
            let said = format!("{} cannot be read: {error}", path.display());
            StorageError::caused(ErrorKind::Unavailable, said, error)
        })?;
        if found != Found::Ours {
            let said = format!("there is no database of this program at {}", path.display());
            return Err(StorageError::new(ErrorKind::Unavailable, said));
        }
        let (log, index) = (beside(path, "-wal"), beside(path, "-shm"));
        let written = || {
            let unreadable = |error: std::io::Error| {
                let said = format!("{} cannot be read: {error}", log.display());
                StorageError::caused(ErrorKind::Unavailable, said, error)
            };
            match fs::File::open(&log) {
                Ok(file) => log::holds_a_commit(file).map_err(unreadable),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(unreadable(error)),
            }
        };
        let logged = neighbours == Neighbours::None && written()?;
        let (how, made) = match neighbours {
            Neighbours::Server => ("mode=ro", None),
            Neighbours::None if !logged => ("mode=ro&immutable=1", None),
            Neighbours::None if index.exists() => ("mode=ro&readonly_shm=1", None),
            Neighbours::None => ("mode=ro", Some(index)),
        };
        let state = (neighbours == Neighbours::None).then(|| State::of(path));
        let uri = format!("file:{}?{how}", escaped(path)?);
        Ok(Self {
            path: path.to_owned(),
            pool: Some(readers::pool(path, connection::looker(&uri), 1)?),
            guard: Arc::new(Guard::new(TrailKey::from_bytes([0; 32]))),
            state,
            logged,
            made,
        })
    }

    fn snapshot(&self) -> Result<SqliteSnapshot> {
        let pool = self
            .pool
            .as_ref()
            .ok_or_else(|| StorageError::new(ErrorKind::Unavailable, "the database was closed"))?;
        SqliteSnapshot::begin(&self.path, pool, &self.guard)
    }

    /// Whether part of the database is in its log, as after a program that was killed. Not to be asked while a server
    /// is running.
    ///
    /// SQLite treats a log with valid checksums as that of the database beside it; nothing in either file proves that
    /// it is.
    pub const fn goes_on_in_its_log(&self) -> bool {
        self.logged
    }

    /// Refuses a database that needs an upgrade or a newer program.
    ///
    /// # Errors
    /// `Unavailable` then.
    pub fn refuse_other_versions(&self) -> Result<()> {
        let snapshot = self.snapshot()?;
        migrate::refuse_other_versions(&snapshot.ports.0)
    }

    /// Whether the database has a trail at all: the tables of one, not necessarily events.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn has_trail(&self) -> Result<bool> {
        let snapshot = self.snapshot()?;
        Ok(snapshot.ports.count(sql::TRAIL_TABLES, [])? == 2)
    }

    /// Whether the files are as they were at opening; otherwise what was read may be from two different times.
    pub fn is_unchanged(&self) -> bool {
        self.state
            .as_ref()
            .is_none_or(|before| *before == State::of(&self.path))
    }
}

impl Backend for Untouched {
    fn open_writer(&self) -> Result<Box<dyn Writer>> {
        Err(looking_only())
    }

    fn read(&self, _work: &mut dyn FnMut(&dyn Snapshot)) -> Result<()> {
        Err(looking_only())
    }

    fn examine(&self, work: &mut dyn FnMut(&dyn Evidence)) -> Result<()> {
        work(&self.snapshot()?.ports);
        Ok(())
    }

    fn changed_common(&self) {}

    fn common_version(&self) -> Option<u128> {
        None
    }

    fn readers(&self) -> usize {
        1
    }
}

fn looking_only() -> StorageError {
    StorageError::new(ErrorKind::Unavailable, "the database was opened read-only")
}

/// Length and time of the database and its log.
#[derive(PartialEq, Eq)]
struct State(Vec<Option<(u64, Option<SystemTime>)>>);

impl State {
    fn of(path: &Path) -> Self {
        let look = |path: &Path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.len(), metadata.modified().ok()))
        };
        Self(vec![look(path), look(&beside(path, "-wal"))])
    }
}

/// Refuses a folder, a pipe or a device in the place of a file: opening a pipe would wait forever.
fn ordinary(path: &Path) -> std::io::Result<()> {
    match fs::metadata(path) {
        Ok(it) if !it.is_file() => Err(std::io::Error::other(format!(
            "{} is not an ordinary file, but a folder, a pipe or a device; nothing was changed. Move it away and start \
             again",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A path as part of a URI: everything except letters, digits and a few others as `%` and two digits.
fn escaped(path: &Path) -> Result<String> {
    let absolute = std::path::absolute(path).map_err(|error| {
        StorageError::caused(
            ErrorKind::Unavailable,
            format!("{} cannot be found", path.display()),
            error,
        )
    })?;
    let text = absolute.to_str().ok_or_else(|| {
        StorageError::new(
            ErrorKind::Unavailable,
            format!("the name of {} is not text", path.display()),
        )
    })?;
    let mut uri = String::with_capacity(text.len());
    // Windows writes C:\x, a URI /C:/x.
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(char::from(byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            b':' if cfg!(windows) => uri.push(':'),
            other => uri.extend(['%', digit(other >> 4), digit(other & 15)]),
        }
    }
    Ok(uri)
}

/// A number below sixteen as a digit.
fn digit(number: u8) -> char {
    char::from_digit(u32::from(number), 16)
        .unwrap_or('0')
        .to_ascii_uppercase()
}
