//! Workspaces and comparison groups on the wire.

use cutis_domain::comparison::{Compared, Comparison as Stored, Mode};
use cutis_domain::{Faults, ImageId, Line, Sensitive};
use cutis_edge::problem::Problem;
use cutis_records::WorkspaceField;
use cutis_records::workspaces::{
    ComparisonPatch as Patch, NewComparison, Workspace as Shown, WorkspaceChanged,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire_names;

/// How the photos of a comparison are shown.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonMode {
    /// One beside the other.
    SideBySide,
    /// In rows and columns.
    Grid,
    /// One uncovers the other by a slider.
    Split,
    /// One shines through the other.
    Overlay,
    /// One after the other in the same place.
    Blink,
    /// What differs.
    Difference,
    /// Along time.
    Timeline,
}

impl From<Mode> for ComparisonMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::SideBySide => Self::SideBySide,
            Mode::Grid => Self::Grid,
            Mode::Split => Self::Split,
            Mode::Overlay => Self::Overlay,
            Mode::Blink => Self::Blink,
            Mode::Difference => Self::Difference,
            Mode::Timeline => Self::Timeline,
        }
    }
}

/// A comparison group of a visit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    id: String,
    entry_id: String,
    #[schema(required)]
    title: Option<String>,
    mode: ComparisonMode,
    /// The photos in their order.
    images: Vec<String>,
}

impl From<&Stored> for Comparison {
    fn from(stored: &Stored) -> Self {
        Self {
            id: stored.id.to_string(),
            entry_id: stored.entry.to_string(),
            title: stored
                .title
                .as_ref()
                .map(|title| title.reveal().as_str().to_owned()),
            mode: stored.mode.into(),
            images: texts(stored.images.as_slice()),
        }
    }
}

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

/// A comparison to be added, behind the others of its visit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparisonInput {
    /// At most 200 characters.
    #[serde(default)]
    title: Option<String>,
    /// One of `ComparisonMode`.
    mode: String,
    /// 2 to 16 photos of the patient in their order.
    images: Vec<String>,
}

impl TryFrom<ComparisonInput> for NewComparison {
    type Error = Problem;

    fn try_from(sent: ComparisonInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let title = faults.text(WorkspaceField::Title, sent.title.as_deref());
        let mode = faults.take(WorkspaceField::Mode, Mode::parse(&sent.mode));
        let images = compared(&mut faults, &sent.images);
        let comparison = mode.zip(images).map(|(mode, images)| Self {
            title: title.map(Sensitive::new),
            mode,
            images,
        });
        faults.finish(comparison).map_err(wire_names::refused)
    }
}

/// A change of a comparison: what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparisonPatch {
    /// At most 200 characters; blank removes it.
    #[serde(default)]
    title: Option<String>,
    /// One of `ComparisonMode`.
    #[serde(default)]
    mode: Option<String>,
    /// 2 to 16 photos of the patient in their order.
    #[serde(default)]
    images: Option<Vec<String>>,
    /// Its place among those of its visit, starting at 0; a number beyond the end means last.
    #[serde(default)]
    position: Option<u16>,
}

impl TryFrom<ComparisonPatch> for Patch {
    type Error = Problem;

    fn try_from(sent: ComparisonPatch) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let title = sent
            .title
            .map(|title| faults.text(WorkspaceField::Title, Some(&title)));
        let mode = sent
            .mode
            .and_then(|mode| faults.take(WorkspaceField::Mode, Mode::parse(&mode)));
        let images = sent.images.and_then(|images| compared(&mut faults, &images));
        let patch = Self {
            title: title.map(|title: Option<Line<1, 200>>| title.map(Sensitive::new)),
            mode,
            images,
            position: sent.position,
        };
        faults.finish(Some(patch)).map_err(wire_names::refused)
    }
}

fn compared(faults: &mut Faults<WorkspaceField>, sent: &[String]) -> Option<Compared> {
    let images = ids(faults, sent, WorkspaceField::Image);
    if images.len() < sent.len() {
        return None;
    }
    faults.take(WorkspaceField::AllImages, Compared::parse(images))
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
