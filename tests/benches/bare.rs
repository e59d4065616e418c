//! Bare drivers: the floors that touch a database or a disk.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, params};

/// A row of a patient's length.
const TEXT: &str =
    "Given 976 Family 3000 1981-04-12 female, and about as much again as a patient's row has in all";

/// A database of one table, as durable as ours: write-ahead log, synchronous FULL.
pub(crate) struct Commits {
    database: Connection,
    written: i64,
}

impl Commits {
    /// A new one in this folder.
    pub(crate) fn open(folder: &Path, name: &str) -> anyhow::Result<Self> {
        let database = Connection::open(folder.join(name))?;
        database.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE patient (row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, at INTEGER, text TEXT) STRICT;",
        )?;
        Ok(Self { database, written: 0 })
    }

    /// Commits rows together.
    pub(crate) fn commit(&mut self, rows: usize) -> anyhow::Result<()> {
        let transaction = self.database.transaction()?;
        {
            let mut insert =
                transaction.prepare_cached("INSERT INTO patient (id, at, text) VALUES (?1, ?2, ?3)")?;
            for _ in 0..rows {
                self.written += 1;
                let mut id = [0_u8; 16];
                id.iter_mut()
                    .zip(self.written.to_be_bytes())
                    .for_each(|(to, from)| *to = from);
                insert.execute(params![id, self.written, TEXT])?;
            }
        }
        Ok(transaction.commit()?)
    }
}

/// Our own database, opened for reading beside the program.
pub(crate) fn reader(database: &Path) -> anyhow::Result<Connection> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch("PRAGMA mmap_size = 268435456; PRAGMA cache_size = -8192;")?;
    Ok(connection)
}

/// Writes bytes so that they stay: a temporary file, synced, renamed, its folder synced.
pub(crate) fn durable(folder: &Path, number: usize, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let (temporary, path) = (folder.join("temporary"), folder.join(format!("{number}.bin")));
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    std::fs::rename(&temporary, &path)?;
    File::open(folder)?.sync_all()?;
    Ok(path)
}

/// Reads the next piece of a file.
pub(crate) fn some(file: &mut File, piece: &mut [u8]) -> anyhow::Result<usize> {
    Ok(file.read(piece)?)
}

/// Reads a file in pieces of a mebibyte and says how long it is.
pub(crate) fn read(path: &Path, piece: &mut [u8]) -> anyhow::Result<usize> {
    let (mut file, mut length) = (File::open(path)?, 0);
    loop {
        match file.read(piece)? {
            0 => return Ok(length),
            more => length += more,
        }
    }
}
