//! The notes of an entry (E1).

use std::fmt;

use crate::text::is_unwelcome;
use crate::{Invalid, Read};

/// Notes: at most [`Notes::MOST`] bytes of UTF-8, kept exactly as they were typed, because two sides compare them piece
/// by piece: neither trimmed nor composed. Lines end with a line feed. Control characters other than that and tabs
/// are refused, as in every text.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Notes(String);

impl Notes {
    /// The most bytes that notes have (E1: 64 KiB).
    pub const MOST: usize = 65_536;

    /// Parses notes.
    ///
    /// # Errors
    /// When they are too long, or hold characters that do not belong in text.
    pub fn parse(text: &str) -> Read<Self> {
        if text.len() > Self::MOST {
            return Err(Invalid::new(
                "too_long",
                format!(
                    "Enter at most {} bytes, or put the rest into another visit.",
                    Self::MOST
                ),
            ));
        }
        if text.chars().any(is_unwelcome) {
            return Err(Invalid::new(
                "characters",
                "Enter text without control characters; lines end with a line feed.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    pub fn into_string(self) -> String {
        self.0
    }

    /// What a list shows of it: the first lines that say something, at most `most` characters.
    pub fn excerpt(&self, most: usize) -> String {
        let lines = self.0.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut excerpt = String::new();
        for line in lines {
            if !excerpt.is_empty() {
                excerpt.push('\n');
            }
            excerpt.push_str(line);
            if excerpt.chars().count() >= most {
                break;
            }
        }
        excerpt.chars().take(most).collect()
    }
}

impl fmt::Debug for Notes {
    /// Redacted: notes are about a person (G11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notes[{} bytes]", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E1: 64 KiB, exactly as typed.
    #[test]
    fn notes_are_kept_as_they_were_typed() {
        let typed = " Naevus \n\te\u{301} ";
        assert_eq!(Notes::parse(typed).map(Notes::into_string), Ok(typed.to_owned()));
        assert!(Notes::parse(&"ä".repeat(32_768)).is_ok());
        let code = |text: &str| Notes::parse(text).map_err(|error| error.code()).err();
        assert_eq!(code(&"ä".repeat(32_769)), Some("too_long"));
        for text in ["a\0", "a\r\nb", "a\u{202E}b"] {
            assert_eq!(code(text), Some("characters"), "{text:?}");
        }
    }

    #[test]
    fn an_excerpt_is_the_first_lines_that_say_something() {
        let excerpt = |text: &str, most| Notes::parse(text).expect("valid").excerpt(most);
        assert_eq!(
            excerpt("\n # Naevus\n\n links \nmore", 20),
            "# Naevus\nlinks\nmore"
        );
        assert_eq!(excerpt("Müller", 2), "Mü");
        assert_eq!(excerpt(" \n", 10), "");
    }
}
