//! Entries of one owner's patients (E1).

use cutis_domain::entry::Entry;
use cutis_domain::page::Limit;

use crate::error::Result;

/// Reading entries.
pub trait EntriesRead {
    /// A patient's entries, latest appointment first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn entries(&self, limit: Limit) -> Result<Vec<Entry>>;
}

/// Changing entries.
pub trait EntriesWrite {
    /// Adds an entry.
    ///
    /// # Errors
    /// `Conflict` when the patient is not this owner's, or the entry is another patient's.
    fn insert_entry(&mut self, entry: &Entry) -> Result<()>;
}
