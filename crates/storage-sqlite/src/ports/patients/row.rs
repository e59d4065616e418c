//! A patient's row read into the domain, with its number.

use cutis_domain::account::EmailAddress;
use cutis_domain::patient::{
    BirthDate, Country, Fitzpatrick, Guardian, HeadingProfile, HealthCardNumber, LanguageTag, Patient,
    PatientHeading, PatientProfile, SexAtBirth, UniqueId,
};
use cutis_domain::time::Day;
use cutis_domain::{FieldVersions, PatientId, Sensitive, Text};
use rusqlite::Row;

use super::custom_fields;
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::json::parse_text_list;
use crate::sql::patients as sql;

pub(super) fn patient(row: &Row<'_>) -> Result<(i64, Patient)> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    let unique_id = columns.parse("unique_id", UniqueId::parse)?;
    let profile = Sensitive::new(profile(&mut columns)?);
    let field_versions = columns.parse_if_any("field_versions", custom_fields::parse_versions)?;
    let id = columns.id("id", PatientId::from_bytes)?;
    let (created_at, last_modified) = (columns.time("created_at")?, columns.time("last_modified")?);
    let version = columns.count("version")?;
    let patient = Patient {
        id,
        unique_id,
        profile,
        created_at,
        last_modified,
        version,
        field_versions: field_versions.unwrap_or_else(|| FieldVersions::all_at(version)),
        image_count: columns.count("image_count")?,
        entry_count: columns.count("entry_count")?,
        last_appointment: columns.time_if_any("last_appointment")?,
        next_appointment: columns.time_if_any("next_appointment")?,
    };
    Ok((columns.number(), patient))
}

/// A row of [`sql::LISTED`]. The appointments are for the caller to fill in.
pub(super) fn heading(row: &Row<'_>) -> Result<(i64, PatientHeading)> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    let heading = PatientHeading {
        id: columns.id("id", PatientId::from_bytes)?,
        unique_id: columns.parse("unique_id", UniqueId::parse)?,
        profile: Sensitive::new(HeadingProfile {
            first_name: columns.parse_if_any("first_name", Text::stored)?,
            last_name: columns.parse_if_any("last_name", Text::stored)?,
            preferred_name: columns.parse_if_any("preferred_name", Text::stored)?,
            birth_date: columns
                .parse_if_any("birth_date", Day::parse)?
                .map(BirthDate::stored),
            sex_at_birth: columns.parse_if_any("sex_at_birth", SexAtBirth::parse)?,
        }),
        last_modified: columns.time("last_modified")?,
        image_count: columns.count("image_count")?,
        entry_count: columns.count("entry_count")?,
        last_appointment: None,
        next_appointment: None,
    };
    Ok((columns.number(), heading))
}

fn profile(columns: &mut Columns<'_, '_>) -> Result<PatientProfile> {
    Ok(PatientProfile {
        first_name: columns.parse_if_any("first_name", Text::stored)?,
        middle_name: columns.parse_if_any("middle_name", Text::stored)?,
        last_name: columns.parse_if_any("last_name", Text::stored)?,
        preferred_name: columns.parse_if_any("preferred_name", Text::stored)?,
        birth_date: columns
            .parse_if_any("birth_date", Day::parse)?
            .map(BirthDate::stored),
        sex_at_birth: columns.parse_if_any("sex_at_birth", SexAtBirth::parse)?,
        gender: columns.parse_if_any("gender", Text::stored)?,
        pronouns: columns.parse_if_any("pronouns", Text::stored)?,
        mrn: columns.parse_if_any("mrn", Text::stored)?,
        health_card_number: columns.parse_if_any("health_card_number", HealthCardNumber::stored)?,
        email: columns.parse_if_any("email", EmailAddress::stored)?,
        phones: columns.parse("phones", |json| parse_text_list(json, Text::stored))?,
        address: columns.parse_if_any("address", Text::stored)?,
        country: columns.parse_if_any("country", Country::parse)?,
        preferred_language: columns.parse_if_any("preferred_language", LanguageTag::parse)?,
        fitzpatrick: columns.parse_if_any("fitzpatrick", Fitzpatrick::parse)?,
        referring_clinician: columns.parse_if_any("referring_clinician", Text::stored)?,
        primary_clinician: columns.parse_if_any("primary_clinician", Text::stored)?,
        allergies: columns.parse_if_any("allergies", Text::stored)?,
        note: columns.parse_if_any("note", Text::stored)?,
        guardian: guardian(columns)?,
        custom_fields: columns
            .parse_if_any("practice_fields", custom_fields::parse_values)?
            .unwrap_or_default(),
    })
}

fn guardian(columns: &mut Columns<'_, '_>) -> Result<Option<Guardian>> {
    let name = columns.parse_if_any("guardian_name", Text::stored)?;
    let relation = columns.parse_if_any("guardian_relation", Text::stored)?;
    let phone = columns.parse_if_any("guardian_phone", Text::stored)?;
    let may_consent: Option<bool> = columns.get("guardian_may_consent")?;
    Ok(name.map(|name| Guardian {
        name,
        relation,
        phone,
        may_consent: may_consent.unwrap_or(false),
    }))
}
