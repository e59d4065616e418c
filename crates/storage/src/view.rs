//! Reading clinical data: one snapshot, one owner.

use std::ops::Deref;

use cutis_domain::patient::Patient;
use cutis_domain::{PatientId, Scope};

use crate::backend::{InsideRead, OwnedRead, Snapshot};
use crate::error::StorageError;

/// Why a patient's data cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum InsideError {
    /// There is no such patient, or it is somebody else's (A10).
    #[error("there is no such patient")]
    Absent(PatientId),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A snapshot of one owner's data: every port of [`OwnedRead`], bound to that owner.
pub struct View<'tx>(Box<dyn OwnedRead + 'tx>);

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").finish_non_exhaustive()
    }
}

impl<'tx> Deref for View<'tx> {
    type Target = dyn OwnedRead + 'tx;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl<'tx> View<'tx> {
    pub(crate) fn new(scope: &Scope, snapshot: &'tx dyn Snapshot) -> Self {
        Self(snapshot.owned(scope))
    }

    /// What belongs to this patient, after checking that the patient exists and is this owner's.
    ///
    /// # Errors
    /// [`InsideError::Absent`] when they are not.
    pub fn inside(&self, patient: PatientId) -> Result<PatientView<'_>, InsideError> {
        if self.has_patient(patient)? {
            Ok(PatientView(self.0.belongings(patient)))
        } else {
            Err(InsideError::Absent(patient))
        }
    }

    /// The same for a patient who was read from this snapshot, and so exists.
    pub fn of(&self, patient: &Patient) -> PatientView<'_> {
        PatientView(self.0.belongings(patient.id))
    }
}

/// What belongs to one patient, for reading: every port of [`InsideRead`], bound to that patient.
pub struct PatientView<'v>(Box<dyn InsideRead + 'v>);

impl std::fmt::Debug for PatientView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PatientView").finish_non_exhaustive()
    }
}

impl<'v> Deref for PatientView<'v> {
    type Target = dyn InsideRead + 'v;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}
