//! An array where the description says object: refused, naming the field; nothing changed.

use cutis_tests::TestServer;
use cutis_tests::client::{Call, fresh_key};
use cutis_tests::described;
use serde_json::{Map, Value, json};

/// Values that fit a schema, with every member in them; several where the schema offers a choice.
fn examples(schema: &Value) -> Vec<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = described::document().pointer(reference.trim_start_matches('#'));
        return examples(target.expect("a reference leads somewhere"));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().flat_map(examples).collect();
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choices.first().cloned().into_iter().collect();
    }
    let kinds = [&schema["type"], &schema["type"][0]];
    match kinds.iter().find_map(|kind| kind.as_str()).expect("a type") {
        "null" => Vec::new(),
        "string" => vec![json!("a")],
        "integer" | "number" => vec![json!(1)],
        "boolean" => vec![json!(true)],
        "array" => examples(&schema["items"])
            .into_iter()
            .map(|item| json!([item]))
            .collect(),
        "object" if schema["additionalProperties"].is_object() => examples(&schema["additionalProperties"])
            .into_iter()
            .map(|member| json!({ "a": member }))
            .collect(),
        "object" => {
            let mut whole = vec![Map::new()];
            for (name, member) in schema["properties"].as_object().expect("properties") {
                whole = examples(member)
                    .iter()
                    .flat_map(|value| {
                        whole.iter().cloned().map(|mut object| {
                            object.insert(name.clone(), value.clone());
                            object
                        })
                    })
                    .collect();
            }
            whole.into_iter().map(Value::Object).collect()
        }
        other => panic!("there is no example of {other}"),
    }
}

/// JSON pointers to every object in a value, itself first.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            for (name, member) in members {
                objects(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Issue 7: `[]` used to make a visit, and `[1,null,"A"]` used to change a patient.
#[tokio::test(flavor = "multi_thread")]
async fn an_array_stands_for_no_object_of_the_description() {
    let (server, anna) = TestServer::set_up().await;
    anna.confirm_password().await;
    let patient = anna.create_patient("p-001").await;
    let fresh = TestServer::start().await;
    let anyone = fresh.anonymous();
    let before = (server.content(), fresh.content());
    let mut refused = Vec::new();
    for operation in described::operations() {
        let method = operation.method.to_lowercase();
        let sent = &described::document()["paths"][&operation.path][&method]["requestBody"];
        let Some(schema) = sent["content"]["application/json"].get("schema") else {
            continue;
        };
        let path = operation
            .path
            .replace("{patientId}", &patient)
            .replace("{index}", "0")
            .replace("{version}", "0");
        let path = path.split('/').map(|part| match part.starts_with('{') {
            true => fresh_key(),
            false => part.to_owned(),
        });
        let path = path.collect::<Vec<_>>().join("/");
        for example in examples(schema) {
            let mut places = Vec::new();
            objects(&example, "", &mut places);
            for place in places {
                let object = example
                    .pointer(&place)
                    .and_then(Value::as_object)
                    .expect("an object");
                for array in [json!([]), object.values().cloned().collect()] {
                    let mut body = example.clone();
                    *body.pointer_mut(&place).expect("an object") = array;
                    let call = Call::new(&operation.method, &path).json(&body);
                    let answer = match operation.secured || operation.path.ends_with("/session") {
                        true => anna.send(call).await,
                        false => anyone.send(call).await,
                    };
                    // What is wrong inside a method is named by the method, inside a filter or a list by its part.
                    let first = place.split('/').nth(1).unwrap_or_default();
                    let said = answer.json()["errors"][0]["field"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned();
                    let of_first = said.strip_prefix(first);
                    assert!(
                        of_first.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])),
                        "{said}: {body}"
                    );
                    assert_eq!(answer.refuses(&said), "wrong_type", "{path} {body}");
                    assert_eq!(answer.json()["errors"][0]["message"], "Send an object.", "{body}");
                }
                refused.push(format!("{}{place}", operation.id));
            }
        }
    }
    assert_eq!((server.content(), fresh.content()), before, "nothing changed");
    refused.sort();
    refused.dedup();
    for known in [
        "create_entry",
        "sign_in",
        "/guardian",
        "/method",
        "/method/strokes/0/0",
    ] {
        assert!(refused.iter().any(|place| place.ends_with(known)), "{refused:?}");
    }
    fresh.finish().await;
    server.finish().await;
}
