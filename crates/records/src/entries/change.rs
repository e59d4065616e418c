//! Changes of a visit, and what they led to (E3, S1).

use cutis_domain::entry::{Field, Notes, Title};
use cutis_domain::{ClientId, Sensitive, Timestamp};
use cutis_live::{Splice, TextHash};

/// The value of a field, for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// When the appointment is or was.
    AppointmentAt(Timestamp),
    /// The heading.
    Title(Option<Sensitive<Title>>),
    /// The notes.
    Notes(Notes),
}

impl Shown {
    /// The field.
    pub const fn field(&self) -> Field {
        match self {
            Self::AppointmentAt(_) => Field::AppointmentAt,
            Self::Title(_) => Field::Title,
            Self::Notes(_) => Field::Notes,
        }
    }

    /// The hash of notes.
    pub fn hash(&self) -> Option<TextHash> {
        match self {
            Self::Notes(notes) => Some(TextHash::of(notes.as_str())),
            Self::AppointmentAt(_) | Self::Title(_) => None,
        }
    }
}

/// What is changed of a field.
#[derive(Debug, Clone)]
pub enum Change {
    /// A new value.
    Set(Shown),
    /// Pieces of typing in the notes.
    Splices {
        /// One after the other.
        splices: Vec<Splice>,
        /// The hash of the text before.
        base_hash: TextHash,
        /// The hash of the text after.
        hash: TextHash,
    },
}

impl Change {
    pub(super) const fn field(&self) -> Field {
        match self {
            Self::Set(value) => value.field(),
            Self::Splices { .. } => Field::Notes,
        }
    }
}

/// A change of one field.
#[derive(Debug, Clone)]
pub struct FieldEdit {
    /// The version of the field that it was made on.
    pub base: u64,
    /// What is changed.
    pub change: Change,
    /// The version whose value is restored by it.
    pub restored: Option<u64>,
}

/// Which edit of which client it is, so that it is stored once however often it is sent.
#[derive(Debug, Clone)]
pub struct ClientEdit {
    /// Whose.
    pub client: ClientId,
    /// Larger than that of all its earlier edits.
    pub seq: u64,
    /// What the edit says, byte by byte the same when it is sent again.
    pub body: Vec<u8>,
}

/// What happened to an edit.
#[derive(Debug, Clone)]
pub struct Edited {
    /// Of which field.
    pub field: Field,
    /// The version that has it.
    pub version: u64,
    /// The hash of that version of the notes.
    pub hash: Option<TextHash>,
    /// When it was stored.
    pub at: Timestamp,
    /// What leads from the sender's text to the stored one, if somebody else's change is in it too.
    pub merged: Option<Vec<Splice>>,
    /// What others must be told; `None` if nothing changed.
    pub told: Option<Told>,
}

/// A change of a field, for those who have the visit open.
#[derive(Debug, Clone)]
pub struct Told {
    /// The version before.
    pub base: u64,
    /// What changed.
    pub change: Change,
}
