//! Patients: make, list, search, open, change (P1–P4, P6).

pub mod input;
mod listing;

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_consent::{Grant, Level};
use cutis_domain::patient::Patient;
use cutis_domain::{Clinician, ConsentId, ImageId, PatientId, Timestamp};
use cutis_storage::port::{NewPatient, StoredConsent, StoredImage};
use cutis_storage::{StorageError, Unit, View};

use crate::fields::FieldError;
use crate::{Records, absent};

pub use input::{PatientPatch, RawGuardian, RawPatient};
pub use listing::{PatientLine, PatientList};

/// Why a patient could not be made, changed or opened.
#[derive(Debug, thiserror::Error)]
pub enum PatientError {
    /// Fields were refused; nothing changed.
    #[error("some fields need another value")]
    Invalid(Vec<FieldError>),
    /// There is no such patient, or it is somebody else's (A10).
    #[error("there is no such patient")]
    NotFound(PatientId),
    /// Somebody changed the patient meanwhile (P6); here is how it is now.
    #[error("the patient was changed meanwhile")]
    Stale(Box<PatientFile>),
    /// The database failed.
    #[error("the patient record could not be reached")]
    Storage(#[from] StorageError),
    /// Another patient has this unique id (P1).
    #[error("another patient has this unique ID")]
    UniqueIdTaken,
}

impl Denial for PatientError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Invalid(_) | Self::Storage(_) => None,
            Self::NotFound(id) => Some(absent(Target::Patient(*id), *id)),
            Self::Stale(file) => Some(
                Event::new(Action::PatientChanged)
                    .refused()
                    .target(Target::Patient(file.patient.id))
                    .patient(file.patient.id)
                    .detail(Detail::code("reason", "stale_version")),
            ),
            Self::UniqueIdTaken => Some(
                Event::new(Action::PatientCreated)
                    .refused()
                    .detail(Detail::code("reason", "unique_id_taken")),
            ),
        }
    }
}

/// A patient with what is shown beside it.
#[derive(Debug, Clone)]
pub struct PatientFile {
    /// The patient.
    pub patient: Patient,
    /// The practice's consent level.
    pub level: Level,
    /// What the patient's consent records grant.
    pub grants: Vec<Grant>,
    /// The newest record that is live, if any.
    pub current_consent: Option<StoredConsent>,
    /// The image shown for the patient.
    pub cover: Option<ImageId>,
}

impl Records {
    /// Makes a patient (P1, P2).
    ///
    /// # Errors
    /// See [`PatientError`].
    pub async fn create_patient(&self, by: &Clinician, raw: RawPatient) -> Result<PatientFile, PatientError> {
        let now = self.clock.now();
        let (unique_id, profile) = raw.parse(self.today().await?).map_err(PatientError::Invalid)?;
        let id: PatientId = self.ids.make();
        let new = NewPatient {
            id,
            unique_id,
            profile,
            created_at: now,
        };
        self.store
            .write(by, move |unit| {
                if unit.patient_by_unique_id(&new.unique_id)?.is_some() {
                    return Err(PatientError::UniqueIdTaken);
                }
                unit.insert_patient(&new)?;
                let made = unit.patient(id, now)?.ok_or(PatientError::NotFound(id))?;
                let level = cutis_consent::Ledger::level(unit)?;
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
        let now = self.clock.now();
        let (file, cover) = self
            .store
            .view(by, |view| {
                let (file, cover) = open(view, id, now)?;
                let shown = file.cover.iter().map(ToString::to_string).collect();
                let event = Event::new(Action::PatientViewed)
                    .target(Target::Patient(id))
                    .patient(id)
                    .detail(Detail::ids("images", shown));
                Ok::<_, PatientError>(Audited::new((file, cover), event))
            })
            .await?;
        self.gallery.show(by, cover, now);
        Ok(file)
    }

    /// Changes a patient's own fields (P1, P6): those the patch names, if the version still holds.
    ///
    /// # Errors
    /// See [`PatientError`].
    pub async fn change_patient(
        &self,
        by: &Clinician,
        id: PatientId,
        version: u64,
        patch: PatientPatch,
    ) -> Result<PatientFile, PatientError> {
        let (now, today) = (self.clock.now(), self.today().await?);
        self.store
            .write(by, move |unit| {
                let before = unit.patient(id, now)?.ok_or(PatientError::NotFound(id))?;
                let merged = patch.over(&before);
                let (unique_id, profile) = merged.parse(today).map_err(PatientError::Invalid)?;
                let changed = input::changed_fields(&before, &unique_id, profile.reveal());
                if unit
                    .patient_by_unique_id(&unique_id)?
                    .is_some_and(|other| other != id)
                {
                    return Err(PatientError::UniqueIdTaken);
                }
                if !unit.update_patient(id, &unique_id, &profile, version, now)? {
                    return Err(PatientError::Stale(Box::new(file_in(unit, before, now)?)));
                }
                let after = unit.patient(id, now)?.ok_or(PatientError::NotFound(id))?;
                let event = Event::new(Action::PatientChanged)
                    .target(Target::Patient(id))
                    .patient(id)
                    .detail(Detail::fields("fields", changed));
                Ok(Audited::new(file_in(unit, after, now)?, event))
            })
            .await
    }
}

fn file_in(unit: &mut Unit<'_>, patient: Patient, now: Timestamp) -> Result<PatientFile, StorageError> {
    let level = cutis_consent::Ledger::level(unit)?;
    let grants = cutis_consent::Ledger::grants(unit, patient.id)?;
    let cover = unit.cover_image(patient.id)?;
    let current_consent = match newest_live(&grants, now) {
        Some(id) => unit.consent(patient.id, id)?,
        None => None,
    };
    Ok(PatientFile {
        patient,
        level,
        grants,
        current_consent,
        cover,
    })
}

fn open(
    view: &View<'_>,
    id: PatientId,
    now: Timestamp,
) -> Result<(PatientFile, Option<StoredImage>), PatientError> {
    let patient = view.patient(id, now)?.ok_or(PatientError::NotFound(id))?;
    let grants = view.grants(id)?;
    let current_consent = match newest_live(&grants, now) {
        Some(consent) => view.consent(id, consent)?,
        None => None,
    };
    let cover = view.cover_image(id)?;
    let image = match cover {
        Some(cover) => view.image(id, cover)?,
        None => None,
    };
    Ok((
        PatientFile {
            patient,
            level: view.consent_level()?,
            grants,
            current_consent,
            cover,
        },
        image,
    ))
}

fn newest_live(grants: &[Grant], now: Timestamp) -> Option<ConsentId> {
    grants
        .iter()
        .filter(|grant| grant.is_live(now))
        .max_by_key(|grant| grant.given_at)
        .map(|grant| grant.consent)
}
