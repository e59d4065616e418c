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
