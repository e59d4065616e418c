//! Reading what the upkeep of blobs and keys needs, for all owners.

use cutis_domain::PatientId;
use cutis_domain::page::Limit;

use crate::error::Result;

/// What the upkeep of blobs and keys asks. A keyed name says nothing about anybody, and about a patient it only tells
/// whose key something depends on; so it does not belong to an owner.
pub trait BlobNamesRead {
    /// Whether some image has an original or a derived blob of this name.
    ///
    /// # Errors
    /// When the database fails.
    fn blob_name_known(&self, name: &[u8; 32]) -> Result<bool>;

    /// The patient under whose key the blob of this name was sealed, if some image has it.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn blob_owner(&self, name: &[u8; 32]) -> Result<Option<PatientId>>;

    /// Whether there is such a patient, of any owner.
    ///
    /// # Errors
    /// When the database fails.
    fn patient_known(&self, patient: PatientId) -> Result<bool>;

    /// Whether anything was sealed under this patient's key: an image or a signature. If so, a missing key is a loss,
    /// and no new one may be created.
    ///
    /// # Errors
    /// When the database fails.
    fn anything_sealed(&self, patient: PatientId) -> Result<bool>;

    /// Patients with images, by id, those behind `after`, at most `limit`.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn patients_with_images(&self, after: Option<PatientId>, limit: Limit) -> Result<Vec<PatientId>>;
}
