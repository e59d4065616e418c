//! The images of a visit's workspace (E4), shown with its comparison groups.

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::comparison::MAX_WORKSPACE;
use cutis_domain::tag::Tagged;
use cutis_domain::{Clinician, EntryId, FieldError, ImageId, Invalid, PatientId};
use cutis_storage::PatientUnit;

use crate::comparisons::{ShownComparison, shown};
use crate::entries::no_entry;
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
    pub comparisons: Vec<ShownComparison>,
}

/// What a change of a workspace really changed.
#[derive(Debug, Clone, Default)]
pub struct WorkspaceChanged {
    /// Images that were not there before.
    pub added: Vec<ImageId>,
    /// Images that were.
    pub removed: Vec<ImageId>,
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
                if !inside.has_tagged(Tagged::Entry(entry))? {
                    return Err(no_entry(entry, patient).into());
                }
                let groups = inside.comparisons(entry)?.into_iter();
                let workspace = Workspace {
                    images: inside.workspace(entry)?,
                    comparisons: groups
                        .map(|group| shown(&*inside, group))
                        .collect::<Result<_, _>>()?,
                };
                let groups = workspace.comparisons.iter().map(|it| it.group.id.to_string());
                let event = Event::new(Action::WorkspaceViewed)
                    .target(Target::Entry(entry))
                    .patient(patient)
                    .detail(Detail::ids("images", texts(&workspace.images)))
                    .detail(Detail::ids("comparisons", groups.collect()));
                Ok(Audited::new(workspace, event))
            })
            .await
    }

    /// Puts images into a visit's workspace and takes images out, all or nothing.
    ///
    /// # Errors
    /// See [`WorkspaceError`]; [`RecordError::Signed`] when the visit is signed.
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
                let open = inside.open_entry(entry)?;
                must_have_images(&inside, patient, &add, WorkspaceField::Add)?;
                must_have_images(&inside, patient, &remove, WorkspaceField::Remove)?;
                let mut done = WorkspaceChanged::default();
                for image in remove {
                    if inside.remove_from_workspace(&open, image, now)? {
                        done.removed.push(image);
                    }
                }
                for image in add {
                    if inside.add_to_workspace(&open, image, now)? {
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

fn texts(images: &[ImageId]) -> Vec<String> {
    images.iter().map(ImageId::to_string).collect()
}
