//! Whether a write failed because there is no room.
//!
//! SQLite only reports a full disk as "full". A quota (EDQUOT) and a limit on the size of files (EFBIG) look like a
//! failing disk, after which the program would end although what was committed is safe. SQLite does not pass on the
//! system's own error, so the same is tried with a temporary file beside the database.

use std::fs::{self, File};
use std::io::{ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

/// What is written to find out, in bytes: a page and its frame.
const TRIED: usize = 8 * 1024;

/// Whether the file at this path, or its write-ahead log, could not grow because there is no room. Makes and removes
/// a file beside it, which has a hole where the others have their content.
pub(crate) fn is_full(path: &str) -> bool {
    let length = |path: String| fs::metadata(path).map_or(0, |about| about.len());
    let end = length(path.to_owned()).max(length(format!("{path}-wal")));
    let scratch = PathBuf::from(format!("{path}-room"));
    // Whatever has the name is removed, never opened: it may be a pipe, or lead to another file.
    drop(fs::remove_file(&scratch));
    let tried = File::create_new(&scratch).and_then(|mut file| {
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&[7; TRIED])?;
        file.sync_data()
    });
    drop(fs::remove_file(&scratch));
    tried.is_err_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
        )
    })
}
