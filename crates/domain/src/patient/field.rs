//! The fields of a patient that people change, as a closed list. Versions (P6), the trail's details and refusals
//! name a field by this type, never by text.

use super::{Patient, PatientProfile, UniqueId};
use crate::Invalid;
use crate::ids::CustomFieldId;

/// One field of a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The practice's own identifier.
    UniqueId,
    /// First name.
    FirstName,
    /// Middle name.
    MiddleName,
    /// Last name.
    LastName,
    /// The name the patient goes by.
    PreferredName,
    /// Date of birth.
    BirthDate,
    /// Sex at birth.
    SexAtBirth,
    /// Gender.
    Gender,
    /// Pronouns.
    Pronouns,
    /// Medical record number.
    Mrn,
    /// Health-card number.
    HealthCardNumber,
    /// E-mail address.
    Email,
    /// Telephone numbers.
    Phones,
    /// Postal address.
    Address,
    /// Country.
    Country,
    /// Preferred language.
    PreferredLanguage,
    /// Fitzpatrick skin type.
    Fitzpatrick,
    /// Referring clinician.
    ReferringClinician,
    /// Primary clinician.
    PrimaryClinician,
    /// Allergies.
    Allergies,
    /// Note.
    Note,
    /// Guardian, as a whole.
    Guardian,
    /// A custom field (P2).
    Custom(CustomFieldId),
}

/// The prefix of the id in the code of a custom field.
const CUSTOM: &str = "practiceFields.";

impl Field {
    /// Every field except those that the practice defined.
    pub const NAMED: [Self; 22] = [
        Self::UniqueId,
        Self::FirstName,
        Self::MiddleName,
        Self::LastName,
        Self::PreferredName,
        Self::BirthDate,
        Self::SexAtBirth,
        Self::Gender,
        Self::Pronouns,
        Self::Mrn,
        Self::HealthCardNumber,
        Self::Email,
        Self::Phones,
        Self::Address,
        Self::Country,
        Self::PreferredLanguage,
        Self::Fitzpatrick,
        Self::ReferringClinician,
        Self::PrimaryClinician,
        Self::Allergies,
        Self::Note,
        Self::Guardian,
    ];

    /// The code of a field in the trail and in stored versions, which never changes. `None` for a field that the
    /// practice defined: it is identified by its id.
    pub const fn named(self) -> Option<&'static str> {
        Some(match self {
            Self::UniqueId => "uniqueId",
            Self::FirstName => "firstName",
            Self::MiddleName => "middleName",
            Self::LastName => "lastName",
            Self::PreferredName => "preferredName",
            Self::BirthDate => "birthDate",
            Self::SexAtBirth => "sexAtBirth",
            Self::Gender => "gender",
            Self::Pronouns => "pronouns",
            Self::Mrn => "mrn",
            Self::HealthCardNumber => "healthCardNumber",
            Self::Email => "email",
            Self::Phones => "phones",
            Self::Address => "address",
            Self::Country => "country",
            Self::PreferredLanguage => "preferredLanguage",
            Self::Fitzpatrick => "fitzpatrick",
            Self::ReferringClinician => "referringClinician",
            Self::PrimaryClinician => "primaryClinician",
            Self::Allergies => "allergies",
            Self::Note => "note",
            Self::Guardian => "guardian",
            Self::Custom(_) => return None,
        })
    }

    /// The id of a custom field.
    pub fn custom(self) -> Option<CustomFieldId> {
        if let Self::Custom(id) = self {
            Some(id)
        } else {
            None
        }
    }

    /// Its code, with the id for a custom field.
    pub fn code(self) -> String {
        match (self.custom(), self.named()) {
            (Some(id), _) => format!("{CUSTOM}{id}"),
            (None, named) => named.unwrap_or_default().to_owned(),
        }
    }

    /// Reads a code.
    ///
    /// # Errors
    /// When no field has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        if let Some(id) = code.strip_prefix(CUSTOM) {
            return Ok(Self::Custom(id.parse()?));
        }
        Self::NAMED
            .into_iter()
            .find(|field| field.named() == Some(code))
            .ok_or_else(|| Invalid::new("field", "Use the code of a patient's field."))
    }

    /// Whether its value differs before and after.
    fn differs(self, before: &Patient, unique_id: &UniqueId, after: &PatientProfile) -> bool {
        let held = before.profile.reveal();
        match self {
            Self::UniqueId => before.unique_id != *unique_id,
            Self::FirstName => held.first_name != after.first_name,
            Self::MiddleName => held.middle_name != after.middle_name,
            Self::LastName => held.last_name != after.last_name,
            Self::PreferredName => held.preferred_name != after.preferred_name,
            Self::BirthDate => held.birth_date != after.birth_date,
            Self::SexAtBirth => held.sex_at_birth != after.sex_at_birth,
            Self::Gender => held.gender != after.gender,
            Self::Pronouns => held.pronouns != after.pronouns,
            Self::Mrn => held.mrn != after.mrn,
            Self::HealthCardNumber => held.health_card_number != after.health_card_number,
            Self::Email => held.email != after.email,
            Self::Phones => held.phones != after.phones,
            Self::Address => held.address != after.address,
            Self::Country => held.country != after.country,
            Self::PreferredLanguage => held.preferred_language != after.preferred_language,
            Self::Fitzpatrick => held.fitzpatrick != after.fitzpatrick,
            Self::ReferringClinician => held.referring_clinician != after.referring_clinician,
            Self::PrimaryClinician => held.primary_clinician != after.primary_clinician,
            Self::Allergies => held.allergies != after.allergies,
            Self::Note => held.note != after.note,
            Self::Guardian => held.guardian != after.guardian,
            Self::Custom(id) => held.custom_fields.get(&id) != after.custom_fields.get(&id),
        }
    }

    /// Gives it the value that it had before, and leaves all others as they are.
    pub fn restore(self, before: &Patient, unique_id: &mut UniqueId, after: &mut PatientProfile) {
        let held = before.profile.reveal();
        match self {
            Self::UniqueId => unique_id.clone_from(&before.unique_id),
            Self::FirstName => after.first_name.clone_from(&held.first_name),
            Self::MiddleName => after.middle_name.clone_from(&held.middle_name),
            Self::LastName => after.last_name.clone_from(&held.last_name),
            Self::PreferredName => after.preferred_name.clone_from(&held.preferred_name),
            Self::BirthDate => after.birth_date.clone_from(&held.birth_date),
            Self::SexAtBirth => after.sex_at_birth.clone_from(&held.sex_at_birth),
            Self::Gender => after.gender.clone_from(&held.gender),
            Self::Pronouns => after.pronouns.clone_from(&held.pronouns),
            Self::Mrn => after.mrn.clone_from(&held.mrn),
            Self::HealthCardNumber => after.health_card_number.clone_from(&held.health_card_number),
            Self::Email => after.email.clone_from(&held.email),
            Self::Phones => after.phones.clone_from(&held.phones),
            Self::Address => after.address.clone_from(&held.address),
            Self::Country => after.country.clone_from(&held.country),
            Self::PreferredLanguage => after.preferred_language.clone_from(&held.preferred_language),
            Self::Fitzpatrick => after.fitzpatrick.clone_from(&held.fitzpatrick),
            Self::ReferringClinician => after.referring_clinician.clone_from(&held.referring_clinician),
            Self::PrimaryClinician => after.primary_clinician.clone_from(&held.primary_clinician),
            Self::Allergies => after.allergies.clone_from(&held.allergies),
            Self::Note => after.note.clone_from(&held.note),
            Self::Guardian => after.guardian.clone_from(&held.guardian),
            Self::Custom(id) => {
                match held.custom_fields.get(&id) {
                    Some(value) => after.custom_fields.insert(id, value.clone()),
                    None => after.custom_fields.remove(&id),
                };
            }
        }
    }

    /// The fields whose values differ before and after, each once.
    pub fn changed(before: &Patient, unique_id: &UniqueId, after: &PatientProfile) -> Vec<Self> {
        let held = &before.profile.reveal().custom_fields;
        let gone = held.keys().filter(|id| !after.custom_fields.contains_key(id));
        let custom = after.custom_fields.keys().chain(gone);
        Self::NAMED
            .into_iter()
            .chain(custom.copied().map(Self::Custom))
            .filter(|field| field.differs(before, unique_id, after))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::Guardian;
    use crate::{FieldVersions, PatientId, Sensitive, Text, Timestamp};

    fn text<const MOST: usize, const LINE: bool>(it: &str) -> Option<Text<1, MOST, LINE>> {
        Text::parse(it).ok()
    }

    fn patient(unique_id: &str, profile: PatientProfile) -> Patient {
        Patient {
            id: PatientId::from_bytes([1; 16]),
            unique_id: UniqueId::parse(unique_id).expect("valid"),
            profile: Sensitive::new(profile),
            created_at: Timestamp::EPOCH,
            last_modified: Timestamp::EPOCH,
            version: 1,
            field_versions: FieldVersions::all_at(1),
            image_count: 0,
            entry_count: 0,
            last_appointment: None,
            next_appointment: None,
        }
    }

    /// P6: a field that is put back holds what it held, and no other field does.
    #[test]
    fn a_field_is_restored_alone() {
        let before = patient("p-001", PatientProfile::default());
        let custom = CustomFieldId::from_bytes([7; 16]);
        let mut after = PatientProfile {
            first_name: text("Zoë"),
            mrn: text("7"),
            note: text("mine"),
            guardian: text("Ida").map(|name| Guardian {
                name,
                relation: None,
                phone: None,
                may_consent: true,
            }),
            ..PatientProfile::default()
        };
        after.phones.extend(text("1"));
        after
            .custom_fields
            .insert(custom, crate::custom_field::FieldValue::YesNo(true));
        let unique_id = UniqueId::parse("p-002").expect("valid");
        let changed = Field::changed(&before, &unique_id, &after);
        assert_eq!(changed.len(), 7, "{changed:?}");
        for field in &changed {
            let (mut id, mut one) = (unique_id.clone(), after.clone());
            field.restore(&before, &mut id, &mut one);
            let rest: Vec<_> = changed.iter().filter(|it| *it != field).copied().collect();
            assert_eq!(Field::changed(&before, &id, &one), rest);
        }
        let (mut id, mut all) = (unique_id, after);
        for field in Field::NAMED.into_iter().chain([Field::Custom(custom)]) {
            field.restore(&before, &mut id, &mut all);
        }
        assert_eq!((id, all), (before.unique_id, before.profile.into_inner()));
    }

    /// Codes are stored permanently: each field is read back from its own.
    #[test]
    fn a_code_reads_back() {
        let custom = Field::Custom(CustomFieldId::from_bytes([7; 16]));
        for field in Field::NAMED.into_iter().chain([custom]) {
            assert_eq!(Field::parse(&field.code()), Ok(field));
        }
        for unknown in [
            "",
            "first_name",
            "FirstName",
            "practiceFields.",
            "practiceFields.x",
        ] {
            assert!(Field::parse(unknown).is_err(), "{unknown}");
        }
    }
}
