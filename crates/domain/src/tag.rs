//! Tags and their categories (T1–T3).

use unicode_normalization::UnicodeNormalization as _;

use crate::ids::{EntryId, ImageId, PatientId, TagCategoryId, TagId};
use crate::text::{Line, check_line};
use crate::time::Timestamp;
use crate::{Invalid, Read};

/// The maximum number of tags that one patient, entry or image has directly (T1).
pub const MAX_DIRECT: usize = 50;

/// The maximum number of an account's tag categories, so that a catalogue is one answer.
pub const MAX_CATEGORIES: usize = 50;

/// The maximum number of an account's tags, archived ones included, for the same reason.
pub const MAX_TAGS: usize = 2_000;

/// The name of a tag or of a category: one line of 1 to 60 characters without invisible ones, single spaces between
/// its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagName(Line<1, 60>);

impl TagName {
    /// Parses a name.
    ///
    /// # Errors
    /// When it is empty, too long, or holds control characters or invisible ones.
    pub fn parse(name: &str) -> Read<Self> {
        // Joining the words would make a blank of a line break.
        check_line(name)?;
        let single: Vec<&str> = name.split_whitespace().collect();
        Line::parse(&single.join(" ")).map(Self)
    }

    /// A name that was accepted when it was stored; for backends.
    ///
    /// # Errors
    /// As [`Line::stored`].
    pub fn stored(name: &str) -> Read<Self> {
        Line::stored(name).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The name as it is compared: two names with one key are the same name, whatever the case. First upper case and
    /// then lower, so that `ß` and `ss`, and both small sigmas, are alike.
    pub fn key(&self) -> String {
        fold(self.as_str())
    }

    /// Whether it is the same name as another, or looks like it: also where they differ only in width or in what Unicode
    /// calls compatibility, as `ＣＡＴ` and `Cat` do. Keys are stored and compared by the database, so names that were
    /// accepted earlier may look alike; new ones may not.
    pub fn looks_like(&self, other: &Self) -> bool {
        self.look() == other.look()
    }

    fn look(&self) -> String {
        // Folding may undo what normalising has done, and the other way round. The capital of ß becomes ss only as ß does.
        let lower = self.as_str().nfkc().collect::<String>().to_lowercase();
        fold(&lower).nfkc().collect()
    }
}

/// Without case.
fn fold(text: &str) -> String {
    text.to_uppercase().to_lowercase()
}

macro_rules! colours {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// A category's colour. A closed list, so that each has a shade for the light and one for the dark theme whose
        /// contrast is known; a colour never stands alone, the name is always beside it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Colour {
            $($(#[$doc])* $name,)+
        }

        impl Colour {
            /// Every colour in the order of the wheel, grey last.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

colours! {
    /// Red.
    Red = "red";
    /// Orange.
    Orange = "orange";
    /// Amber.
    Amber = "amber";
    /// Lime.
    Lime = "lime";
    /// Green.
    Green = "green";
    /// Teal.
    Teal = "teal";
    /// Blue.
    Blue = "blue";
    /// Indigo.
    Indigo = "indigo";
    /// Violet.
    Violet = "violet";
    /// Pink.
    Pink = "pink";
    /// Brown.
    Brown = "brown";
    /// Grey.
    Grey = "grey";
}

impl Colour {
    /// Parses a code.
    ///
    /// # Errors
    /// When no colour has it.
    pub fn parse(code: &str) -> Read<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|colour| colour.code() == code)
            .ok_or_else(|| {
                let codes: Vec<&str> = Self::ALL.iter().map(|colour| colour.code()).collect();
                Invalid::new("colour", format!("Choose one of {}.", codes.join(", ")))
            })
    }
}

/// A category of tags. Their order is that of the list they are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCategory {
    /// The identifier.
    pub id: TagCategoryId,
    /// Unique within the account, whatever the case.
    pub name: TagName,
    /// Its colour.
    pub colour: Colour,
}

/// The categories that an account begins with (T1), in their order.
pub const STARTERS: &[(&str, Colour)] = &[
    ("Diagnosis", Colour::Red),
    ("Body region", Colour::Teal),
    ("Treatment", Colour::Blue),
    ("Phase", Colour::Amber),
    ("View", Colour::Violet),
    ("Status", Colour::Grey),
];

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The identifier.
    pub id: TagId,
    /// Its category.
    pub category: TagCategoryId,
    /// Unique within the category, whatever the case.
    pub name: TagName,
    /// Since when it is given to nothing new.
    pub archived_at: Option<Timestamp>,
}

/// How often a tag is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TagUses {
    /// Patients on whom it is effective.
    pub patients: u64,
    /// Patients who have it themselves.
    pub own: u64,
    /// Entries that have it themselves.
    pub entries: u64,
    /// Images that have it.
    pub images: u64,
}

impl TagUses {
    /// How often it was given directly.
    pub const fn links(self) -> u64 {
        self.own.saturating_add(self.entries).saturating_add(self.images)
    }
}

/// What a tag is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tagged {
    /// The patient.
    Patient,
    /// One of the patient's entries.
    Entry(EntryId),
    /// One of the patient's images.
    Image(ImageId),
}

/// A tag that something shows, with where it comes from (T2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveTag {
    /// The tag.
    pub tag: Tag,
    /// Whether it was given to the thing itself.
    pub own: bool,
    /// Entries that it comes from.
    pub entries: u64,
    /// Images that it comes from.
    pub images: u64,
}

/// How often a tag is used with one patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatientUse {
    /// The patient.
    pub patient: PatientId,
    /// Links to the patient, their entries and their images.
    pub links: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(name: &str) -> Result<String, &'static str> {
        TagName::parse(name)
            .map(|name| name.as_str().to_owned())
            .map_err(|error| error.code())
    }

    fn key(name: &str) -> String {
        TagName::parse(name).expect("a name").key()
    }

    /// T1: a name is one line that can be seen.
    #[test]
    fn names_are_visible_lines() {
        assert_eq!(
            name("  Basal  cell\u{a0}carcinoma "),
            Ok("Basal cell carcinoma".to_owned())
        );
        for bad in [
            "a\tb",
            "a\nb",
            "a\0b",
            "a\u{1b}[0m",
            "a\u{202E}b",
            "a\u{200B}b",
            "a\u{AD}b",
            "a\u{2028}b",
        ] {
            assert_eq!(name(bad), Err("characters"), "{bad:?}");
        }
        assert_eq!(name(" \u{a0}"), Err("empty"));
        assert_eq!(name(&"x".repeat(61)), Err("too_long"));
        assert!(name("می‌خواهم").is_ok(), "a joiner that a script needs");
        assert!(TagName::stored("a\tb").is_ok_and(|name| name.as_str() == "a\tb"));
    }

    /// T1: one name whatever the case, in every script that has cases.
    #[test]
    fn keys_know_no_case() {
        for (one, other) in [
            ("Naevus", "NAEVUS"),
            ("Straße", "STRASSE"),
            ("ΣΑΣ", "σας"),
            ("Ära", "äRA"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
        assert_eq!(key("e\u{301}cz\u{e9}ma"), key("\u{c9}CZ\u{c9}MA"));
        assert_ne!(key("Muller"), key("Müller"));
    }

    /// T1: two names that differ only in width, ligatures or the like look alike; accents count.
    #[test]
    fn names_may_look_alike() {
        let like = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|name| TagName::parse(name).expect("a name"));
            assert_eq!(one.looks_like(&other), other.looks_like(&one));
            one.looks_like(&other)
        };
        for (one, other) in [
            ("ＣＡＴ", "Cat"),
            ("ｶﾙﾃ", "カルテ"),
            ("ﬁbroma", "Fibroma"),
            ("Naevus", "NAEVUS"),
            ("Straße", "ＳＴＲＡＳＳＥ"),
            ("Straße", "STRAẞE"),
            ("Phase ②", "phase 2"),
            ("Acne\u{2009}cystica", "acne cystica"),
        ] {
            assert!(like(one, other), "{one}");
        }
        for (one, other) in [("Muller", "Müller"), ("カルテ", "かるて"), ("Cat", "Cut")] {
            assert!(!like(one, other), "{one}");
        }
    }

    #[test]
    fn colours_parse_back_and_others_are_refused() {
        for colour in Colour::ALL {
            assert_eq!(Colour::parse(colour.code()), Ok(*colour));
        }
        for bad in ["", "Red", "#ff0000", "red ", "transparent"] {
            assert_eq!(
                Colour::parse(bad).map_err(|error| error.code()),
                Err("colour"),
                "{bad}"
            );
        }
    }

    #[test]
    fn starters_are_names_of_their_own() {
        let keys: std::collections::BTreeSet<String> = STARTERS.iter().map(|(name, _)| key(name)).collect();
        assert_eq!(keys.len(), STARTERS.len());
    }

    proptest! {
        #[test]
        fn parsing_and_keys_are_idempotent(text in ".{0,70}") {
            if let Ok(once) = TagName::parse(&text) {
                let again = TagName::parse(once.as_str()).expect("still valid");
                prop_assert_eq!(&again, &once);
                prop_assert_eq!(again.key(), once.key());
                prop_assert!(again.looks_like(&once));
            }
        }
    }
}
