//! Comparison groups in answers.

use cutis_domain::comparison::{GroupField, Layout, Mode, PartField};
use cutis_records::comparisons::{ShownComparison, ShownImage};
use serde::Serialize;
use utoipa::ToSchema;

use super::marks::{Annotation, ComparedPoint, ComparedRuler, ComparedView};

/// How the photos of a comparison are shown.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ComparisonMode {
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

/// How the photos of a comparison are arranged.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ComparisonLayout {
    /// As fits the screen.
    Auto,
    /// In one row.
    Row,
    /// In one column.
    Column,
    /// In two columns.
    Two,
    /// In three columns.
    Three,
    /// In four columns.
    Four,
}

impl From<Layout> for ComparisonLayout {
    fn from(layout: Layout) -> Self {
        match layout {
            Layout::Auto => Self::Auto,
            Layout::Row => Self::Row,
            Layout::Column => Self::Column,
            Layout::Two => Self::Two,
            Layout::Three => Self::Three,
            Layout::Four => Self::Four,
        }
    }
}

/// A comparison group of a visit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comparison {
    id: String,
    entry_id: String,
    /// Whether its visit is signed: then nothing of the comparison can be changed.
    signed: bool,
    #[schema(required)]
    title: Option<String>,
    /// Several lines.
    #[schema(required)]
    note: Option<String>,
    mode: ComparisonMode,
    layout: ComparisonLayout,
    /// The photos in their order.
    images: Vec<String>,
    /// What is known of them and marked on them, in the same order.
    views: Vec<ComparedImage>,
    /// Counts changes, of the group and of what is marked on its photos. A change names the version that it was made on.
    version: u64,
    /// The version at which each field last changed.
    versions: ComparisonVersions,
}

/// The version of a comparison at which each of its fields last changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComparisonVersions {
    title: u64,
    note: u64,
    mode: u64,
    layout: u64,
    images: u64,
}

/// A photo of a comparison. Places are shares of the photo upright, as it is turned now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedImage {
    image_id: String,
    /// In pixels, upright, as it is turned now.
    width: u32,
    /// In pixels.
    height: u32,
    /// When it was captured, if that is known.
    #[schema(required)]
    captured_at: Option<String>,
    uploaded_at: String,
    /// Which of its renditions are the present ones; part of their address.
    edition: u32,
    /// How many quarters it is turned, clockwise, 0 to 3. A change of marks names it, so that they stay on the same skin when
    /// somebody turns the photo meanwhile.
    turns: u8,
    /// What stands beside it; `null` if its date does.
    #[schema(required)]
    label: Option<String>,
    view: ComparedView,
    /// At most four. The first belongs to the first of the first photo, and so on.
    landmarks: Vec<ComparedPoint>,
    #[schema(required)]
    ruler: Option<ComparedRuler>,
    annotations: Vec<Annotation>,
    /// How it lies over the first photo by its landmarks; `null` for the first, and where there is a problem.
    #[schema(required)]
    alignment: Option<Alignment>,
    /// Why there is none: `incomplete` (fewer than two landmarks, or not as many as the first photo has), `too_close`, `in_line`,
    /// `residual`, `scale` or `not_finite`; `null` for the first photo.
    #[schema(required)]
    alignment_problem: Option<&'static str>,
    /// The lengths of its drawings of the kind `measure`, if it has a ruler.
    measurements: Vec<MeasuredLine>,
    versions: ComparedImageVersions,
}

/// The version of the comparison at which each field of a photo last changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComparedImageVersions {
    label: u64,
    view: u64,
    landmarks: u64,
    ruler: u64,
    annotations: u64,
}

/// Turns, scales and moves a photo, in this order and in pixels, so that it lies over the first photo of the comparison.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Alignment {
    /// How many pixels of the first photo a pixel of this one takes.
    scale: f64,
    /// Around the upper left corner, clockwise, in degrees: above -180 and up to 180.
    rotation: f64,
    /// Where the upper left corner comes to lie, as shares of the first photo's width and height. It may lie far outside.
    translation: Translation,
    /// How far the landmarks miss each other, in pixels of the first photo (root mean square).
    residual_pixels: f64,
    /// The same as a share of its width.
    residual_share: f64,
    /// Whether the residual says anything: with two landmarks it is always 0, and a misplaced one cannot be noticed.
    is_checked: bool,
}

/// A movement in shares of a photo.
#[derive(Serialize, ToSchema)]
pub(crate) struct Translation {
    x: f64,
    y: f64,
}

/// How long a line is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeasuredLine {
    /// Which drawing.
    annotation_id: String,
    millimetres: f64,
    /// The length is within this of the result in about 95 % of cases, as far as it depends on where the ends were placed.
    /// Perspective is not in it.
    uncertainty_millimetres: f64,
}

impl From<&ShownComparison> for Comparison {
    fn from(shown: &ShownComparison) -> Self {
        let group = &shown.group;
        let size = shown
            .images
            .first()
            .map(|first| (f64::from(first.width), f64::from(first.height)));
        let views = group.images.iter().zip(&shown.images);
        Self {
            id: group.id.to_string(),
            entry_id: group.entry.to_string(),
            signed: shown.is_signed,
            title: group
                .title
                .as_ref()
                .map(|title| title.reveal().as_str().to_owned()),
            note: group.note.as_ref().map(|note| note.reveal().as_str().to_owned()),
            mode: group.mode.into(),
            layout: group.layout.into(),
            images: group.images.iter().map(|it| it.image.to_string()).collect(),
            views: views
                .map(|(it, facts)| ComparedImage::new(it, facts, size.unwrap_or((1.0, 1.0))))
                .collect(),
            version: group.version,
            versions: ComparisonVersions {
                title: group.versions.of(GroupField::Title),
                note: group.versions.of(GroupField::Note),
                mode: group.versions.of(GroupField::Mode),
                layout: group.versions.of(GroupField::Layout),
                images: group.versions.of(GroupField::Images),
            },
        }
    }
}

impl ComparedImage {
    /// `first` has the sides of the first photo in pixels.
    fn new(it: &cutis_domain::comparison::ComparedImage, facts: &ShownImage, first: (f64, f64)) -> Self {
        let marks = &it.marks;
        let fit = facts.alignment.as_ref();
        Self {
            image_id: it.image.to_string(),
            width: facts.width,
            height: facts.height,
            captured_at: facts.captured_at.map(|at| at.to_string()),
            uploaded_at: facts.uploaded_at.to_string(),
            edition: facts.edition,
            turns: it.turns.quarters(),
            label: it.label.as_ref().map(|label| label.reveal().as_str().to_owned()),
            view: marks.view.into(),
            landmarks: marks
                .landmarks
                .reveal()
                .iter()
                .copied()
                .map(ComparedPoint::from)
                .collect(),
            ruler: marks.ruler.reveal().map(ComparedRuler::from),
            annotations: marks.annotations.reveal().iter().map(Annotation::from).collect(),
            alignment: fit.and_then(|fit| fit.as_ref().ok()).map(|fit| Alignment {
                scale: fit.similarity.scale,
                rotation: fit.similarity.rotation,
                translation: Translation {
                    x: fit.similarity.translation.x / first.0,
                    y: fit.similarity.translation.y / first.1,
                },
                residual_pixels: fit.residual_pixels,
                residual_share: fit.residual_share,
                is_checked: fit.is_checked,
            }),
            alignment_problem: fit.and_then(|fit| fit.as_ref().err()).map(|error| {
                if error.is_incomplete() {
                    "incomplete"
                } else {
                    error.code()
                }
            }),
            measurements: facts
                .measured
                .iter()
                .map(|line| MeasuredLine {
                    annotation_id: line.annotation.as_str().to_owned(),
                    millimetres: line.length.reveal().millimetres,
                    uncertainty_millimetres: line.length.reveal().uncertainty,
                })
                .collect(),
            versions: ComparedImageVersions {
                label: it.versions.of(PartField::Label),
                view: it.versions.of(PartField::View),
                landmarks: it.versions.of(PartField::Landmarks),
                ruler: it.versions.of(PartField::Ruler),
                annotations: it.versions.of(PartField::Annotations),
            },
        }
    }
}
