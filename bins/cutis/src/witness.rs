//! The trail's end, kept outside the database (U4): 72 bytes that say how long the trail was.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cutis_audit::Head;
use cutis_storage::Witness;
use cutis_vault::durable;

/// More than a head has.
const MOST_BYTES: u64 = 128;
/// Entries between two syncs of the file.
const SYNC_EVERY: u64 = 256;

/// Writes the newest head to a file after each commit.
///
/// In place, because 72 bytes at the beginning of a file lie in one sector, which a disk writes whole; a
/// file put in its place each time would cost more than the commit itself. And not synced each time: every
/// entry authenticates itself, so a head that a power cut sets back only shortens what a rollback can be
/// noticed by. Every 256 entries, and at the end, it is.
#[derive(Debug)]
pub struct HeadFile {
    path: PathBuf,
    file: Option<File>,
    synced: u64,
}

impl HeadFile {
    /// Keeps heads in this file.
    pub const fn new(path: PathBuf) -> Self {
        Self {
            path,
            file: None,
            synced: 0,
        }
    }

    fn write(&mut self, head: &Head) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            self.file = Some(self.open(head)?);
            return self.write(head);
        };
        // Another process (the command line beside a running server) may have got further.
        let mut stored = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        // Bounded: whatever somebody put there, more than a head is no head.
        Read::by_ref(file).take(MOST_BYTES).read_to_end(&mut stored)?;
        if Head::from_bytes(&stored).is_some_and(|stored| stored.size > head.size) {
            return Ok(());
        }
        let bytes = head.to_bytes();
        if stored.len() != bytes.len() {
            file.set_len(0)?;
        }
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&bytes)?;
        if head.size >= self.synced.saturating_add(SYNC_EVERY) {
            file.sync_data()?;
            self.synced = head.size;
        }
        Ok(())
    }

    /// Opens the file, and makes it with this head where there is none.
    fn open(&self, head: &Head) -> io::Result<File> {
        durable::create_new(&self.path, &head.to_bytes(), durable::PRIVATE_FILE)?;
        OpenOptions::new().read(true).write(true).open(&self.path)
    }
}

impl Witness for HeadFile {
    fn note(&mut self, head: &Head) {
        if let Err(error) = self.write(head) {
            not_noted(&error);
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

fn not_noted(error: &io::Error) {
    tracing::warn!(%error, "the trail's end could not be noted outside the database");
}

/// The head in a file; `None` when there is no file yet.
///
/// # Errors
/// When the file cannot be read or is not a head.
pub fn read(path: &Path) -> anyhow::Result<Option<Head>> {
    match settled(path) {
        Ok(bytes) => Head::from_bytes(&bytes)
            .map(Some)
            .with_context(|| format!("{} does not hold the end of a trail", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// The file's bytes once two reads agree: a running server may be writing it at this moment.
fn settled(path: &Path) -> io::Result<Vec<u8>> {
    const TRIES: usize = 16;
    let bounded = || {
        let mut bytes = Vec::new();
        File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    };
    let mut before = bounded()?;
    for _ in 0..TRIES {
        let now = bounded()?;
        if now == before {
            break;
        }
        before = now;
    }
    Ok(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_audit::{Frontier, TrailKey};

    /// Heads of the first, the second and the third entry.
    fn heads() -> [Head; 3] {
        let mut frontier = Frontier::new();
        [1_u8, 2, 3].map(|leaf| {
            frontier.push([leaf; 32]);
            cutis_audit::head(&TrailKey::from_bytes([7; 32]), &frontier)
        })
    }

    /// U4: the file holds the newest head there is, whoever wrote it.
    #[test]
    fn the_newest_head_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("trail.head");
        assert_eq!(read(&path).expect("no fault"), None);
        let [one, two, three] = heads();
        let (mut server, mut other) = (HeadFile::new(path.clone()), HeadFile::new(path.clone()));
        server.note(&one);
        assert_eq!(read(&path).expect("readable"), Some(one));
        other.note(&three);
        server.note(&two);
        assert_eq!(
            read(&path).expect("readable"),
            Some(three),
            "an older head does not replace a newer one"
        );
    }

    /// A file that something else wrote is replaced whole by the next head, and named until then.
    #[test]
    fn what_is_no_head_is_named_and_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("trail.head");
        durable::write(&path, &[1; 100], durable::PRIVATE_FILE).expect("written");
        let said = read(&path).expect_err("no head").to_string();
        assert!(said.contains("trail.head"), "{said}");
        let [one, ..] = heads();
        HeadFile::new(path.clone()).note(&one);
        assert_eq!(read(&path).expect("readable"), Some(one));
    }
}
