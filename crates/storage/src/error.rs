//! The errors of a backend.

use std::error::Error as StdError;
use std::fmt;

use crate::integrity::Mismatch;

/// The kind of failure, which is all that a caller may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Too many requests are waiting already; try again soon.
    Busy,
    /// A constraint of the database refused the change.
    Conflict,
    /// A stored row is invalid, or the database file is damaged.
    Corrupt,
    /// Something was changed by something other than this program (U4). Only the operation that found it is refused.
    Tampered,
    /// The disk is full: nothing was changed, and nothing can be until there is room.
    Full,
    /// The database cannot be reached, or the program is shutting down.
    Unavailable,
}

/// A failure of the database, opaque except for its kind. "Not found" is never one of them.
#[derive(Debug)]
pub struct StorageError {
    kind: ErrorKind,
    what: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl StorageError {
    /// A failure of this kind; `what` says what was being done and holds no patient data.
    pub fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            source: None,
        }
    }

    /// The same with what caused it.
    pub fn caused(
        kind: ErrorKind,
        what: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            what: what.into(),
            source: Some(source.into()),
        }
    }

    /// A row that is invalid, naming table, column and row.
    pub fn corrupt(table: &str, column: &str, row: impl fmt::Display) -> Self {
        Self::new(
            ErrorKind::Corrupt,
            format!("row {row} of table {table} holds no valid {column}"),
        )
    }

    /// What was changed since this program wrote it.
    pub fn tampered(mismatch: &Mismatch) -> Self {
        Self::new(ErrorKind::Tampered, format!("{mismatch}. {}", mismatch.remedy()))
    }

    /// What kind of failure it was.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl StdError for StorageError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| {
            let source: &(dyn StdError + 'static) = source;
            source
        })
    }
}

/// The result of every port method.
pub type Result<T> = std::result::Result<T, StorageError>;
