//! Patients of one owner (P1–P4, P6).

use cutis_consent::Grant;
use cutis_domain::patient::{Patient, PatientHeading, PatientProfile, UniqueId};
use cutis_domain::{FieldVersions, PatientId, Sensitive, Timestamp};

use super::images::StoredImage;
use super::patient_list::{FoundPatients, ListedPatient, PatientFilter, PatientsAsked};
use crate::error::Result;

/// A patient to be added.
#[derive(Debug, Clone)]
pub struct NewPatient {
    /// The identifier.
    pub id: PatientId,
    /// The practice's own identifier.
    pub unique_id: UniqueId,
    /// Everything else.
    pub profile: Sensitive<PatientProfile>,
    /// When it is added.
    pub created_at: Timestamp,
}

/// A patient's own fields as they should become.
#[derive(Debug, Clone)]
pub struct PatientChange {
    /// Whose.
    pub id: PatientId,
    /// The practice's own identifier.
    pub unique_id: UniqueId,
    /// Everything else.
    pub profile: Sensitive<PatientProfile>,
    /// The edit that last changed each field, this one included (P6).
    pub field_versions: FieldVersions,
    /// The version that the patient must have; it becomes one more.
    pub expected: u64,
    /// When it is changed.
    pub at: Timestamp,
}

/// Reading patients. `now` decides which appointment is the last and which the next (P3).
pub trait PatientsRead {
    /// The patient, if it is this owner's.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn patient(&self, id: PatientId, now: Timestamp) -> Result<Option<Patient>>;

    /// Whether there is such a patient among this owner's.
    ///
    /// # Errors
    /// When the database fails.
    fn has_patient(&self, id: PatientId) -> Result<bool>;

    /// Whose unique id this is, among this owner's patients.
    ///
    /// # Errors
    /// When the database fails.
    fn patient_by_unique_id(&self, unique_id: &UniqueId) -> Result<Option<PatientId>>;

    /// A page of a list, one more than its limit if there is one.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn patients(&self, asked: &PatientsAsked<'_>) -> Result<Vec<ListedPatient>>;

    /// How many patients a filter lets through. Takes as long as there are patients.
    ///
    /// # Errors
    /// When the database fails.
    fn count_patients(&self, filter: &PatientFilter, now: Timestamp) -> Result<u64>;

    /// Patients whose unique id, names, MRN or date of birth hold `needle` (`cutis_search` decides), of those whom the
    /// filter lets through.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn find_patients(&self, needle: &str, filter: &PatientFilter, now: Timestamp) -> Result<FoundPatients>;

    /// These patients as a list shows them, in this order, without those who are not this owner's; a hundred at most.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn headings_of(&self, ids: &[PatientId], now: Timestamp) -> Result<Vec<PatientHeading>>;

    /// The image shown for each of these patients, the newest of the pool; a hundred patients at most.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn covers(&self, patients: &[PatientId]) -> Result<Vec<StoredImage>>;

    /// What every consent record of these patients grants; a hundred patients at most.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn grants_of(&self, patients: &[PatientId]) -> Result<Vec<(PatientId, Grant)>>;

    /// How many patients this owner has.
    ///
    /// # Errors
    /// When the database fails.
    fn patient_count(&self) -> Result<u64>;
}

/// Changing patients.
pub trait PatientsWrite {
    /// Adds a patient.
    ///
    /// # Errors
    /// `Conflict` when the unique id is taken.
    fn insert_patient(&mut self, patient: &NewPatient) -> Result<()>;

    /// Replaces a patient's own fields if its version is still the expected one; returns whether it did.
    ///
    /// # Errors
    /// `Conflict` when the unique id is taken.
    fn update_patient(&mut self, change: &PatientChange) -> Result<bool>;
}
