//! Visits in answers.

use cutis_domain::account::Username;
use cutis_domain::entry::{Entry as Stored, Remark, Versions};
use cutis_domain::{Faults, Sensitive, Text};
use cutis_edge::problem::Problem;
use cutis_records::People;
use cutis_records::entries::{EntryField, EntryFile, ListedEntry as Listed, ShownAddendum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::tags::dto::ShownTag;
use crate::wire_names;

/// Somebody who did something.
#[derive(Serialize, ToSchema)]
pub struct Person {
    /// The username at that time.
    username: String,
    /// The full name; the username if there is none.
    name: String,
}

impl Person {
    pub(crate) fn new(username: &Username, people: &People) -> Self {
        Self {
            username: username.to_string(),
            name: people.name_of(username).to_owned(),
        }
    }
}

/// A visit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    id: String,
    patient_id: String,
    appointment_at: String,
    #[schema(required)]
    title: Option<String>,
    /// The username of whoever added it.
    author: String,
    /// Their full name; the username if there is none.
    author_name: String,
    created_at: String,
    /// When it was signed; from then on it is frozen.
    #[schema(required)]
    signed_at: Option<String>,
}

impl Entry {
    pub(crate) fn new(stored: &Stored, people: &People) -> Self {
        Self {
            id: stored.id.to_string(),
            patient_id: stored.patient.to_string(),
            appointment_at: stored.appointment_at.to_string(),
            title: stored
                .title
                .as_ref()
                .map(|title| title.reveal().as_str().to_owned()),
            author: stored.author.to_string(),
            author_name: people.name_of(&stored.author).to_owned(),
            created_at: stored.recorded_at.to_string(),
            signed_at: stored.signed.as_ref().map(|signed| signed.at.to_string()),
        }
    }
}

/// A visit in a patient's timeline.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedEntry {
    #[serde(flatten)]
    entry: Entry,
    /// How its notes begin: at most 240 characters.
    excerpt: String,
    /// The tags that it shows, by name.
    tags: Vec<ShownTag>,
    /// The newest photos of its workspace, at most twelve.
    images: Vec<String>,
    /// How many photos its workspace has.
    image_count: u64,
    /// How many comparisons it has.
    comparison_count: u64,
    /// Photos of its day, in the practice's time zone, that belong to no visit: the newest, at most 200, which is
    /// as many as one request puts into a visit.
    offered: Vec<String>,
    /// How many of these there are.
    offered_count: u64,
}

impl ListedEntry {
    pub(crate) fn new(listed: &Listed, people: &People) -> Self {
        let ids = |images: &[cutis_domain::ImageId]| images.iter().map(ToString::to_string).collect();
        Self {
            entry: Entry::new(&listed.entry, people),
            excerpt: listed.excerpt.reveal().clone(),
            tags: listed.tags.iter().map(ShownTag::from).collect(),
            images: ids(&listed.images.first),
            image_count: listed.images.count,
            comparison_count: listed.comparisons,
            offered: ids(&listed.offered.first),
            offered_count: listed.offered.count,
        }
    }
}

/// A patient's visits, latest appointment first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryList {
    pub(crate) entries: Vec<ListedEntry>,
    /// Where the next page starts; null on the last.
    #[schema(required)]
    pub(crate) next_cursor: Option<String>,
}

/// How often each field was changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryVersions {
    appointment_at: u64,
    title: u64,
    notes: u64,
}

impl From<&Versions> for EntryVersions {
    fn from(versions: &Versions) -> Self {
        Self {
            appointment_at: versions.appointment_at,
            title: versions.title,
            notes: versions.notes,
        }
    }
}

/// Which sections of a visit are open, for the caller.
#[derive(Serialize, ToSchema)]
pub struct EntrySections {
    workspace: bool,
    comparisons: bool,
    notes: bool,
}

/// Who signed a visit, and when.
#[derive(Serialize, ToSchema)]
pub struct SignedBy {
    at: String,
    by: Person,
}

/// A later remark on a signed visit.
#[derive(Serialize, ToSchema)]
pub struct Addendum {
    id: String,
    text: String,
    by: Person,
    at: String,
}

impl Addendum {
    pub(crate) fn new(addendum: &ShownAddendum, people: &People) -> Self {
        Self {
            id: addendum.id.to_string(),
            text: addendum.text.reveal().as_str().to_owned(),
            by: Person::new(&addendum.author, people),
            at: addendum.at.to_string(),
        }
    }
}

/// A remark to be added to a signed visit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddendumInput {
    /// 1 to 16,000 characters.
    text: String,
}

impl TryFrom<AddendumInput> for Sensitive<Remark> {
    type Error = Problem;

    fn try_from(sent: AddendumInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let text = faults.take(EntryField::Addendum, Text::parse(&sent.text));
        faults.finish(text.map(Self::new)).map_err(wire_names::refused)
    }
}

/// A visit, whole, but for its photos, comparisons and tags.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryDetail {
    #[serde(flatten)]
    entry: Entry,
    notes: String,
    /// The first 32 hexadecimal digits of the SHA-256 of the notes.
    notes_hash: String,
    versions: EntryVersions,
    #[schema(required)]
    signed: Option<SignedBy>,
    /// Oldest first.
    addenda: Vec<Addendum>,
    sections: EntrySections,
    /// `ascending` or `descending`: which day of the workspace comes first.
    order: String,
    /// `small`, `medium` or `large`: how large its thumbnails are.
    size: String,
}

impl EntryDetail {
    pub(crate) fn new(file: &EntryFile, people: &People) -> Self {
        let layout = file.layout;
        Self {
            entry: Entry::new(&file.entry, people),
            notes: file.notes.as_str().to_owned(),
            notes_hash: file.hash.to_string(),
            versions: EntryVersions::from(&file.entry.versions),
            signed: file.entry.signed.as_ref().map(|signed| SignedBy {
                at: signed.at.to_string(),
                by: Person::new(&signed.by, people),
            }),
            addenda: file
                .addenda
                .iter()
                .map(|addendum| Addendum::new(addendum, people))
                .collect(),
            sections: EntrySections {
                workspace: layout.sections.workspace,
                comparisons: layout.sections.comparisons,
                notes: layout.sections.notes,
            },
            order: layout.direction.code().to_owned(),
            size: layout.size.code().to_owned(),
        }
    }
}

/// Everybody whose name a visit shows.
pub(crate) fn people_in(file: &EntryFile) -> impl Iterator<Item = &Username> + Send {
    let signed = file.entry.signed.as_ref().map(|signed| &signed.by);
    let addenda = file.addenda.iter().map(|addendum| &addendum.author);
    std::iter::once(&file.entry.author).chain(signed).chain(addenda)
}
