//! Text with bounds: trimmed, NFC, without control characters, counted in characters.

pub(crate) mod line;

use std::fmt;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use crate::Invalid;

/// Text of `MIN` to `MAX` characters (Unicode scalar values) after trimming and NFC normalisation.
///
/// Line feeds and tabs are kept, other control characters, Unicode's direction overrides and
/// non-characters are refused: they can make one name look like another. With `LINE` the text is a [`Line`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MIN: usize, const MAX: usize, const LINE: bool = false>(String);

/// Text of one line: every control character is refused, and so are characters that nobody sees, because they let one
/// name look like another. Joiners and variation selectors stay where a script needs them.
pub type Line<const MIN: usize, const MAX: usize> = Text<MIN, MAX, true>;

impl<const MIN: usize, const MAX: usize, const LINE: bool> Text<MIN, MAX, LINE> {
    /// Parses text.
    ///
    /// # Errors
    /// When it is too short, too long, or holds characters that do not belong in text, or in one line.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if LINE {
            check_line(text)?;
        }
        Self::stored(text)
    }

    /// Text that was accepted when it was stored; for backends. A line may hold what was accepted before lines had a
    /// rule of their own: what is on record is shown, and corrected when somebody next changes it.
    ///
    /// # Errors
    /// When it is too short, too long, or holds characters that do not belong in any text.
    pub fn stored(text: &str) -> Result<Self, Invalid> {
        // Four bytes a character is the most UTF-8 takes; NFC may shrink but not below a third.
        if text.len() > MAX.saturating_mul(12).saturating_add(64) {
            return Err(Self::too_long());
        }
        let text = text.trim();
        // What a database holds is in this form, which is quick to see; composing it again would take most of the time.
        let text: String = match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => text.to_owned(),
            IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
        };
        if text.chars().any(is_unwelcome) {
            return Err(Invalid::new(
                "characters",
                "Enter text without control characters.",
            ));
        }
        let length = text.chars().count();
        if length > MAX {
            Err(Self::too_long())
        } else if length < MIN && length == 0 {
            Err(Invalid::new("empty", "Enter a value; this cannot be empty."))
        } else if length < MIN {
            Err(Invalid::new(
                "too_short",
                format!("Enter at least {MIN} characters."),
            ))
        } else {
            Ok(Self(text))
        }
    }

    fn too_long() -> Invalid {
        Invalid::new("too_long", format!("Enter at most {MAX} characters."))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Refuses what does not belong in one line.
///
/// # Errors
/// When the text, trimmed, has several lines, or characters that are not seen.
pub(crate) fn check_line(text: &str) -> Result<(), Invalid> {
    if line::is_line(text.trim()) {
        Ok(())
    } else {
        Err(Invalid::new(
            "characters",
            "Enter it on one line, without control or invisible characters.",
        ))
    }
}

pub(crate) fn is_unwelcome(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

impl<const MIN: usize, const MAX: usize, const LINE: bool> fmt::Debug for Text<MIN, MAX, LINE> {
    /// Redacted: nearly all free text here is about a person (G11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text[{} characters]", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Name = Text<1, 5>;

    #[test]
    fn bounds_count_characters_after_trimming_and_normalising() {
        assert_eq!(
            Name::parse("  Zoë ").map(|t| t.as_str().to_owned()),
            Ok("Zoë".to_owned())
        );
        assert_eq!(
            Name::parse("Zoe\u{308}").map(|t| t.as_str().to_owned()),
            Ok("Zoë".to_owned())
        );
        assert_eq!(Name::parse("   ").map_err(|e| e.code()), Err("empty"));
        assert_eq!(Name::parse("abcdef").map_err(|e| e.code()), Err("too_long"));
        assert!(Name::parse("ÄÖÜßé").is_ok());
    }

    #[test]
    fn hidden_characters_are_refused() {
        for text in ["a\0b", "a\u{202E}b", "a\u{1b}[0m", "a\rb"] {
            assert_eq!(
                Text::<1, 50>::parse(text).map_err(|e| e.code()),
                Err("characters"),
                "{text:?}"
            );
        }
        assert!(Text::<1, 50>::parse("two\nlines").is_ok());
    }

    /// A line is trimmed like any text, then holds what is seen; what was stored before that is read.
    #[test]
    fn a_line_is_one_line() {
        assert_eq!(
            Line::<1, 5>::parse(" Anna\r\n\u{2028}").map(Text::into_string),
            Ok("Anna".to_owned())
        );
        for text in [
            "a\nb",
            "a\tb",
            "a\u{85}b",
            "a\u{2028}b",
            "a\u{200B}b",
            "a\u{E0001}b",
        ] {
            assert_eq!(
                Line::<1, 5>::parse(text).map_err(|error| error.code()),
                Err("characters"),
                "{text:?}"
            );
        }
        assert_eq!(
            Line::<1, 5>::parse("abcdef").map_err(|e| e.code()),
            Err("too_long")
        );
        assert_eq!(Line::<1, 5>::parse("\t").map_err(|e| e.code()), Err("empty"));
        for text in ["a\nb", "a\tb", "a\u{200B}b"] {
            assert!(
                Line::<1, 5>::stored(text).is_ok_and(|line| line.as_str() == text),
                "{text:?}"
            );
        }
        assert!(Line::<1, 5>::stored("a\0b").is_err() && Line::<1, 5>::stored("abcdef").is_err());
    }

    proptest! {
        /// What is taken as it is because it looks composed, is.
        #[test]
        fn text_is_composed(text in "[a-zA-ZäéŁΩ가한\u{1100}-\u{1112}\u{1161}-\u{1175}\u{300}-\u{32f}\u{f900}-\u{f90f}]{0,12}") {
            if let Ok(parsed) = Text::<0, 40>::parse(&text) {
                let composed: String = text.trim().nfc().collect();
                prop_assert_eq!(parsed.as_str(), composed);
            }
        }

        #[test]
        fn parsing_is_idempotent(text in ".{0,40}") {
            if let Ok(once) = Text::<0, 40>::parse(&text) {
                prop_assert_eq!(Text::<0, 40>::parse(once.as_str()).expect("still valid"), once);
            }
        }
    }
}
