//! Visits in requests.

use cutis_domain::entry::{Direction, Field, Layout, Notes, Sections, ThumbSize, Versions};
use cutis_domain::{Faults, Invalid, Line, Sensitive, Timestamp};
use cutis_edge::problem::Problem;
use cutis_records::entries::{Change, EntryField, FieldEdit, NewEntry, Shown};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::wire_names;

/// A visit to be added.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryInput {
    /// RFC 3339; the current time when absent.
    #[serde(default)]
    appointment_at: Option<String>,
    /// At most 200 characters.
    #[serde(default)]
    title: Option<String>,
    /// At most 65,536 bytes of UTF-8.
    #[serde(default)]
    notes: Option<String>,
}

impl TryFrom<EntryInput> for NewEntry {
    type Error = Problem;

    fn try_from(sent: EntryInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let at = EntryField::Of(Field::AppointmentAt);
        let at = faults.optional(at, sent.appointment_at.as_deref(), Timestamp::parse);
        let title = faults.text(EntryField::Of(Field::Title), sent.title.as_deref());
        let notes = Notes::parse(sent.notes.as_deref().unwrap_or_default());
        let notes = faults.take(EntryField::Of(Field::Notes), notes);
        let entry = notes.map(|notes| Self {
            appointment_at: at,
            title: title.map(Sensitive::new),
            notes: Sensitive::new(notes),
        });
        faults.finish(entry).map_err(wire_names::refused)
    }
}

/// The versions that a change of a visit is based on: of each field that it changes.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryVersionsSent {
    #[serde(default)]
    appointment_at: Option<u64>,
    #[serde(default)]
    title: Option<u64>,
    #[serde(default)]
    notes: Option<u64>,
}

/// A change of a visit: what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryPatch {
    versions: EntryVersionsSent,
    /// RFC 3339.
    #[serde(default)]
    appointment_at: Option<String>,
    /// At most 200 characters; blank removes it.
    #[serde(default)]
    title: Option<String>,
    /// At most 65,536 bytes of UTF-8.
    #[serde(default)]
    notes: Option<String>,
}

impl TryFrom<EntryPatch> for Vec<FieldEdit> {
    type Error = Problem;

    fn try_from(sent: EntryPatch) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let (versions, mut edits) = (sent.versions, Self::new());
        let mut edit = |faults: &mut Faults<EntryField>, base: Option<u64>, value: Shown| {
            let missing = Invalid::new("missing", "Send the version that the change is based on.");
            let base = faults.take(EntryField::Version(value.field()), base.ok_or(missing));
            edits.extend(base.map(|base| FieldEdit {
                base,
                change: Change::Set(value),
                restored: None,
            }));
        };
        if let Some(at) = sent.appointment_at {
            let at = faults.take(EntryField::Of(Field::AppointmentAt), Timestamp::parse(&at));
            if let Some(at) = at {
                edit(&mut faults, versions.appointment_at, Shown::AppointmentAt(at));
            }
        }
        if let Some(title) = sent.title {
            let title: Option<Line<1, 200>> = faults.text(EntryField::Of(Field::Title), Some(&title));
            edit(
                &mut faults,
                versions.title,
                Shown::Title(title.map(Sensitive::new)),
            );
        }
        if let Some(notes) = sent.notes {
            let notes = faults.take(EntryField::Of(Field::Notes), Notes::parse(&notes));
            if let Some(notes) = notes {
                edit(&mut faults, versions.notes, Shown::Notes(notes));
            }
        }
        faults.finish(Some(edits)).map_err(wire_names::refused)
    }
}

/// What is signed: the versions of all fields that the signer has read.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInput {
    pub(crate) versions: EntryVersionsSent,
}

impl TryFrom<SignInput> for Versions {
    type Error = Problem;

    fn try_from(sent: SignInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let mut version = |field, sent: Option<u64>| {
            let missing = Invalid::new("missing", "Send the versions of all fields that were read.");
            faults
                .take(EntryField::Version(field), sent.ok_or(missing))
                .unwrap_or_default()
        };
        let versions = Self {
            appointment_at: version(Field::AppointmentAt, sent.versions.appointment_at),
            title: version(Field::Title, sent.versions.title),
            notes: version(Field::Notes, sent.versions.notes),
        };
        faults.finish(Some(versions)).map_err(wire_names::refused)
    }
}

/// Which sections of a visit are open.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionsInput {
    workspace: bool,
    comparisons: bool,
    notes: bool,
}

/// How the caller looks at a visit, all of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutInput {
    sections: SectionsInput,
    /// `ascending` or `descending`: which day of the workspace comes first.
    order: String,
    /// `small`, `medium` or `large`: how large its thumbnails are.
    size: String,
}

impl TryFrom<LayoutInput> for Layout {
    type Error = Problem;

    fn try_from(sent: LayoutInput) -> Result<Self, Problem> {
        let mut faults: Faults<&'static str> = Faults::default();
        let direction = faults.take("order", Direction::parse(&sent.order));
        let size = faults.take("size", ThumbSize::parse(&sent.size));
        let layout = direction.zip(size).map(|(direction, size)| Self {
            sections: Sections {
                workspace: sent.sections.workspace,
                comparisons: sent.sections.comparisons,
                notes: sent.sections.notes,
            },
            direction,
            size,
        });
        faults.finish(layout).map_err(wire_names::refused)
    }
}

/// Which notes a restored version replaces.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// The version of the notes that the caller has seen.
    pub(crate) base: u64,
}
