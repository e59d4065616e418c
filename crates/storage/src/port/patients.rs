//! Patients of one owner (P1–P4, P6).

use cutis_domain::page::Limit;
use cutis_domain::patient::{Patient, PatientProfile, UniqueId};
use cutis_domain::{FieldVersions, PatientId, Sensitive, Timestamp};

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

/// The position in a list sorted by last change after which the next page starts: this patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatientCursor {
    /// The last change of the page's last patient.
    pub last_modified: Timestamp,
    /// That patient.
    pub id: PatientId,
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

    /// Patients by last change, newest first, one more than `limit` if there is one.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn patients(&self, after: Option<PatientCursor>, limit: Limit, now: Timestamp) -> Result<Vec<Patient>>;

    /// Patients whose unique id, names or MRN hold `needle`, case- and accent-insensitively; the
    /// exact unique id first, then by last change; at most `limit`, with the number of all matches.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn search_patients(&self, needle: &str, limit: Limit, now: Timestamp) -> Result<(Vec<Patient>, u64)>;

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
