//! What a change means to an open page: what it has to fetch again.

use cutis_audit::{Action, Target};
use cutis_domain::{EntryId, PatientId};
use cutis_records::outcome::Committed;
use serde::Serialize;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    /// A patient's own fields.
    Details,
    /// The pool.
    Images,
    /// A visit was added.
    Entries,
    /// A visit was changed, or got an addendum.
    Entry,
    /// A visit was signed: all that belongs to it can only be looked at from now on (E5).
    Signed,
    /// The photos of a visit.
    Workspace,
    /// The comparisons of a visit.
    Comparisons,
    /// Tags, the patient's or all.
    Tags,
    /// Consents.
    Consents,
}

/// A change, for those who watch the patient; without one, for everybody of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) patient: Option<PatientId>,
    pub(super) entry: Option<EntryId>,
    pub(super) what: What,
}

impl Notice {
    /// What is told of a change; `None` if no page shows it.
    pub(super) fn of(committed: &Committed) -> Option<Self> {
        let (_, what) = *WHAT.iter().find(|(action, _)| *action == committed.action)?;
        let entry = match committed.target {
            Some(Target::Entry(entry)) => Some(entry),
            Some(_) | None => None,
        };
        Some(Self {
            patient: committed.patient,
            entry,
            what,
        })
    }
}

/// What each change means. What is not here is shown on no page that stays open.
const WHAT: &[(Action, What)] = &[
    (Action::PatientCreated, What::Details),
    (Action::PatientChanged, What::Details),
    (Action::ImageStored, What::Images),
    (Action::ImageChanged, What::Images),
    (Action::ImagesArranged, What::Images),
    (Action::EntryCreated, What::Entries),
    (Action::EntryChanged, What::Entry),
    (Action::EntrySigned, What::Signed),
    (Action::EntryAddendumAdded, What::Entry),
    (Action::WorkspaceChanged, What::Workspace),
    (Action::ComparisonCreated, What::Comparisons),
    (Action::ComparisonChanged, What::Comparisons),
    (Action::ComparisonRemoved, What::Comparisons),
    (Action::TagCategoryCreated, What::Tags),
    (Action::TagCategoryChanged, What::Tags),
    (Action::TagCategoryRemoved, What::Tags),
    (Action::TagCreated, What::Tags),
    (Action::TagChanged, What::Tags),
    (Action::TagsMerged, What::Tags),
    (Action::TagRemoved, What::Tags),
    (Action::TagsAssigned, What::Tags),
    (Action::ConsentRecorded, What::Consents),
    (Action::ConsentRevoked, What::Consents),
];
