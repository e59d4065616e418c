//! What a form sends about a patient, and how it becomes a record (P1, P2).

use std::collections::BTreeMap;

use cutis_domain::account::EmailAddress;
use cutis_domain::patient::{
    BirthDate, Country, Fitzpatrick, Guardian, HealthCardNumber, LanguageTag, MAX_PHONES, Patient,
    PatientProfile, SexAtBirth, UniqueId,
};
use cutis_domain::patient_field::FieldValue;
use cutis_domain::time::Day;
use cutis_domain::{Invalid, PatientFieldId, Sensitive, Text};

use super::practice_fields;
use super::rules::Rules;
use crate::fields::{FieldError, Fields};

/// A guardian as sent.
#[derive(Clone, Default)]
pub struct RawGuardian {
    /// Their name.
    pub name: String,
    /// What they are to the patient.
    pub relation: Option<String>,
    /// How to reach them.
    pub phone: Option<String>,
    /// Whether they may consent for the patient.
    pub may_consent: bool,
}

macro_rules! raw_patient {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// A patient as sent: nothing checked yet.
        #[derive(Clone, Default)]
        pub struct RawPatient {
            /// The practice's own identifier.
            pub unique_id: String,
            $($(#[$doc])* pub $name: Option<String>,)+
            /// Telephone numbers.
            pub phones: Vec<String>,
            /// Guardian or emergency contact.
            pub guardian: Option<RawGuardian>,
            /// What the practice's own fields are to hold, by the field's id; `None` empties one.
            pub practice_fields: BTreeMap<String, Option<String>>,
        }

        /// A change of a patient as sent: a field that is absent stays, `Some(None)` clears it.
        #[derive(Clone, Default)]
        pub struct PatientPatch {
            /// The practice's own identifier.
            pub unique_id: Option<String>,
            $($(#[$doc])* pub $name: Option<Option<String>>,)+
            /// Telephone numbers.
            pub phones: Option<Vec<String>>,
            /// Guardian or emergency contact.
            pub guardian: Option<Option<RawGuardian>>,
            /// What the practice's own fields are to hold, by the field's id; `None` empties one.
            pub practice_fields: BTreeMap<String, Option<String>>,
        }

        impl PatientPatch {
            /// The patient as it would be after this change.
            pub(crate) fn over(self, before: &Patient) -> RawPatient {
                let raw = RawPatient::of(before);
                RawPatient {
                    unique_id: self.unique_id.unwrap_or(raw.unique_id),
                    $($name: self.$name.unwrap_or(raw.$name),)+
                    phones: self.phones.unwrap_or(raw.phones),
                    guardian: self.guardian.unwrap_or(raw.guardian),
                    practice_fields: self.practice_fields,
                }
            }
        }
    };
}

raw_patient! {
    /// Given name.
    first_name,
    /// Middle names.
    middle_name,
    /// Family name.
    last_name,
    /// What they like to be called.
    preferred_name,
    /// Date of birth, `YYYY-MM-DD`.
    birth_date,
    /// Sex recorded at birth, by its code.
    sex_at_birth,
    /// Gender.
    gender,
    /// Pronouns.
    pronouns,
    /// Medical record number.
    mrn,
    /// Health-card number.
    health_card_number,
    /// E-mail address.
    email,
    /// Postal address.
    address,
    /// Country, by its two-letter code.
    country,
    /// Language tag.
    preferred_language,
    /// Fitzpatrick type, `I` to `VI`.
    fitzpatrick,
    /// Who sent them.
    referring_clinician,
    /// Who treats them.
    primary_clinician,
    /// Allergies.
    allergies,
    /// Free note.
    note,
}

impl std::fmt::Debug for RawPatient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawPatient[redacted]")
    }
}

impl std::fmt::Debug for PatientPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PatientPatch[redacted]")
    }
}

impl std::fmt::Debug for RawGuardian {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawGuardian[redacted]")
    }
}

fn owned<const MIN: usize, const MAX: usize>(text: Option<&Text<MIN, MAX>>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

impl RawPatient {
    fn of(patient: &Patient) -> Self {
        let profile = patient.profile.reveal();
        Self {
            unique_id: patient.unique_id.as_str().to_owned(),
            first_name: owned(profile.first_name.as_ref()),
            middle_name: owned(profile.middle_name.as_ref()),
            last_name: owned(profile.last_name.as_ref()),
            preferred_name: owned(profile.preferred_name.as_ref()),
            birth_date: profile.birth_date.map(|date| date.day().to_string()),
            sex_at_birth: profile.sex_at_birth.map(|sex| sex.code().to_owned()),
            gender: owned(profile.gender.as_ref()),
            pronouns: owned(profile.pronouns.as_ref()),
            mrn: owned(profile.mrn.as_ref()),
            health_card_number: profile
                .health_card_number
                .as_ref()
                .map(|number| number.reveal().to_owned()),
            email: profile.email.as_ref().map(|email| email.as_str().to_owned()),
            address: owned(profile.address.as_ref()),
            country: profile.country.map(|country| country.to_string()),
            preferred_language: profile
                .preferred_language
                .as_ref()
                .map(|tag| tag.as_str().to_owned()),
            fitzpatrick: profile.fitzpatrick.map(|skin| skin.code().to_owned()),
            referring_clinician: owned(profile.referring_clinician.as_ref()),
            primary_clinician: owned(profile.primary_clinician.as_ref()),
            allergies: owned(profile.allergies.as_ref()),
            note: owned(profile.note.as_ref()),
            phones: profile
                .phones
                .iter()
                .map(|phone| phone.as_str().to_owned())
                .collect(),
            guardian: profile.guardian.as_ref().map(|guardian| RawGuardian {
                name: guardian.name.as_str().to_owned(),
                relation: owned(guardian.relation.as_ref()),
                phone: owned(guardian.phone.as_ref()),
                may_consent: guardian.may_consent,
            }),
            // What they hold is kept as it is; only what is sent goes through the fields' rules.
            practice_fields: BTreeMap::new(),
        }
    }

    /// Parses every field and names every one that is refused. `held` is what the practice's own
    /// fields hold so far.
    pub(crate) fn parse(
        &self,
        rules: &Rules,
        held: BTreeMap<PatientFieldId, FieldValue>,
    ) -> Result<(UniqueId, Sensitive<PatientProfile>), Vec<FieldError>> {
        let today = rules.today;
        let mut fields = Fields::default();
        let unique_id = fields.take("uniqueId", UniqueId::parse(&self.unique_id));
        let birth = |text: &str| Day::parse(text).and_then(|day| BirthDate::new(day, today));
        let profile = PatientProfile {
            first_name: fields.text("firstName", self.first_name.as_deref()),
            middle_name: fields.text("middleName", self.middle_name.as_deref()),
            last_name: fields.text("lastName", self.last_name.as_deref()),
            preferred_name: fields.text("preferredName", self.preferred_name.as_deref()),
            birth_date: fields.optional("birthDate", self.birth_date.as_deref(), birth),
            sex_at_birth: fields.optional("sexAtBirth", self.sex_at_birth.as_deref(), SexAtBirth::parse),
            gender: fields.text("gender", self.gender.as_deref()),
            pronouns: fields.text("pronouns", self.pronouns.as_deref()),
            mrn: fields.text("mrn", self.mrn.as_deref()),
            health_card_number: fields.optional(
                "healthCardNumber",
                self.health_card_number.as_deref(),
                HealthCardNumber::parse,
            ),
            email: fields.optional("email", self.email.as_deref(), EmailAddress::parse),
            phones: self.phones(&mut fields),
            address: fields.text("address", self.address.as_deref()),
            country: fields.optional("country", self.country.as_deref(), Country::parse),
            preferred_language: fields.optional(
                "preferredLanguage",
                self.preferred_language.as_deref(),
                LanguageTag::parse,
            ),
            fitzpatrick: fields.optional("fitzpatrick", self.fitzpatrick.as_deref(), Fitzpatrick::parse),
            referring_clinician: fields.text("referringClinician", self.referring_clinician.as_deref()),
            primary_clinician: fields.text("primaryClinician", self.primary_clinician.as_deref()),
            allergies: fields.text("allergies", self.allergies.as_deref()),
            note: fields.text("note", self.note.as_deref()),
            guardian: self
                .guardian
                .as_ref()
                .and_then(|guardian| guardian.parse(&mut fields)),
            practice_fields: practice_fields::parse(&mut fields, &rules.fields, &self.practice_fields, held),
        };
        fields.finish(unique_id.map(|unique_id| (unique_id, Sensitive::new(profile))))
    }

    fn phones(&self, fields: &mut Fields) -> Vec<Text<1, 40>> {
        if self.phones.len() > MAX_PHONES {
            let many = Invalid::new("too_many", format!("give at most {MAX_PHONES} telephone numbers"));
            fields.take::<()>("phones", Err(many));
            return Vec::new();
        }
        self.phones
            .iter()
            .filter_map(|phone| fields.text("phones", Some(phone)))
            .collect()
    }
}

impl RawGuardian {
    fn parse(&self, fields: &mut Fields) -> Option<Guardian> {
        let name = fields.take("guardian.name", Text::parse(&self.name));
        let relation = fields.text("guardian.relation", self.relation.as_deref());
        let phone = fields.text("guardian.phone", self.phone.as_deref());
        Some(Guardian {
            name: name?,
            relation,
            phone,
            may_consent: self.may_consent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            today: Day::parse("2026-11-22").expect("valid"),
            fields: Vec::new(),
        }
    }

    /// P1: the unique id is the only required field.
    #[test]
    fn only_the_unique_id_is_required() {
        let raw = RawPatient {
            unique_id: " Anna-1 ".to_owned(),
            ..RawPatient::default()
        };
        let (unique_id, profile) = raw.parse(&rules(), BTreeMap::new()).expect("valid");
        assert_eq!(unique_id.as_str(), "anna-1");
        assert_eq!(profile.into_inner(), PatientProfile::default());
        let none = RawPatient::default()
            .parse(&rules(), BTreeMap::new())
            .expect_err("no unique id");
        assert_eq!(none.iter().map(|e| &*e.field).collect::<Vec<_>>(), ["uniqueId"]);
    }

    /// P2: every refused field is named at once.
    #[test]
    fn every_refused_field_is_named() {
        let raw = RawPatient {
            unique_id: "x".to_owned(),
            birth_date: Some("2026-11-23".to_owned()),
            sex_at_birth: Some("f".to_owned()),
            email: Some("nobody".to_owned()),
            fitzpatrick: Some("7".to_owned()),
            note: Some("n".repeat(4001)),
            phones: vec!["1".to_owned(); 6],
            guardian: Some(RawGuardian::default()),
            ..RawPatient::default()
        };
        let errors = raw.parse(&rules(), BTreeMap::new()).expect_err("all wrong");
        let fields: Vec<_> = errors.iter().map(|error| &*error.field).collect();
        assert_eq!(
            fields,
            [
                "uniqueId",
                "birthDate",
                "sexAtBirth",
                "email",
                "phones",
                "fitzpatrick",
                "note",
                "guardian.name"
            ]
        );
    }
}
