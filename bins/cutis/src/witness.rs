//! The trail's end, kept outside the database (U4): 72 bytes that say how long the trail was.
//!
//! The file is evidence. It is created once, for a trail without events, before the database exists; from then on it
//! only moves forward along the same trail. A file that is missing, is not a head, or is not the beginning of the trail
//! in the database is never replaced by the program: a person has to decide (`cutis recover`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cutis_audit::{Frontier, Head, TrailKey};
use cutis_storage::{Beginnings, StorageError, Witness};
use cutis_vault::durable;

/// More bytes than a head has.
const MOST_BYTES: u64 = 128;
/// Leaves between two syncs of the file.
const SYNC_EVERY: u64 = 256;
/// How often a file is read again if another process may be writing it.
const TRIES: usize = 16;

/// Why the file is no longer written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Somebody removed it.
    Gone,
    /// It holds something else.
    NoHead,
    /// It holds the end of another trail, or of a longer one.
    OtherTrail {
        /// How many events that one has.
        size: u64,
    },
}

impl Refused {
    /// The reason in a sentence.
    pub fn message(self) -> String {
        match self {
            Self::Gone => {
                "The file trail.head, which says where the trail ends, was removed from the data folder \
                           while Cutis was running."
                    .to_owned()
            }
            Self::NoHead => {
                "The file trail.head, which says where the trail ends, was overwritten with something \
                             else."
                    .to_owned()
            }
            Self::OtherTrail { size } => format!(
                "The file trail.head says that the trail has {size} events, and they are not the first ones of the \
                 trail in the database."
            ),
        }
    }
}

/// Writes the newest head to a file after each commit.
///
/// It writes in place, because 72 bytes at the beginning of a file are in one sector, which a disk writes as a whole;
/// replacing the file each time would cost more than the commit itself. It does not sync each time, but every 256
/// leaves and at the end: every leaf authenticates itself, so a head that is set back by a power cut only makes a later
/// rollback harder to notice.
pub struct HeadFile {
    path: PathBuf,
    file: Option<File>,
    /// What the file held when it was last read or written.
    known: Option<Head>,
    synced: u64,
    refused: bool,
    on_refused: Box<dyn FnMut(Refused) + Send>,
}

impl std::fmt::Debug for HeadFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeadFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl HeadFile {
    /// Keeps heads in this file, which must exist; `on_refused` is called once if the file can no longer be used.
    pub fn new(path: PathBuf, on_refused: Box<dyn FnMut(Refused) + Send>) -> Self {
        Self {
            path,
            file: None,
            known: None,
            synced: 0,
            refused: false,
            on_refused,
        }
    }

    fn write(&mut self, head: &Head, trail: &dyn Beginnings) -> Result<(), Unwritten> {
        let mut file = match self.file.take() {
            Some(file) if is_at(&file, &self.path)? => file,
            _ => {
                self.known = None;
                open(&self.path)?
            }
        };
        // Another process (the command line beside a running server) may have got further.
        let found = self.compare(&mut file, trail)?;
        if found.size < head.size {
            let bytes = head.to_bytes();
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&bytes)?;
            if head.size >= self.synced.saturating_add(SYNC_EVERY) {
                file.sync_data()?;
                self.synced = head.size;
            }
            self.known = Some(head.clone());
        } else {
            self.known = Some(found);
        }
        self.file = Some(file);
        Ok(())
    }

    /// What the file holds: the beginning of the trail, or it is refused.
    fn compare(&self, file: &mut File, trail: &dyn Beginnings) -> Result<Head, Unwritten> {
        let mut bytes = contents(file)?;
        for _ in 0..TRIES {
            let found = Head::from_bytes(&bytes);
            if let Some(found) = &found
                && (self.known.as_ref() == Some(found) || trail.begins_with(found)?)
            {
                return Ok(found.clone());
            }
            let again = contents(file)?;
            if again == bytes {
                return Err(Unwritten::Refused(match found {
                    Some(found) => Refused::OtherTrail { size: found.size },
                    None => Refused::NoHead,
                }));
            }
            bytes = again;
        }
        Err(Unwritten::Io(io::ErrorKind::ResourceBusy.into()))
    }
}

/// Why a head was not written.
enum Unwritten {
    Refused(Refused),
    Io(io::Error),
    Database(StorageError),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            Self::Refused(Refused::Gone)
        } else {
            Self::Io(error)
        }
    }
}

impl From<StorageError> for Unwritten {
    fn from(error: StorageError) -> Self {
        Self::Database(error)
    }
}

impl Witness for HeadFile {
    fn note(&mut self, head: &Head, trail: &dyn Beginnings) {
        if self.refused {
            return;
        }
        match self.write(head, trail) {
            Ok(()) => {}
            Err(Unwritten::Refused(why)) => {
                self.refused = true;
                self.file = None;
                (self.on_refused)(why);
            }
            // The next commit tries again.
            Err(Unwritten::Io(error)) => not_noted(&error),
            Err(Unwritten::Database(error)) => not_noted(&error),
        }
    }
}

impl Drop for HeadFile {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.file.as_ref().map(File::sync_data) {
            not_noted(&error);
        }
    }
}

fn not_noted(error: &dyn std::fmt::Display) {
    tracing::warn!(%error, "the trail's end could not be noted outside the database");
}

fn open(path: &Path) -> io::Result<File> {
    durable::open_with(OpenOptions::new().read(true).write(true), path)
}

/// Whether the file at this path is still the open one.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let (open, named) = (file.metadata()?, fs::metadata(path)?);
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> io::Result<bool> {
    fs::metadata(path).map(|_| true)
}

/// Bounded: whatever somebody put there, more than a head is no head.
fn contents(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    Read::by_ref(file).take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// There is no file.
    Nothing,
    /// Something else.
    NoHead,
    /// A head, not yet authenticated.
    Head(Head),
}

/// The head in a file.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> anyhow::Result<Kept> {
    match settled(path) {
        Ok(bytes) => Ok(Head::from_bytes(&bytes).map_or(Kept::NoHead, Kept::Head)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::Nothing),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Creates the file of a new practice: the end of a trail without events. An existing file stays.
///
/// # Errors
/// When it cannot be written.
pub fn begin(path: &Path, key: &TrailKey) -> anyhow::Result<()> {
    keep(path, &cutis_audit::head(key, &Frontier::new()))
}

/// Creates the file with this head if there is none.
///
/// # Errors
/// When it cannot be written.
pub fn keep(path: &Path, head: &Head) -> anyhow::Result<()> {
    durable::create_new(path, &head.to_bytes(), durable::PRIVATE_FILE)
        .map(drop)
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// The file's bytes once two reads agree, because a running server may be writing it.
fn settled(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = durable::open(path)?;
    let mut before = contents(&mut file)?;
    for _ in 0..TRIES {
        let now = contents(&mut file)?;
        if now == before {
            break;
        }
        before = now;
    }
    Ok(before)
}

#[cfg(test)]
mod tests;
