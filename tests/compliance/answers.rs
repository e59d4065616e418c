//! U3: no answer carries anything of a record without an event that says so, whatever the answer is called.

use cutis_tests::TestServer;
use cutis_tests::actors::{id_of, results};
use cutis_tests::client::{Answer, File, fresh_key, upload_call};
use cutis_tests::database::trail_text;
use cutis_tests::images::made;
use serde_json::json;

/// The events of the request that this answers.
fn events_of(server: &TestServer, answer: &Answer) -> Vec<String> {
    let request = answer.header("x-request-id");
    assert!(!request.is_empty());
    let trail = trail_text(&server.data.database());
    let lines = trail.lines().filter(|line| line.contains(request));
    lines.map(ToOwned::to_owned).collect()
}

/// Fails unless one of the events of this answer's request is of this action and names this id.
#[track_caller]
fn recorded(server: &TestServer, answer: &Answer, action: &str, id: &str) {
    let events = events_of(server, answer);
    let found = events
        .iter()
        .any(|event| event.contains(&format!("\"{action}\"")) && event.contains(id));
    assert!(found, "{action} of {id} is not among {events:?}");
}

/// Issue 6, 22: a conflict shows both values, so it is a view of the patient beside a refused change.
#[tokio::test(flavor = "multi_thread")]
async fn u3_a_conflict_that_shows_the_record_is_a_recorded_view() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-conflict").await;
    let path = format!("/api/v1/patients/{patient}");
    anna.patch(&path, &json!({ "version": 1, "note": "theirs" }))
        .await
        .expect(200);
    let stale = anna.patch(&path, &json!({ "version": 1, "note": "mine" })).await;
    let problem = stale.problem(409, "stale_version");
    assert_eq!(
        problem["conflicts"][0]["current"], "theirs",
        "the record is shown"
    );
    recorded(&server, &stale, "patient.changed", &patient);
    recorded(&server, &stale, "patient.viewed", &patient);
    server.finish().await;
}

/// Issue 6, 22: a retried upload is answered with the image, a duplicate names the one that is there: both
/// are reads of it.
#[tokio::test(flavor = "multi_thread")]
async fn u3_an_image_that_was_there_before_is_shown_by_a_recorded_read() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-upload").await;
    let (key, files) = (fresh_key(), [File::new("a.jpg", made(1))]);
    let first = anna.send(upload_call(&patient, &key, &files)).await;
    let image = id_of(&results(&first)[0]["image"]);
    recorded(&server, &first, "image.stored", &image);

    let retried = anna.send(upload_call(&patient, &key, &files)).await;
    assert_eq!(results(&retried)[0]["outcome"], "stored");
    assert_eq!(id_of(&results(&retried)[0]["image"]), image);
    recorded(&server, &retried, "image.viewed", &image);

    let twice = anna.send(upload_call(&patient, &fresh_key(), &files)).await;
    assert_eq!(results(&twice)[0]["outcome"], "duplicate");
    recorded(&server, &twice, "image.duplicate", &image);

    let other = [File::new("b.jpg", made(2))];
    let reused = anna.send(upload_call(&patient, &key, &other)).await;
    assert_eq!(results(&reused)[0]["outcome"], "refused");
    assert!(
        !reused.body_without_request_id().contains(&image),
        "a key of another file shows nothing: {reused}"
    );
    recorded(&server, &reused, "image.refused", &patient);
    server.finish().await;
}

/// U3: every answer to a clinician that names a patient, an image, a consent or a visit has an event of
/// its own request.
#[tokio::test(flavor = "multi_thread")]
async fn u3_every_read_has_an_event_of_its_own_request() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-read").await;
    let consent = anna.give_consent(&patient).await;
    let image = anna.store(&patient, made(3)).await;
    let paths = [
        "/api/v1/patients".to_owned(),
        format!("/api/v1/patients/{patient}"),
        format!("/api/v1/patients/{patient}/entries"),
        format!("/api/v1/patients/{patient}/consents"),
        format!("/api/v1/patients/{patient}/consents/{consent}/signature"),
        format!("/api/v1/patients/{patient}/images"),
        format!("/api/v1/patients/{patient}/images/{image}"),
        format!("/api/v1/patients/{patient}/images/{image}/screen"),
        format!("/api/v1/patients/{patient}/images/{image}/full"),
        format!("/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"),
        format!("/api/v1/patients/{patient}/activity"),
    ];
    for path in paths {
        let answer = anna.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        assert!(!events_of(&server, &answer).is_empty(), "{path}: no event");
    }
    let found = anna.search("p-read").await;
    found.expect(200);
    assert!(!events_of(&server, &found).is_empty(), "a search: no event");
    server.finish().await;
}
