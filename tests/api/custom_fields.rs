//! Fields of patients that the practice defines (P2).

use cutis_tests::TestServer;
use cutis_tests::actors::id_of;
use serde_json::{Value, json};

const FIELDS: &str = "/api/v1/patient-fields";

fn labels(list: &Value) -> Vec<&str> {
    let fields = list["fields"].as_array().expect("fields");
    fields
        .iter()
        .filter_map(|field| field["label"].as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_field_of_every_kind_holds_its_value() {
    let (server, anna) = TestServer::set_up().await;
    let mut values = serde_json::Map::new();
    for (kind, sent) in [
        ("text", "Dr. Ü"),
        ("number", "07.50"),
        ("date", "2026-02-28"),
        ("yes_no", "yes"),
        ("choice", "Left"),
    ] {
        let choices = (kind == "choice").then(|| json!(["Left", "Right"]));
        let field = json!({ "label": format!("A {kind}"), "kind": kind, "choices": choices });
        let made = anna.post(FIELDS, &field).await.expect(201);
        assert_eq!((&made["kind"], &made["retired"]), (&json!(kind), &json!(false)));
        values.insert(id_of(&made), json!(sent));
    }
    let patient = anna
        .create_patient_with(&json!({ "uniqueId": "p-001", "practiceFields": values }))
        .await;
    let path = format!("/api/v1/patients/{patient}");
    let held = anna.get(&path).await.expect(200)["practiceFields"].clone();
    let number = values
        .iter()
        .find(|(_, value)| **value == "07.50")
        .expect("sent")
        .0
        .clone();
    assert_eq!(held[&number], "7.5", "one number has one spelling");
    values.insert(number.clone(), json!("7.5"));
    assert_eq!(held, Value::Object(values.clone()));
    // One is cleared, the others stay.
    let patch = json!({ "version": 1, "practiceFields": { &number: null } });
    values.remove(&number);
    let saved = anna.patch(&path, &patch).await.expect(200);
    assert_eq!(saved["practiceFields"], Value::Object(values));
    // P6: a field of the practice moves by itself, too.
    let patch = json!({ "version": 1, "practiceFields": { &number: "8" } });
    let problem = anna.patch(&path, &patch).await.problem(409, "stale_version");
    assert_eq!(
        problem["conflicts"],
        json!([{
            "field": format!("practiceFields.{number}"), "yours": "8", "current": null,
            "changedBy": "Anna Weber", "changedAt": server.now(),
        }])
    );
    let activity = anna.activity(&patient).await;
    let change = activity
        .iter()
        .find(|event| event["action"] == "patient.changed" && event["outcome"] == "ok");
    let details = change.expect("recorded")["details"].to_string();
    assert!(details.contains(&number), "{details}");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_values_that_do_not_fit_are_named_and_change_nothing() {
    let (server, anna) = TestServer::set_up().await;
    let number = json!({ "label": "Number", "kind": "number" });
    let number = id_of(&anna.post(FIELDS, &number).await.expect(201));
    let name = format!("practiceFields.{number}");
    let before = server.content();
    for (fields, refused) in [
        (json!({ &number: "many" }), &*name),
        (
            json!({ "018f3c5e-7b1a-7c3d-9a4b-ffffffffffff": "x" }),
            "practiceFields",
        ),
        (json!({ "anna": "x" }), "practiceFields"),
    ] {
        let patient = json!({ "uniqueId": "p-001", "practiceFields": fields });
        anna.post("/api/v1/patients", &patient).await.refuses(refused);
    }
    for wrong in [json!(7), json!({ &number: 7 })] {
        let patient = json!({ "uniqueId": "p-001", "practiceFields": wrong });
        anna.post("/api/v1/patients", &patient)
            .await
            .problem(422, "invalid");
    }
    assert_eq!(server.content(), before);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_fields_are_renamed_moved_retired_and_brought_back_with_a_record_of_it() {
    let (server, anna) = TestServer::set_up().await;
    let mut ids = Vec::new();
    for label in ["One", "Two", "Three"] {
        let field = json!({ "label": label, "kind": "text" });
        ids.push(id_of(&anna.post(FIELDS, &field).await.expect(201)));
    }
    let patient = anna
        .create_patient_with(&json!({ "uniqueId": "p-001", "practiceFields": { &ids[1]: "kept" } }))
        .await;
    let change = json!({ "label": "Second", "position": 0, "retired": true });
    anna.patch(format!("{FIELDS}/{}", ids[1]), &change)
        .await
        .expect(200);
    let list = anna.get(FIELDS).await.expect(200);
    assert_eq!(labels(&list), ["Second", "One", "Three"]);
    assert_eq!(list["fields"][0]["retired"], true);
    // What it holds stays, can be read and can be cleared; nothing new goes in.
    let path = format!("/api/v1/patients/{patient}");
    let held = anna.get(&path).await.expect(200);
    assert_eq!(held["practiceFields"][&ids[1]], "kept");
    let patch = json!({ "version": 1, "practiceFields": { &ids[1]: "new" } });
    anna.patch(&path, &patch)
        .await
        .refuses(&format!("practiceFields.{}", ids[1]));
    let back = json!({ "retired": false, "position": 9 });
    anna.patch(format!("{FIELDS}/{}", ids[1]), &back)
        .await
        .expect(200);
    assert_eq!(
        labels(&anna.get(FIELDS).await.expect(200)),
        ["One", "Three", "Second"]
    );
    anna.patch(&path, &patch).await.expect(200);
    let trail = cutis_tests::database::trail_text(&server.data.database());
    let change = trail
        .lines()
        .find(|line| line.contains("patient_field.changed"))
        .expect("recorded");
    assert!(
        change.contains("Two: text") && change.contains("Second: text (retired)"),
        "{change}"
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_at_most_twenty_fields_with_different_names_are_in_use() {
    let (server, anna) = TestServer::set_up().await;
    let field = |number: usize| json!({ "label": format!("Field {number}"), "kind": "yes_no" });
    let mut first = String::new();
    for number in 1..=20 {
        let made = anna.post(FIELDS, &field(number)).await.expect(201);
        if number == 1 {
            first = id_of(&made);
        }
    }
    let before = server.content();
    anna.post(FIELDS, &field(21)).await.refuses("label");
    assert_eq!(server.content(), before);
    let retire = json!({ "retired": true });
    anna.patch(format!("{FIELDS}/{first}"), &retire).await.expect(200);
    anna.post(FIELDS, &field(21)).await.expect(201);
    let back = json!({ "retired": false });
    anna.patch(format!("{FIELDS}/{first}"), &back)
        .await
        .refuses("label");
    for (refused, name) in [
        (json!({ "label": "", "kind": "text" }), "label"),
        (json!({ "label": "x".repeat(61), "kind": "text" }), "label"),
        (json!({ "label": "Side", "kind": "choice" }), "choices"),
        (
            json!({ "label": "Side", "kind": "choice", "choices": ["Left"] }),
            "choices",
        ),
        (
            json!({ "label": "Side", "kind": "text", "choices": ["Left", "Right"] }),
            "choices",
        ),
        (json!({ "label": "Side", "kind": "colour" }), "kind"),
        (json!({ "label": "Side", "kind": "text", "extra": 1 }), "extra"),
    ] {
        anna.post(FIELDS, &refused).await.refuses(name);
    }
    anna.patch(
        format!("{FIELDS}/{first}"),
        &json!({ "label": "FIELD 2", "retired": false }),
    )
    .await
    .refuses("label");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_clinicians_read_the_fields_and_administrators_define_them() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let field = json!({ "label": "Side", "kind": "text" });
    ben.post(FIELDS, &field).await.problem(403, "forbidden");
    let id = id_of(&anna.post(FIELDS, &field).await.expect(201));
    ben.patch(format!("{FIELDS}/{id}"), &json!({ "retired": true }))
        .await
        .problem(403, "forbidden");
    assert_eq!(labels(&ben.get(FIELDS).await.expect(200)), ["Side"]);
    anna.patch(
        format!("{FIELDS}/018f3c5e-7b1a-7c3d-9a4b-ffffffffffff"),
        &json!({}),
    )
    .await
    .problem(404, "not_found");
    server.finish().await;
}
