//! A consent's row read into the consent crate's types.

use cutis_consent::record::{
    ConsentRecord, Expiry, External, Method, PersonName, Reason, Recorder, Revocation, SignerRole,
};
use cutis_consent::{Grant, Purposes, SignatureFacts};
use cutis_domain::account::Username;
use cutis_domain::time::Day;
use cutis_domain::{AccountId, ConsentId, Digest, PatientId, Text};
use rusqlite::Row;

use crate::columns::Columns;
use crate::error::Result;
use crate::ports::sessions::address;
use crate::sql::consents as sql;

pub(super) const DIGITAL: &str = "digital";
pub(super) const EXTERNAL: &str = "external";

pub(super) fn record(row: &Row<'_>) -> Result<ConsentRecord> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    Ok(ConsentRecord {
        id: columns.id("id", ConsentId::from_bytes)?,
        template: columns.get("template")?,
        version: columns.count("version")?,
        language: columns.get("language")?,
        text: columns.get("text")?,
        purposes: purposes(&mut columns)?,
        method: method(&mut columns)?,
        signer_name: columns.parse("signer_name", PersonName::stored)?,
        signer_role: columns.parse("signer_role", SignerRole::parse)?,
        witness: columns.parse_if_any("witness", PersonName::stored)?,
        recorded_by: Recorder {
            account: columns.id("recorded_by_id", AccountId::from_bytes)?,
            username: columns.parse("recorded_by_name", Username::parse)?,
        },
        recorded_at: columns.time("recorded_at")?,
        address: columns.parse_if_any("address", address)?,
        expiry: expiry(&mut columns)?,
        revocation: revocation(&mut columns)?,
        patient: columns.id("patient_id", PatientId::from_bytes)?,
    })
}

pub(in crate::ports) fn grant(row: &Row<'_>) -> Result<Grant> {
    grant_in(&mut Columns::of(row, sql::TABLE)?)
}

/// The grant, and behind it the patient.
pub(in crate::ports) fn patients_grant(row: &Row<'_>) -> Result<(PatientId, Grant)> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    let grant = grant_in(&mut columns)?;
    Ok((columns.id("patient_id", PatientId::from_bytes)?, grant))
}

fn grant_in(columns: &mut Columns<'_, '_>) -> Result<Grant> {
    Ok(Grant {
        consent: columns.id("id", ConsentId::from_bytes)?,
        purposes: purposes(columns)?,
        given_at: columns.time("recorded_at")?,
        expires_at: columns.time_if_any("expires_at")?,
        revoked_at: columns.time_if_any("revoked_at")?,
    })
}

fn purposes(columns: &mut Columns<'_, '_>) -> Result<Purposes> {
    let bits = columns.count("purposes")?;
    Purposes::from_bits(bits).map_err(|_| columns.corrupt("purposes"))
}

fn method(columns: &mut Columns<'_, '_>) -> Result<Method> {
    let method: String = columns.get("method")?;
    let strokes_sha256: Option<[u8; 32]> = columns.get("strokes_sha256")?;
    let picture_sha256: Option<[u8; 32]> = columns.get("picture_sha256")?;
    let strokes = columns.count_if_any("strokes")?;
    let points = columns.count_if_any("points")?;
    let how = columns.parse_if_any("how", External::parse)?;
    let notes = columns.parse_if_any("notes", Text::stored)?;
    match (
        method.as_str(),
        strokes_sha256,
        picture_sha256,
        strokes,
        points,
        how,
    ) {
        (DIGITAL, Some(drawn), Some(picture), Some(strokes), Some(points), None) => {
            let signature = SignatureFacts::new(
                Digest::from_bytes(drawn),
                Digest::from_bytes(picture),
                strokes,
                points,
            )
            .map_err(|_| columns.corrupt("strokes"))?;
            Ok(Method::Digital { signature })
        }
        (EXTERNAL, None, None, None, None, Some(how)) => Ok(Method::External { how, notes }),
        _ => Err(columns.corrupt("method")),
    }
}

fn expiry(columns: &mut Columns<'_, '_>) -> Result<Option<Expiry>> {
    let day = columns.parse_if_any("expires_on", Day::parse)?;
    let instant = columns.time_if_any("expires_at")?;
    Ok(day
        .zip(instant)
        .map(|(day, instant)| Expiry::stored(day, instant)))
}

fn revocation(columns: &mut Columns<'_, '_>) -> Result<Option<Revocation>> {
    let at = columns.time_if_any("revoked_at")?;
    let account: Option<[u8; 16]> = columns.get("revoked_by_id")?;
    let username = columns.parse_if_any("revoked_by_name", Username::parse)?;
    let reason = columns.parse_if_any("revoked_reason", Reason::parse)?;
    match (at, account, username, reason) {
        (None, None, None, None) => Ok(None),
        (Some(at), Some(account), Some(username), Some(reason)) => {
            let by = Recorder {
                account: AccountId::from_bytes(account),
                username,
            };
            Ok(Some(Revocation { at, by, reason }))
        }
        _ => Err(columns.corrupt("revoked_at")),
    }
}
