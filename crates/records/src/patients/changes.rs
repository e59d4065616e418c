//! What a save changes, field by field (P6).

use cutis_audit::Detail;
use cutis_domain::FieldVersions;
use cutis_domain::patient::Field;

/// Details of the event of a change: which of the standard fields, which custom ones.
const STANDARD: &str = "fields";
const CUSTOM: &str = "practiceFields";

/// Those that somebody else changed after `version`.
pub(crate) fn moved_since(changed: &[Field], versions: &FieldVersions, version: u64) -> Vec<Field> {
    let moved = |field: &Field| versions.moved_since(*field, version);
    changed.iter().copied().filter(moved).collect()
}

/// What the trail records about a change: which fields, never their values.
pub(crate) fn details(changed: &[Field]) -> Vec<Detail> {
    let custom: Vec<String> = changed
        .iter()
        .filter_map(|field| field.custom())
        .map(|id| id.to_string())
        .collect();
    let custom = (!custom.is_empty()).then(|| Detail::ids(CUSTOM, custom));
    std::iter::once(Detail::fields(STANDARD, changed))
        .chain(custom)
        .collect()
}

/// Whether a recorded change names this field.
pub(crate) fn is_named(field: Field, details: &[(String, String)]) -> bool {
    let (key, name) = match field.custom() {
        Some(id) => (CUSTOM, id.to_string()),
        None => (STANDARD, field.code()),
    };
    details
        .iter()
        .any(|(kind, named)| kind == key && named.split(", ").any(|one| one == name))
}
