//! Turns SQLite's errors into those that a caller may depend on.

use cutis_storage::{ErrorKind, StorageError};
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// The result of every function here.
pub(crate) type Result<T> = std::result::Result<T, StorageError>;

/// The failure of a statement. SQLite's own text is kept as the cause; it names tables and columns, never values.
pub(crate) fn failed(error: rusqlite::Error) -> StorageError {
    let kind = kind_of(&error);
    StorageError::caused(kind, message(kind), error)
}

pub(crate) const fn message(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Busy => "the database is in use by another program; try again soon",
        ErrorKind::Conflict => "a rule of the database refused the change",
        ErrorKind::Corrupt => {
            "the database file is damaged or is not a database; stop cutis and restore cutis.db from the newest copy \
             of the folder, after moving away a cutis.db-wal and a cutis.db-shm that did not come with that copy"
        }
        ErrorKind::Tampered => "the database was changed by something other than this program",
        ErrorKind::Full => "the disk is full; nothing was changed, make room and try again",
        ErrorKind::Unavailable => {
            "the database cannot be read or written; check the disk, then restart cutis"
        }
    }
}

/// Whether a write failed, and not a sync: then the content of the file is known, because it has not changed.
pub(crate) fn wrote_nothing(error: &StorageError) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
    matches!(cause, Some(rusqlite::Error::SqliteFailure(failure, _)) if failure.extended_code == ffi::SQLITE_IOERR_WRITE)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the driver's list is open; what is new is unavailable"
)]
fn kind_of(error: &rusqlite::Error) -> ErrorKind {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => of_failure(*failure),
        rusqlite::Error::SqlInputError { error, .. } => of_failure(*error),
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::InvalidColumnType(..) => ErrorKind::Corrupt,
        _ => ErrorKind::Unavailable,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "SQLite's list is open; what is new is unavailable"
)]
fn of_failure(failure: ffi::Error) -> ErrorKind {
    // Growing the shared-memory file is the one write whose "no space" SQLite does not call full.
    if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE {
        return ErrorKind::Full;
    }
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => ErrorKind::Busy,
        ErrorCode::ConstraintViolation => ErrorKind::Conflict,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch => ErrorKind::Corrupt,
        ErrorCode::DiskFull => ErrorKind::Full,
        _ => ErrorKind::Unavailable,
    }
}

/// The error for a number that SQLite's signed 64 bits cannot hold.
pub(crate) fn too_large(what: &str) -> StorageError {
    StorageError::new(ErrorKind::Conflict, format!("{what} is too large to be stored"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_code_has_its_kind() {
        for (code, kind) in [
            (ffi::SQLITE_BUSY, ErrorKind::Busy),
            (ffi::SQLITE_BUSY_SNAPSHOT, ErrorKind::Busy),
            (ffi::SQLITE_LOCKED, ErrorKind::Busy),
            (ffi::SQLITE_CONSTRAINT_UNIQUE, ErrorKind::Conflict),
            (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, ErrorKind::Conflict),
            (ffi::SQLITE_CONSTRAINT_TRIGGER, ErrorKind::Conflict),
            (ffi::SQLITE_CORRUPT, ErrorKind::Corrupt),
            (ffi::SQLITE_NOTADB, ErrorKind::Corrupt),
            (ffi::SQLITE_FULL, ErrorKind::Full),
            (ffi::SQLITE_IOERR_SHMSIZE, ErrorKind::Full),
            (ffi::SQLITE_IOERR_FSYNC, ErrorKind::Unavailable),
            (ffi::SQLITE_IOERR_WRITE, ErrorKind::Unavailable),
            (ffi::SQLITE_CANTOPEN, ErrorKind::Unavailable),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            assert_eq!(failed(error).kind(), kind, "{code}");
        }
    }
}
