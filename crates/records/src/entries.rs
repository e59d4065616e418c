//! Visits of a patient (E1 to E6).

mod change;
mod clash;
mod create;
mod edit;
mod error;
mod layout;
mod list;
mod revisions;
mod sealed;
mod show;
mod sign;

use cutis_domain::account::Username;
use cutis_domain::principal::Actor;
use cutis_domain::{Clinician, EntryId, PatientId};

pub use change::{Change, ClientEdit, Edited, FieldEdit, Shown, Told};
pub use create::NewEntry;
pub use error::{Clash, EntryError, EntryField};
pub use list::{ListedEntry, Timeline};
pub use revisions::{RevisionText, Revisions};
pub use show::{EntryFile, ShownAddendum};

/// There is no such visit of this patient.
pub(crate) fn no_entry(entry: EntryId, patient: PatientId) -> crate::RecordError {
    crate::RecordError::absent(cutis_audit::Target::Entry(entry), patient)
}

/// The username under which a clinician's work is kept.
pub fn author_of(by: &Clinician) -> Option<Username> {
    match &by.caller().actor {
        Actor::Account { username, .. } => Some(username.clone()),
        Actor::Anonymous => None,
        Actor::Operator => Username::parse("operator").ok(),
        Actor::System => Username::parse("system").ok(),
    }
}
