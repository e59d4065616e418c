//! A row of an attested table, and what it is.

use cutis_domain::Digest;

/// A row: its table's place in the list, and its number.
pub(crate) type Place = (usize, i64);

/// What a row is.
pub(crate) struct Found {
    /// The digest of all but its code.
    pub(crate) digest: Digest,
    /// Its code, whatever that holds.
    pub(crate) code: Option<Vec<u8>>,
    /// Whether it will not change again.
    pub(crate) last: bool,
}
