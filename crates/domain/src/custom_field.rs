//! Custom fields: fields of a patient that the practice defines itself (P2): their labels, their kinds and their
//! values.

use crate::ids::CustomFieldId;
use crate::text::{Line, Text};
use crate::time::Day;
use crate::{Invalid, Read};

/// The maximum number of fields in use at once (P2).
pub const MAX_IN_USE: usize = 20;

/// The maximum number of definitions, retired ones included: they are kept because values refer to them.
pub const MAX_DEFINED: usize = 200;

/// The maximum number of choices of one field.
pub const MAX_CHOICES: usize = 50;

/// One choice of a field.
pub type Choice = Line<1, 60>;

/// The kind of a field's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Text of 1–1,000 characters.
    Text,
    /// A decimal number, see [`Decimal`].
    Number,
    /// A calendar day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of these.
    Choice(Choices),
}

/// Two to fifty choices, all different whatever their case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices(Vec<Choice>);

impl Choices {
    /// Takes choices in their order.
    ///
    /// # Errors
    /// When there are fewer than two or more than [`MAX_CHOICES`], when one is not a line of 1–60 characters, or when
    /// two are the same.
    pub fn parse(choices: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, Invalid> {
        Self::read(choices, Choice::parse)
    }

    fn read(
        choices: impl IntoIterator<Item = impl AsRef<str>>,
        choice: impl Fn(&str) -> Read<Choice>,
    ) -> Result<Self, Invalid> {
        let choices: Vec<Choice> = choices
            .into_iter()
            .map(|text| choice(text.as_ref()))
            .collect::<Result<_, _>>()?;
        if !(2..=MAX_CHOICES).contains(&choices.len()) {
            return Err(Invalid::new(
                "choices",
                format!("Enter 2 to {MAX_CHOICES} choices."),
            ));
        }
        let mut folded: Vec<String> = choices.iter().map(|it| it.as_str().to_lowercase()).collect();
        folded.sort_unstable();
        if folded.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Invalid::new(
                "repeated",
                "Enter each choice once; two are the same.",
            ));
        }
        Ok(Self(choices))
    }

    /// The choices in their order.
    pub fn as_slice(&self) -> &[Choice] {
        &self.0
    }
}

impl FieldKind {
    /// Every kind's stable code.
    pub const CODES: &'static [&'static str] = &["text", "number", "date", "yes_no", "choice"];

    /// Its stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::YesNo => "yes_no",
            Self::Choice(_) => "choice",
        }
    }

    /// The kind with this code; `choices` belong to `choice` and to no other.
    ///
    /// # Errors
    /// When no kind has the code, or choices are missing or too many.
    pub fn parse(
        code: &str,
        choices: Option<impl IntoIterator<Item = impl AsRef<str>>>,
    ) -> Result<Self, Invalid> {
        Self::of(code, choices.map(Choices::parse))
    }

    /// A kind that was accepted when it was stored; for backends. See [`Line::stored`].
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn stored(
        code: &str,
        choices: Option<impl IntoIterator<Item = impl AsRef<str>>>,
    ) -> Result<Self, Invalid> {
        Self::of(
            code,
            choices.map(|choices| Choices::read(choices, Choice::stored)),
        )
    }

    fn of(code: &str, choices: Option<Read<Choices>>) -> Result<Self, Invalid> {
        let kind = match (code, choices) {
            ("choice", Some(choices)) => return choices.map(Self::Choice),
            ("choice", None) => {
                return Err(Invalid::new("choices", "Enter the choices."));
            }
            ("text", None) => Self::Text,
            ("number", None) => Self::Number,
            ("date", None) => Self::Date,
            ("yes_no", None) => Self::YesNo,
            (code, Some(_)) if Self::CODES.contains(&code) => {
                return Err(no_choices());
            }
            _ => {
                return Err(Invalid::new(
                    "kind",
                    "Choose text, number, date, yes_no or choice.",
                ));
            }
        };
        Ok(kind)
    }

    /// The same kind with other choices; faults in them only count if the kind has choices.
    ///
    /// # Errors
    /// When the kind has no choices, or these are not valid.
    pub fn with_choices(&self, choices: Read<Choices>) -> Result<Self, Invalid> {
        match self {
            Self::Choice(_) => choices.map(Self::Choice),
            Self::Text | Self::Number | Self::Date | Self::YesNo => Err(no_choices()),
        }
    }

    /// Parses a value of this kind.
    ///
    /// # Errors
    /// When the text is not such a value.
    pub fn value(&self, text: &str) -> Result<FieldValue, Invalid> {
        match self {
            Self::Choice(choices) => choices
                .0
                .iter()
                .find(|choice| choice.as_str() == text.trim())
                .map(|choice| FieldValue::Choice(choice.clone()))
                .ok_or_else(|| Invalid::new("choice", "Choose one of the field's choices.")),
            Self::Text | Self::Number | Self::Date | Self::YesNo => FieldValue::stored(self.code(), text),
        }
    }
}

fn no_choices() -> Invalid {
    Invalid::new(
        "choices",
        "Leave the choices out; only a field of the kind choice has them.",
    )
}

/// A decimal number as people write it: at most twelve digits before the point and six after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// Parses numbers such as `-12.5`; leading zeros and zeros after the last digit are removed.
    ///
    /// # Errors
    /// When it is not such a number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let whole_kept = whole.trim_start_matches('0');
        let fraction_kept = fraction.trim_end_matches('0');
        if !all_digits(whole) || !all_digits(fraction) || whole_kept.len() > 12 || fraction_kept.len() > 6 {
            return Err(Invalid::new(
                "number",
                "Enter a number such as 12 or -0.5, with at most 12 digits before the point and 6 after it.",
            ));
        }
        let whole = if whole_kept.is_empty() { "0" } else { whole_kept };
        let text = if fraction_kept.is_empty() {
            whole.to_owned()
        } else {
            format!("{whole}.{fraction_kept}")
        };
        Ok(Self(if text == "0" {
            text
        } else {
            format!("{sign}{text}")
        }))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of one patient's field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Text.
    Text(Text<1, 1000>),
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Day),
    /// Yes or no.
    YesNo(bool),
    /// The chosen value; it is kept if the choice itself is removed later.
    Choice(Choice),
}

impl FieldValue {
    /// The stable code of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "number",
            Self::Date(_) => "date",
            Self::YesNo(_) => "yes_no",
            Self::Choice(_) => "choice",
        }
    }

    /// The value as text: a day as `YYYY-MM-DD`, yes and no as `yes` and `no`.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.as_str().to_owned(),
            Self::Number(number) => number.as_str().to_owned(),
            Self::Date(day) => day.to_string(),
            Self::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Self::Choice(choice) => choice.as_str().to_owned(),
        }
    }

    /// A value of the kind with this code; the choices are not checked.
    ///
    /// # Errors
    /// When there is no such kind, or the text is not a value of it.
    pub fn stored(kind: &str, text: &str) -> Result<Self, Invalid> {
        match kind {
            "text" => Text::stored(text).map(Self::Text),
            "number" => Decimal::parse(text).map(Self::Number),
            "date" => Day::parse(text).map(Self::Date),
            "yes_no" => match text.trim() {
                "yes" => Ok(Self::YesNo(true)),
                "no" => Ok(Self::YesNo(false)),
                _ => Err(Invalid::new("choice", "Choose yes or no.")),
            },
            "choice" => Choice::stored(text).map(Self::Choice),
            _ => Err(Invalid::new("kind", "Choose a kind of field that exists.")),
        }
    }
}

/// A part of a definition that can be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The field's label.
    Label,
    /// The field's choices.
    Choices,
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// The identifier.
    pub id: CustomFieldId,
    /// Its label on screen; unique among the fields in use, ignoring case.
    pub label: Line<1, 60>,
    /// The kind of its values. It never changes, or stored values would change their meaning.
    pub kind: FieldKind,
    /// Taken out of forms. Its values stay with each patient and remain visible.
    pub retired: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str, choices: Option<&[&str]>) -> Result<FieldKind, Invalid> {
        FieldKind::parse(code, choices.map(|choices| choices.iter().copied()))
    }

    /// P2: text, number, date, yes/no, choice; and nothing else.
    #[test]
    fn five_kinds() {
        for code in ["text", "number", "date", "yes_no"] {
            assert!(kind(code, None).is_ok_and(|kind| kind.code() == code));
            assert!(kind(code, Some(&["a", "b"])).is_err(), "{code} has no choices");
        }
        assert!(kind("choice", Some(&["a", "b"])).is_ok());
        assert!(kind("choice", None).is_err());
        assert!(kind("choice", Some(&["a"])).is_err());
        assert!(kind("choice", Some(&["Left", "left "])).is_err());
        assert!(kind("colour", None).is_err());
        assert!(kind("colour", Some(&["a", "b"])).is_err_and(|error| error.code() == "kind"));
        let many: Vec<String> = (0..=MAX_CHOICES).map(|n| n.to_string()).collect();
        assert!(Choices::parse(many.iter().map(String::as_str)).is_err());
        assert!(Choices::parse(many.iter().skip(1).map(String::as_str)).is_ok());
    }

    /// A choice is one line; one with a tab that was accepted earlier is still read.
    #[test]
    fn stored_choices_are_not_judged_again() {
        let tabbed = Some(["Left\tarm", "Right"]);
        assert!(FieldKind::parse("choice", tabbed).is_err_and(|error| error.code() == "characters"));
        let stored = FieldKind::stored("choice", tabbed).expect("read");
        assert_eq!(
            stored.value("Left\tarm"),
            FieldValue::stored("choice", "Left\tarm")
        );
    }

    /// P2: a value fits its field.
    #[test]
    fn values_fit_their_kind() {
        let choice = kind("choice", Some(&["Left", "Right"])).expect("valid");
        for (kind, sent, kept) in [
            (FieldKind::Text, "  Dr. Ü ", "Dr. Ü"),
            (FieldKind::Number, " -007.250 ", "-7.25"),
            (FieldKind::Date, "2026-11-22", "2026-11-22"),
            (FieldKind::YesNo, "no", "no"),
            (choice.clone(), " Right ", "Right"),
        ] {
            let value = kind.value(sent).expect("valid");
            assert_eq!((value.kind(), value.text()), (kind.code(), kept.to_owned()));
            assert_eq!(FieldValue::stored(value.kind(), &value.text()), Ok(value));
        }
        for (kind, refused) in [
            (FieldKind::Text, ""),
            (FieldKind::Number, "1e5"),
            (FieldKind::Date, "22.11.2026"),
            (FieldKind::YesNo, "true"),
            (choice, "left"),
        ] {
            assert!(kind.value(refused).is_err(), "{refused:?}");
        }
        assert!(FieldKind::Text.value(&"x".repeat(1001)).is_err());
    }

    #[test]
    fn numbers_have_one_spelling() {
        for (sent, kept) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("00.50", "0.5"),
            ("123456789012.123456", "123456789012.123456"),
        ] {
            assert!(
                Decimal::parse(sent).is_ok_and(|number| number.as_str() == kept),
                "{sent}"
            );
        }
        for refused in [
            "",
            "-",
            ".5",
            "5.",
            "1,5",
            "+1",
            "1 2",
            "--1",
            "٣",
            "1234567890123",
            "0.1234567",
            "NaN",
        ] {
            assert!(Decimal::parse(refused).is_err(), "{refused:?}");
        }
    }
}
