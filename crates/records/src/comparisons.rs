//! A visit's comparison groups (C1–C3).

mod changing;
mod marking;
mod shown;

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::comparison::marks::{Annotation, Place, Ruler, View};
use cutis_domain::comparison::{Compared, Comparison, GroupField, Layout, MAX_COMPARISONS, Mode, PartField};
use cutis_domain::image::Turns;
use cutis_domain::tag::Tagged;
use cutis_domain::{
    Clinician, ComparisonId, EntryId, FieldError, FieldVersions, ImageId, Invalid, Line, PatientId,
    Sensitive, Text,
};
use cutis_storage::PatientUnit;

pub(crate) use shown::shown;
pub use shown::{MeasuredLine, ShownComparison, ShownImage};

use crate::activity::{FieldChange, newest};
use crate::error::wraps_record_error;
use crate::patients::Change;
use crate::{RecordError, Records};

/// A field of a request about comparisons. Numbers are places in the lists that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparisonField {
    /// The version that a change is based on.
    Version,
    /// An image to be compared.
    Image(usize),
    /// How it is shown.
    Mode,
    /// The landmarks of an image.
    Landmarks,
    /// The ruler of an image.
    Ruler,
    /// The radius of a circle.
    Radius(usize),
}

/// Why a comparison could not be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum ComparisonError {
    /// Fields were refused; nothing changed.
    #[error("some fields need a different value")]
    Invalid(Vec<FieldError<ComparisonField>>),
    /// An image that the request names is not one of this patient's.
    #[error("there is no such photo")]
    NoImage {
        /// Which.
        image: ImageId,
        /// Of which patient.
        patient: PatientId,
        /// Where in the request.
        field: ComparisonField,
    },
    /// Somebody else changed the same fields of the group in the meantime (P6): these were not changed, all others were.
    #[error("these fields were changed in the meantime")]
    Stale(Box<Clash<GroupField>>),
    /// As [`ComparisonError::Stale`], of an image within the group.
    #[error("these fields were changed in the meantime")]
    StaleImage(Box<Clash<PartField>>),
    /// As for any record.
    #[error(transparent)]
    Record(#[from] RecordError),
}

wraps_record_error!(ComparisonError);

/// What was refused of a change because somebody else changed the same fields, and what was saved.
#[derive(Debug)]
pub struct Clash<F> {
    /// The refused fields, and who changed each.
    pub moved: Vec<FieldChange<F>>,
    /// The fields that were changed.
    pub saved: Vec<F>,
    /// How the comparison is now.
    pub shown: ShownComparison,
}

impl ComparisonError {
    fn invalid(field: ComparisonField, invalid: Invalid) -> Self {
        Self::Invalid(vec![FieldError::new(field, invalid)])
    }
}

impl Denial for ComparisonError {
    fn denial(&self) -> Option<Event> {
        match self {
            // What is stale was recorded where it was found, and the reading of what is shown with it (U3).
            Self::Invalid(_) | Self::Stale(_) | Self::StaleImage(_) => None,
            Self::NoImage { image, patient, .. } => {
                RecordError::absent(Target::Image(*image), *patient).denial()
            }
            Self::Record(error) => error.denial(),
        }
    }
}

/// A comparison group to be added, behind the others of its visit.
#[derive(Debug, Clone)]
pub struct NewComparison {
    /// A short heading.
    pub title: Option<Sensitive<Line<1, 200>>>,
    /// A note.
    pub note: Option<Sensitive<Text<1, 4_000>>>,
    /// How it is shown.
    pub mode: Mode,
    /// How it is arranged.
    pub layout: Layout,
    /// Which images.
    pub images: Compared,
}

/// A change of a comparison group: what is absent stays.
#[derive(Clone, Default)]
pub struct ComparisonPatch {
    /// A short heading.
    pub title: Change<Line<1, 200>>,
    /// A note.
    pub note: Change<Text<1, 4_000>>,
    /// How it is shown.
    pub mode: Option<Mode>,
    /// How it is arranged.
    pub layout: Option<Layout>,
    /// Which images.
    pub images: Option<Compared>,
    /// Its place among those of its visit, starting at 0; a number beyond the end means last.
    pub position: Option<u16>,
}

impl std::fmt::Debug for ComparisonPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ComparisonPatch[redacted]")
    }
}

/// A change of what is marked on an image of a group: what is absent stays.
#[derive(Clone)]
pub struct MarksPatch {
    /// How the image was turned for whoever marked it: places are shares of the image as it was then.
    pub turns: Turns,
    /// What stands beside it.
    pub label: Change<Line<1, 80>>,
    /// How it is shown.
    pub view: Option<View>,
    /// Its landmarks.
    pub landmarks: Option<Vec<Place>>,
    /// Its ruler.
    pub ruler: Change<Ruler>,
    /// What is drawn on it.
    pub annotations: Option<Vec<Annotation>>,
}

impl std::fmt::Debug for MarksPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MarksPatch[redacted]")
    }
}

/// How a change ended that was not refused as a whole.
enum Saved<F> {
    /// Everything that was sent holds.
    Whole(Box<ShownComparison>),
    /// These fields were saved, and those were not.
    Without { saved: Vec<F>, moved: Vec<F> },
}

/// Why a change was not made, without anything of the record (U3).
enum Refusal<F> {
    Other(ComparisonError),
    Stale {
        id: ComparisonId,
        patient: PatientId,
        moved: Vec<F>,
    },
}

impl<F, E: Into<ComparisonError>> From<E> for Refusal<F> {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl<F> Denial for Refusal<F> {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Other(error) => error.denial(),
            Self::Stale { id, patient, .. } => Some(refused_as_stale(*id, *patient)),
        }
    }
}

impl Records {
    /// Shows a comparison.
    ///
    /// # Errors
    /// See [`ComparisonError`].
    pub async fn comparison(
        &self,
        by: &Clinician,
        patient: PatientId,
        id: ComparisonId,
    ) -> Result<ShownComparison, ComparisonError> {
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let group = inside.comparison(id)?.ok_or(no_comparison(id, patient))?;
                let shown = shown(&*inside, group)?;
                let event = viewed(&shown, patient);
                Ok(Audited::new(shown, event))
            })
            .await
    }

    /// Adds a comparison group to a visit.
    ///
    /// # Errors
    /// See [`ComparisonError`].
    pub async fn create_comparison(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        new: NewComparison,
    ) -> Result<ShownComparison, ComparisonError> {
        let (id, now) = (self.ids.make(), self.clock.now());
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                let open = inside.open_entry(entry)?;
                must_have_images(&inside, patient, new.images.as_slice())?;
                let position = inside.comparisons(entry)?.len();
                if position >= MAX_COMPARISONS {
                    let message =
                        format!("Choose a comparison to delete first; this visit has {MAX_COMPARISONS}.");
                    let invalid = Invalid::new("too_many", message);
                    return Err(ComparisonError::invalid(ComparisonField::Mode, invalid));
                }
                let group = Comparison {
                    title: new.title,
                    note: new.note,
                    layout: new.layout,
                    ..Comparison::new(id, entry, new.mode, &new.images)
                };
                let position = u16::try_from(position).unwrap_or(u16::MAX);
                inside.insert_comparison(&open, &group, position, now)?;
                let event = Event::new(Action::ComparisonCreated)
                    .target(Target::Comparison(id))
                    .patient(patient)
                    .detail(Detail::code("mode", group.mode.code()))
                    .detail(Detail::ids("images", texts(&group.image_ids())));
                Ok(Audited::new(shown(&*inside, group)?, event))
            })
            .await
    }

    /// Removes a comparison group with what is marked in it; its images stay.
    ///
    /// # Errors
    /// See [`ComparisonError`].
    pub async fn remove_comparison(
        &self,
        by: &Clinician,
        patient: PatientId,
        id: ComparisonId,
    ) -> Result<(), ComparisonError> {
        let now = self.clock.now();
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                let group = inside.comparison(id)?.ok_or(no_comparison(id, patient))?;
                let open = inside.open_entry(group.entry)?;
                inside.remove_comparison(&open, id, now)?;
                let event = Event::new(Action::ComparisonRemoved)
                    .target(Target::Comparison(id))
                    .patient(patient);
                Ok(Audited::new((), event))
            })
            .await
    }

    /// A comparison, and who last changed these of its fields, or of the fields of one of its images.
    async fn clash<F: Copy + Send + Sync>(
        &self,
        by: &Clinician,
        patient: PatientId,
        id: ComparisonId,
        image: Option<ImageId>,
        (saved, moved): (Vec<F>, Vec<F>),
        code: fn(F) -> &'static str,
    ) -> Result<Box<Clash<F>>, ComparisonError> {
        let (target, image) = (id.to_string(), image.map(|image| image.to_string()));
        let (shown, moved) = self
            .store
            .clinic(by)
            .read_trail(|view| {
                let inside = view.inside(patient)?;
                let group = inside.comparison(id)?.ok_or(no_comparison(id, patient))?;
                let moved = newest(&*inside, &moved, |field, record| {
                    let of = |key: &str, value: &str| {
                        let details = record.details.iter().filter(|(kind, _)| kind == key);
                        details
                            .flat_map(|(_, named)| named.split(", "))
                            .any(|one| one == value)
                    };
                    record.action == Action::ComparisonChanged.code()
                        && record.target.as_ref().is_some_and(|it| it.id == target)
                        && of("fields", code(field))
                        && image.as_ref().is_none_or(|image| of("images", image))
                })?;
                let shown = shown(&*inside, group)?;
                let event = viewed(&shown, patient);
                Ok::<_, ComparisonError>(Audited::new((shown, moved), event))
            })
            .await?;
        Ok(Box::new(Clash { moved, saved, shown }))
    }
}

/// Of the fields that a change would change, those that nobody else changed since `version`, and those that somebody did.
fn split<F: Ord + Copy>(changed: Vec<F>, versions: &FieldVersions<F>, version: u64) -> (Vec<F>, Vec<F>) {
    changed
        .into_iter()
        .partition(|field| !versions.moved_since(*field, version))
}

/// A version that the comparison has not reached yet is a mistake of the program that sends it.
fn must_have_been(version: u64, group: &Comparison) -> Result<(), ComparisonError> {
    if version <= group.version {
        return Ok(());
    }
    let message = "Load the comparison again; this version of it does not exist.";
    let invalid = Invalid::new("version", message);
    Err(ComparisonError::invalid(ComparisonField::Version, invalid))
}

fn must_have_images(
    inside: &PatientUnit<'_, '_>,
    patient: PatientId,
    images: &[ImageId],
) -> Result<(), ComparisonError> {
    for (index, image) in images.iter().enumerate() {
        if !inside.has_tagged(Tagged::Image(*image))? {
            return Err(ComparisonError::NoImage {
                image: *image,
                patient,
                field: ComparisonField::Image(index),
            });
        }
    }
    Ok(())
}

fn viewed(shown: &ShownComparison, patient: PatientId) -> Event {
    Event::new(Action::ComparisonViewed)
        .target(Target::Comparison(shown.group.id))
        .patient(patient)
        .detail(Detail::ids("images", texts(&shown.group.image_ids())))
}

fn changed(id: ComparisonId, patient: PatientId) -> Event {
    Event::new(Action::ComparisonChanged)
        .target(Target::Comparison(id))
        .patient(patient)
}

/// Fields that somebody else changed in the meantime were not changed.
fn refused_as_stale(id: ComparisonId, patient: PatientId) -> Event {
    changed(id, patient)
        .refused()
        .detail(Detail::code("reason", "stale_version"))
}

fn no_comparison(id: ComparisonId, patient: PatientId) -> RecordError {
    RecordError::absent(Target::Comparison(id), patient)
}

fn texts(images: &[ImageId]) -> Vec<String> {
    images.iter().map(ImageId::to_string).collect()
}
