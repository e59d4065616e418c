//! Two people edit one patient (P6).

use cutis_tests::TestServer;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn p6_a_field_that_moved_is_refused_with_both_values_and_nothing_changes() {
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
    let (before, saved_at) = (server.content(), server.now());
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
    assert_eq!(problem["current"]["version"], 2);
    assert_eq!(server.content(), before, "the record number went nowhere either");
    let saved = anna
        .patch(&path, &json!({ "version": 2, "note": "third", "mrn": "7" }))
        .await
        .expect(200);
    assert_eq!((&saved["note"], &saved["version"]), (&json!("third"), &json!(3)));
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
