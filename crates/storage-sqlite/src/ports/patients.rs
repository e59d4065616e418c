//! Patients (P1–P4, P6).

mod custom_fields;
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

/// The version of a new row. Its fields' versions are all that, and not stored.
const FIRST_VERSION: i64 = 1;

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
        let by_hand: [&dyn ToSql; 3] = [patient.id.as_bytes(), &at, &FIRST_VERSION];
        with_profile(&patient.unique_id, &patient.profile, None, |values| {
            self.run(sql::INSERT, &values.after(&by_hand))
        })
        .map(|_| ())
    }

    fn update_patient(&mut self, change: &PatientChange) -> Result<bool> {
        let (at, expected) = (change.at.as_micros(), stored(change.expected, "a version")?);
        let by_hand: [&dyn ToSql; 3] = [change.id.as_bytes(), &at, &expected];
        let versions = custom_fields::versions_json(&change.field_versions);
        let changed = with_profile(&change.unique_id, &change.profile, Some(&versions), |values| {
            self.run(sql::UPDATE, &values.after(&by_hand))
        })?;
        Ok(changed > 0)
    }
}

/// Runs `run` with the values that adding and changing share.
fn with_profile<T>(
    unique_id: &UniqueId,
    profile: &Sensitive<PatientProfile>,
    field_versions: Option<&str>,
    run: impl FnOnce(&sql::Values<'_>) -> Result<T>,
) -> Result<T> {
    let profile = profile.reveal();
    let guardian = profile.guardian.as_ref();
    run(&sql::Values {
        unique_id: &unique_id.as_str(),
        first_name: &text(profile.first_name.as_ref()),
        middle_name: &text(profile.middle_name.as_ref()),
        last_name: &text(profile.last_name.as_ref()),
        preferred_name: &text(profile.preferred_name.as_ref()),
        birth_date: &profile.birth_date.map(|date: BirthDate| date.day().to_string()),
        sex_at_birth: &profile.sex_at_birth.map(SexAtBirth::code),
        gender: &text(profile.gender.as_ref()),
        pronouns: &text(profile.pronouns.as_ref()),
        mrn: &text(profile.mrn.as_ref()),
        health_card_number: &profile.health_card_number.as_ref().map(HealthCardNumber::reveal),
        email: &profile.email.as_ref().map(EmailAddress::as_str),
        phones: &text_list(profile.phones.iter().map(Text::as_str)),
        address: &text(profile.address.as_ref()),
        country: &profile.country.map(|country| country.to_string()),
        preferred_language: &profile.preferred_language.as_ref().map(LanguageTag::as_str),
        fitzpatrick: &profile.fitzpatrick.map(Fitzpatrick::code),
        referring_clinician: &text(profile.referring_clinician.as_ref()),
        primary_clinician: &text(profile.primary_clinician.as_ref()),
        allergies: &text(profile.allergies.as_ref()),
        note: &text(profile.note.as_ref()),
        guardian_name: &guardian.map(|guardian| guardian.name.as_str()),
        guardian_relation: &text(guardian.and_then(|guardian| guardian.relation.as_ref())),
        guardian_phone: &text(guardian.and_then(|guardian| guardian.phone.as_ref())),
        guardian_may_consent: &guardian.map(|guardian| guardian.may_consent),
        practice_fields: &custom_fields::values_json(&profile.custom_fields),
        field_versions: &field_versions,
        search: &searchable(unique_id, profile),
    })
}

fn text<const MIN: usize, const MAX: usize>(text: Option<&Text<MIN, MAX>>) -> Option<&str> {
    text.map(Text::as_str)
}
