//! The settings of every connection, and how to check that they took effect.

/// For all. `trusted_schema` and `cell_size_check` distrust the file; temporary data stays in memory.
pub(crate) const ALWAYS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 268435456;
";

/// For the writer: a commit is durable when it returns, and what is deleted is overwritten (C56). The log
/// is moved into the main file every 16 MB: a page that was written many times by then moves once.
pub(crate) const WRITER: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -32768;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 4000;
";

/// After so many frames of the log, that is pages, the writer moves them into the main file: as in [`WRITER`].
pub(crate) const LONG_LOG: i64 = 4000;

/// How long the log is: its second column. Does nothing else.
pub(crate) const LOOK_AT_LOG: &str = "PRAGMA wal_checkpoint(NOOP)";

/// For readers, which also open the file read-only. They map as much as SQLite can, 2 GiB.
pub(crate) const READER: &str = "
    PRAGMA query_only = ON;
    PRAGMA cache_size = -8192;
    PRAGMA mmap_size = 2147418112;
";

/// For reading a whole database once, of any size: pages are read into the cache and not mapped, because mapped pages
/// would stay in memory.
pub(crate) const LOOKER: &str = "PRAGMA mmap_size = 0";

/// Readers and writers side by side; answers the mode it got.
pub(crate) const WAL: &str = "PRAGMA journal_mode = WAL";

/// Marks the file as ours: the letters `Cuti`.
pub(crate) const MARK_FILE: &str = "PRAGMA application_id = 1131770985";

/// What [`MARK_FILE`] sets.
pub(crate) const APPLICATION_ID: i64 = 1_131_770_985;

/// Moves everything into the main file and empties the log, so that nothing deleted remains there.
pub(crate) const EMPTY_LOG: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
