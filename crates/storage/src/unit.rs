//! The unit of work of a clinician (G1, G3, G5).

use std::ops::{Deref, DerefMut};

use cutis_consent::{Capture, ConsentLevel, Grant, Ledger, Proof, Refused};
use cutis_domain::{PatientId, Scope, Timestamp};

use crate::backend::{InsideWrite, OwnedWrite, Transaction};
use crate::error::{Result, StorageError};
use crate::view::InsideError;

/// One transaction of one owner: every port of [`OwnedWrite`], bound to that owner.
///
/// The lifetime is invariant and created again for each unit, so nothing branded with it (a consent
/// proof above all) can be kept, returned or used in another unit:
///
/// ```compile_fail
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::Unit;
///
/// fn keep<'tx>(unit: &mut Unit<'tx>, kept: &mut Option<Proof<'static, Capture>>) {
///     let patient = cutis_domain::PatientId::from_bytes([0; 16]);
///     let now = cutis_domain::Timestamp::EPOCH;
///     if let Ok(mut inside) = unit.inside(patient) {
///         *kept = inside.admit(now).ok(); // the proof would outlive its unit
///     }
/// }
/// ```
///
/// Nor can an image be stored on another purpose's proof:
///
/// ```compile_fail
/// use cutis_consent::{Proof, purpose::Teaching};
/// use cutis_storage::port::{ImageDraft, NewImage};
///
/// fn store<'tx>(draft: ImageDraft, proof: Proof<'tx, Teaching>) -> NewImage<'tx> {
///     NewImage::new(draft, proof) // expected a proof for capture
/// }
/// ```
///
/// The intended use compiles:
///
/// ```
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::PatientUnit;
/// use cutis_storage::port::{ImageDraft, NewImage};
///
/// fn store<'tx>(unit: &mut PatientUnit<'_, 'tx>, draft: ImageDraft, proof: Proof<'tx, Capture>) {
///     let stored = unit.insert_image(&NewImage::new(draft, proof));
///     assert!(stored.is_ok() || stored.is_err());
/// }
/// ```
///
/// Nor used in another unit, even one of the same owner:
///
/// ```compile_fail
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::PatientUnit;
/// use cutis_storage::port::{ImageDraft, NewImage};
///
/// fn swap<'a, 'b>(other: &mut PatientUnit<'_, 'b>, draft: ImageDraft, proof: Proof<'a, Capture>) {
///     drop(other.insert_image(&NewImage::new(draft, proof))); // the proof is another unit's
/// }
/// ```
pub struct Unit<'tx>(Box<dyn OwnedWrite<'tx> + 'tx>);

impl std::fmt::Debug for Unit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unit").finish_non_exhaustive()
    }
}

impl<'tx> Deref for Unit<'tx> {
    type Target = dyn OwnedWrite<'tx> + 'tx;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl DerefMut for Unit<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.0
    }
}

impl<'tx> Unit<'tx> {
    pub(crate) fn new(scope: &Scope, transaction: &'tx mut dyn Transaction) -> Self {
        Self(transaction.owned(scope))
    }

    /// What belongs to this patient, after checking that the patient exists and is this owner's.
    ///
    /// # Errors
    /// [`InsideError::Absent`] when they are not.
    pub fn inside(&mut self, patient: PatientId) -> std::result::Result<PatientUnit<'_, 'tx>, InsideError> {
        if self.has_patient(patient)? {
            let ports = self.0.change_belongings(patient);
            Ok(PatientUnit { ports, patient })
        } else {
            Err(InsideError::Absent(patient))
        }
    }
}

/// What belongs to one patient, for changing: every port of [`InsideWrite`], bound to that patient.
pub struct PatientUnit<'u, 'tx> {
    ports: Box<dyn InsideWrite<'tx> + 'u>,
    patient: PatientId,
}

impl std::fmt::Debug for PatientUnit<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PatientUnit")
            .field("patient", &self.patient)
            .finish_non_exhaustive()
    }
}

impl<'u, 'tx> Deref for PatientUnit<'u, 'tx> {
    type Target = dyn InsideWrite<'tx> + 'u;

    fn deref(&self) -> &Self::Target {
        &*self.ports
    }
}

impl DerefMut for PatientUnit<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.ports
    }
}

impl<'tx> PatientUnit<'_, 'tx> {
    pub(crate) const fn patient(&self) -> PatientId {
        self.patient
    }

    /// The proof that an image of this patient may be stored in this unit (N2, G3).
    ///
    /// # Errors
    /// When no consent covers it, or the records cannot be read.
    pub fn admit(
        &mut self,
        now: Timestamp,
    ) -> std::result::Result<Proof<'tx, Capture>, Refused<StorageError>> {
        let patient = self.patient;
        cutis_consent::admit(self, patient, now)
    }
}

impl<'tx> Ledger<'tx> for PatientUnit<'_, 'tx> {
    type Error = StorageError;

    fn level(&mut self) -> Result<ConsentLevel> {
        self.ports.consent_level()
    }

    fn grants(&mut self, patient: PatientId) -> Result<Vec<Grant>> {
        // Of somebody else this unit knows nothing.
        if patient == self.patient {
            self.ports.grants()
        } else {
            Ok(Vec::new())
        }
    }
}
