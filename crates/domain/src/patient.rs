//! Patients (P1, P2).

mod field;
mod field_versions;
mod form_field;
mod heading;

use std::collections::BTreeMap;
use std::fmt;

use crate::account::EmailAddress;
use crate::custom_field::FieldValue;
use crate::ids::{CustomFieldId, PatientId};
use crate::text::{Line, Text};
use crate::time::{Day, Timestamp};
use crate::{Invalid, Sensitive};

pub use field::Field;
pub use field_versions::FieldVersions;
pub use form_field::FormField;
pub use heading::{HeadingProfile, PatientHeading};

/// The practice's own identifier of a patient, the only required field (P1):
/// `^[a-z0-9_-]{2,32}$` after trimming and lower-casing ASCII.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniqueId(String);

impl UniqueId {
    /// Parses a unique id.
    ///
    /// # Errors
    /// When it is not 2–32 of the allowed characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_ascii_lowercase();
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        if (2..=32).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(Invalid::new(
                "unique_id",
                "Use 2 to 32 characters: a-z, 0-9, hyphen and underscore.",
            ))
        }
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UniqueId {
    /// Redacted: practices put initials and birthdays into these.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UniqueId[redacted]")
    }
}

/// A date of birth: not in the future, not before 1850 (P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BirthDate(Day);

impl BirthDate {
    /// Takes a day as a date of birth, seen from `today` in the practice's time zone.
    ///
    /// # Errors
    /// When it lies after today or implausibly far back.
    pub fn new(day: Day, today: Day) -> Result<Self, Invalid> {
        if day > today {
            Err(Invalid::new(
                "future",
                "Enter a date of birth that is not in the future.",
            ))
        } else if day.year() < 1850 {
            Err(Invalid::new(
                "too_early",
                "Enter a date of birth in 1850 or later.",
            ))
        } else {
            Ok(Self(day))
        }
    }

    /// A date of birth that was checked when it was stored; for backends.
    pub const fn stored(day: Day) -> Self {
        Self(day)
    }

    /// The day.
    pub const fn day(self) -> Day {
        self.0
    }
}

/// A health-card number, masked on screen (P2).
#[derive(Clone, PartialEq, Eq)]
pub struct HealthCardNumber(Line<1, 64>);

impl HealthCardNumber {
    /// Parses a number of 1–64 characters.
    ///
    /// # Errors
    /// When it is empty or too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Line::parse(text).map(Self)
    }

    /// A number that was accepted when it was stored; for backends.
    ///
    /// # Errors
    /// As [`Line::stored`].
    pub fn stored(text: &str) -> Result<Self, Invalid> {
        Line::stored(text).map(Self)
    }

    /// The whole number, for storing.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }

    /// The last four characters after dots; fewer if the number is short.
    pub fn masked(&self) -> String {
        let count = self.0.as_str().chars().count();
        let shown = if count >= 8 { 4 } else { count / 4 };
        let tail: String = self.0.as_str().chars().skip(count - shown).collect();
        format!("•••• {tail}").trim_end().to_owned()
    }
}

impl fmt::Debug for HealthCardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[health card]")
    }
}

/// A closed set of values with stable codes for the wire and the database.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident, $rule:literal, { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Parses a code.
            ///
            /// # Errors
            /// When no value has it.
            pub fn parse(code: &str) -> Result<Self, Invalid> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(Invalid::new("choice", $rule)),
                }
            }
        }
    };
}

coded!(
    /// Sex recorded at birth (P2).
    SexAtBirth, "Choose female, male, intersex or unknown.",
    {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Intersex.
        Intersex = "intersex",
        /// Asked and not known.
        Unknown = "unknown",
    }
);

coded!(
    /// Fitzpatrick skin type (P2).
    Fitzpatrick, "Choose a Fitzpatrick type from I to VI.",
    {
        /// Always burns, never tans.
        I = "I",
        /// Burns easily, tans little.
        II = "II",
        /// Burns moderately, tans gradually.
        III = "III",
        /// Burns little, tans well.
        IV = "IV",
        /// Rarely burns, tans richly.
        V = "V",
        /// Never burns.
        VI = "VI",
    }
);

/// A country by its ISO 3166-1 alpha-2 code; only the form is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country([u8; 2]);

impl Country {
    /// Parses two letters.
    ///
    /// # Errors
    /// When it is not two ASCII letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.trim().to_ascii_uppercase().as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(Invalid::new(
                "country",
                "Enter a two-letter country code, such as CA.",
            )),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

/// A language tag (BCP 47); only the form is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// Parses a tag of 2–35 letters, digits and hyphens that begins with a language.
    ///
    /// # Errors
    /// When it cannot be a tag.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let first = text.split('-').next().unwrap_or_default();
        let sound = text.len() <= 35
            && (2..=3).contains(&first.len())
            && first.bytes().all(|b| b.is_ascii_alphabetic())
            && text
                .split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "language",
                "Enter a language tag, such as en or fr-CA.",
            ))
        }
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A guardian or emergency contact (P2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardian {
    /// Their name.
    pub name: Line<1, 200>,
    /// Their relation to the patient.
    pub relation: Option<Line<1, 100>>,
    /// How to reach them.
    pub phone: Option<Line<1, 40>>,
    /// Whether they may consent for the patient.
    pub may_consent: bool,
}

/// Everything about a patient except the unique id; all of it is optional (P2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatientProfile {
    /// Given name.
    pub first_name: Option<Line<1, 100>>,
    /// Middle names.
    pub middle_name: Option<Line<1, 100>>,
    /// Family name.
    pub last_name: Option<Line<1, 100>>,
    /// The name that they prefer.
    pub preferred_name: Option<Line<1, 100>>,
    /// Date of birth.
    pub birth_date: Option<BirthDate>,
    /// Sex recorded at birth.
    pub sex_at_birth: Option<SexAtBirth>,
    /// Gender, in the patient's words.
    pub gender: Option<Line<1, 60>>,
    /// Pronouns.
    pub pronouns: Option<Line<1, 40>>,
    /// Medical record number of another system.
    pub mrn: Option<Line<1, 64>>,
    /// Health-card number.
    pub health_card_number: Option<HealthCardNumber>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Telephone numbers, five at most.
    pub phones: Vec<Line<1, 40>>,
    /// Postal address.
    pub address: Option<Text<1, 500>>,
    /// Country.
    pub country: Option<Country>,
    /// The language to speak with them.
    pub preferred_language: Option<LanguageTag>,
    /// Fitzpatrick skin type.
    pub fitzpatrick: Option<Fitzpatrick>,
    /// The clinician who referred them.
    pub referring_clinician: Option<Line<1, 200>>,
    /// The clinician who treats them.
    pub primary_clinician: Option<Line<1, 200>>,
    /// Allergies.
    pub allergies: Option<Text<1, 2000>>,
    /// Free note.
    pub note: Option<Text<1, 4000>>,
    /// Guardian or emergency contact.
    pub guardian: Option<Guardian>,
    /// The values of the practice's custom fields; a field without a value is absent.
    pub custom_fields: BTreeMap<CustomFieldId, FieldValue>,
}

/// The maximum number of telephone numbers of a patient.
pub const MAX_PHONES: usize = 5;

/// A patient as stored, with what is computed about them (P3).
#[derive(Debug, Clone)]
pub struct Patient {
    /// The identifier.
    pub id: PatientId,
    /// The practice's own identifier.
    pub unique_id: UniqueId,
    /// Everything else that is on record.
    pub profile: Sensitive<PatientProfile>,
    /// When the record was created.
    pub created_at: Timestamp,
    /// Any change to the patient or what belongs to them; views do not count (P3).
    pub last_modified: Timestamp,
    /// Counts edits of the patient's own fields (P6).
    pub version: u64,
    /// The edit that last changed each of them (P6).
    pub field_versions: FieldVersions,
    /// Images in the pool.
    pub image_count: u64,
    /// Entries.
    pub entry_count: u64,
    /// The latest appointment up to now.
    pub last_appointment: Option<Timestamp>,
    /// The earliest appointment after now.
    pub next_appointment: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P1: `^[a-z0-9_-]{2,32}$` after trimming and lower-casing ASCII.
    #[test]
    fn unique_ids() {
        assert_eq!(
            UniqueId::parse("  AB-12_x ").map(|u| u.as_str().to_owned()),
            Ok("ab-12_x".to_owned())
        );
        assert!(UniqueId::parse(&"a".repeat(32)).is_ok());
        for refused in [
            "a",
            "",
            " ",
            "ä1",
            "a b",
            "a.b",
            "a/b",
            "K\u{212A}",
            "ab\n cd",
            &"a".repeat(33),
        ] {
            assert!(UniqueId::parse(refused).is_err(), "{refused:?}");
        }
    }

    /// P2: a date of birth is not in the future.
    #[test]
    fn birth_dates() {
        let day = |text| Day::parse(text).expect("valid");
        assert!(BirthDate::new(day("2026-11-22"), day("2026-11-22")).is_ok());
        assert!(BirthDate::new(day("2026-11-23"), day("2026-11-22")).is_err());
        assert!(BirthDate::new(day("1849-12-31"), day("2026-11-22")).is_err());
    }

    /// P2: the health-card number is masked on screen.
    #[test]
    fn health_cards_are_masked() {
        let masked = |text| HealthCardNumber::parse(text).expect("valid").masked();
        assert_eq!(masked("1234567890"), "•••• 7890");
        assert_eq!(masked("12345"), "•••• 5");
        assert_eq!(masked("12"), "••••");
    }

    #[test]
    fn codes_round_trip() {
        for value in Fitzpatrick::ALL {
            assert_eq!(Fitzpatrick::parse(value.code()), Ok(*value));
        }
        assert!(Fitzpatrick::parse("VII").is_err());
        assert!(Country::parse("ca").is_ok_and(|c| c.to_string() == "CA"));
        assert!(Country::parse("c1").is_err());
        assert!(LanguageTag::parse("fr-CA").is_ok());
        assert!(LanguageTag::parse("-").is_err());
    }
}
