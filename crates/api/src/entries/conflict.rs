//! What a change of a visit is refused with when somebody else changed the same since (S1).

use cutis_domain::entry::Field;
use cutis_records::People;
use cutis_records::entries::{Clash, Shown};
use serde_json::{Value, json};

use super::dto::Person;
use crate::wire_names::entry_field;
use cutis_edge::problem::Problem;

/// The value that holds, its version, and who made it so.
pub(super) fn problem(clash: &Clash, people: &People) -> Problem {
    let conflict = json!({
        "field": entry_field(clash.field()),
        "current": shown(&clash.theirs),
        "version": clash.version,
        "changedBy": Person::new(&clash.by, people),
        "changedAt": clash.at.to_string(),
    });
    Problem::stale_version(json!({ entry_field(clash.field()): shown(&clash.theirs) }))
        .with_extra("conflicts", json!([conflict]))
}

/// A field's value on the wire.
pub(crate) fn shown(value: &Shown) -> Value {
    match value {
        Shown::AppointmentAt(at) => json!(at.to_string()),
        Shown::Title(title) => json!(title.as_ref().map(|title| title.reveal().as_str())),
        Shown::Notes(notes) => json!(notes.as_str()),
    }
}

/// The field with this name on the wire.
pub(crate) fn field_named(name: &str) -> Option<Field> {
    Field::ALL
        .iter()
        .copied()
        .find(|field| entry_field(*field) == name)
}
