//! What an event was done to.

use cutis_domain::settings::Key;
use cutis_domain::{
    AccountId, ComparisonId, ConsentId, CustomFieldId, EntryId, ImageId, PatientId, SessionId, TagCategoryId,
    TagId,
};

macro_rules! targets {
    ($($(#[$doc:meta])* $name:ident $(($value:ident: $of:ty))? = $code:literal $(, $text:expr)?;)+) => {
        /// The object of an event.
        ///
        /// Codes never change: they are part of stored events, answers and exports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Target {
            $($(#[$doc])* $name $(($of))?,)+
        }

        impl Target {
            /// Every kind's code.
            #[cfg(test)]
            const KINDS: &'static [&'static str] = &[$($code,)+];

            /// The kind's stable code.
            pub const fn kind(self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)+ }
            }

            /// Its id as text, a setting's code, or the kind again if there is only one.
            pub fn id_text(self) -> String {
                match self { $(Self::$name $(($value))? => targets!(@text $code $(, $text)?),)+ }
            }
        }
    };
    (@text $code:literal) => { $code.to_owned() };
    (@text $code:literal, $text:expr) => { $text };
}

targets! {
    /// An account.
    Account(id: AccountId) = "account", id.to_string();
    /// A patient.
    Patient(id: PatientId) = "patient", id.to_string();
    /// A custom field: a field of patients that the practice defined.
    CustomField(id: CustomFieldId) = "patient_field", id.to_string();
    /// A visit.
    Entry(id: EntryId) = "entry", id.to_string();
    /// An image.
    Image(id: ImageId) = "image", id.to_string();
    /// A comparison of images.
    Comparison(id: ComparisonId) = "comparison", id.to_string();
    /// A consent.
    Consent(id: ConsentId) = "consent", id.to_string();
    /// A sign-in.
    Session(id: SessionId) = "session", id.to_string();
    /// A tag.
    Tag(id: TagId) = "tag", id.to_string();
    /// A category of tags.
    TagCategory(id: TagCategoryId) = "tag_category", id.to_string();
    /// A setting.
    Setting(key: Key) = "setting", key.code().to_owned();
    /// The practice as a whole.
    Practice = "practice";
    /// The trail itself.
    Trail = "trail";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_its_own() {
        for (index, code) in Target::KINDS.iter().enumerate() {
            assert!(!Target::KINDS[index + 1..].contains(code), "{code}");
        }
    }

    #[test]
    fn a_target_is_told_by_its_id_its_code_or_its_kind() {
        let field = Target::CustomField(CustomFieldId::from_bytes([7; 16]));
        assert_eq!(field.kind(), "patient_field");
        assert_eq!(field.id_text(), CustomFieldId::from_bytes([7; 16]).to_string());
        assert_eq!(Target::Setting(Key::PracticeName).id_text(), "practice.name");
        assert_eq!(Target::Practice.id_text(), "practice");
        assert_eq!(Target::Trail.id_text(), "trail");
    }
}
