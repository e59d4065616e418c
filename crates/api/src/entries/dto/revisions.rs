//! What the notes of a visit were.

use cutis_records::People;
use cutis_records::entries::{RevisionText, Revisions};
use cutis_records::outcome::RevisionHead;
use serde::Serialize;
use utoipa::ToSchema;

use super::Person;

/// A change of the notes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// How often the notes were changed by then; 0 is what the visit was added with.
    version: u64,
    at: String,
    by: Person,
    /// With which program, by its own account.
    #[schema(required)]
    user_agent: Option<String>,
    /// Bytes of the notes in UTF-8.
    bytes: u64,
    /// The version that was restored.
    #[schema(required)]
    restored: Option<u64>,
}

impl Revision {
    fn new(head: &RevisionHead, people: &People) -> Self {
        Self {
            version: head.version,
            at: head.at.to_string(),
            by: Person::new(&head.author, people),
            user_agent: head.agent.as_ref().map(|agent| agent.as_str().to_owned()),
            bytes: head.bytes,
            restored: head.restored,
        }
    }
}

/// Changes of the notes, newest first.
#[derive(Serialize, ToSchema)]
pub struct RevisionList {
    revisions: Vec<Revision>,
    /// What `before` is for the next page; null on the last.
    #[schema(required)]
    next: Option<u64>,
}

impl RevisionList {
    pub(crate) fn new(page: &Revisions, people: &People) -> Self {
        Self {
            revisions: page
                .items
                .iter()
                .map(|head| Revision::new(head, people))
                .collect(),
            next: page.next,
        }
    }
}

/// The notes as they were.
#[derive(Serialize, ToSchema)]
pub struct RevisionNotes {
    #[serde(flatten)]
    revision: Revision,
    notes: String,
}

impl RevisionNotes {
    pub(crate) fn new(text: &RevisionText, people: &People) -> Self {
        Self {
            revision: Revision::new(&text.head, people),
            notes: text.notes.as_str().to_owned(),
        }
    }
}

/// The version that has the restored notes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Restored {
    pub(crate) version: u64,
}
