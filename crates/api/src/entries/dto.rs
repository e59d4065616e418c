//! Visits on the wire.

use cutis_domain::entry::Entry as Stored;
use cutis_records::entries::RawEntry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A visit to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryInput {
    /// RFC 3339; now when absent.
    #[serde(default)]
    appointment_at: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    notes: Option<String>,
}

impl From<EntryInput> for RawEntry {
    fn from(sent: EntryInput) -> Self {
        Self {
            appointment_at: sent.appointment_at,
            title: sent.title,
            notes: sent.notes,
        }
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
    author: String,
    created_at: String,
}

impl From<&Stored> for Entry {
    fn from(stored: &Stored) -> Self {
        Self {
            id: stored.id.to_string(),
            appointment_at: stored.appointment_at.to_string(),
            title: stored
                .title
                .as_ref()
                .map(|title| title.reveal().as_str().to_owned()),
            notes: stored.notes.reveal().as_str().to_owned(),
            author: stored.author.to_string(),
            created_at: stored.created_at.to_string(),
        }
    }
}

/// A patient's visits, latest appointment first.
#[derive(Serialize, ToSchema)]
pub struct EntryList {
    pub(super) entries: Vec<Entry>,
}
