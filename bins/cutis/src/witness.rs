//! The trail's end, kept outside the database (U4): 72 bytes that say how long the trail was.
//!
//! The file is evidence. It is made once, empty of events, before the database is; from then on it is only
//! moved forward along one and the same trail. A file that is missing, is no head, or is not the beginning
//! of the trail in the database is never replaced by the program: a person has to look (`cutis recover`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cutis_audit::{Frontier, Head, TrailKey};
use cutis_storage::{Beginnings, StorageError, Witness};
use cutis_vault::durable;

/// More than a head has.
const MOST_BYTES: u64 = 128;
/// Leaves between two syncs of the file.
const SYNC_EVERY: u64 = 256;
/// How often a file is read again that another process may be writing at this moment.
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
    /// What is so, in a sentence.
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
/// In place, because 72 bytes at the beginning of a file lie in one sector, which a disk writes whole; a
/// file put in its place each time would cost more than the commit itself. And not synced each time: every
/// leaf authenticates itself, so a head that a power cut sets back only shortens what a rollback can be
/// noticed by. Every 256 leaves, and at the end, it is.
pub struct HeadFile {
    path: PathBuf,
    file: Option<File>,
    /// What the file is known to hold.
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
    /// Keeps heads in this file, which must exist; `on_refused` is called once if it cannot be gone on with.
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

    /// What the file holds, which is the trail's beginning or refused.
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

/// Whether the file at this path still is the open one.
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
    /// A head, which may be anybody's.
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

/// Makes the file of a practice that begins: the end of a trail without events. One that is there stays.
///
/// # Errors
/// When it cannot be written.
pub fn begin(path: &Path, key: &TrailKey) -> anyhow::Result<()> {
    keep(path, &cutis_audit::head(key, &Frontier::new()))
}

/// Makes the file with this head where there is none.
///
/// # Errors
/// When it cannot be written.
pub fn keep(path: &Path, head: &Head) -> anyhow::Result<()> {
    durable::create_new(path, &head.to_bytes(), durable::PRIVATE_FILE)
        .map(drop)
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// The file's bytes once two reads agree: a running server may be writing it at this moment.
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
