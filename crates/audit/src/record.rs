//! One complete event: what, who, when, and the state of the database's rows afterwards.

use cutis_domain::{Caller, Digest, Timestamp};

use crate::event::Event;

/// What a database row was before this unit of work, and what it is afterwards.
///
/// The newest `after` of a row is what the row must still be: a row that was changed, removed or inserted by something
/// other than the program is found by comparing. Each `before` must equal the last recorded `after`, so such a change
/// remains visible after the program has written the row again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowState {
    /// The table's name.
    pub table: String,
    /// The row's number within it (SQLite's rowid).
    pub row: i64,
    /// What [`crate::digest_row`] gave before the unit began; `None` if there was no such row.
    pub before: Option<Digest>,
    /// What it gives now; `None` if the row was deleted.
    pub after: Option<Digest>,
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
