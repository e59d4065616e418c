//! The values of a form about a patient, and how they become a record (P1, P2).

use std::collections::BTreeMap;

use cutis_domain::account::EmailAddress;
use cutis_domain::patient::{
    BirthDate, Country, Field, Fitzpatrick, FormField, Guardian, HealthCardNumber, LanguageTag, Patient,
    PatientProfile, SexAtBirth, UniqueId,
};
use cutis_domain::time::Day;
use cutis_domain::{CustomFieldId, Faults, FieldError, Line, Sensitive, Text};

use super::custom_fields;
use super::rules::Rules;

/// What happens to an optional field.
#[derive(Clone, Default)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is emptied.
    Clear,
    /// It gets this value.
    Set(T),
}

impl<T> Change<T> {
    /// The new value of a field that has been empty so far.
    pub fn of(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }

    /// What a request says for it: nothing, that it is emptied, or a value.
    pub const fn sent(&self) -> Option<Option<&T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }

    pub(crate) fn over(self, held: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *held = None,
            Self::Set(value) => *held = Some(value),
        }
    }
}

macro_rules! patient_draft {
    ($($(#[$doc:meta])* $name:ident: $kind:ty),+ $(,)?) => {
        /// The values of a form about a patient to be added or changed. Every value has been parsed; what depends on
        /// data (today's date, the practice's custom fields) is decided by the use case.
        #[derive(Clone, Default)]
        pub struct PatientDraft {
            /// The practice's own identifier; `None` keeps it.
            pub unique_id: Option<UniqueId>,
            $($(#[$doc])* pub $name: Change<$kind>,)+
            /// Date of birth.
            pub birth_date: Change<Day>,
            /// Telephone numbers; `None` keeps them.
            pub phones: Option<Vec<Line<1, 40>>>,
            /// New values of the practice's custom fields, by the field's id; `None` empties one.
            pub custom_fields: BTreeMap<CustomFieldId, Option<String>>,
            /// What was refused when the form was parsed, to be reported together with what the use case refuses.
            pub faults: Faults<FormField>,
        }

        impl PatientDraft {
            /// The record after this, if nothing is refused; every refusal in the order of the form.
            pub(crate) fn over(
                self,
                before: Option<&Patient>,
                rules: &Rules,
            ) -> Result<(UniqueId, Sensitive<PatientProfile>), Vec<FieldError<FormField>>> {
                let mut faults = self.faults;
                let mut profile = before.map(|it| it.profile.reveal().clone()).unwrap_or_default();
                $(self.$name.over(&mut profile.$name);)+
                match self.birth_date {
                    Change::Keep => {}
                    Change::Clear => profile.birth_date = None,
                    Change::Set(day) => {
                        let field = FormField::Of(Field::BirthDate);
                        profile.birth_date = faults.take(field, BirthDate::new(day, rules.today));
                    }
                }
                if let Some(phones) = self.phones {
                    profile.phones = phones;
                }
                custom_fields::apply(
                    &mut faults,
                    &rules.fields,
                    self.custom_fields,
                    &mut profile.custom_fields,
                );
                let unique_id = self.unique_id.or_else(|| before.map(|it| it.unique_id.clone()));
                if unique_id.is_none() && faults.is_empty() {
                    faults.take(FormField::Of(Field::UniqueId), UniqueId::parse(""));
                }
                let record = unique_id.map(|unique_id| (unique_id, Sensitive::new(profile)));
                faults.finish(record).map_err(in_order)
            }
        }
    };
}

patient_draft! {
    /// Given name.
    first_name: Line<1, 100>,
    /// Middle names.
    middle_name: Line<1, 100>,
    /// Family name.
    last_name: Line<1, 100>,
    /// The name that they prefer.
    preferred_name: Line<1, 100>,
    /// Sex recorded at birth.
    sex_at_birth: SexAtBirth,
    /// Gender.
    gender: Line<1, 60>,
    /// Pronouns.
    pronouns: Line<1, 40>,
    /// Medical record number.
    mrn: Line<1, 64>,
    /// Health-card number.
    health_card_number: HealthCardNumber,
    /// E-mail address.
    email: EmailAddress,
    /// Postal address.
    address: Text<1, 500>,
    /// Country.
    country: Country,
    /// Language tag.
    preferred_language: LanguageTag,
    /// Fitzpatrick type.
    fitzpatrick: Fitzpatrick,
    /// The clinician who referred them.
    referring_clinician: Line<1, 200>,
    /// The clinician who treats them.
    primary_clinician: Line<1, 200>,
    /// Allergies.
    allergies: Text<1, 2000>,
    /// Free note.
    note: Text<1, 4000>,
    /// Guardian or emergency contact.
    guardian: Guardian,
}

impl std::fmt::Debug for PatientDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PatientDraft[redacted]")
    }
}

impl<T> std::fmt::Debug for Change<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Change[redacted]")
    }
}

fn in_order(mut errors: Vec<FieldError<FormField>>) -> Vec<FieldError<FormField>> {
    errors.sort_by_key(|error| error.field.place());
    errors
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
        let draft = PatientDraft {
            unique_id: UniqueId::parse(" Anna-1 ").ok(),
            ..PatientDraft::default()
        };
        let (unique_id, profile) = draft.over(None, &rules()).expect("valid");
        assert_eq!(unique_id.as_str(), "anna-1");
        assert_eq!(profile.into_inner(), PatientProfile::default());
        let none = PatientDraft::default()
            .over(None, &rules())
            .expect_err("no unique id");
        let fields: Vec<_> = none.iter().map(|error| error.field).collect();
        assert_eq!(fields, [FormField::Of(Field::UniqueId)]);
    }

    /// P2: what was refused while reading is told with what only data can refuse, in the order of the form.
    #[test]
    fn every_refused_field_is_named() {
        let mut faults = Faults::default();
        faults.take(FormField::Of(Field::Note), Text::<1, 1>::parse(""));
        faults.take(FormField::GuardianName, Text::<1, 1>::parse(""));
        faults.take(FormField::Of(Field::UniqueId), UniqueId::parse("x"));
        let unknown = CustomFieldId::from_bytes([9; 16]);
        let draft = PatientDraft {
            birth_date: Change::Set(Day::parse("2026-11-23").expect("valid")),
            custom_fields: BTreeMap::from([(unknown, Some("x".to_owned()))]),
            faults,
            ..PatientDraft::default()
        };
        let errors = draft.over(None, &rules()).expect_err("all wrong");
        let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
        assert_eq!(
            fields,
            [
                FormField::Of(Field::UniqueId),
                FormField::Of(Field::BirthDate),
                FormField::Of(Field::Note),
                FormField::GuardianName,
                FormField::UnknownCustom,
            ]
        );
    }
}
