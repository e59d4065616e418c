//! The one place where connections are opened, with every pragma (C42).

use std::fs::{File, OpenOptions};
use std::io::ErrorKind as IoErrorKind;
use std::path::Path;

use cutis_storage::{ErrorKind, StorageError};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, failed};
use crate::sql::{evidence, pragmas};

/// Older ones can corrupt a database whose log is reset at the wrong moment.
const LEAST_SQLITE: i32 = 3_051_003;
/// About as many statements stay prepared as there are.
const STATEMENTS: usize = 128;

/// Creates an empty file that only its owner can read; an existing file stays as it is.
pub(crate) fn create(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // The name must survive a power cut as the content will.
        Ok(file) => file
            .sync_all()
            .and_then(|()| sync_folder(path))
            .map_err(|error| unusable(path, error)),
        Err(error) if error.kind() == IoErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unusable(path, error)),
    }
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn unusable(path: &Path, error: std::io::Error) -> StorageError {
    let full = matches!(
        error.kind(),
        IoErrorKind::StorageFull | IoErrorKind::QuotaExceeded | IoErrorKind::FileTooLarge
    );
    let kind = if full {
        ErrorKind::Full
    } else {
        ErrorKind::Unavailable
    };
    StorageError::caused(
        kind,
        format!("the database {} cannot be created: {error}", path.display()),
        error,
    )
}

/// Opens the file for writing. It must exist.
pub(crate) fn writer(path: &Path) -> Result<Connection> {
    let version = rusqlite::version_number();
    if version < LEAST_SQLITE {
        return Err(StorageError::new(
            ErrorKind::Unavailable,
            format!(
                "SQLite {} is too old; 3.51.3 or later is needed",
                rusqlite::version()
            ),
        ));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    #[expect(clippy::disallowed_methods, reason = "this is where connections are opened")]
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    own(&connection, path)?;
    let mode: String = connection
        .query_row(pragmas::WAL, [], |row| row.get(0))
        .map_err(failed)?;
    if mode != "wal" {
        return Err(StorageError::new(
            ErrorKind::Unavailable,
            format!(
                "the folder of {} does not support a write-ahead log; use a local disk",
                path.display()
            ),
        ));
    }
    prepare(&connection)
        .and_then(|()| connection.execute_batch(pragmas::WRITER))
        .map_err(failed)?;
    Ok(connection)
}

/// Readers for a pool: the file is opened read-only, and asked not to be written besides.
pub(crate) fn readers(path: &Path) -> SqliteConnectionManager {
    SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|connection| {
            prepare(connection)?;
            connection.execute_batch(pragmas::READER)
        })
}

/// A read-only connection that only checks whether somebody has committed.
pub(crate) fn lookout(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    #[expect(clippy::disallowed_methods, reason = "this is where connections are opened")]
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    prepare(&connection)
        .and_then(|()| connection.execute_batch(pragmas::READER))
        .and_then(|()| connection.execute_batch(pragmas::LOOKER))
        .map_err(failed)?;
    Ok(connection)
}

/// A read-only connection, with a URI whose options ensure that nothing is changed.
pub(crate) fn looker(uri: &str) -> SqliteConnectionManager {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    SqliteConnectionManager::file(uri)
        .with_flags(flags)
        .with_init(|connection| {
            prepare(connection)?;
            connection.execute_batch(pragmas::READER)?;
            connection.execute_batch(pragmas::LOOKER)
        })
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // No plan depends on a bound value, such as the present: a statement would be compiled again whenever that is another.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(pragmas::ALWAYS)
}

/// Marks an empty file as ours, and refuses another program's before anything in it is executed.
fn own(connection: &Connection, path: &Path) -> Result<()> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let damaged = |error| {
        let error = failed(error);
        StorageError::caused(error.kind(), format!("{}: {error}", path.display()), error)
    };
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .map_err(damaged)?;
    let mark = number(evidence::APPLICATION_ID).map_err(damaged)?;
    let objects = number(evidence::OBJECTS).map_err(damaged)?;
    if mark == 0 && objects == 0 {
        connection.execute_batch(pragmas::MARK_FILE).map_err(damaged)
    } else if mark == pragmas::APPLICATION_ID {
        Ok(())
    } else {
        Err(StorageError::new(
            ErrorKind::Corrupt,
            format!(
                "{} is a database of another program; nothing in it was changed",
                path.display()
            ),
        ))
    }
}

#[cfg(test)]
mod tests;
