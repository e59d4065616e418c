//! The images of a visit's workspace (E4), and a visit's comparison groups (C1).

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::comparison::{Compared, Comparison, MAX_COMPARISONS, MAX_WORKSPACE, Mode};
use cutis_domain::tag::Tagged;
use cutis_domain::{
    Clinician, ComparisonId, EntryId, FieldError, ImageId, Invalid, Line, PatientId, Sensitive, Timestamp,
};
use cutis_storage::{PatientUnit, PatientView};

use crate::error::wraps_record_error;
use crate::{RecordError, Records};

/// The maximum number of images that one request adds and removes.
const MAX_CHANGED: usize = 200;

/// A field of a request about workspaces. The numbers are places in the lists that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceField {
    /// All images to be added.
    AllAdded,
    /// An image to be added.
    Add(usize),
    /// An image to be removed.
    Remove(usize),
    /// All images to be compared.
    AllImages,
    /// An image to be compared.
    Image(usize),
    /// A comparison's title.
    Title,
    /// A comparison's mode.
    Mode,
}

/// Why something about a visit's images could not be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Fields were refused; nothing changed.
    #[error("some fields need a different value")]
    Invalid(Vec<FieldError<WorkspaceField>>),
    /// An image that the request names is not one of this patient's.
    #[error("there is no such photo")]
    NoImage {
        /// Which.
        image: ImageId,
        /// Of which patient.
        patient: PatientId,
        /// Where in the request.
        field: WorkspaceField,
    },
    /// As for any record.
    #[error(transparent)]
    Record(#[from] RecordError),
}

wraps_record_error!(WorkspaceError);

impl WorkspaceError {
    fn invalid(field: WorkspaceField, code: &'static str, remedy: String) -> Self {
        Self::Invalid(vec![FieldError::new(field, Invalid::new(code, remedy))])
    }
}

impl Denial for WorkspaceError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Invalid(_) => None,
            Self::NoImage { image, patient, .. } => {
                RecordError::absent(Target::Image(*image), *patient).denial()
            }
            Self::Record(error) => error.denial(),
        }
    }
}

/// What a visit shows of the patient's images.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The images, newest first.
    pub images: Vec<ImageId>,
    /// The comparison groups in their order.
    pub comparisons: Vec<Comparison>,
}

/// What a change of a workspace really changed.
#[derive(Debug, Clone, Default)]
pub struct WorkspaceChanged {
    /// Images that were not there before.
    pub added: Vec<ImageId>,
    /// Images that were.
    pub removed: Vec<ImageId>,
}

/// A comparison group to be added, behind the others of its visit.
#[derive(Debug, Clone)]
pub struct NewComparison {
    /// A short heading.
    pub title: Option<Sensitive<Line<1, 200>>>,
    /// How it is shown.
    pub mode: Mode,
    /// Which images.
    pub images: Compared,
}

/// A change of a comparison group: what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ComparisonPatch {
    /// A short heading, or none.
    pub title: Option<Option<Sensitive<Line<1, 200>>>>,
    /// How it is shown.
    pub mode: Option<Mode>,
    /// Which images.
    pub images: Option<Compared>,
    /// Its place among those of its visit, starting at 0; a number beyond the end means last.
    pub position: Option<u16>,
}

impl Records {
    /// A visit's workspace and comparisons.
    ///
    /// # Errors
    /// See [`WorkspaceError`].
    pub async fn workspace(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
    ) -> Result<Workspace, WorkspaceError> {
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                if !has_entry(&inside, entry)? {
                    return Err(no_entry(entry, patient));
                }
                let workspace = Workspace {
                    images: inside.workspace(entry)?,
                    comparisons: inside.comparisons(entry)?,
                };
                let event = Event::new(Action::WorkspaceViewed)
                    .target(Target::Entry(entry))
                    .patient(patient)
                    .detail(Detail::ids("images", texts(&workspace.images)));
                Ok(Audited::new(workspace, event))
            })
            .await
    }

    /// Puts images into a visit's workspace and takes images out, all or nothing.
    ///
    /// # Errors
    /// See [`WorkspaceError`].
    pub async fn change_workspace(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        add: Vec<ImageId>,
        remove: Vec<ImageId>,
    ) -> Result<WorkspaceChanged, WorkspaceError> {
        let count = add.len().saturating_add(remove.len());
        if count == 0 || count > MAX_CHANGED {
            let message = format!("Choose 1 to {MAX_CHANGED} photos to add and to remove.");
            return Err(WorkspaceError::invalid(
                WorkspaceField::AllAdded,
                "count",
                message,
            ));
        }
        let now = self.clock.now();
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                must_have_entry(&inside, entry, patient)?;
                must_have_images(&inside, patient, &add, WorkspaceField::Add)?;
                must_have_images(&inside, patient, &remove, WorkspaceField::Remove)?;
                let mut done = WorkspaceChanged::default();
                for image in remove {
                    if inside.remove_from_workspace(entry, image, now)? {
                        done.removed.push(image);
                    }
                }
                for image in add {
                    if inside.add_to_workspace(entry, image, now)? {
                        done.added.push(image);
                    }
                }
                if inside.workspace(entry)?.len() > MAX_WORKSPACE {
                    let message = format!("Remove photos first; a visit shows at most {MAX_WORKSPACE}.");
                    return Err(WorkspaceError::invalid(
                        WorkspaceField::AllAdded,
                        "too_many",
                        message,
                    ));
                }
                let event = Event::new(Action::WorkspaceChanged)
                    .target(Target::Entry(entry))
                    .patient(patient)
                    .detail(Detail::ids("added", texts(&done.added)))
                    .detail(Detail::ids("removed", texts(&done.removed)));
                Ok(Audited::new(done, event))
            })
            .await
    }

    /// Adds a comparison group to a visit.
    ///
    /// # Errors
    /// See [`WorkspaceError`].
    pub async fn create_comparison(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        new: NewComparison,
    ) -> Result<Comparison, WorkspaceError> {
        let (id, now) = (self.ids.make(), self.clock.now());
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                must_have_entry(&inside, entry, patient)?;
                must_have_images(&inside, patient, new.images.as_slice(), WorkspaceField::Image)?;
                let position = inside.comparisons(entry)?.len();
                if position >= MAX_COMPARISONS {
                    let message = format!("Delete a comparison first; this visit has {MAX_COMPARISONS}.");
                    return Err(WorkspaceError::invalid(WorkspaceField::Mode, "too_many", message));
                }
                let comparison = Comparison {
                    id,
                    entry,
                    title: new.title,
                    mode: new.mode,
                    images: new.images,
                };
                inside.insert_comparison(&comparison, u16::try_from(position).unwrap_or(u16::MAX), now)?;
                let event = event_of(Action::ComparisonCreated, &comparison, patient);
                Ok(Audited::new(comparison, event))
            })
            .await
    }

    /// Changes a comparison group.
    ///
    /// # Errors
    /// See [`WorkspaceError`].
    pub async fn change_comparison(
        &self,
        by: &Clinician,
        patient: PatientId,
        id: ComparisonId,
        patch: ComparisonPatch,
    ) -> Result<Comparison, WorkspaceError> {
        let now = self.clock.now();
        self.store
            .clinic(by)
            .write(move |unit| change_in(&mut unit.inside(patient)?, patient, id, patch, now))
            .await
    }

    /// Removes a comparison group; its images stay.
    ///
    /// # Errors
    /// See [`WorkspaceError`].
    pub async fn remove_comparison(
        &self,
        by: &Clinician,
        patient: PatientId,
        id: ComparisonId,
    ) -> Result<(), WorkspaceError> {
        let now = self.clock.now();
        self.store
            .clinic(by)
            .write(move |unit| {
                if !unit.inside(patient)?.remove_comparison(id, now)? {
                    return Err(no_comparison(id, patient));
                }
                let event = Event::new(Action::ComparisonRemoved)
                    .target(Target::Comparison(id))
                    .patient(patient);
                Ok(Audited::new((), event))
            })
            .await
    }
}

fn change_in(
    inside: &mut PatientUnit<'_, '_>,
    patient: PatientId,
    id: ComparisonId,
    patch: ComparisonPatch,
    now: Timestamp,
) -> Result<Audited<Comparison>, WorkspaceError> {
    let mut after = inside.comparison(id)?.ok_or(no_comparison(id, patient))?;
    let mut groups = inside.comparisons(after.entry)?;
    if let Some(images) = patch.images {
        must_have_images(inside, patient, images.as_slice(), WorkspaceField::Image)?;
        after.images = images;
    }
    after.title = patch.title.unwrap_or(after.title);
    after.mode = patch.mode.unwrap_or(after.mode);
    let from = groups.iter().position(|group| group.id == id).unwrap_or_default();
    groups.retain(|group| group.id != id);
    let to = patch
        .position
        .map_or(from, |position| usize::from(position).min(groups.len()));
    groups.insert(to, after.clone());
    for (position, group) in groups.iter().enumerate() {
        if group.id == id || (from.min(to)..=from.max(to)).contains(&position) {
            inside.update_comparison(group, u16::try_from(position).unwrap_or(u16::MAX), now)?;
        }
    }
    let event = event_of(Action::ComparisonChanged, &after, patient);
    Ok(Audited::new(after, event))
}

fn event_of(action: Action, comparison: &Comparison, patient: PatientId) -> Event {
    Event::new(action)
        .target(Target::Comparison(comparison.id))
        .patient(patient)
        .detail(Detail::code("mode", comparison.mode.code()))
        .detail(Detail::ids("images", texts(comparison.images.as_slice())))
}

fn has_entry(inside: &PatientView<'_>, entry: EntryId) -> Result<bool, WorkspaceError> {
    Ok(inside.has_tagged(Tagged::Entry(entry))?)
}

fn must_have_entry(
    inside: &PatientUnit<'_, '_>,
    entry: EntryId,
    patient: PatientId,
) -> Result<(), WorkspaceError> {
    if inside.has_tagged(Tagged::Entry(entry))? {
        Ok(())
    } else {
        Err(no_entry(entry, patient))
    }
}

fn must_have_images(
    inside: &PatientUnit<'_, '_>,
    patient: PatientId,
    images: &[ImageId],
    field: fn(usize) -> WorkspaceField,
) -> Result<(), WorkspaceError> {
    for (index, image) in images.iter().enumerate() {
        if !inside.has_tagged(Tagged::Image(*image))? {
            return Err(WorkspaceError::NoImage {
                image: *image,
                patient,
                field: field(index),
            });
        }
    }
    Ok(())
}

fn no_entry(entry: EntryId, patient: PatientId) -> WorkspaceError {
    RecordError::absent(Target::Entry(entry), patient).into()
}

fn no_comparison(id: ComparisonId, patient: PatientId) -> WorkspaceError {
    RecordError::absent(Target::Comparison(id), patient).into()
}

fn texts(images: &[ImageId]) -> Vec<String> {
    images.iter().map(ImageId::to_string).collect()
}
