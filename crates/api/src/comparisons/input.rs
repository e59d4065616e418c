//! Comparison groups in requests.

use cutis_domain::comparison::{Compared, Layout, Mode, marks as domain};
use cutis_domain::image::Turns;
use cutis_domain::{Invalid, Sensitive, Text};
use cutis_edge::problem::Problem;
use cutis_records::comparisons::{ComparisonPatch as Patch, MarksPatch, NewComparison};
use cutis_records::patients::Change;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::marks::{Annotation, ComparedPoint, ComparedRuler, ComparedView, Refused, places};
use crate::sent::{self, Sent, present};
use crate::wire_names;

/// A comparison to be added, behind the others of its visit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparisonInput {
    /// At most 200 characters.
    #[serde(default)]
    title: Option<String>,
    /// Several lines of at most 4,000 characters together.
    #[serde(default)]
    note: Option<String>,
    /// One of `ComparisonMode`.
    mode: String,
    /// One of `ComparisonLayout`; `auto` when absent.
    #[serde(default)]
    layout: Option<String>,
    /// 2 to 16 photos of the patient in their order.
    images: Vec<String>,
}

impl TryFrom<ComparisonInput> for NewComparison {
    type Error = Problem;

    fn try_from(sent: ComparisonInput) -> Result<Self, Problem> {
        let mut faults = Refused::default();
        let title = faults.text("title".to_owned(), sent.title.as_deref());
        let note = faults.text("note".to_owned(), sent.note.as_deref());
        let mode = faults.take("mode".to_owned(), Mode::parse(&sent.mode));
        let layout = faults.optional("layout".to_owned(), sent.layout.as_deref(), Layout::parse);
        let images = compared(&mut faults, &sent.images);
        let comparison = mode.zip(images).map(|(mode, images)| Self {
            title: title.map(Sensitive::new),
            note: note.map(Sensitive::new),
            mode,
            layout: layout.unwrap_or(Layout::Auto),
            images,
        });
        faults.finish(comparison).map_err(wire_names::refused)
    }
}

/// A change of a comparison: absent fields stay, `null` clears.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparisonPatch {
    /// The version of the comparison that the change was made on.
    pub(super) version: u64,
    /// At most 200 characters; blank removes it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    title: Sent<String>,
    /// Several lines of at most 4,000 characters together; blank removes it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    note: Sent<String>,
    /// One of `ComparisonMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    /// One of `ComparisonLayout`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    layout: Option<String>,
    /// 2 to 16 photos of the patient in their order. What is marked on those that stay stays; on those that go it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    images: Option<Vec<String>>,
    /// Its place among those of its visit, starting at 0; a number beyond the end means last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<u16>,
}

impl TryFrom<ComparisonPatch> for Patch {
    type Error = Problem;

    fn try_from(sent: ComparisonPatch) -> Result<Self, Problem> {
        let mut faults = Refused::default();
        let (mode, layout) = (sent.mode.as_deref(), sent.layout.as_deref());
        let patch = Self {
            title: sent::text(&mut faults, "title", sent.title, Text::parse),
            note: sent::text(&mut faults, "note", sent.note, Text::parse),
            mode: mode.and_then(|mode| faults.take("mode".to_owned(), Mode::parse(mode))),
            layout: layout.and_then(|layout| faults.take("layout".to_owned(), Layout::parse(layout))),
            images: sent.images.and_then(|images| compared(&mut faults, &images)),
            position: sent.position,
        };
        faults.finish(Some(patch)).map_err(wire_names::refused)
    }
}

/// A change of what is marked on a photo of a comparison: absent fields stay, `null` clears.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparedImagePatch {
    /// The version of the comparison that the change was made on.
    pub(super) version: u64,
    /// How many quarters the photo was turned for whoever marked it, as the answer said: 0 to 3.
    turns: i64,
    /// One line of at most 80 characters; blank removes it, and the date stands there again.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    label: Sent<String>,
    /// How it is laid into its frame; `null` shows it as it is.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<ComparedView>)]
    view: Sent<ComparedView>,
    /// At most four. What cannot be fitted to those of the first photo is refused; fewer than two, or not as many as that has,
    /// may be stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    landmarks: Option<Vec<ComparedPoint>>,
    /// A line of known length.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<ComparedRuler>)]
    ruler: Sent<ComparedRuler>,
    /// At most 100, in the order in which they are drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    annotations: Option<Vec<Annotation>>,
}

impl TryFrom<ComparedImagePatch> for MarksPatch {
    type Error = Problem;

    fn try_from(sent: ComparedImagePatch) -> Result<Self, Problem> {
        let mut faults = Refused::default();
        let turns = faults.take("turns".to_owned(), Turns::parse(sent.turns));
        let label = sent::text(&mut faults, "label", sent.label, Text::parse);
        let view = match sent.view {
            None => None,
            Some(None) => Some(domain::View::default()),
            Some(Some(view)) => view.parsed(&mut faults),
        };
        let landmarks = sent.landmarks.and_then(|landmarks| {
            let landmarks = places(&mut faults, "landmarks", &landmarks)?;
            faults.take("landmarks".to_owned(), domain::landmarks(landmarks))
        });
        let ruler = match sent.ruler {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(ruler)) => Change::of(ruler.parsed(&mut faults)),
        };
        let annotations = sent.annotations.and_then(|drawn| annotations(&mut faults, drawn));
        let patch = turns.map(|turns| Self {
            turns,
            label,
            view,
            landmarks,
            ruler,
            annotations,
        });
        faults.finish(patch).map_err(wire_names::refused)
    }
}

fn annotations(faults: &mut Refused, drawn: Vec<Annotation>) -> Option<Vec<domain::Annotation>> {
    let field = || "annotations".to_owned();
    if drawn.len() > domain::MAX_ANNOTATIONS {
        let message = format!("Use at most {} drawings on a photo.", domain::MAX_ANNOTATIONS);
        faults.refuse(field(), Invalid::new("too_many", message));
        return None;
    }
    let parsed = drawn.into_iter().enumerate();
    let parsed: Vec<_> = parsed
        .map(|(index, annotation)| annotation.parsed(faults, &format!("annotations[{index}]")))
        .collect();
    let parsed: Option<Vec<_>> = parsed.into_iter().collect();
    faults.take(field(), domain::annotations(parsed?))
}

fn compared(faults: &mut Refused, sent: &[String]) -> Option<Compared> {
    let images = sent.iter().enumerate();
    let images: Vec<_> = images
        .map(|(index, id)| faults.take(format!("images[{index}]"), id.parse()))
        .collect();
    let images: Option<Vec<_>> = images.into_iter().collect();
    faults.take("images".to_owned(), Compared::parse(images?))
}
