//! Consent records (N3, N4).

pub(super) mod row;

use cutis_consent::Grant;
use cutis_consent::record::{Method, PersonName, Revocation};
use cutis_domain::ConsentId;
use cutis_domain::page::Limit;
use cutis_storage::port::{ConsentsRead, ConsentsWrite, NewConsent, SealedSignature, StoredConsent};
use cutis_storage::{ErrorKind, StorageError};
use rusqlite::params;

use super::keyed::Inside;
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::consents as sql;

impl ConsentsRead for Inside<'_> {
    fn consents(&self, limit: Limit) -> Result<Vec<StoredConsent>> {
        let limit = i64::try_from(limit.get()).unwrap_or(i64::MAX);
        self.genuine_all(sql::TABLE, sql::LIST, params![limit], row::record)
    }

    fn consent(&self, id: ConsentId) -> Result<Option<StoredConsent>> {
        self.genuine_one(sql::TABLE, sql::BY_ID, params![id.as_bytes()], row::record)
    }

    fn signature(&self, id: ConsentId) -> Result<Option<SealedSignature>> {
        self.one(sql::SIGNATURE, params![id.as_bytes()], |row| {
            let mut columns = Columns::of(row, "consent_signature")?;
            Ok(SealedSignature {
                strokes: columns.get("strokes")?,
                picture: columns.get("picture")?,
            })
        })
    }

    fn grants(&self) -> Result<Vec<Grant>> {
        let of = params![];
        self.genuine_all(sql::TABLE, sql::GRANTS, of, row::grant)
    }
}

impl ConsentsWrite for Inside<'_> {
    fn insert_consent(&mut self, consent: &NewConsent) -> Result<()> {
        let NewConsent { record, signature } = consent;
        self.must_be_of(record.patient)?;
        let (facts, how, notes) = match &record.method {
            Method::Digital { signature } => (Some(signature), None, None),
            Method::External { how, notes } => (None, Some(how.code()), notes.as_ref()),
        };
        if facts.is_some() != signature.is_some() {
            // N3: the facts of a signature without the signature would prove nothing.
            return Err(StorageError::new(
                ErrorKind::Conflict,
                "a digital consent is stored with its signature, any other without one",
            ));
        }
        let revocation = record.revocation.as_ref();
        let values = sql::Values {
            id: record.id.as_bytes(),
            template: &record.template,
            version: &record.version,
            language: &record.language,
            text: &record.text,
            purposes: &record.purposes.bits(),
            method: &if facts.is_some() {
                row::DIGITAL
            } else {
                row::EXTERNAL
            },
            strokes_sha256: &facts.map(|facts| *facts.strokes_sha256().as_bytes()),
            picture_sha256: &facts.map(|facts| *facts.picture_sha256().as_bytes()),
            strokes: &facts.map(cutis_consent::SignatureFacts::strokes),
            points: &facts.map(cutis_consent::SignatureFacts::points),
            how: &how,
            notes: &notes.map(cutis_domain::Text::as_str),
            signer_name: &record.signer_name.as_str(),
            signer_role: &record.signer_role.code(),
            witness: &record.witness.as_ref().map(PersonName::as_str),
            recorded_by_id: record.recorded_by.account.as_bytes(),
            recorded_by_name: &record.recorded_by.username.as_str(),
            recorded_at: &record.recorded_at.as_micros(),
            address: &record.address.map(|address| address.to_string()),
            expires_on: &record.expiry.map(|expiry| expiry.day().to_string()),
            expires_at: &record.expiry.map(|expiry| expiry.instant().as_micros()),
            revoked_at: &revocation.map(|revocation| revocation.at.as_micros()),
            revoked_by_id: &revocation.map(|revocation| *revocation.by.account.as_bytes()),
            revoked_by_name: &revocation.map(|revocation| revocation.by.username.as_str()),
            revoked_reason: &revocation.map(|revocation| revocation.reason.as_str()),
        };
        self.run(sql::INSERT, &values.after(&[]))?;
        if let Some(SealedSignature { strokes, picture }) = signature {
            let values = params![record.id.as_bytes(), strokes, picture];
            self.run(sql::INSERT_SIGNATURE, values)?;
        }
        Ok(())
    }

    fn revoke_consent(&mut self, id: ConsentId, revocation: &Revocation) -> Result<bool> {
        let changed = self.run(
            sql::REVOKE,
            params![
                id.as_bytes(),
                revocation.at.as_micros(),
                revocation.by.account.as_bytes(),
                revocation.by.username.as_str(),
                revocation.reason.as_str(),
            ],
        )?;
        Ok(changed > 0)
    }
}
