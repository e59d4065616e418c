//! Patients (P1–P4, P6).

pub(crate) mod bound;
mod counting;
mod custom_fields;
mod listing;
mod row;
mod shown;
mod stretch;
mod through;
mod walk;

use cutis_consent::Grant;
use cutis_domain::account::EmailAddress;
use cutis_domain::patient::{
    BirthDate, Fitzpatrick, HealthCardNumber, LanguageTag, Patient, PatientHeading, PatientProfile,
    SexAtBirth, UniqueId,
};
use cutis_domain::{PatientId, Sensitive, Text, Timestamp};
use cutis_storage::port::{
    FoundPatients, ListedPatient, NewPatient, PatientChange, PatientFilter, PatientsAsked, PatientsRead,
    PatientsWrite, StoredImage,
};
use rusqlite::{ToSql, params};

use super::consents::row::patients_grant;
use super::json::text_list;
use super::keyed::Owned;
use super::{images, stored};
use crate::columns::Columns;
use crate::error::Result;
use crate::find::candidates::Search;
use crate::sql::{consents as consents_sql, listing as listing_sql, patients as sql};

/// The version of a new row. Its fields' versions are all that, and not stored.
const FIRST_VERSION: i64 = 1;

/// A column of the time before there was an index for searches. Rows were attested with it, so it stays.
const NOT_USED: &str = "";

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

    fn patients(&self, asked: &PatientsAsked<'_>) -> Result<Vec<ListedPatient>> {
        listing::page(self, asked)
    }

    fn count_patients(&self, filter: &PatientFilter, now: Timestamp) -> Result<u64> {
        if filter.is_empty() {
            return self.patient_count();
        }
        counting::count(self, filter, now)
    }

    fn find_patients(&self, needle: &str, filter: &PatientFilter, now: Timestamp) -> Result<FoundPatients> {
        Search::new(self, needle, filter, now)?.run(needle)
    }

    fn headings_of(&self, ids: &[PatientId], now: Timestamp) -> Result<Vec<PatientHeading>> {
        listing::headings_of(self, ids, now)
    }

    fn covers(&self, patients: &[PatientId]) -> Result<Vec<StoredImage>> {
        self.all(
            listing_sql::COVERS,
            params![bound::ids(patients)],
            images::row::image,
        )
    }

    fn grants_of(&self, patients: &[PatientId]) -> Result<Vec<(PatientId, Grant)>> {
        let of = params![bound::ids(patients)];
        self.genuine_all(consents_sql::TABLE, listing_sql::GRANTS, of, patients_grant)
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
        })?;
        self.set_name_key(patient.id, &patient.unique_id, &patient.profile)
    }

    fn update_patient(&mut self, change: &PatientChange) -> Result<bool> {
        let (at, expected) = (change.at.as_micros(), stored(change.expected, "a version")?);
        let by_hand: [&dyn ToSql; 3] = [change.id.as_bytes(), &at, &expected];
        let versions = custom_fields::versions_json(&change.field_versions);
        let changed = with_profile(&change.unique_id, &change.profile, Some(&versions), |values| {
            self.run(sql::UPDATE, &values.after(&by_hand))
        })?;
        if changed > 0 {
            self.set_name_key(change.id, &change.unique_id, &change.profile)?;
        }
        Ok(changed > 0)
    }
}

impl Owned<'_> {
    /// Writes what the list is sorted by for names, which no trigger can fold.
    fn set_name_key(
        &self,
        id: PatientId,
        unique_id: &UniqueId,
        profile: &Sensitive<PatientProfile>,
    ) -> Result<()> {
        let profile = profile.reveal();
        let name = |name: &Option<_>| text(name.as_ref()).unwrap_or_default().to_owned();
        let (first, middle, last) = (
            name(&profile.first_name),
            name(&profile.middle_name),
            name(&profile.last_name),
        );
        let key = cutis_search::name_key(&cutis_search::Fields {
            unique_id: unique_id.as_str(),
            first_name: &first,
            middle_name: &middle,
            last_name: &last,
            ..cutis_search::Fields::default()
        });
        self.run(sql::SET_NAME_KEY, params![id.as_bytes(), key])
            .map(|_| ())
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
        search: &NOT_USED,
    })
}

fn text<const MIN: usize, const MAX: usize, const LINE: bool>(
    text: Option<&Text<MIN, MAX, LINE>>,
) -> Option<&str> {
    text.map(Text::as_str)
}

#[cfg(test)]
mod tests;
