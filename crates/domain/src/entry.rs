//! Entries: each is one visit of one patient (E1).

mod layout;
mod notes;

use crate::Sensitive;
use crate::account::Username;
use crate::ids::{AddendumId, EntryId, PatientId};
use crate::text::{Line, Text};
use crate::time::Timestamp;

pub use layout::{Direction, Layout, Sections, ThumbSize};
pub use notes::Notes;

/// A short heading.
pub type Title = Line<1, 200>;

/// A later remark on a signed entry (E5).
pub type Remark = Text<1, 16_000>;

/// An entry as stored, but for its notes, which are sealed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The identifier.
    pub id: EntryId,
    /// Whose visit.
    pub patient: PatientId,
    /// When the appointment is or was.
    pub appointment_at: Timestamp,
    /// A short heading.
    pub title: Option<Sensitive<Title>>,
    /// Who added it, by their username at that time.
    pub author: Username,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// How often each field was changed.
    pub versions: Versions,
    /// Who signed it and when: from then on it is frozen (E5).
    pub signed: Option<Signed>,
}

/// Who signed an entry, and when (E5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// By their username at that time.
    pub by: Username,
    /// When.
    pub at: Timestamp,
}

/// A later remark on a signed entry, but for its text, which is sealed (E5).
#[derive(Debug, Clone)]
pub struct Addendum {
    /// The identifier.
    pub id: AddendumId,
    /// Who wrote it, by their username at that time.
    pub author: Username,
    /// When.
    pub at: Timestamp,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $version:ident;)+) => {
        /// A field of an entry that is saved as it is typed (E3).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Field {
            $($(#[$doc])* $name,)+
        }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The field with this code.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|field| field.code() == code)
            }
        }

        /// How often each field was changed; a new entry has 0 everywhere.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Versions {
            $($(#[$doc])* pub $version: u64,)+
        }

        impl Versions {
            /// How often this field was changed.
            pub const fn of(&self, field: Field) -> u64 {
                match field { $(Field::$name => self.$version,)+ }
            }
        }
    };
}

fields! {
    /// When the appointment is or was.
    AppointmentAt = "appointment_at", appointment_at;
    /// The heading.
    Title = "title", title;
    /// The notes.
    Notes = "notes", notes;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_parse_back() {
        for field in Field::ALL {
            assert_eq!(Field::of_code(field.code()), Some(*field));
        }
        assert_eq!(Field::of_code("author"), None);
        let versions = Versions {
            appointment_at: 1,
            title: 2,
            notes: 3,
        };
        assert_eq!(Field::ALL.iter().map(|field| versions.of(*field)).sum::<u64>(), 6);
    }
}
