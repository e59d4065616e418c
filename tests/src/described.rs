//! The API's committed description. Every response that a suite sees is held against it: its status
//! and its media type must be documented for the operation that was called.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use crate::Answer;

/// Where the committed description lies.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api/openapi.json")
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = std::fs::read(path()).expect("docs/api/openapi.json is committed");
    serde_json::from_slice(&text).expect("docs/api/openapi.json is JSON")
});

/// The committed description.
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `GET` and so on.
    pub method: String,
    /// With `{names}`.
    pub path: String,
    /// What it is called.
    pub id: String,
    /// Whether the description says that a session is needed.
    pub secured: bool,
    responses: Value,
}

/// Every operation of the description.
pub fn operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let mut found = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path item") {
            if !["get", "post", "put", "patch", "delete", "head"].contains(&method.as_str()) {
                continue;
            }
            found.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                id: operation["operationId"]
                    .as_str()
                    .expect("an operationId")
                    .to_owned(),
                secured: operation["security"]
                    .as_array()
                    .is_some_and(|security| !security.is_empty()),
                responses: operation["responses"].clone(),
            });
        }
    }
    found
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(operations);

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
}

/// The operation that answers this request.
pub fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    let path = path.split('?').next().unwrap_or_default();
    // A fixed path goes before one with names in it.
    let mut found: Vec<&Operation> = OPERATIONS
        .iter()
        .filter(|operation| operation.method == method && matches(&operation.path, path))
        .collect();
    found.sort_by_key(|operation| operation.path.matches('{').count());
    found.first().copied()
}

/// Fails when the response is of a status or media type that the description does not have.
#[track_caller]
pub fn check(method: &str, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else {
        return;
    };
    let (status, media_type) = (answer.status.to_string(), answer.header("content-type"));
    let documented = match operation.responses.get(&status) {
        Some(response) => response,
        None if answer.status >= 400 => operation
            .responses
            .get("default")
            .unwrap_or_else(|| panic!("{method} {path}: {status} is not documented: {answer}")),
        None => panic!("{method} {path}: {status} is not documented: {answer}"),
    };
    let kinds: Vec<&String> = documented["content"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(kind, _)| kind)
        .collect();
    if kinds.is_empty() {
        assert!(
            answer.body.is_empty(),
            "{method} {path}: {status} is documented without a body: {answer}"
        );
        return;
    }
    let named = kinds.iter().any(|kind| kind.as_str() == media_type);
    assert!(
        named,
        "{method} {path}: {status} is documented as {kinds:?}: {answer}"
    );
    if media_type == "application/json" {
        let kind = &documented["content"]["application/json"]["schema"];
        let faults = schema_faults(kind, &answer.json(), "$");
        assert!(
            faults.is_empty(),
            "{method} {path}: {status} does not fit its schema: {faults:?}: {answer}"
        );
    }
}

/// Where a value does not fit a schema: missing required members, undocumented ones, other types.
pub fn schema_faults(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        let Some(target) = DOCUMENT.pointer(pointer) else {
            return vec![format!("{at}: {reference} leads nowhere")];
        };
        return schema_faults(target, value, at);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let faults: Vec<Vec<String>> = choices.iter().map(|one| schema_faults(one, value, at)).collect();
            return if faults.iter().any(Vec::is_empty) {
                Vec::new()
            } else {
                faults.concat()
            };
        }
    }
    let mut faults = Vec::new();
    let mut parts = Vec::new();
    flatten(schema, &mut parts);
    if let Value::Object(members) = value
        && parts.iter().any(|part| part["properties"].is_object())
    {
        for part in &parts {
            for name in part["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                if !members.contains_key(name) {
                    faults.push(format!("{at}.{name} is missing"));
                }
            }
        }
        for (name, member) in members {
            let documented = parts.iter().find_map(|part| part["properties"].get(name));
            match documented {
                Some(inner) => faults.extend(schema_faults(inner, member, &format!("{at}.{name}"))),
                None => faults.push(format!("{at}.{name} is not documented")),
            }
        }
    }
    for part in &parts {
        if let Some(kind) = part.get("type")
            && !fits_type(kind, value)
        {
            faults.push(format!("{at} is not {kind}"));
        }
        if let Some(choices) = part["enum"].as_array()
            && !choices.contains(value)
        {
            faults.push(format!("{at} is none of {choices:?}"));
        }
        if let (Some(items), Value::Array(found)) = (part.get("items"), value) {
            for (index, item) in found.iter().enumerate() {
                faults.extend(schema_faults(items, item, &format!("{at}[{index}]")));
            }
        }
    }
    faults
}

fn flatten<'d>(schema: &'d Value, parts: &mut Vec<&'d Value>) {
    if let Some(reference) = schema["$ref"].as_str() {
        if let Some(target) = DOCUMENT.pointer(reference.trim_start_matches('#')) {
            flatten(target, parts);
        }
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        flatten(part, parts);
    }
    parts.push(schema);
}

fn fits_type(kind: &Value, value: &Value) -> bool {
    let one = |name: &str| match name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match kind {
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(one),
        _ => true,
    }
}
