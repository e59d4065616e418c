//! Which edit last changed each field of a record (P6).

use std::collections::BTreeMap;

use super::Field;

/// The version of a record at which each of its fields last changed.
///
/// A save based on an older version is refused only for fields that were changed in the meantime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldVersions<F: Ord = Field> {
    floor: u64,
    fields: BTreeMap<F, u64>,
}

impl<F: Ord + Copy> FieldVersions<F> {
    /// Only the record's version is known: any field may have changed as late as that.
    pub const fn all_at(version: u64) -> Self {
        Self {
            floor: version,
            fields: BTreeMap::new(),
        }
    }

    /// From what was stored: the version of all fields that are not named, and the versions of those that are.
    pub const fn stored(floor: u64, fields: BTreeMap<F, u64>) -> Self {
        Self { floor, fields }
    }

    /// The version of every field that [`FieldVersions::fields`] does not name.
    pub const fn floor(&self) -> u64 {
        self.floor
    }

    /// The fields that changed later than the rest.
    pub const fn fields(&self) -> &BTreeMap<F, u64> {
        &self.fields
    }

    /// The version at which a field last changed.
    pub fn of(&self, field: F) -> u64 {
        self.fields.get(&field).copied().unwrap_or(self.floor)
    }

    /// Whether a field changed after `version`.
    pub fn moved_since(&self, field: F, version: u64) -> bool {
        self.of(field) > version
    }

    /// Notes that these fields changed in the edit that made the record `version`.
    pub fn changed(&mut self, fields: impl IntoIterator<Item = F>, version: u64) {
        self.fields
            .extend(fields.into_iter().map(|field| (field, version)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P6: only what moved meanwhile is refused.
    #[test]
    fn a_field_moves_by_itself() {
        let mut versions = FieldVersions::all_at(1);
        assert!(!versions.moved_since(Field::Note, 1));
        versions.changed([Field::Note], 2);
        versions.changed([Field::Email], 3);
        assert!(versions.moved_since(Field::Note, 1));
        assert!(!versions.moved_since(Field::Note, 2));
        assert!(versions.moved_since(Field::Email, 2));
        assert!(!versions.moved_since(Field::Gender, 1));
    }

    /// A record from before fields were counted: whatever moved, moved at its last edit at the latest.
    #[test]
    fn what_is_not_known_counts_as_moved() {
        let versions = FieldVersions::all_at(4);
        assert!(versions.moved_since(Field::Note, 3));
        assert!(!versions.moved_since(Field::Note, 4));
    }
}
