//! Visits on the wire.

use cutis_domain::entry::Entry as Stored;
use cutis_domain::{Faults, Sensitive, Text, Timestamp};
use cutis_edge::problem::Problem;
use cutis_records::People;
use cutis_records::entries::{ListedEntry as Listed, NewEntry};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::tags::dto::ShownTag;
use crate::wire_names;

/// A visit to be added.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryInput {
    /// RFC 3339; the current time when absent.
    #[serde(default)]
    appointment_at: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    notes: Option<String>,
}

impl TryFrom<EntryInput> for NewEntry {
    type Error = Problem;

    fn try_from(sent: EntryInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let at = faults.optional("appointmentAt", sent.appointment_at.as_deref(), Timestamp::parse);
        let title = faults.text("title", sent.title.as_deref());
        let notes = faults.take("notes", Text::parse(sent.notes.as_deref().unwrap_or_default()));
        let entry = notes.map(|notes| Self {
            appointment_at: at,
            title: title.map(Sensitive::new),
            notes: Sensitive::new(notes),
        });
        faults.finish(entry).map_err(wire_names::refused)
    }
}

/// A visit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    id: String,
    appointment_at: String,
    #[schema(required)]
    title: Option<String>,
    notes: String,
    /// The username of whoever wrote it.
    author: String,
    /// Their full name; the username if there is none.
    author_name: String,
    created_at: String,
}

impl Entry {
    pub(super) fn new(stored: &Stored, people: &People) -> Self {
        Self {
            id: stored.id.to_string(),
            appointment_at: stored.appointment_at.to_string(),
            title: stored
                .title
                .as_ref()
                .map(|title| title.reveal().as_str().to_owned()),
            notes: stored.notes.reveal().as_str().to_owned(),
            author: stored.author.to_string(),
            author_name: people.name_of(&stored.author).to_owned(),
            created_at: stored.recorded_at.to_string(),
        }
    }
}

/// A visit in a patient's list.
#[derive(Serialize, ToSchema)]
pub struct ListedEntry {
    #[serde(flatten)]
    entry: Entry,
    /// The tags that it shows, by name.
    tags: Vec<ShownTag>,
}

impl ListedEntry {
    pub(super) fn new(listed: &Listed, people: &People) -> Self {
        Self {
            entry: Entry::new(&listed.entry, people),
            tags: listed.tags.iter().map(ShownTag::from).collect(),
        }
    }
}

/// A patient's visits, latest appointment first.
#[derive(Serialize, ToSchema)]
pub struct EntryList {
    pub(super) entries: Vec<ListedEntry>,
}
