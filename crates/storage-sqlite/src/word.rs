//! Word between programs that have the same database open, such as the server and `cutis user` beside it: a few bytes in
//! a file beside the database, different after each change of what has no clinical content. Reading them costs about a
//! microsecond, so that each request can ask whether a session it read a moment ago still stands as it was read (A7, C17).
//!
//! The database itself could be asked (`PRAGMA data_version`), but that changes with every audited read too.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// What the file is called after the database.
const ENDING: &str = "-common";
/// How long it is, in bytes.
const LENGTH: u64 = 16;

/// The file, kept open.
pub(crate) struct Word(Option<Mutex<Kept>>);

struct Kept {
    file: File,
    /// How many times this program gave word.
    given: u32,
}

/// What the file holds: how many times word was given, as far as the last program to do so knew, that program's process,
/// and how many times it gave word itself. The last two make each content a new one, even if two programs count to the
/// same number at once.
type Content = [u8; 16];

impl Word {
    /// Opens the file of this database, or creates it. Where that is impossible nothing can be heard, and
    /// [`Word::heard`] says that.
    pub(crate) fn beside(database: &Path) -> Self {
        let file = open(database).ok();
        Self(file.map(|file| Mutex::new(Kept { file, given: 0 })))
    }

    /// Tells every program that has the database open, this one too, that what has no clinical content may have changed.
    /// Best effort: what was committed stands whether or not the others hear of it.
    pub(crate) fn give(&self) {
        if let Some(kept) = &self.0 {
            drop(kept.lock().unwrap_or_else(PoisonError::into_inner).count());
        }
    }

    /// What was told last; `None` where nothing can be heard, so that nothing may be taken to be as it was.
    pub(crate) fn heard(&self) -> Option<u128> {
        let kept = self.0.as_ref()?;
        let content = kept.lock().unwrap_or_else(PoisonError::into_inner).read().ok()?;
        Some(u128::from_le_bytes(content))
    }
}

impl Kept {
    fn read(&mut self) -> io::Result<Content> {
        let mut content = Content::default();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_exact(&mut content)?;
        Ok(content)
    }

    fn count(&mut self) -> io::Result<()> {
        let times = u128::from_le_bytes(self.read()?) >> 64;
        self.given = self.given.wrapping_add(1);
        let content =
            (times.wrapping_add(1) << 64) | (u128::from(std::process::id()) << 32) | u128::from(self.given);
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&content.to_le_bytes())
    }
}

fn open(database: &Path) -> io::Result<File> {
    let mut name = database.as_os_str().to_owned();
    name.push(ENDING);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // Nothing is written through a link: whoever may write in the folder could have something else overwritten.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let mut file = options.open(name)?;
    let there = file.metadata()?;
    if !there.is_file() || has_other_names(&there) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    if there.len() < LENGTH {
        // Now, so that a disk that is full later has room for it.
        file.write_all(&Content::default())?;
    }
    Ok(file)
}

/// Whether the file is also something else, such as the database.
#[cfg(unix)]
fn has_other_names(there: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(there) > 1
}

#[cfg(not(unix))]
const fn has_other_names(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one program says, every program hears, and what it heard before was something else each time.
    #[test]
    fn each_word_is_new_to_everybody() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("cutis.db");
        let programs = [Word::beside(&database), Word::beside(&database)];
        let mut heard = vec![programs[0].heard().expect("heard")];
        for turn in [0, 1, 1, 0] {
            programs[turn].give();
            let now = programs[0].heard().expect("heard");
            assert_eq!(programs[1].heard(), Some(now));
            assert!(!heard.contains(&now), "{now:x} again");
            heard.push(now);
        }
        let later = Word::beside(&database);
        assert_eq!(later.heard(), heard.last().copied(), "kept by the file");
    }

    /// Where the file can't be kept, nothing counts as unchanged.
    #[test]
    fn nothing_is_heard_where_nothing_can_be_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let word = Word::beside(&folder.path().join("gone").join("cutis.db"));
        word.give();
        assert_eq!(word.heard(), None);
    }

    /// What the name leads to instead is left alone, be it the database.
    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        use std::fs;
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("cutis.db");
        let place = folder.path().join("cutis.db-common");
        let mut file = File::create(&database).expect("created");
        file.write_all(b"SQLite format 3 and more").expect("written");
        let gone = folder.path().join("gone");
        for way in 0..4 {
            match way {
                0 => symlink(&database, &place),
                1 => fs::hard_link(&database, &place),
                2 => symlink(&gone, &place),
                _ => fs::create_dir(&place),
            }
            .expect("made");
            let word = Word::beside(&database);
            word.give();
            assert_eq!(word.heard(), None);
            assert_eq!(fs::read(&database).expect("read"), b"SQLite format 3 and more");
            assert!(!gone.exists());
            if place.is_dir() && !place.is_symlink() {
                fs::remove_dir(&place).expect("removed");
            } else {
                fs::remove_file(&place).expect("removed");
            }
        }
    }
}
