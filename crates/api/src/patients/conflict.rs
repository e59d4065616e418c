//! What a save is refused with when the same fields moved meanwhile (P6).

use cutis_domain::patient::Field;
use serde_json::{Value, json};

use super::dto::{Patient, PatientPatch};
use cutis_edge::problem::Problem;

/// Names each field that moved, with what was sent and what holds now, beside the whole patient.
pub(super) fn problem(moved: &[Field], sent: &PatientPatch, current: &Patient) -> Problem {
    // What serialises into JSON text serialises into a JSON value.
    let sent = serde_json::to_value(sent).unwrap_or_default();
    let current = serde_json::to_value(current).unwrap_or_default();
    let conflicts: Value = moved
        .iter()
        .map(|field| {
            let field = field.code();
            json!({ "field": field, "yours": at(&sent, &field), "current": at(&current, &field) })
        })
        .collect();
    Problem::stale_version(current).with_extra("conflicts", conflicts)
}

/// The member of this name; `practiceFields.<id>` lies one level down.
fn at(object: &Value, field: &str) -> Value {
    field
        .split('.')
        .try_fold(object, |object, name| object.get(name))
        .cloned()
        .unwrap_or(Value::Null)
}
