//! Consent records of one owner's patients (N3, N4). Records are added and revoked, never changed.

use cutis_consent::Grant;
use cutis_consent::record::{ConsentRecord, Revocation};
use cutis_domain::ConsentId;
use cutis_domain::page::Limit;

use crate::error::Result;

/// A drawn signature, sealed under the patient's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSignature {
    /// The strokes.
    pub strokes: Vec<u8>,
    /// The picture drawn from them.
    pub picture: Vec<u8>,
}

/// A consent record to be added.
#[derive(Debug, Clone)]
pub struct NewConsent {
    /// The record.
    pub record: ConsentRecord,
    /// The signature of a digital one.
    pub signature: Option<SealedSignature>,
}

/// A consent record as stored.
pub type StoredConsent = ConsentRecord;

/// Reading consent records.
pub trait ConsentsRead {
    /// A patient's records, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn consents(&self, limit: Limit) -> Result<Vec<StoredConsent>>;

    /// One record.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn consent(&self, id: ConsentId) -> Result<Option<StoredConsent>>;

    /// The signature of a record, if it has one.
    ///
    /// # Errors
    /// When the database fails.
    fn signature(&self, id: ConsentId) -> Result<Option<SealedSignature>>;

    /// What every record of a patient grants; all of them, because any may decide.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn grants(&self) -> Result<Vec<Grant>>;
}

/// Adding to consent records.
pub trait ConsentsWrite {
    /// Adds a record.
    ///
    /// # Errors
    /// `Conflict` when the patient is not this owner's, or the record is another patient's.
    fn insert_consent(&mut self, consent: &NewConsent) -> Result<()>;

    /// Revokes a record that was not revoked; returns whether it did.
    ///
    /// # Errors
    /// When the database fails.
    fn revoke_consent(&mut self, id: ConsentId, revocation: &Revocation) -> Result<bool>;
}
