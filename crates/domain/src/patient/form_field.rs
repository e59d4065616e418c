//! The places of a form about a patient that can be refused: its fields, and the parts of those that have several.

use super::Field;
use crate::ids::CustomFieldId;

/// A place of a form about a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormField {
    /// The version that a change is based on.
    Version,
    /// A field.
    Of(Field),
    /// One of the telephone numbers, counted from 0.
    Phone(u8),
    /// The guardian's name.
    GuardianName,
    /// The guardian's relation to the patient.
    GuardianRelation,
    /// How to reach the guardian.
    GuardianPhone,
    /// A value for a field that the practice did not define.
    UnknownCustom,
}

impl FormField {
    /// Its position on the form, for sorting: refusals are reported in this order, wherever they were found.
    pub const fn place(self) -> (u8, Field) {
        let last = Field::Custom(CustomFieldId::from_bytes([0xff; 16]));
        match self {
            Self::Version => (0, Field::UniqueId),
            Self::Of(field @ Field::Custom(_)) => (5, field),
            Self::Of(field) => (1, field),
            Self::Phone(_) => (1, Field::Phones),
            Self::GuardianName => (2, Field::Guardian),
            Self::GuardianRelation => (3, Field::Guardian),
            Self::GuardianPhone => (4, Field::Guardian),
            Self::UnknownCustom => (6, last),
        }
    }
}
