//! W1; issue 6, 4, 8, 9: strangers who hold as much as they can, and forms that are mostly no files.

use std::time::Duration;

use cutis_tests::client::{BOUNDARY, fresh_key};
use cutis_tests::{Idle, TestServer};
use serde_json::json;

/// Three anonymous connections with two hundred requests each whose bodies don't come: a clinician's
/// requests all succeed, also the first after a new sign-in, and `/health` answers.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_starve_the_clinic() {
    let (server, anna) = TestServer::set_up().await;
    let mut siege = Vec::new();
    for path in ["/api/v1/session", "/api/v1/password-check", "/api/v1/patients"] {
        siege.push(Idle::http2(&server, path, 100).await);
        siege.push(Idle::http1(&server, path, 10).await);
    }
    let anyone = server.anonymous();
    for index in 0..25 {
        anna.create_patient(&format!("p-{index}")).await;
        anna.search("p-").await.expect(200);
        anna.get("/api/v1/session").await.expect(200);
        anyone.get("/health").await.expect(200);
        anyone.get("/api/v1/setup").await.expect(200);
    }
    server
        .sign_in("anna")
        .await
        .get("/api/v1/session")
        .await
        .expect(200);
    drop(siege);
    server.finish().await;
}

/// What anybody may send is 16 KiB at most.
#[tokio::test(flavor = "multi_thread")]
async fn what_anybody_may_send_is_small() {
    let server = TestServer::start().await;
    let anyone = server.anonymous();
    for path in ["/api/v1/session", "/api/v1/setup", "/api/v1/password-check"] {
        let large = json!({ "username": "x".repeat(16 * 1024), "password": "x" });
        anyone.post(path, &large).await.problem(413, "too_large");
    }
    server.finish().await;
}

/// 52 MiB of a part's head are refused after a few KiB, and change nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_mostly_head_is_refused_at_once() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let before = server.content();
    let head = "content-disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nx: ";
    let (key, form) = (fresh_key(), format!("multipart/form-data; boundary={BOUNDARY}"));
    let cookie = format!("__Host-cutis={}", anna.cookie().expect("signed in"));
    let headers = [
        ("idempotency-key", key.as_str()),
        ("content-type", &form),
        ("cookie", &cookie),
    ];
    let path = format!("/api/v1/patients/{patient}/images");
    let endless = Idle::endless(&server, &path, &headers, format!("--{BOUNDARY}\r\n{head}"));
    let (status, taken) = tokio::time::timeout(Duration::from_secs(20), endless)
        .await
        .expect("an answer");
    assert_eq!(status, 400);
    assert!(taken < 4 << 20, "{taken} bytes were taken");
    assert_eq!(server.content(), before);
    server.finish().await;
}
