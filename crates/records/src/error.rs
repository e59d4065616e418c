//! The errors that every use case of a record may have. A use case with further errors wraps this one.

use cutis_audit::{Action, Denial, Detail, Event, Target};
use cutis_domain::patient::FormField;
use cutis_domain::{EntryId, FieldError, PatientId};
use cutis_storage::{InsideError, NotOpen, StorageError};

/// A field of some form of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordField {
    /// Of a patient.
    Patient(FormField),
    /// Of a consent.
    Consent(cutis_consent::Field),
    /// Of an image.
    Image(EditField),
}

/// A place in changes of images; what is counted is counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditField {
    /// The version that the change of an image is based on.
    Version {
        /// Which of the changes.
        group: usize,
        /// Which of its images.
        image: usize,
    },
    /// A new value.
    Of {
        /// Which of the changes.
        group: usize,
        /// Which field.
        field: cutis_domain::image::Field,
    },
}

impl From<EditField> for RecordField {
    fn from(field: EditField) -> Self {
        Self::Image(field)
    }
}

impl From<FormField> for RecordField {
    fn from(field: FormField) -> Self {
        Self::Patient(field)
    }
}

impl From<cutis_consent::Field> for RecordField {
    fn from(field: cutis_consent::Field) -> Self {
        Self::Consent(field)
    }
}

/// Why something of a patient's record could not be added, changed or shown.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Fields were refused; nothing changed.
    #[error("some fields need a different value")]
    Invalid(Vec<FieldError<RecordField>>),
    /// It does not exist, or it is somebody else's: both get the same answer (A10).
    #[error("there is no such record")]
    Absent {
        /// What was asked for.
        target: Target,
        /// Of which patient.
        patient: PatientId,
    },
    /// It belongs to a visit that is signed (E5); nothing changed.
    #[error("this visit is signed, so nothing of it can be changed any more; add an addendum instead")]
    Signed {
        /// Of which patient.
        patient: PatientId,
        /// Which visit.
        entry: EntryId,
    },
    /// The database failed.
    #[error("the patient record could not be accessed")]
    Storage(#[from] StorageError),
}

impl RecordError {
    /// These fields are refused.
    pub(crate) fn of<F: Into<RecordField>>(errors: Vec<FieldError<F>>) -> Self {
        Self::Invalid(errors.into_iter().map(|error| error.named(Into::into)).collect())
    }

    /// There is no such patient.
    pub(crate) const fn no_patient(patient: PatientId) -> Self {
        Self::Absent {
            target: Target::Patient(patient),
            patient,
        }
    }

    /// There is no such thing of this patient.
    pub(crate) const fn absent(target: Target, patient: PatientId) -> Self {
        Self::Absent { target, patient }
    }
}

impl From<InsideError> for RecordError {
    fn from(error: InsideError) -> Self {
        match error {
            InsideError::Absent(patient) => Self::no_patient(patient),
            InsideError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<NotOpen> for RecordError {
    fn from(error: NotOpen) -> Self {
        match error {
            NotOpen::Absent(patient, entry) => Self::absent(Target::Entry(entry), patient),
            NotOpen::Signed(patient, entry) => Self::Signed { patient, entry },
            NotOpen::Storage(error) => Self::Storage(error),
        }
    }
}

impl Denial for RecordError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Invalid(_) | Self::Storage(_) => None,
            Self::Absent { target, patient } => Some(
                Event::new(Action::AccessRefused)
                    .refused()
                    .target(*target)
                    .patient(*patient),
            ),
            Self::Signed { patient, entry } => Some(
                Event::new(Action::EntryChanged)
                    .refused()
                    .target(Target::Entry(*entry))
                    .patient(*patient)
                    .detail(Detail::code("reason", "signed")),
            ),
        }
    }
}

/// Errors that have a variant `Record` take what [`RecordError`] takes.
macro_rules! wraps_record_error {
    ($($wrapping:ty),+ $(,)?) => {$(
        impl From<cutis_storage::StorageError> for $wrapping {
            fn from(error: cutis_storage::StorageError) -> Self {
                Self::Record(error.into())
            }
        }

        impl From<cutis_storage::NotOpen> for $wrapping {
            fn from(error: cutis_storage::NotOpen) -> Self {
                Self::Record(error.into())
            }
        }

        impl From<cutis_storage::InsideError> for $wrapping {
            fn from(error: cutis_storage::InsideError) -> Self {
                Self::Record(error.into())
            }
        }
    )+};
}
pub(crate) use wraps_record_error;
