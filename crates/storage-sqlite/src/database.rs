//! The backend: one file, one writer, a few readers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cutis_audit::TrailKey;
use cutis_storage::{Alarms, Backend, ErrorKind, Evidence, Mismatch, Snapshot, StorageError, Writer};
use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;

use crate::error::Result;
use crate::guard::Guard;
use crate::history::Upgrade;
use crate::ports::{Held, Ports, Watch};
use crate::readers::{GivenBack, Lent, Newness, Readers};
use crate::sql::transaction;
use crate::word::Word;
use crate::writer::SqliteWriter;
use crate::{connection, history, migrate, readers, structure};

/// How the database is opened.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many snapshots may be read at once, 1 to 64; more callers wait.
    pub readers: u32,
    /// How long a reader may go on in its snapshot while nothing but the trail is added to. What something else changes in
    /// the file just when the trail grows may be noticed that much later.
    pub kept_for: Duration,
    /// Told of each step of an upgrade before it begins: with many patients one may take minutes. Never of a new file's.
    pub on_upgrade: fn(Upgrade<'_>),
}

impl Default for Options {
    /// Four readers, which two to eight cores keep busy; a quarter of a second; nobody is told of an upgrade.
    fn default() -> Self {
        Self {
            readers: 4,
            kept_for: Duration::from_millis(250),
            on_upgrade: |_| {},
        }
    }
}

/// A SQLite database.
pub struct Sqlite {
    path: PathBuf,
    guard: Arc<Guard>,
    readers: Arc<Readers>,
    word: Word,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sqlite")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Sqlite {
    /// Opens the database at `path`, creating or upgrading it first. A new file can be read by its owner only. `key` is
    /// the trail's key, with which rows are authenticated.
    ///
    /// # Errors
    /// `Corrupt` when the file is damaged or another program's; `Tampered` when it needs an upgrade that would attest
    /// rows that differ from the trail; `Unavailable` when it is of a newer version or cannot be opened; `Full` when
    /// there is no room.
    pub fn open(path: impl AsRef<Path>, key: &TrailKey, options: Options) -> Result<Self> {
        let path = path.as_ref();
        connection::create(path)?;
        migrate::run(connection::writer(path)?, key, options.on_upgrade)?;
        migrate::fold_names(connection::writer(path)?, key)?;
        Self::with_readers(path, key, options)
    }

    /// Opens the database at `path`, which must exist and be of this version.
    ///
    /// # Errors
    /// As [`Sqlite::open`]; `Unavailable` also when there is no such file or it is of an older version.
    pub fn open_existing(path: impl AsRef<Path>, key: &TrailKey, options: Options) -> Result<Self> {
        let path = path.as_ref();
        if !path.is_file() {
            let said = format!("there is no database at {}", path.display());
            return Err(StorageError::new(ErrorKind::Unavailable, said));
        }
        migrate::refuse_other_versions(&connection::writer(path)?)?;
        Self::with_readers(path, key, options)
    }

    fn with_readers(path: &Path, key: &TrailKey, options: Options) -> Result<Self> {
        let database = Self {
            path: path.to_owned(),
            guard: Arc::new(Guard::new(key.clone())),
            readers: Arc::new(Readers::open(path, options.readers, options.kept_for)?),
            word: Word::beside(path),
        };
        database.look_at_history(key)?;
        Ok(database)
    }

    /// Reports entries of the list of migrations that were changed, or whose codes were. No operation reads them again,
    /// so nothing else would notice.
    fn look_at_history(&self, key: &TrailKey) -> Result<()> {
        let snapshot = self.snapshot(Newness::Newest)?;
        history::codes(&snapshot.ports.0, &mut |row| {
            let ours = row
                .mac
                .is_some_and(|mac| key.row_is_ours(row.table, row.row, &row.content, &mac));
            if !ours {
                self.guard.alarms().raise(Mismatch::Row {
                    table: row.table,
                    row: row.row,
                });
            }
        })
    }

    #[cfg(test)]
    pub(crate) const fn its_readers(&self) -> &Arc<Readers> {
        &self.readers
    }

    fn snapshot(&self, newness: Newness) -> Result<SqliteSnapshot> {
        let (lent, given_back) = self.readers.lend(newness)?;
        Ok(SqliteSnapshot {
            ports: ports(lent, &self.guard, newness),
            after: After::Keep(given_back),
        })
    }
}

/// A reader inside a transaction.
pub(crate) struct SqliteSnapshot {
    pub(crate) ports: Ports,
    /// Dropped after the ports.
    after: After,
}

/// What happens to the transaction.
enum After {
    /// It ends with the snapshot.
    End,
    /// It may be gone on in, unless the log is long.
    Keep(GivenBack),
}

impl SqliteSnapshot {
    /// A snapshot of a pool whose readers keep nothing.
    pub(crate) fn begin(
        path: &Path,
        pool: &Pool<SqliteConnectionManager>,
        guard: &Arc<Guard>,
    ) -> Result<Self> {
        let ports = ports(readers::lend(path, pool)?, guard, Newness::Newest);
        ports.control(transaction::BEGIN_READING, [])?;
        Ok(Self {
            ports,
            after: After::End,
        })
    }
}

fn ports(lent: Lent, guard: &Arc<Guard>, newness: Newness) -> Ports {
    let watch = Watch {
        guard: Arc::clone(guard),
        touched: None,
        newness,
    };
    Ports(Held::Lent(lent), watch)
}

impl Drop for SqliteSnapshot {
    fn drop(&mut self) {
        let ends = match &self.after {
            After::End => true,
            After::Keep(given_back) => !given_back.may_keep(),
        };
        if ends {
            // A reader that cannot end its transaction is of no use; the next to take it will say so.
            drop(self.ports.control(transaction::ROLLBACK, []));
        }
    }
}

impl Backend for Sqlite {
    fn open_writer(&self) -> Result<Box<dyn Writer>> {
        let connection = connection::writer(&self.path)?;
        Ok(Box::new(SqliteWriter::new(
            connection,
            &self.guard,
            &self.readers,
        )?))
    }

    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<()> {
        work(&self.snapshot(Newness::Newest)?.ports);
        Ok(())
    }

    fn read_records(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<()> {
        work(&self.snapshot(Newness::Records)?.ports);
        Ok(())
    }

    fn examine(&self, work: &mut dyn FnMut(&dyn Evidence)) -> Result<()> {
        work(&self.snapshot(Newness::Newest)?.ports);
        Ok(())
    }

    fn alarms(&self) -> Option<Arc<Alarms>> {
        Some(Arc::clone(self.guard.alarms()))
    }

    fn structure_takes_changes(&self) -> Result<()> {
        let snapshot = self.snapshot(Newness::Newest)?;
        let version = structure::version(&snapshot.ports)?;
        if let Some(known) = self.guard.structure(version) {
            return known;
        }
        let stops = structure::schema_fault(&snapshot.ports)?.filter(Mismatch::stops_changes);
        self.guard.compared(version, stops.clone());
        stops.map_or(Ok(()), |mismatch| Err(self.guard.raise(mismatch)))
    }

    fn changed_common(&self) {
        self.word.give();
    }

    fn common_version(&self) -> Option<u128> {
        self.word.heard()
    }

    fn readers(&self) -> usize {
        usize::try_from(self.readers.count()).unwrap_or(1)
    }
}
