//! The two JSON columns of a patient: what the practice's custom fields hold (P2), and the edit that last
//! changed each field (P6).

use std::collections::BTreeMap;

use cutis_domain::custom_field::FieldValue;
use cutis_domain::patient::Field;
use cutis_domain::{CustomFieldId, FieldVersions, Invalid};
use serde_json::{Map, Value, json};

/// Stands for every field that is not named.
const ALL_OTHERS: &str = "*";

/// What the fields hold; nothing when none holds anything.
pub(super) fn values_json(values: &BTreeMap<CustomFieldId, FieldValue>) -> Option<String> {
    let object: Map<String, Value> = values
        .iter()
        .map(|(id, value)| {
            let stored = json!({ "kind": value.kind(), "value": value.text() });
            (id.to_string(), stored)
        })
        .collect();
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}

/// Reads them back.
pub(super) fn parse_values(json: &str) -> Result<BTreeMap<CustomFieldId, FieldValue>, Invalid> {
    object(json)?
        .iter()
        .map(|(id, stored)| {
            let text = |key: &str| stored.get(key).and_then(Value::as_str).ok_or_else(refused);
            Ok((id.parse()?, FieldValue::stored(text("kind")?, text("value")?)?))
        })
        .collect()
}

/// The versions of the fields.
pub(super) fn versions_json(versions: &FieldVersions) -> String {
    let mut object: Map<String, Value> = versions
        .fields()
        .iter()
        .map(|(field, version)| (field.code(), Value::from(*version)))
        .collect();
    object.insert(ALL_OTHERS.to_owned(), Value::from(versions.floor()));
    Value::Object(object).to_string()
}

/// Reads them back.
pub(super) fn parse_versions(json: &str) -> Result<FieldVersions, Invalid> {
    let mut object = object(json)?;
    let number = |version: &Value| version.as_u64().ok_or_else(refused);
    let floor = number(&object.remove(ALL_OTHERS).ok_or_else(refused)?)?;
    let fields = object
        .iter()
        .map(|(field, version)| Ok((Field::parse(field)?, number(version)?)))
        .collect::<Result<BTreeMap<_, _>, Invalid>>()?;
    Ok(FieldVersions::stored(floor, fields))
}

fn object(json: &str) -> Result<Map<String, Value>, Invalid> {
    serde_json::from_str(json).map_err(|_| refused())
}

fn refused() -> Invalid {
    Invalid::new("json", "this column holds a JSON object of a form of its own")
}
