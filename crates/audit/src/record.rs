//! One complete event: what, who, when, and what the database's rows are since.

use cutis_domain::{Caller, Digest, Timestamp};

use crate::event::Event;

/// Says what a database row was before this unit of work, and what it is after it.
///
/// The newest `after` of a row is what the row must still be: a row changed, removed or put in by
/// other means than the program is found by comparing. Each `before` must be the `after` that was
/// said last: so such a change stays visible once the program has written the row again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowState {
    /// The table's name.
    pub table: String,
    /// The row's number within it (SQLite's rowid).
    pub row: i64,
    /// What [`crate::digest_row`] gave before the unit began; nothing when there was no such row.
    pub before: Option<Digest>,
    /// What it gives now; nothing when the row was deleted.
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
