//! What a save changes, field by field (P6).

use cutis_audit::Detail;
use cutis_domain::FieldVersions;
use cutis_domain::patient::Field;

/// Those that somebody else changed after `version`.
pub(super) fn moved_since(changed: &[Field], versions: &FieldVersions, version: u64) -> Vec<Field> {
    let moved = |field: &Field| versions.moved_since(*field, version);
    changed.iter().copied().filter(moved).collect()
}

/// What the trail keeps of a change: which fields, never what they hold.
pub(super) fn details(changed: &[Field]) -> Vec<Detail> {
    let custom: Vec<String> = changed
        .iter()
        .filter_map(|field| field.custom())
        .map(|id| id.to_string())
        .collect();
    let custom = (!custom.is_empty()).then(|| Detail::ids("practiceFields", custom));
    std::iter::once(Detail::fields("fields", changed))
        .chain(custom)
        .collect()
}
