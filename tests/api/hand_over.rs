//! A device handed to a patient for signing (N6).

use cutis_tests::TestServer;
use cutis_tests::actors::{SignedIn, consent};
use cutis_tests::client::{File, fresh_key, upload_call};
use cutis_tests::images::made;
use cutis_tests::server::PASSWORD;
use serde_json::{Value, json};

const HAND_OVER: &str = "/api/v1/session/hand-over";
const CONFIRM: &str = "/api/v1/session/confirmation";

async fn is_handed_over(by: &SignedIn) -> bool {
    let me = by.get("/api/v1/session").await.expect(200);
    me["session"]["handedOver"].as_bool().expect("a truth")
}

fn to(patient: &str) -> Value {
    json!({ "patientId": patient })
}

/// N6: the consent of the patient who holds the device is recorded, nobody else's; only the password leads back, and
/// the trail says all of it.
#[tokio::test(flavor = "multi_thread")]
async fn n6_the_password_alone_leads_back() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("n6-held").await;
    let other = anna.create_patient("n6-other").await;
    assert!(!is_handed_over(&anna).await);
    anna.post(HAND_OVER, &to(&patient)).await.expect(204);
    assert!(is_handed_over(&anna).await);
    let me = anna.get("/api/v1/session").await.expect(200);
    assert_eq!(
        me["session"]["sealKey"],
        Value::Null,
        "what the browser keeps stays shut"
    );
    assert_eq!(
        me["session"]["queueKey"],
        Value::Null,
        "and what waits to be sent"
    );
    let consents = |patient: &str| format!("/api/v1/patients/{patient}/consents");
    anna.post(&consents(&other), &consent())
        .await
        .problem(403, "handed_over");
    anna.post(HAND_OVER, &to(&other))
        .await
        .problem(403, "handed_over");
    let mut elsewhere = consent();
    elsewhere["method"] = json!({ "kind": "external", "how": "verbal", "notes": "said so" });
    let answer = anna.post(&consents(&patient), &elsewhere).await;
    answer.problem(403, "handed_over");
    anna.post(&consents(&patient), &consent()).await.expect(201);
    anna.post(HAND_OVER, &to(&patient)).await.expect(204);
    for wrong in ["", "Wrong-2026-xyz"] {
        let answer = anna.post(CONFIRM, &json!({ "password": wrong })).await;
        answer.problem(401, "sign_in_failed");
        assert!(is_handed_over(&anna).await);
    }
    anna.get(&consents(&patient)).await.problem(403, "handed_over");
    anna.post(CONFIRM, &json!({ "password": PASSWORD }))
        .await
        .expect(204);
    assert!(!is_handed_over(&anna).await);
    let me = anna.get("/api/v1/session").await.expect(200);
    assert!(me["session"]["sealKey"].is_string());
    let recorded = anna.get(&consents(&patient)).await.expect(200);
    assert_eq!(recorded["consents"].as_array().map(Vec::len), Some(1));
    let none = anna.get(&consents(&other)).await.expect(200);
    assert_eq!(none["consents"].as_array().map(Vec::len), Some(0));
    let events = anna.activity(&patient).await;
    let codes: Vec<_> = events.iter().map(|event| event["action"].as_str()).collect();
    assert!(codes.contains(&Some("session.handed_over")), "{codes:?}");
    let refused = events.iter().find(|event| event["action"] == "access.refused");
    assert!(refused.expect("recorded").to_string().contains("handed_over"));
    server.finish().await;
}

/// N6: it holds for this session alone, outlives the server, and ends with the session.
#[tokio::test(flavor = "multi_thread")]
async fn n6_it_is_the_session_that_is_handed_over() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("n6-session").await;
    let desk = server.sign_in("anna").await;
    anna.post(HAND_OVER, &to(&patient)).await.expect(204);
    desk.get("/api/v1/patients").await.expect(200);
    assert!(!is_handed_over(&desk).await);
    anna.get("/api/v1/patients").await.problem(403, "handed_over");
    let cookie = anna.cookie();
    let server = TestServer::reopen(server.stop().await, "localhost", &[]).await;
    let tablet = server.anonymous();
    tablet.set_cookie(cookie);
    tablet.get("/api/v1/patients").await.problem(403, "handed_over");
    tablet.delete("/api/v1/session").await.expect(204);
    tablet
        .get("/api/v1/patients")
        .await
        .problem(401, "unauthenticated");
    let again = server.sign_in("anna").await;
    again.get("/api/v1/patients").await.expect(200);
    server.finish().await;
}

/// A10: nobody can tell somebody else's patient from none; what is no id is refused at its field.
#[tokio::test(flavor = "multi_thread")]
async fn n6_a10_a_device_is_handed_to_a_patient_of_ones_own() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("n6-annas").await;
    let ben = server.add_account("ben", false, true).await;
    let theirs = ben.post(HAND_OVER, &to(&patient)).await;
    theirs.problem(404, "not_found");
    let absent = ben
        .post(HAND_OVER, &to("018f3c5e-7b1a-7c3d-9a4b-ffffffffffff"))
        .await;
    assert_eq!(theirs.body_without_request_id(), absent.body_without_request_id());
    let refused = ben.post(HAND_OVER, &to("nobody")).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "patientId");
    assert!(!is_handed_over(&ben).await);
    server.finish().await;
}

/// N6: what other tabs of the device send meanwhile is refused file by file, told, and nothing of it is stored.
#[tokio::test(flavor = "multi_thread")]
async fn n6_no_image_enters_meanwhile() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("n6-upload").await;
    anna.post(HAND_OVER, &to(&patient)).await.expect(204);
    let before = server.content();
    let call = upload_call(&patient, &fresh_key(), &[File::new("a.jpg", made(3))]);
    anna.send(call).await.problem(403, "handed_over");
    assert_eq!(server.content(), before);
    server.finish().await;
}
