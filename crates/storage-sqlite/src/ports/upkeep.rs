//! What the upkeep of blobs and keys asks.

use cutis_domain::PatientId;
use cutis_domain::page::Limit;
use cutis_storage::port::BlobNamesRead;
use rusqlite::params;

use super::Ports;
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::upkeep as sql;

impl BlobNamesRead for Ports {
    fn blob_name_known(&self, name: &[u8; 32]) -> Result<bool> {
        Ok(self.one(sql::BLOB_NAME_KNOWN, [name], |_| Ok(()))?.is_some())
    }

    fn blob_owner(&self, name: &[u8; 32]) -> Result<Option<PatientId>> {
        self.one(sql::BLOB_OWNER, [name], |row| {
            Columns::of(row, "image")?.id("patient_id", PatientId::from_bytes)
        })
    }

    fn patient_known(&self, patient: PatientId) -> Result<bool> {
        let known = self.one(sql::PATIENT_KNOWN, [patient.as_bytes()], |_| Ok(()))?;
        Ok(known.is_some())
    }

    fn anything_sealed(&self, patient: PatientId) -> Result<bool> {
        let sealed = self.one(sql::ANYTHING_SEALED, [patient.as_bytes()], |_| Ok(()))?;
        Ok(sealed.is_some())
    }

    fn patients_with_images(&self, after: Option<PatientId>, limit: Limit) -> Result<Vec<PatientId>> {
        // Every id is sixteen bytes, and no bytes come before all of them.
        let after = after.map_or_else(Vec::new, |patient| patient.as_bytes().to_vec());
        let limit = i64::try_from(limit.get()).unwrap_or(i64::MAX);
        self.all(sql::PATIENTS_WITH_IMAGES, params![after, limit], |row| {
            Columns::of(row, "patient")?.id("id", PatientId::from_bytes)
        })
    }
}
