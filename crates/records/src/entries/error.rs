//! Why something about a visit could not be shown or changed.

use cutis_audit::{Action, Denial, Detail, Event, Target};
use cutis_domain::account::Username;
use cutis_domain::entry::Field;
use cutis_domain::{EntryId, FieldError, PatientId, Timestamp};
use cutis_live::{SpliceError, TextHash};
use cutis_vault::{SealError, VaultError};

use super::change::Shown;
use crate::RecordError;
use crate::error::wraps_record_error;

/// A field of a request about visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryField {
    /// A field of the visit itself.
    Of(Field),
    /// The version that a change of a field is based on.
    Version(Field),
    /// The text of an addendum.
    Addendum,
    /// A version to be restored or shown.
    Revision,
}

/// Somebody else changed the same: what holds now, and who made it so.
#[derive(Debug, Clone)]
pub struct Clash {
    /// Of which patient.
    pub patient: PatientId,
    /// Which visit.
    pub entry: EntryId,
    /// The value that holds.
    pub theirs: Shown,
    /// Its version.
    pub version: u64,
    /// Who, by their username at that time.
    pub by: Username,
    /// When.
    pub at: Timestamp,
}

impl Clash {
    /// The field.
    pub const fn field(&self) -> Field {
        self.theirs.field()
    }

    /// The hash of the notes, if it is about them.
    pub fn hash(&self) -> Option<TextHash> {
        self.theirs.hash()
    }
}

/// Why something about a visit could not be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Fields were refused; nothing changed.
    #[error("some fields need a different value")]
    Invalid(Vec<FieldError<EntryField>>),
    /// An addendum to a visit that is not signed (E5); nothing changed.
    #[error("this visit is not signed; change its notes instead")]
    NotSigned(PatientId, EntryId),
    /// Somebody else changed the same; nothing changed.
    #[error("this was changed in the meantime; choose which to keep")]
    Clash(Box<Clash>),
    /// A change of a version that does not exist yet; nothing changed.
    #[error("this change belongs to a version that does not exist; load the visit again")]
    BaseAhead(Field),
    /// The sender has another text than this version has; nothing changed.
    #[error("the text differs from the stored one; load the visit again")]
    HashDiffers,
    /// What was typed does not fit the text; nothing changed.
    #[error(transparent)]
    Splice(#[from] SpliceError),
    /// Another edit had the same number; nothing changed.
    #[error("an edit with this number was stored, with another content")]
    SeqReused,
    /// A later edit of the same client was stored; nothing changed.
    #[error("a later edit of the same page was stored")]
    SeqPassed,
    /// As for any record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// What is sealed cannot be opened.
    #[error("the stored notes are damaged")]
    Sealed(#[from] SealError),
    /// The patient's key could not be obtained.
    #[error("the patient's key could not be read")]
    Vault(#[from] VaultError),
}

wraps_record_error!(EntryError);

impl Denial for EntryError {
    fn denial(&self) -> Option<Event> {
        let refused = |patient: PatientId, entry: EntryId, reason| {
            Event::new(Action::EntryChanged)
                .refused()
                .target(Target::Entry(entry))
                .patient(patient)
                .detail(Detail::code("reason", reason))
        };
        match self {
            Self::Record(error) => error.denial(),
            Self::NotSigned(patient, entry) => Some(refused(*patient, *entry, "not_signed")),
            // What holds now is shown with it (U3).
            Self::Clash(clash) => Some(
                refused(clash.patient, clash.entry, "clash")
                    .detail(Detail::code("field", clash.field().code()))
                    .detail(number("version", clash.version)),
            ),
            Self::Vault(VaultError::Lost(patient)) => Some(crate::key_missing(*patient)),
            Self::Invalid(_)
            | Self::BaseAhead(_)
            | Self::HashDiffers
            | Self::Splice(_)
            | Self::SeqReused
            | Self::SeqPassed
            | Self::Sealed(_)
            | Self::Vault(_) => None,
        }
    }
}

/// A version or a size in an event.
pub(super) fn number(key: &'static str, number: u64) -> Detail {
    Detail::number(key, i64::try_from(number).unwrap_or(i64::MAX))
}
