//! Set-up (A2, A5).

use cutis_tests::TestServer;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a2_a_wrong_code_is_refused_and_makes_nothing() {
    let server = TestServer::start().await;
    let anyone = server.anonymous();
    assert_eq!(anyone.get("/api/v1/setup").await.expect(200)["needed"], true);
    let before = server.content();
    let mut request = server.setup_request();
    request["code"] = "AAAA-BBBB-CCCC".into();
    let answer = anyone.post("/api/v1/setup", &request).await;
    let problem = answer.problem(403, "setup_code_wrong");
    assert_eq!(problem["errors"][0]["field"], "code");
    assert!(
        answer.header("set-cookie").is_empty(),
        "no session without a set-up"
    );
    assert_eq!(server.content(), before, "nothing was made");
    assert_eq!(anyone.get("/api/v1/setup").await.expect(200)["needed"], true);
    anyone
        .get("/api/v1/session")
        .await
        .problem(401, "unauthenticated");
    server.finish().await;
}

/// A2, F13: the code is checked in a step of its own, as slowly as by a set-up, and stays good for it.
#[tokio::test(flavor = "multi_thread")]
async fn a2_the_code_is_checked_before_the_form() {
    let server = TestServer::start().await;
    let anyone = server.anonymous();
    let check = async |code: &str| anyone.post("/api/v1/setup/code", &json!({ "code": code })).await;
    let problem = check("AAAA-BBBB-CCCC").await.problem(403, "setup_code_wrong");
    assert_eq!(problem["errors"][0]["field"], "code");
    let code = server.setup_code();
    for _ in 0..2 {
        assert_eq!(check(&code.to_lowercase()).await.status, 204);
    }
    for _ in 0..4 {
        check("AAAA-BBBB-CCCC").await.problem(403, "setup_code_wrong");
    }
    check("AAAA-BBBB-CCCC").await.problem(429, "throttled");
    anyone
        .post("/api/v1/setup", &server.setup_request())
        .await
        .expect(201);
    check(&code).await.problem(409, "setup_done");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_every_broken_password_rule_is_named() {
    let server = TestServer::start().await;
    let anyone = server.anonymous();
    for (password, rule) in [
        ("Short-1", "length"),
        ("dermoscope-2026-x", "upper"),
        ("DERMOSCOPE-2026-X", "lower"),
        ("Dermoscope-xyzwvu", "digit"),
        ("Dermoscope2026xyz", "symbol"),
        ("Anna-Weber-2026-x!", "names"),
        ("Lakeside-2026-x!", "names"),
    ] {
        let mut request = server.setup_request();
        request["password"] = password.into();
        let before = server.content();
        let problem = anyone
            .post("/api/v1/setup", &request)
            .await
            .problem(422, "invalid");
        let errors = problem["errors"].as_array().expect("errors");
        let named = errors
            .iter()
            .any(|error| error["field"] == "password" && error["code"] == rule);
        assert!(named, "{password}: {rule} is not among {errors:?}");
        assert_eq!(server.content(), before, "{password}: nothing was made");
        let check = json!({
            "password": password, "username": "anna", "firstName": "Anna", "lastName": "Weber", "practiceName": "Lakeside",
        });
        let report = anyone.post("/api/v1/password-check", &check).await.expect(200);
        assert_eq!(report["acceptable"], false, "{password}");
        let rules = report["rules"].as_array().expect("rules");
        let broken = rules
            .iter()
            .any(|shown| shown["code"] == rule && shown["satisfied"] == false);
        assert!(broken, "{password}: the live rules show {rules:?}");
    }
    let check = json!({ "password": cutis_tests::server::PASSWORD });
    assert_eq!(
        anyone.post("/api/v1/password-check", &check).await.expect(200)["acceptable"],
        true
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_the_first_account_is_administrator_and_there_is_only_one_set_up() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    assert_eq!(anna.me["roles"], json!(["administrator", "clinician"]));
    assert_eq!(anna.me["practice"]["consentLevel"], "required");
    assert_eq!(anna.me["practice"]["name"], "Lakeside");
    assert_eq!(anna.me["practice"]["uploadLimitBytes"], 16 << 20);
    // I1: this build has no decoder for HEIC and AVIF, and a client need not send one to learn that.
    assert_eq!(
        anna.me["practice"]["imageFormats"],
        json!(["jpeg", "png", "webp", "tiff", "gif"])
    );
    assert_eq!(anna.get("/api/v1/session").await.expect(200)["username"], "anna");
    let anyone = server.anonymous();
    assert_eq!(anyone.get("/api/v1/setup").await.expect(200)["needed"], false);
    let before = server.content();
    let mut second = server.setup_request();
    second["username"] = "mallory".into();
    second["email"] = serde_json::Value::Null;
    anyone
        .post("/api/v1/setup", &second)
        .await
        .problem(409, "setup_done");
    assert_eq!(server.content(), before);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_set_up_names_every_bad_field_at_once() {
    let server = TestServer::start().await;
    let mut request = server.setup_request();
    request["username"] = "a b".into();
    request["timeZone"] = "Mars/Olympus".into();
    request["firstName"] = "".into();
    request["email"] = "nobody".into();
    let answer = server.anonymous().post("/api/v1/setup", &request).await;
    for field in ["username", "timeZone", "firstName", "email"] {
        answer.refuses(field);
    }
    server.finish().await;
}
