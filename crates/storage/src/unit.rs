//! The unit of work of a clinician (G1, G3, G5).

use std::marker::PhantomData;

use cutis_consent::{Grant, Ledger, Level};
use cutis_domain::entry::Entry;
use cutis_domain::patient::{Patient, UniqueId};
use cutis_domain::settings::Key;
use cutis_domain::{ConsentId, Digest, ImageId, PatientId, Scope, Timestamp, UploadKey};

use crate::WriteTx;
use crate::error::{Result, StorageError};
use crate::port::{NewConsent, NewImage, NewPatient, PatientChange, Receipt, StoredConsent, StoredImage};

/// One transaction of one owner. Its methods take no scope because it has one.
///
/// The lifetime is invariant and made anew for each unit, so nothing branded with it (a consent
/// proof above all) can be kept, returned or used in another unit:
///
/// ```compile_fail
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::Unit;
///
/// fn keep<'tx>(unit: &mut Unit<'tx>, kept: &mut Option<Proof<'static, Capture>>) {
///     let patient = cutis_domain::PatientId::from_bytes([0; 16]);
///     let now = cutis_domain::Timestamp::EPOCH;
///     *kept = cutis_consent::admit(unit, patient, now).ok(); // the proof would outlive its unit
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
/// While what is meant compiles:
///
/// ```
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::Unit;
/// use cutis_storage::port::{ImageDraft, NewImage};
///
/// fn store<'tx>(unit: &mut Unit<'tx>, draft: ImageDraft, proof: Proof<'tx, Capture>) {
///     let stored = unit.insert_image(&NewImage::new(draft, proof));
///     assert!(stored.is_ok() || stored.is_err());
/// }
/// ```
pub struct Unit<'tx> {
    scope: Scope,
    ports: &'tx mut dyn WriteTx,
    brand: PhantomData<fn(&'tx ()) -> &'tx ()>,
}

impl std::fmt::Debug for Unit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unit")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl<'tx> Unit<'tx> {
    pub(crate) fn new(scope: Scope, ports: &'tx mut dyn WriteTx) -> Self {
        Self {
            scope,
            ports,
            brand: PhantomData,
        }
    }

    /// See [`crate::port::PatientsRead::patient`].
    ///
    /// # Errors
    /// As the port.
    pub fn patient(&self, id: PatientId, now: Timestamp) -> Result<Option<Patient>> {
        self.ports.patient(&self.scope, id, now)
    }

    /// See [`crate::port::PatientsRead::patient_by_unique_id`].
    ///
    /// # Errors
    /// As the port.
    pub fn patient_by_unique_id(&self, unique_id: &UniqueId) -> Result<Option<PatientId>> {
        self.ports.patient_by_unique_id(&self.scope, unique_id)
    }

    /// See [`crate::port::PatientsRead::cover_image`].
    ///
    /// # Errors
    /// As the port.
    pub fn cover_image(&self, patient: PatientId) -> Result<Option<ImageId>> {
        self.ports.cover_image(&self.scope, patient)
    }

    /// See [`crate::port::PatientsWrite::insert_patient`].
    ///
    /// # Errors
    /// As the port.
    pub fn insert_patient(&mut self, patient: &NewPatient) -> Result<()> {
        self.ports.insert_patient(&self.scope, patient)
    }

    /// See [`crate::port::PatientsWrite::update_patient`].
    ///
    /// # Errors
    /// As the port.
    pub fn update_patient(&mut self, change: &PatientChange) -> Result<bool> {
        self.ports.update_patient(&self.scope, change)
    }

    /// See [`crate::port::EntriesWrite::insert_entry`].
    ///
    /// # Errors
    /// As the port.
    pub fn insert_entry(&mut self, entry: &Entry) -> Result<()> {
        self.ports.insert_entry(&self.scope, entry)
    }

    /// See [`crate::port::ConsentsRead::consent`].
    ///
    /// # Errors
    /// As the port.
    pub fn consent(&self, patient: PatientId, id: ConsentId) -> Result<Option<StoredConsent>> {
        self.ports.consent(&self.scope, patient, id)
    }

    /// See [`crate::port::ConsentsWrite::insert_consent`].
    ///
    /// # Errors
    /// As the port.
    pub fn insert_consent(&mut self, consent: &NewConsent) -> Result<()> {
        self.ports.insert_consent(&self.scope, consent)
    }

    /// See [`crate::port::ConsentsWrite::revoke_consent`].
    ///
    /// # Errors
    /// As the port.
    pub fn revoke_consent(
        &mut self,
        patient: PatientId,
        id: ConsentId,
        revocation: &cutis_consent::record::Revocation,
    ) -> Result<bool> {
        self.ports.revoke_consent(&self.scope, patient, id, revocation)
    }

    /// See [`crate::port::ImagesRead::image_by_digest`].
    ///
    /// # Errors
    /// As the port.
    pub fn image_by_digest(&self, patient: PatientId, sha256: &Digest) -> Result<Option<StoredImage>> {
        self.ports.image_by_digest(&self.scope, patient, sha256)
    }

    /// See [`crate::port::ImagesRead::receipt`].
    ///
    /// # Errors
    /// As the port.
    pub fn receipt(&self, patient: PatientId, key: UploadKey, index: u16) -> Result<Option<Receipt>> {
        self.ports.receipt(&self.scope, patient, key, index)
    }

    /// Stores an image, for which the proof inside it was made in this unit (N2).
    ///
    /// # Errors
    /// As [`crate::port::ImagesWrite::insert_image`].
    pub fn insert_image(&mut self, image: &NewImage<'tx>) -> Result<()> {
        self.ports.insert_image(&self.scope, image)
    }

    /// See [`crate::port::ImagesWrite::insert_receipt`].
    ///
    /// # Errors
    /// As the port.
    pub fn insert_receipt(
        &mut self,
        patient: PatientId,
        key: UploadKey,
        index: u16,
        receipt: Receipt,
        at: Timestamp,
    ) -> Result<()> {
        self.ports
            .insert_receipt(&self.scope, patient, key, index, receipt, at)
    }
}

impl<'tx> Ledger<'tx> for Unit<'tx> {
    type Error = StorageError;

    fn level(&mut self) -> Result<Level> {
        let setting = self.ports.setting(Key::ConsentLevel)?;
        Level::parse(setting.value())
            .map_err(|_| StorageError::corrupt("setting", "value", setting.key().code()))
    }

    fn grants(&mut self, patient: PatientId) -> Result<Vec<Grant>> {
        self.ports.grants(&self.scope, patient)
    }
}
