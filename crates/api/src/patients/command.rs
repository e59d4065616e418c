//! From the form of a patient, as sent, to what it says (P1, P2).

use std::collections::BTreeMap;

use cutis_domain::account::EmailAddress;
use cutis_domain::patient::{
    Country, Field, Fitzpatrick, FormField, Guardian, HealthCardNumber, LanguageTag, MAX_PHONES, SexAtBirth,
    UniqueId,
};
use cutis_domain::time::Day;
use cutis_domain::{CustomFieldId, Faults, Invalid, Line, Text};
use cutis_records::patients::custom_fields::unknown;
use cutis_records::patients::{Change, PatientDraft};

use super::dto;

type Refused = Faults<FormField>;

/// Absent, `null` and a value are three things in a change (P6).
type Sent = Option<Option<String>>;

impl From<dto::PatientPatch> for PatientDraft {
    fn from(sent: dto::PatientPatch) -> Self {
        let mut faults = Refused::default();
        let it = &mut faults;
        Self {
            unique_id: sent
                .unique_id
                .and_then(|text| it.take(FormField::Of(Field::UniqueId), UniqueId::parse(&text))),
            first_name: text(it, Field::FirstName, sent.first_name),
            middle_name: text(it, Field::MiddleName, sent.middle_name),
            last_name: text(it, Field::LastName, sent.last_name),
            preferred_name: text(it, Field::PreferredName, sent.preferred_name),
            birth_date: read(it, Field::BirthDate, sent.birth_date, Day::parse),
            sex_at_birth: read(it, Field::SexAtBirth, sent.sex_at_birth, SexAtBirth::parse),
            gender: text(it, Field::Gender, sent.gender),
            pronouns: text(it, Field::Pronouns, sent.pronouns),
            mrn: text(it, Field::Mrn, sent.mrn),
            health_card_number: read(
                it,
                Field::HealthCardNumber,
                sent.health_card_number,
                HealthCardNumber::parse,
            ),
            email: read(it, Field::Email, sent.email, EmailAddress::parse),
            phones: sent.phones.and_then(|sent| phones(it, &sent)),
            address: text(it, Field::Address, sent.address),
            country: read(it, Field::Country, sent.country, Country::parse),
            preferred_language: read(
                it,
                Field::PreferredLanguage,
                sent.preferred_language,
                LanguageTag::parse,
            ),
            fitzpatrick: read(it, Field::Fitzpatrick, sent.fitzpatrick, Fitzpatrick::parse),
            referring_clinician: text(it, Field::ReferringClinician, sent.referring_clinician),
            primary_clinician: text(it, Field::PrimaryClinician, sent.primary_clinician),
            allergies: text(it, Field::Allergies, sent.allergies),
            note: text(it, Field::Note, sent.note),
            guardian: match sent.guardian {
                None => Change::Keep,
                Some(None) => Change::Clear,
                Some(Some(sent)) => Change::of(guardian(it, &sent)),
            },
            custom_fields: custom_fields(it, sent.custom_fields),
            faults,
        }
    }
}

/// What happens to a field: absent leaves it, `null` and blank text empty it.
fn read<T>(
    faults: &mut Refused,
    field: Field,
    sent: Sent,
    parse: impl FnOnce(&str) -> Result<T, Invalid>,
) -> Change<T> {
    match sent {
        None => Change::Keep,
        Some(text) if text.as_deref().is_none_or(|text| text.trim().is_empty()) => Change::Clear,
        Some(text) => Change::of(faults.optional(FormField::Of(field), text.as_deref(), parse)),
    }
}

fn text<const MIN: usize, const MAX: usize, const LINE: bool>(
    faults: &mut Refused,
    field: Field,
    sent: Sent,
) -> Change<Text<MIN, MAX, LINE>> {
    read(faults, field, sent, Text::parse)
}

fn phones(faults: &mut Refused, sent: &[String]) -> Option<Vec<Line<1, 40>>> {
    let field = FormField::Of(Field::Phones);
    if sent.len() > MAX_PHONES {
        let message = format!("Enter at most {MAX_PHONES} telephone numbers.");
        faults.refuse(field, Invalid::new("too_many", message));
        return None;
    }
    let phones = (0..).zip(sent);
    let read = phones.filter_map(|(index, phone)| faults.text(FormField::Phone(index), Some(phone)));
    Some(read.collect())
}

fn guardian(faults: &mut Refused, sent: &dto::Guardian) -> Option<Guardian> {
    let name = faults.take(FormField::GuardianName, Text::parse(&sent.name));
    let relation = faults.text(FormField::GuardianRelation, sent.relation.as_deref());
    let phone = faults.text(FormField::GuardianPhone, sent.phone.as_deref());
    Some(Guardian {
        name: name?,
        relation,
        phone,
        may_consent: sent.may_consent,
    })
}

/// The values by their fields' ids. What a value may be depends on its field, so values stay text here.
fn custom_fields(
    faults: &mut Refused,
    sent: BTreeMap<String, Option<String>>,
) -> BTreeMap<CustomFieldId, Option<String>> {
    let mut read = BTreeMap::new();
    for (key, text) in sent {
        // An id has one spelling.
        match key.parse::<CustomFieldId>() {
            Ok(id) if id.to_string() == key => {
                read.insert(id, text);
            }
            Ok(_) | Err(_) => faults.refuse(FormField::UnknownCustom, unknown()),
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P2: every refused field is named at once.
    #[test]
    fn every_refused_field_is_named() {
        let sent: dto::PatientPatch = serde_json::from_value(serde_json::json!({
            "version": 1,
            "uniqueId": "x",
            "birthDate": "yesterday",
            "sexAtBirth": "f",
            "email": "nobody",
            "fitzpatrick": "7",
            "note": "n".repeat(4001),
            "phones": vec!["1"; 6],
            "guardian": { "name": "" },
            "practiceFields": { "anna": "x" },
        }))
        .expect("a form");
        let draft = PatientDraft::from(sent);
        let fields: Vec<_> = draft
            .faults
            .into_vec()
            .into_iter()
            .map(|error| error.field)
            .collect();
        let named = [
            Field::UniqueId,
            Field::BirthDate,
            Field::SexAtBirth,
            Field::Email,
            Field::Phones,
            Field::Fitzpatrick,
            Field::Note,
        ];
        let parts = [FormField::GuardianName, FormField::UnknownCustom];
        let expected: Vec<_> = named.map(FormField::Of).into_iter().chain(parts).collect();
        assert_eq!(fields, expected);
    }

    /// P6: absent keeps, null and blank clear, a value sets.
    #[test]
    fn absent_and_empty_are_two_things() {
        let sent = serde_json::from_str::<dto::PatientPatch>(
            r#"{ "version": 1, "gender": null, "mrn": " ", "note": "n" }"#,
        );
        let draft = PatientDraft::from(sent.expect("a form"));
        assert!(matches!(draft.first_name, Change::Keep));
        assert!(matches!(draft.gender, Change::Clear));
        assert!(matches!(draft.mrn, Change::Clear));
        assert!(matches!(&draft.note, Change::Set(text) if text.as_str() == "n"));
        assert!(draft.faults.is_empty());
    }
}
