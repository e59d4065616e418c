//! Fields of patients that the practice defines (P2). Definitions only: what they hold is with each
//! patient, and has an owner.

use cutis_domain::custom_field::CustomField;

use crate::error::Result;

/// Reading definitions.
pub trait CustomFieldsRead {
    /// Every definition in the order of forms, retired ones included; at most
    /// [`cutis_domain::custom_field::MAX_DEFINED`].
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn custom_fields(&self) -> Result<Vec<CustomField>>;
}

/// Changing definitions.
pub trait CustomFieldsWrite {
    /// Adds a definition at this place, the first being 0.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_custom_field(&mut self, field: &CustomField, position: u16) -> Result<()>;

    /// Replaces a definition's label, choices, place and whether it is retired; says whether there is
    /// one. Its kind stays.
    ///
    /// # Errors
    /// When the database fails.
    fn update_custom_field(&mut self, field: &CustomField, position: u16) -> Result<bool>;
}
