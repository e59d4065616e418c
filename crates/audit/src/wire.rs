//! The stored form of an event: canonical JSON (RFC 8785), version 2.
//!
//! Version 1 only said what a row is afterwards (`mac`); version 2 says what it was and what it is (`before`, `after`).
//! A trail may hold events of both, and both will always be read.
//!
//! The form never changes, as golden files ensure: the stored bytes are the hashed bytes, and verification never
//! encodes them again. Absent values have no member; there are no nulls, booleans or fractions.

mod decode;
mod encode;

pub use decode::{decode, is_canonical};
pub use encode::encode;

/// The version that is written.
pub const VERSION: i64 = 2;
/// The version before it, which is still read.
const VERSION_1: i64 = 1;

/// Bytes that are not an event of a known version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not JSON.
    #[error("it is not JSON")]
    NotJson,
    /// JSON, but not in canonical form.
    #[error("it is not in canonical form")]
    NotCanonical,
    /// Written by a newer program.
    #[error("it has a version that this program does not know")]
    Version,
    /// A member is missing, unknown or not what it should be.
    #[error("its member {0} is missing, unknown or not what it should be")]
    Member(&'static str),
}

/// An event as read back: texts, because it must stay readable when ids, actions or accounts no
/// longer mean anything to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its place in the trail, from 1.
    pub sequence: u64,
    /// When, in RFC 3339, UTC.
    pub at: String,
    /// Who.
    pub actor: StoredActor,
    /// In which session.
    pub session: Option<String>,
    /// From which address.
    pub ip: Option<String>,
    /// With which program, by its own account.
    pub agent: Option<String>,
    /// In which request.
    pub request: Option<String>,
    /// The action's code.
    pub action: String,
    /// `ok`, `refused` or `failed`.
    pub outcome: String,
    /// What it was done to.
    pub target: Option<StoredTarget>,
    /// Which patient it concerns.
    pub patient: Option<String>,
    /// Details in the order of their keys; lists are joined by a comma and a space.
    pub details: Vec<(String, String)>,
    /// The state of rows afterwards.
    pub state: Vec<StoredRow>,
}

/// Who, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredActor {
    /// `account`, `anonymous`, `operator` or `system`.
    pub kind: String,
    /// The account.
    pub id: Option<String>,
    /// Its username at that time.
    pub name: Option<String>,
}

/// What it was done to, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTarget {
    /// Its kind, such as `image`.
    pub kind: String,
    /// Its id, or the kind again if there is only one.
    pub id: String,
}

/// What a row was and is, as read back: codes over its digests, which can be compared with a row only with the trail's
/// key. Two codes of one row are equal if its content was the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// The table.
    pub table: String,
    /// The row's number.
    pub row: i64,
    /// What it was before.
    pub before: StoredBefore,
    /// `HMAC-SHA256(key, "cutis/attest/v1" || table || row || digest)`; nothing when deleted.
    pub after: Option<[u8; 32]>,
}

/// What a row was before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredBefore {
    /// The event is of version 1, which did not say.
    Unsaid,
    /// There was no such row.
    Nothing,
    /// The code over its digest, made as [`StoredRow::after`].
    Was([u8; 32]),
}
