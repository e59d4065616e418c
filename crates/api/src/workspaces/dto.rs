//! Workspaces on the wire.

use cutis_domain::{Faults, ImageId};
use cutis_edge::problem::Problem;
use cutis_records::WorkspaceField;
use cutis_records::workspaces::{Workspace as Shown, WorkspaceChanged};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::comparisons::dto::Comparison;
use crate::wire_names;

/// The photos and comparisons of a visit.
#[derive(Serialize, ToSchema)]
pub struct Workspace {
    /// The photos, newest first.
    images: Vec<String>,
    /// The comparisons in their order.
    comparisons: Vec<Comparison>,
}

impl From<&Shown> for Workspace {
    fn from(shown: &Shown) -> Self {
        Self {
            images: texts(&shown.images),
            comparisons: shown.comparisons.iter().map(Comparison::from).collect(),
        }
    }
}

/// Photos to put into a visit's workspace and to take out: 1 to 200 together, all or nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceChange {
    /// Photos to put in.
    #[serde(default)]
    add: Vec<String>,
    /// Photos to take out; they stay with the patient.
    #[serde(default)]
    remove: Vec<String>,
}

impl WorkspaceChange {
    /// What to put in and what to take out.
    pub(super) fn parsed(self) -> Result<(Vec<ImageId>, Vec<ImageId>), Problem> {
        let mut faults = Faults::default();
        let add = ids(&mut faults, &self.add, WorkspaceField::Add);
        let remove = ids(&mut faults, &self.remove, WorkspaceField::Remove);
        faults.finish(Some((add, remove))).map_err(wire_names::refused)
    }
}

/// What really changed.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceChangeDone {
    added: Vec<String>,
    removed: Vec<String>,
}

impl From<&WorkspaceChanged> for WorkspaceChangeDone {
    fn from(done: &WorkspaceChanged) -> Self {
        Self {
            added: texts(&done.added),
            removed: texts(&done.removed),
        }
    }
}

fn ids(
    faults: &mut Faults<WorkspaceField>,
    sent: &[String],
    field: fn(usize) -> WorkspaceField,
) -> Vec<ImageId> {
    sent.iter()
        .enumerate()
        .filter_map(|(index, id)| faults.take(field(index), id.parse()))
        .collect()
}

fn texts(images: &[ImageId]) -> Vec<String> {
    images.iter().map(ImageId::to_string).collect()
}
