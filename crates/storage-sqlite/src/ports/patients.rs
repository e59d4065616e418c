//! Patients (P1–P4, P6).

mod own_fields;
mod row;

use cutis_domain::account::EmailAddress;
use cutis_domain::page::Limit;
use cutis_domain::patient::{
    BirthDate, Fitzpatrick, HealthCardNumber, LanguageTag, Patient, PatientProfile, SexAtBirth, UniqueId,
};
use cutis_domain::{PatientId, Sensitive, Text, Timestamp};
use cutis_storage::port::{NewPatient, PatientChange, PatientCursor, PatientsRead, PatientsWrite};
use rusqlite::{ToSql, params};

use super::json::text_list;
use super::keyed::Owned;
use super::{one_more, stored};
use crate::columns::Columns;
use crate::error::Result;
use crate::search::{fold, searchable};
use crate::sql::patients as sql;

/// No row has this number.
const NO_ROW: i64 = -1;

impl PatientsRead for Owned<'_> {
    fn patient(&self, id: PatientId, now: Timestamp) -> Result<Option<Patient>> {
        let values = params![now.as_micros(), id.as_bytes()];
        Ok(self
            .one(sql::BY_ID, values, row::patient)?
            .map(|(_, patient)| patient))
    }

    fn has_patient(&self, id: PatientId) -> Result<bool> {
        let found = self.one(sql::EXISTS, params![id.as_bytes()], |_| Ok(()))?;
        Ok(found.is_some())
    }

    fn patient_by_unique_id(&self, unique_id: &UniqueId) -> Result<Option<PatientId>> {
        self.one(sql::ID_OF_UNIQUE_ID, params![unique_id.as_str()], |row| {
            Columns::of(row, "patient")?.id("id", PatientId::from_bytes)
        })
    }

    fn patients(&self, after: Option<PatientCursor>, limit: Limit, now: Timestamp) -> Result<Vec<Patient>> {
        let (now, limit) = (now.as_micros(), one_more(limit));
        let rows = match after {
            None => self.all(sql::FIRST_PAGE, params![now, limit], row::patient)?,
            Some(PatientCursor { last_modified, id }) => {
                let values = params![now, limit, last_modified.as_micros(), id.as_bytes()];
                self.all(sql::NEXT_PAGE, values, row::patient)?
            }
        };
        Ok(rows.into_iter().map(|(_, patient)| patient).collect())
    }

    fn search_patients(&self, needle: &str, limit: Limit, now: Timestamp) -> Result<(Vec<Patient>, u64)> {
        let now = now.as_micros();
        let exact = match UniqueId::parse(needle) {
            Ok(id) => self.one(sql::BY_UNIQUE_ID, params![now, id.as_str()], row::patient)?,
            Err(_) => None,
        };
        let (skipped, mut found) = exact.map_or((NO_ROW, Vec::new()), |(row, patient)| (row, vec![patient]));
        let folded = fold(needle);
        let others = self.count(sql::SEARCH_COUNT, params![folded, skipped])?;
        let total = others.saturating_add(u64::from(!found.is_empty()));
        let room = i64::try_from(limit.get().saturating_sub(found.len())).unwrap_or(0);
        let values = params![now, room, folded, skipped];
        found.extend(
            self.all(sql::SEARCH, values, row::patient)?
                .into_iter()
                .map(|(_, patient)| patient),
        );
        Ok((found, total))
    }

    fn patient_count(&self) -> Result<u64> {
        self.count(sql::COUNT, &[])
    }
}

impl PatientsWrite for Owned<'_> {
    fn insert_patient(&mut self, patient: &NewPatient) -> Result<()> {
        let at = patient.created_at.as_micros();
        with_profile(patient.id, &patient.unique_id, &patient.profile, |own| {
            self.run(sql::INSERT, [own, &[&at]].concat().as_slice())
        })
        .map(|_| ())
    }

    fn update_patient(&mut self, change: &PatientChange) -> Result<bool> {
        let (at, expected) = (change.at.as_micros(), stored(change.expected, "a version")?);
        let versions = own_fields::versions_json(&change.field_versions);
        let changed = with_profile(change.id, &change.unique_id, &change.profile, |own| {
            let all: Vec<&dyn ToSql> = [own, &[&at, &expected, &versions]].concat();
            self.run(sql::UPDATE, all.as_slice())
        })?;
        Ok(changed > 0)
    }
}

/// Runs `run` with the parameters that adding and changing share, in their order.
fn with_profile<T>(
    id: PatientId,
    unique_id: &UniqueId,
    profile: &Sensitive<PatientProfile>,
    run: impl FnOnce(&[&dyn ToSql]) -> Result<T>,
) -> Result<T> {
    let profile = profile.reveal();
    let guardian = profile.guardian.as_ref();
    let phones = text_list(profile.phones.iter().map(Text::as_str));
    run(&[
        &unique_id.as_str(),
        &text(profile.first_name.as_ref()),
        &text(profile.middle_name.as_ref()),
        &text(profile.last_name.as_ref()),
        &text(profile.preferred_name.as_ref()),
        &profile.birth_date.map(|date: BirthDate| date.day().to_string()),
        &profile.sex_at_birth.map(SexAtBirth::code),
        &text(profile.gender.as_ref()),
        &text(profile.pronouns.as_ref()),
        &text(profile.mrn.as_ref()),
        &profile.health_card_number.as_ref().map(HealthCardNumber::reveal),
        &profile.email.as_ref().map(EmailAddress::as_str),
        &phones,
        &text(profile.address.as_ref()),
        &profile.country.map(|country| country.to_string()),
        &profile.preferred_language.as_ref().map(LanguageTag::as_str),
        &profile.fitzpatrick.map(Fitzpatrick::code),
        &text(profile.referring_clinician.as_ref()),
        &text(profile.primary_clinician.as_ref()),
        &text(profile.allergies.as_ref()),
        &text(profile.note.as_ref()),
        &guardian.map(|guardian| guardian.name.as_str()),
        &text(guardian.and_then(|guardian| guardian.relation.as_ref())),
        &text(guardian.and_then(|guardian| guardian.phone.as_ref())),
        &guardian.map(|guardian| guardian.may_consent),
        &own_fields::values_json(&profile.practice_fields),
        &searchable(unique_id, profile),
        id.as_bytes(),
    ])
}

fn text<const MIN: usize, const MAX: usize>(text: Option<&Text<MIN, MAX>>) -> Option<&str> {
    text.map(Text::as_str)
}
