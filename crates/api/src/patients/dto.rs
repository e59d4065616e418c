//! Patients on the wire.

use std::collections::BTreeMap;

use cutis_domain::Timestamp;
use cutis_domain::patient::{Guardian as StoredGuardian, PatientProfile};
use cutis_records::People;
use cutis_records::patients::{PatientFile, PatientLine, PatientList, Total};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::consents::dto::{ConsentLevel, ConsentRecord, ConsentStatus};
use crate::sent::present;

/// A guardian or emergency contact.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Guardian {
    pub(super) name: String,
    #[serde(default)]
    pub(super) relation: Option<String>,
    #[serde(default)]
    pub(super) phone: Option<String>,
    #[serde(default)]
    pub(super) may_consent: bool,
}

impl From<&StoredGuardian> for Guardian {
    fn from(stored: &StoredGuardian) -> Self {
        Self {
            name: stored.name.as_str().to_owned(),
            relation: stored.relation.as_ref().map(|text| text.as_str().to_owned()),
            phone: stored.phone.as_ref().map(|text| text.as_str().to_owned()),
            may_consent: stored.may_consent,
        }
    }
}

macro_rules! named_fields {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// A patient to be added. Only the unique id is required (P1).
        #[derive(Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct PatientInput {
            /// `^[a-z0-9_-]{2,32}$` after trimming and lower-casing.
            unique_id: String,
            $($(#[$doc])* #[serde(default)] $name: Option<String>,)+
            /// Telephone numbers, five at most.
            #[serde(default)]
            phones: Option<Vec<String>>,
            /// Guardian or emergency contact.
            #[serde(default)]
            guardian: Option<Guardian>,
            /// The values of the practice's custom fields, by the field's id.
            #[serde(default, rename = "practiceFields")]
            custom_fields: BTreeMap<String, Option<String>>,
        }

        impl From<PatientInput> for PatientPatch {
            /// What a new patient is to hold, as a change of one that holds nothing.
            fn from(sent: PatientInput) -> Self {
                Self {
                    version: 0,
                    unique_id: Some(sent.unique_id),
                    $($name: sent.$name.map(Some),)+
                    phones: sent.phones,
                    guardian: sent.guardian.map(Some),
                    custom_fields: sent.custom_fields,
                }
            }
        }

        /// A change of a patient: absent fields stay, `null` clears (P6).
        #[derive(Clone, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct PatientPatch {
            /// The version that the change was made on.
            pub(super) version: u64,
            /// `^[a-z0-9_-]{2,32}$` after trimming and lower-casing.
            #[serde(default)]
            pub(super) unique_id: Option<String>,
            $($(#[$doc])* #[serde(default, deserialize_with = "present")] #[schema(value_type = Option<String>)]
            pub(super) $name: Option<Option<String>>,)+
            /// Telephone numbers, five at most.
            #[serde(default)]
            pub(super) phones: Option<Vec<String>>,
            /// Guardian or emergency contact.
            #[serde(default, deserialize_with = "present")]
            #[schema(value_type = Option<Guardian>)]
            pub(super) guardian: Option<Option<Guardian>>,
            /// New values of the practice's custom fields, by the field's id: absent ones stay, `null` clears.
            #[serde(default, rename = "practiceFields")]
            pub(super) custom_fields: BTreeMap<String, Option<String>>,
        }
    };
}

named_fields! {
    /// Given name.
    first_name,
    /// Middle names.
    middle_name,
    /// Family name.
    last_name,
    /// What they like to be called.
    preferred_name,
    /// `YYYY-MM-DD`, not in the future.
    birth_date,
    /// `female`, `male`, `intersex` or `unknown`.
    sex_at_birth,
    /// In the patient's words.
    gender,
    /// Pronouns.
    pronouns,
    /// Medical record number.
    mrn,
    /// Health-card number; masked in answers.
    health_card_number,
    /// E-mail address.
    email,
    /// Postal address.
    address,
    /// ISO 3166-1 alpha-2.
    country,
    /// BCP 47 tag.
    preferred_language,
    /// `I` to `VI`.
    fitzpatrick,
    /// The clinician who referred them.
    referring_clinician,
    /// The clinician who treats them.
    primary_clinician,
    /// At most 2,000 characters.
    allergies,
    /// At most 4,000 characters.
    note,
}

/// A patient in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PatientSummary {
    id: String,
    unique_id: String,
    #[schema(required)]
    first_name: Option<String>,
    #[schema(required)]
    last_name: Option<String>,
    #[schema(required)]
    preferred_name: Option<String>,
    #[schema(required)]
    birth_date: Option<String>,
    #[schema(required)]
    sex_at_birth: Option<&'static str>,
    image_count: u64,
    entry_count: u64,
    #[schema(required)]
    last_appointment: Option<String>,
    #[schema(required)]
    next_appointment: Option<String>,
    last_modified: String,
    consent_status: ConsentStatus,
    /// The newest image of the pool.
    #[schema(required)]
    cover_image_id: Option<String>,
    /// How often its renditions were made again; part of what a browser should remember one by.
    #[schema(required)]
    cover_edition: Option<u32>,
}

fn owned<const MIN: usize, const MAX: usize, const LINE: bool>(
    text: Option<&cutis_domain::Text<MIN, MAX, LINE>>,
) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

impl PatientSummary {
    pub(super) fn new(line: &PatientLine, now: Timestamp) -> Self {
        let patient = &line.patient;
        let profile = patient.profile.reveal();
        Self {
            id: patient.id.to_string(),
            unique_id: patient.unique_id.as_str().to_owned(),
            first_name: owned(profile.first_name.as_ref()),
            last_name: owned(profile.last_name.as_ref()),
            preferred_name: owned(profile.preferred_name.as_ref()),
            birth_date: profile.birth_date.map(|date| date.day().to_string()),
            sex_at_birth: profile.sex_at_birth.map(cutis_domain::patient::SexAtBirth::code),
            image_count: patient.image_count,
            entry_count: patient.entry_count,
            last_appointment: patient.last_appointment.map(|at| at.to_string()),
            next_appointment: patient.next_appointment.map(|at| at.to_string()),
            last_modified: patient.last_modified.to_string(),
            consent_status: line.consent_status(now).into(),
            cover_image_id: line.cover.map(|cover| cover.image.to_string()),
            cover_edition: line.cover.map(|cover| cover.edition),
        }
    }
}

/// A patient.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
    #[serde(flatten)]
    summary: PatientSummary,
    #[serde(flatten)]
    rest: PatientDetails,
    /// The state of the patient's consent.
    consent: ConsentStanding,
    /// Counts edits of the patient's own fields; a change names the version that it was based on.
    version: u64,
    created_at: String,
}

/// The details that a list leaves out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PatientDetails {
    #[schema(required)]
    middle_name: Option<String>,
    #[schema(required)]
    gender: Option<String>,
    #[schema(required)]
    pronouns: Option<String>,
    #[schema(required)]
    mrn: Option<String>,
    /// Masked: the last four characters at most.
    #[schema(required)]
    health_card_number: Option<String>,
    #[schema(required)]
    email: Option<String>,
    phones: Vec<String>,
    #[schema(required)]
    address: Option<String>,
    #[schema(required)]
    country: Option<String>,
    #[schema(required)]
    preferred_language: Option<String>,
    #[schema(required)]
    fitzpatrick: Option<&'static str>,
    #[schema(required)]
    referring_clinician: Option<String>,
    #[schema(required)]
    primary_clinician: Option<String>,
    #[schema(required)]
    allergies: Option<String>,
    #[schema(required)]
    note: Option<String>,
    #[schema(required)]
    guardian: Option<Guardian>,
    /// The values of the practice's custom fields, by the field's id; empty ones are absent.
    #[serde(rename = "practiceFields")]
    custom_fields: BTreeMap<String, String>,
}

impl PatientDetails {
    fn new(profile: &PatientProfile) -> Self {
        Self {
            middle_name: owned(profile.middle_name.as_ref()),
            gender: owned(profile.gender.as_ref()),
            pronouns: owned(profile.pronouns.as_ref()),
            mrn: owned(profile.mrn.as_ref()),
            health_card_number: profile
                .health_card_number
                .as_ref()
                .map(cutis_domain::patient::HealthCardNumber::masked),
            email: profile.email.as_ref().map(|email| email.as_str().to_owned()),
            phones: profile
                .phones
                .iter()
                .map(|phone| phone.as_str().to_owned())
                .collect(),
            address: owned(profile.address.as_ref()),
            country: profile.country.map(|country| country.to_string()),
            preferred_language: profile
                .preferred_language
                .as_ref()
                .map(|tag| tag.as_str().to_owned()),
            fitzpatrick: profile.fitzpatrick.map(cutis_domain::patient::Fitzpatrick::code),
            referring_clinician: owned(profile.referring_clinician.as_ref()),
            primary_clinician: owned(profile.primary_clinician.as_ref()),
            allergies: owned(profile.allergies.as_ref()),
            note: owned(profile.note.as_ref()),
            guardian: profile.guardian.as_ref().map(Guardian::from),
            custom_fields: profile
                .custom_fields
                .iter()
                .map(|(id, value)| (id.to_string(), value.text()))
                .collect(),
        }
    }
}

/// The state of a patient's consent, and whether an image may be stored now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentStanding {
    level: ConsentLevel,
    status: ConsentStatus,
    #[schema(required)]
    current: Option<ConsentRecord>,
    upload_allowed: bool,
}

impl Patient {
    pub(super) fn new(file: &PatientFile, now: Timestamp, people: &People) -> Self {
        let purpose = cutis_consent::Purpose::ClinicalRecord;
        let line = PatientLine {
            patient: file.patient.heading(),
            grants: file.grants.clone(),
            cover: file.cover,
        };
        Self {
            summary: PatientSummary::new(&line, now),
            rest: PatientDetails::new(file.patient.profile.reveal()),
            consent: ConsentStanding {
                level: file.level.into(),
                status: cutis_consent::Status::of(&file.grants, now).into(),
                current: file
                    .current_consent
                    .as_ref()
                    .map(|record| ConsentRecord::new(record, now, people)),
                upload_allowed: cutis_consent::decide(file.level, &file.grants, purpose, now).is_allowed(),
            },
            version: file.patient.version,
            created_at: file.patient.created_at.to_string(),
        }
    }
}

/// A page of patients.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PatientPage {
    patients: Vec<PatientSummary>,
    /// Where the next page starts; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
    /// The number of all patients, or of all that match; null when counting takes its time, and `/patients/count` tells.
    #[schema(required)]
    total: Option<u64>,
    /// Whether that is all of them; otherwise there are more.
    total_is_exact: bool,
}

impl PatientPage {
    /// The page, with where the next one starts as a cursor.
    pub(super) fn new<C>(list: &PatientList<C>, now: Timestamp, cursor: impl FnOnce(&C) -> String) -> Self {
        let summaries = list.page.items.iter().map(|line| PatientSummary::new(line, now));
        let (total, total_is_exact) = match list.total {
            Total::Exactly(total) => (Some(total), true),
            Total::MoreThan(total) => (Some(total), false),
            Total::NotCounted => (None, false),
        };
        Self {
            patients: summaries.collect(),
            next_cursor: list.page.next.as_ref().map(cursor),
            total,
            total_is_exact,
        }
    }
}
