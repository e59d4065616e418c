//! One complete event: what, who, when, and what the database's rows are since.

use cutis_domain::{Caller, Digest, Timestamp};

use crate::event::Event;

/// Says that after this unit of work a database row has this digest.
///
/// The newest of these per row is what the row must still be: a row changed, removed or put in by
/// other means than the program is found by comparing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowState {
    /// The table's name.
    pub table: String,
    /// The row's number within it (SQLite's rowid).
    pub row: i64,
    /// What [`crate::digest_row`] gave; nothing when the row was deleted.
    pub digest: Option<Digest>,
}

/// One complete event, ready to be sealed.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its place in the trail, from 1, without gaps.
    pub sequence: u64,
    /// When, by the program's clock.
    pub at: Timestamp,
    /// Who, and from where.
    pub caller: Caller,
    /// What.
    pub event: Event,
    /// The rows written in the same unit of work. A unit with several events puts them on the last.
    pub state: Vec<RowState>,
}
