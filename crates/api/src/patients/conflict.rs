//! What a save is refused with when the same fields moved meanwhile (P6).

use cutis_domain::patient::Field;
use cutis_records::activity::FieldChange;
use serde_json::{Value, json};

use super::dto::{Patient, PatientPatch};
use cutis_edge::problem::Problem;

/// Names each field that moved, with what was sent, what holds now, and who changed it when as far as the trail tells,
/// beside the fields that were saved and the whole patient after that.
pub(super) fn problem(
    moved: &[FieldChange],
    saved: &[Field],
    sent: &PatientPatch,
    current: &Patient,
) -> Problem {
    // What serialises into JSON text serialises into a JSON value.
    let sent = serde_json::to_value(sent).unwrap_or_default();
    let current = serde_json::to_value(current).unwrap_or_default();
    let conflicts: Value = moved
        .iter()
        .map(|change| {
            let field = change.field.code();
            let by = change.by.as_ref();
            let name = by.and_then(|item| {
                let full = item.full_name.as_ref().map(|name| name.reveal().clone());
                full.or_else(|| item.record.actor.name.clone())
            });
            json!({
                "field": field,
                "yours": at(&sent, &field),
                "current": at(&current, &field),
                "changedBy": name,
                "changedAt": by.map(|item| item.record.at.as_str()),
            })
        })
        .collect();
    let saved: Vec<String> = saved.iter().map(|field| field.code()).collect();
    Problem::stale_version(current)
        .with_extra("conflicts", conflicts)
        .with_extra("saved", json!(saved))
}

/// The member of this name; `practiceFields.<id>` lies one level down.
fn at(object: &Value, field: &str) -> Value {
    field
        .split('.')
        .try_fold(object, |object, name| object.get(name))
        .cloned()
        .unwrap_or(Value::Null)
}
