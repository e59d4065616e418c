//! Details of an event: codes, numbers, ids and field names. There is no constructor for free
//! text, so no detail can carry a name or a note (U2, C59).

use std::fmt::Display;

use cutis_domain::comparison::{GroupField, PartField};
use cutis_domain::custom_field::{Choice, CustomField, FieldKind};
use cutis_domain::image;
use cutis_domain::patient::Field;
use cutis_domain::settings::Setting;
use cutis_domain::{Digest, RequestId};

/// One detail: a key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    key: &'static str,
    value: DetailValue,
}

/// What a detail may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetailValue {
    /// A code from the program's own text.
    Code(&'static str),
    /// A whole number.
    Number(i64),
    /// An id.
    Id(Identifier),
    /// Several ids, for an event about many things.
    Ids(Vec<Identifier>),
    /// Names of fields, never their values.
    Fields(Vec<&'static str>),
    /// What an administrator chose: a setting's value (O2) or a field's definition (P2), both bounded
    /// by their types.
    Setting(String),
}

/// Text known to be an id: a hyphenated UUID, a SHA-256 in hexadecimal or a whole number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier(String);

impl Identifier {
    /// What is recorded instead of text that is not an id.
    const REFUSED: &'static str = "?";

    fn new(text: String) -> Self {
        let is_id = text.parse::<RequestId>().is_ok()
            || text.parse::<Digest>().is_ok()
            || text.parse::<i64>().is_ok_and(|number| number.to_string() == text);
        Self(if is_id { text } else { Self::REFUSED.to_owned() })
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Detail {
    /// A code, such as the reason of a refusal.
    pub const fn code(key: &'static str, code: &'static str) -> Self {
        Self {
            key,
            value: DetailValue::Code(code),
        }
    }

    /// A whole number, such as a count or a size in bytes.
    pub const fn number(key: &'static str, number: i64) -> Self {
        Self {
            key,
            value: DetailValue::Number(number),
        }
    }

    /// An id: a UUID, a SHA-256 or a whole number. Anything else is recorded as `?`, so that no name can get into the
    /// trail this way.
    pub fn id(key: &'static str, id: impl Display) -> Self {
        Self {
            key,
            value: DetailValue::Id(Identifier::new(id.to_string())),
        }
    }

    /// Several ids, each as in [`Detail::id`].
    pub fn ids(key: &'static str, ids: Vec<String>) -> Self {
        Self {
            key,
            value: DetailValue::Ids(ids.into_iter().map(Identifier::new).collect()),
        }
    }

    /// Codes of a patient's fields, such as those that were changed. Those that the practice defined have no code and
    /// are recorded by id ([`Detail::ids`]).
    pub fn fields(key: &'static str, fields: &[Field]) -> Self {
        Self {
            key,
            value: DetailValue::Fields(fields.iter().filter_map(|field| field.named()).collect()),
        }
    }

    /// Codes of an image's fields.
    pub fn image_fields(key: &'static str, fields: &[image::Field]) -> Self {
        Self {
            key,
            value: DetailValue::Fields(fields.iter().map(|field| field.code()).collect()),
        }
    }

    /// Codes of a comparison's fields.
    pub fn group_fields(key: &'static str, fields: &[GroupField]) -> Self {
        Self {
            key,
            value: DetailValue::Fields(fields.iter().map(|field| field.code()).collect()),
        }
    }

    /// Codes of the fields of an image within a comparison.
    pub fn part_fields(key: &'static str, fields: &[PartField]) -> Self {
        Self {
            key,
            value: DetailValue::Fields(fields.iter().map(|field| field.code()).collect()),
        }
    }

    /// A setting's value, old or new.
    pub fn setting_value(key: &'static str, setting: &Setting) -> Self {
        Self {
            key,
            value: DetailValue::Setting(setting.value().to_owned()),
        }
    }

    /// A custom field (P2), old or new: its label, kind and choices are about the practice's forms, never about a
    /// patient.
    pub fn custom_field(key: &'static str, field: &CustomField) -> Self {
        let retired = if field.retired { " (retired)" } else { "" };
        let text = match &field.kind {
            FieldKind::Choice(choices) => {
                let choices: Vec<&str> = choices.as_slice().iter().map(Choice::as_str).collect();
                format!("{}: {}{retired}", field.label.as_str(), choices.join(" | "))
            }
            FieldKind::YesNo => format!("{}: yes or no{retired}", field.label.as_str()),
            FieldKind::Text | FieldKind::Number | FieldKind::Date => {
                format!("{}: {}{retired}", field.label.as_str(), field.kind.code())
            }
        };
        Self {
            key,
            value: DetailValue::Setting(text),
        }
    }

    /// Its key.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// Its value.
    pub const fn value(&self) -> &DetailValue {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::ImageId;

    /// U2, C59: ids are ids; a name offered as one is not recorded.
    #[test]
    fn a_name_is_not_an_id() {
        let id = ImageId::from_bytes([3; 16]).to_string();
        let ids = Detail::ids(
            "images",
            vec![id.clone(), "Müller, Anna".to_owned(), "41".to_owned()],
        );
        let DetailValue::Ids(ids) = ids.value() else {
            panic!("ids expected")
        };
        let texts: Vec<&str> = ids.iter().map(Identifier::as_str).collect();
        assert_eq!(texts, [id.as_str(), "?", "41"]);
        for text in ["", "anna", "+1", "007", "1984-06-30", "abcdef"] {
            assert_eq!(
                Detail::id("x", text).value(),
                &DetailValue::Id(Identifier("?".to_owned())),
                "{text}"
            );
        }
        let digest = Digest::from_bytes([9; 32]).to_string();
        assert_eq!(
            Detail::id("x", &digest).value(),
            &DetailValue::Id(Identifier(digest))
        );
    }
}
