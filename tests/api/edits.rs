//! Two people edit one patient (P6).

use cutis_tests::TestServer;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn p6_only_fields_that_moved_are_refused_with_both_values() {
    let (server, anna) = TestServer::set_up().await;
    let id = anna
        .create_patient_with(&json!({ "uniqueId": "p-001", "note": "first", "gender": "f" }))
        .await;
    let path = format!("/api/v1/patients/{id}");
    let saved = anna
        .patch(&path, &json!({ "version": 1, "note": "second", "gender": null }))
        .await
        .expect(200);
    assert_eq!(saved["version"], 2);
    let saved_at = server.now();
    server.clock.advance(60);
    let problem = anna
        .patch(
            &path,
            &json!({ "version": 1, "note": "third", "gender": "x", "mrn": "7" }),
        )
        .await
        .problem(409, "stale_version");
    assert_eq!(
        problem["conflicts"],
        json!([
            { "field": "gender", "yours": "x", "current": null, "changedBy": "Anna Weber", "changedAt": saved_at },
            { "field": "note", "yours": "third", "current": "second", "changedBy": "Anna Weber", "changedAt": saved_at },
        ]),
        "what was sent beside what is there now, and who changed it when, for the fields that moved"
    );
    let current = &problem["current"];
    assert_eq!(problem["saved"], json!(["mrn"]), "what did not move is saved");
    assert_eq!(
        (&current["version"], &current["mrn"], &current["note"]),
        (&json!(3), &json!("7"), &json!("second")),
        "the answer shows the record after that"
    );
    // The answer was lost on its way and the same is sent again: what is saved by now is no change and no clash.
    let before = server.content();
    let again = anna
        .patch(
            &path,
            &json!({ "version": 1, "note": "third", "gender": "x", "mrn": "7" }),
        )
        .await
        .problem(409, "stale_version");
    assert_eq!(
        (&again["saved"], &again["conflicts"]),
        (&json!([]), &problem["conflicts"])
    );
    assert_eq!(server.content(), before);
    let saved = anna
        .patch(&path, &json!({ "version": 3, "note": "third" }))
        .await
        .expect(200);
    assert_eq!((&saved["note"], &saved["version"]), (&json!("third"), &json!(4)));
    // The trail has both: what was changed, and that something was refused.
    let activity = anna.activity(&id).await;
    let changes: Vec<_> = activity
        .iter()
        .filter(|event| event["action"] == "patient.changed")
        .map(|event| (event["outcome"].clone(), event["details"].to_string()))
        .collect();
    let named = |outcome: &str, word: &str| {
        changes
            .iter()
            .any(|(it, details)| it == outcome && details.contains(word))
    };
    assert!(
        named("ok", "mrn") && named("refused", "stale_version"),
        "{changes:?}"
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_what_is_refused_for_another_reason_saves_nothing_beside_a_clash() {
    let (server, anna) = TestServer::set_up().await;
    anna.create_patient("p-002").await;
    let id = anna.create_patient("p-001").await;
    let path = format!("/api/v1/patients/{id}");
    anna.patch(&path, &json!({ "version": 1, "note": "theirs" }))
        .await
        .expect(200);
    let before = server.content();
    let save = |fields: serde_json::Value| {
        let mut body = json!({ "version": 1, "note": "mine", "mrn": "7" });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        body
    };
    anna.patch(&path, &save(json!({ "uniqueId": "p-002" })))
        .await
        .problem(409, "unique_id_taken");
    anna.patch(&path, &save(json!({ "birthDate": "2999-01-01" })))
        .await
        .refuses("birthDate");
    assert_eq!(server.content(), before);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_edits_of_different_fields_do_not_get_in_each_others_way() {
    let (server, anna) = TestServer::set_up().await;
    let id = anna
        .create_patient_with(&json!({ "uniqueId": "p-001", "note": "first" }))
        .await;
    let path = format!("/api/v1/patients/{id}");
    for (field, value) in [("note", "second"), ("lastName", "Weiss"), ("mrn", "7")] {
        anna.patch(&path, &json!({ "version": 1, field: value }))
            .await
            .expect(200);
    }
    let saved = anna.get(&path).await.expect(200);
    assert_eq!(
        (
            &saved["note"],
            &saved["lastName"],
            &saved["mrn"],
            &saved["version"]
        ),
        (&json!("second"), &json!("Weiss"), &json!("7"), &json!(4))
    );
    // The same value twice is nobody's loss, and no change of the record either.
    let again = anna
        .patch(&path, &json!({ "version": 1, "note": "second" }))
        .await
        .expect(200);
    assert_eq!(
        (&again["version"], &again["lastModified"]),
        (&json!(4), &saved["lastModified"])
    );
    // A version that never was is a mistake of the caller's.
    anna.patch(&path, &json!({ "version": 5, "note": "x" }))
        .await
        .refuses("version");
    server.finish().await;
}
