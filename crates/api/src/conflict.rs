//! What a save is refused with when the same fields moved meanwhile (P6).

use cutis_records::activity::FieldChange;
use serde_json::{Value, json};

use cutis_edge::problem::Problem;

/// Names each field that moved, with what was sent, what holds now, and who changed it when as far as the trail tells,
/// beside the fields that were saved and the whole record after that. `held` is the part of the record that has the fields.
pub(crate) fn problem<F: Copy>(
    moved: &[FieldChange<F>],
    saved: &[F],
    code: impl Fn(F) -> String,
    sent: &Value,
    held: &Value,
    current: Value,
) -> Problem {
    let conflicts: Value = moved
        .iter()
        .map(|change| {
            let field = code(change.field);
            let by = change.by.as_ref();
            let name = by.and_then(|item| {
                let full = item.full_name.as_ref().map(|name| name.reveal().clone());
                full.or_else(|| item.record.actor.name.clone())
            });
            json!({
                "field": field,
                "yours": at(sent, &field),
                "current": at(held, &field),
                "changedBy": name,
                "changedAt": by.map(|item| item.record.at.as_str()),
            })
        })
        .collect();
    let saved: Vec<String> = saved.iter().map(|field| code(*field)).collect();
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
