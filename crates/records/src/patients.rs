//! Patients: add, list, search, open, change (P1–P4, P6).

pub(crate) mod changes;
pub mod custom_fields;
mod filter;
pub mod input;
mod listing;
pub(crate) mod rules;

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_consent::{ConsentLevel, Grant};
use cutis_domain::patient::{Field, FormField, Patient};
use cutis_domain::{Clinician, ConsentId, FieldError, ImageId, Invalid, PatientId, Sensitive, Timestamp};
use cutis_storage::port::{NewPatient, PatientChange, StoredConsent, StoredImage};
use cutis_storage::{InsideRead, StorageError, Unit, View};

use crate::activity::{FieldChange, newest_changes};
use crate::error::wraps_record_error;
use crate::{RecordError, Records};

pub use filter::{Days, ListFilter};
pub use input::{Change, PatientDraft};
pub use listing::{ListAsked, PatientLine, PatientList, SearchAsked, Sought, Total};

/// Why a patient could not be added, changed or opened.
#[derive(Debug, thiserror::Error)]
pub enum PatientError {
    /// As for any record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Somebody else changed the same fields in the meantime (P6): these were not changed, all others were.
    #[error("these fields were changed in the meantime")]
    Stale {
        /// The refused fields, and who changed each.
        moved: Vec<FieldChange>,
        /// The fields that were changed.
        saved: Vec<Field>,
        /// How the patient is now.
        file: Box<PatientFile>,
    },
    /// Another patient has this unique id (P1).
    #[error("another patient has this unique ID")]
    UniqueIdTaken,
}

wraps_record_error!(PatientError);

impl Denial for PatientError {
    fn denial(&self) -> Option<Event> {
        match self {
            // Stale: recorded where it was found, and the reading of what is shown with it (U3).
            Self::Stale { .. } => None,
            Self::Record(error) => error.denial(),
            Self::UniqueIdTaken => Some(
                Event::new(Action::PatientCreated)
                    .refused()
                    .detail(Detail::code("reason", "unique_id_taken")),
            ),
        }
    }
}

/// Why a change was not made, without anything of the record: what is shown with a refusal is read afterwards, and that
/// is recorded (U3).
enum ChangeRefusal {
    Other(PatientError),
    Stale { id: PatientId, moved: Vec<Field> },
}

impl From<StorageError> for ChangeRefusal {
    fn from(error: StorageError) -> Self {
        Self::Other(error.into())
    }
}

impl From<PatientError> for ChangeRefusal {
    fn from(error: PatientError) -> Self {
        Self::Other(error)
    }
}

impl From<RecordError> for ChangeRefusal {
    fn from(error: RecordError) -> Self {
        Self::Other(error.into())
    }
}

impl Denial for ChangeRefusal {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Other(error) => error.denial(),
            Self::Stale { id, .. } => Some(refused_as_stale(*id)),
        }
    }
}

/// Fields that somebody else changed in the meantime were not changed.
fn refused_as_stale(id: PatientId) -> Event {
    Event::new(Action::PatientChanged)
        .refused()
        .target(Target::Patient(id))
        .patient(id)
        .detail(Detail::code("reason", "stale_version"))
}

/// How a save ended that was not refused as a whole.
enum Saved {
    /// Every field that was sent holds.
    Whole(Box<PatientFile>),
    /// These were saved, and those were not.
    Without { saved: Vec<Field>, moved: Vec<Field> },
}

/// A patient with what is shown beside them.
#[derive(Debug, Clone)]
pub struct PatientFile {
    /// The patient.
    pub patient: Patient,
    /// The practice's consent level.
    pub level: ConsentLevel,
    /// What the patient's consent records grant.
    pub grants: Vec<Grant>,
    /// The newest live record, if any.
    pub current_consent: Option<StoredConsent>,
    /// The image shown for the patient.
    pub cover: Option<Cover>,
}

/// The newest image of a pool, and which of its editions: a client remembers a rendition by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// Which image.
    pub image: ImageId,
    /// How often its renditions were made again.
    pub edition: u32,
}

impl From<&StoredImage> for Cover {
    fn from(stored: &StoredImage) -> Self {
        Self {
            image: stored.image.id,
            edition: stored.image.edition,
        }
    }
}

impl Records {
    /// Adds a patient (P1, P2).
    ///
    /// # Errors
    /// See [`PatientError`].
    pub async fn create_patient(
        &self,
        by: &Clinician,
        draft: PatientDraft,
    ) -> Result<PatientFile, PatientError> {
        let now = self.clock.now();
        let made = draft.over(None, &self.rules().await?);
        let (unique_id, profile) = made.map_err(RecordError::of)?;
        let id: PatientId = self.ids.make();
        let new = NewPatient {
            id,
            unique_id,
            profile,
            created_at: now,
        };
        self.store
            .clinic(by)
            .write(move |unit| {
                if unit.patient_by_unique_id(&new.unique_id)?.is_some() {
                    return Err(PatientError::UniqueIdTaken);
                }
                unit.insert_patient(&new)?;
                let made = unit.patient(id, now)?.ok_or(RecordError::no_patient(id))?;
                let level = unit.consent_level()?;
                let file = PatientFile {
                    patient: made,
                    level,
                    grants: Vec::new(),
                    current_consent: None,
                    cover: None,
                };
                let event = Event::new(Action::PatientCreated)
                    .target(Target::Patient(id))
                    .patient(id);
                Ok(Audited::new(file, event))
            })
            .await
    }

    /// Opens a patient.
    ///
    /// # Errors
    /// See [`PatientError`].
    pub async fn patient(&self, by: &Clinician, id: PatientId) -> Result<PatientFile, PatientError> {
        self.patient_and_changes(by, id, &[]).await.map(|(file, _)| file)
    }

    /// A patient, and who last changed these fields.
    async fn patient_and_changes(
        &self,
        by: &Clinician,
        id: PatientId,
        fields: &[Field],
    ) -> Result<(PatientFile, Vec<FieldChange>), PatientError> {
        let now = self.clock.now();
        let since = self.gallery.moment();
        let work = |view: &View<'_>| {
            let (file, cover) = open(view, id, now)?;
            let changes = if fields.is_empty() {
                Vec::new()
            } else {
                newest_changes(&*view.of(&file.patient), fields)?
            };
            let shown = file.cover.iter().map(|cover| cover.image.to_string()).collect();
            let event = Event::new(Action::PatientViewed)
                .target(Target::Patient(id))
                .patient(id)
                .detail(Detail::ids("images", shown));
            Ok::<_, PatientError>(Audited::new((file, cover, changes), event))
        };
        let clinic = self.store.clinic(by);
        // Who changed a field is in the trail.
        let (file, cover, changes) = if fields.is_empty() {
            clinic.read(work).await?
        } else {
            clinic.read_trail(work).await?
        };
        self.gallery.show(by, cover, since, now);
        Ok((file, changes))
    }

    /// Changes a patient's own fields (P1, P6): those the draft names, except those that somebody else changed since
    /// `version`, on which the change is based. What is refused for any other reason changes nothing.
    ///
    /// # Errors
    /// See [`PatientError`].
    pub async fn change_patient(
        &self,
        by: &Clinician,
        id: PatientId,
        version: u64,
        draft: PatientDraft,
    ) -> Result<PatientFile, PatientError> {
        let (now, rules) = (self.clock.now(), self.rules().await?);
        let done = self
            .store
            .clinic(by)
            .write(move |unit| {
                let before = unit.patient(id, now)?.ok_or(RecordError::no_patient(id))?;
                if version > before.version {
                    return Err(never_was().into());
                }
                let merged = draft.over(Some(&before), &rules);
                let (mut unique_id, profile) = merged.map_err(RecordError::of)?;
                let mut profile = profile.into_inner();
                let mut saved = Field::changed(&before, &unique_id, &profile);
                let moved = changes::moved_since(&saved, &before.field_versions, version);
                saved.retain(|field| !moved.contains(field));
                if saved.is_empty() && !moved.is_empty() {
                    return Err(ChangeRefusal::Stale { id, moved });
                }
                for field in &moved {
                    field.restore(&before, &mut unique_id, &mut profile);
                }
                let other = unit.patient_by_unique_id(&unique_id)?;
                if other.is_some_and(|other| other != id) {
                    return Err(PatientError::UniqueIdTaken.into());
                }
                let event = Event::new(Action::PatientChanged)
                    .target(Target::Patient(id))
                    .patient(id);
                let event = changes::details(&saved).into_iter().fold(event, Event::detail);
                if saved.is_empty() {
                    let file = Box::new(file_in(unit, before, now)?);
                    return Ok(Audited::new(Saved::Whole(file), event));
                }
                let mut field_versions = before.field_versions;
                field_versions.changed(saved.iter().copied(), before.version.saturating_add(1));
                let change = PatientChange {
                    id,
                    unique_id,
                    profile: Sensitive::new(profile),
                    field_versions,
                    expected: before.version,
                    at: now,
                };
                if !unit.update_patient(&change)? {
                    return Err(RecordError::no_patient(id).into());
                }
                if !moved.is_empty() {
                    let done = Saved::Without { saved, moved };
                    return Ok(Audited::new(done, event).and(refused_as_stale(id)));
                }
                let after = unit.patient(id, now)?.ok_or(RecordError::no_patient(id))?;
                let file = Box::new(file_in(unit, after, now)?);
                Ok(Audited::new(Saved::Whole(file), event))
            })
            .await;
        let (saved, moved) = match done {
            Ok(Saved::Whole(file)) => return Ok(*file),
            Ok(Saved::Without { saved, moved }) => (saved, moved),
            Err(ChangeRefusal::Other(error)) => return Err(error),
            Err(ChangeRefusal::Stale { moved, .. }) => (Vec::new(), moved),
        };
        let (file, moved) = self.patient_and_changes(by, id, &moved).await?;
        let file = Box::new(file);
        Err(PatientError::Stale { moved, saved, file })
    }
}

/// A version that the patient has not reached yet is a mistake of the program that sends it.
fn never_was() -> RecordError {
    let message = "Load the patient again; this version of the record does not exist.";
    RecordError::of(vec![FieldError::new(
        FormField::Version,
        Invalid::new("version", message),
    )])
}

fn file_in(unit: &mut Unit<'_>, patient: Patient, now: Timestamp) -> Result<PatientFile, PatientError> {
    let inside = unit.inside(patient.id)?;
    Ok(file_of(&*inside, patient, now)?.0)
}

/// The patient with what is shown beside them, and the image that is.
fn file_of(
    inside: &(impl InsideRead + ?Sized),
    patient: Patient,
    now: Timestamp,
) -> Result<(PatientFile, Option<StoredImage>), StorageError> {
    let image = match inside.cover_image()? {
        Some(cover) => inside.image(cover)?,
        None => None,
    };
    let grants = inside.grants()?;
    let current_consent = match newest_live(&grants, now) {
        Some(consent) => inside.consent(consent)?,
        None => None,
    };
    let file = PatientFile {
        patient,
        level: inside.consent_level()?,
        grants,
        current_consent,
        cover: image.as_ref().map(Cover::from),
    };
    Ok((file, image))
}

fn open(
    view: &View<'_>,
    id: PatientId,
    now: Timestamp,
) -> Result<(PatientFile, Option<StoredImage>), PatientError> {
    let patient = view.patient(id, now)?.ok_or(RecordError::no_patient(id))?;
    let inside = view.of(&patient);
    Ok(file_of(&*inside, patient, now)?)
}

fn newest_live(grants: &[Grant], now: Timestamp) -> Option<ConsentId> {
    grants
        .iter()
        .filter(|grant| grant.is_live(now))
        .max_by_key(|grant| grant.given_at)
        .map(|grant| grant.consent)
}
