//! What of a comparison people change, as closed lists: versions, the trail's details and refusals name a field by these types.

use crate::Invalid;

macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable code, in the trail and in stored versions.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Parses a code.
            ///
            /// # Errors
            /// When no field has it.
            pub fn parse(code: &str) -> Result<Self, Invalid> {
                let found = Self::ALL.iter().copied().find(|field| field.code() == code);
                found.ok_or_else(|| Invalid::new("field", "Use the name of a field of a comparison."))
            }
        }
    };
}

fields! {
    /// A field of a group.
    GroupField {
        /// The heading.
        Title = "title";
        /// The note.
        Note = "note";
        /// How it is shown.
        Mode = "mode";
        /// In how many columns.
        Layout = "layout";
        /// Which images, in which order.
        Images = "images";
    }
}

fields! {
    /// A field of an image within a group.
    PartField {
        /// Its label.
        Label = "label";
        /// How it is shown.
        View = "view";
        /// Its landmarks.
        Landmarks = "landmarks";
        /// Its ruler.
        Ruler = "ruler";
        /// What is drawn on it.
        Annotations = "annotations";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_parse_back() {
        for field in GroupField::ALL {
            assert_eq!(GroupField::parse(field.code()), Ok(*field));
        }
        for field in PartField::ALL {
            assert_eq!(PartField::parse(field.code()), Ok(*field));
        }
        assert!(GroupField::parse("label").is_err() && PartField::parse("note").is_err());
    }
}
