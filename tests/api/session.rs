//! Sessions and sign-in (A7, A8).

use cutis_tests::TestServer;
use cutis_tests::client::Call;
use cutis_tests::server::PASSWORD;
use serde_json::json;

fn sign_in(username: &str, password: &str) -> Call {
    Call::new("POST", "/api/v1/session").json(&json!({ "username": username, "password": password }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_the_cookie_has_exactly_its_attributes() {
    let (server, _anna) = TestServer::set_up().await;
    let browser = server.anonymous();
    let answer = browser.send(sign_in("ANNA", PASSWORD)).await;
    answer.expect(201);
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    let cookie = answer.header("set-cookie");
    let (pair, attributes) = cookie.split_once(';').expect("attributes");
    let value = pair.strip_prefix("__Host-cutis=").expect("its name");
    assert!(
        value.len() >= 43,
        "256 bits take 43 characters of base64: {}",
        value.len()
    );
    let mut attributes: Vec<&str> = attributes.split(';').map(str::trim).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]);
    let raw = std::fs::read(server.data.database()).expect("readable");
    let log = std::fs::read(server.data.path().join("cutis.db-wal")).unwrap_or_default();
    let held = [raw, log]
        .concat()
        .windows(value.len())
        .any(|window| window == value.as_bytes());
    assert!(!held, "A7: only the token's hash lies in the database");
    browser.delete("/api/v1/session").await.expect(204);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_signing_out_ends_the_session_at_the_server() {
    let (server, anna) = TestServer::set_up().await;
    let stolen = anna.cookie();
    assert!(stolen.is_some());
    let answer = anna.delete("/api/v1/session").await;
    answer.expect(204);
    assert!(
        answer.header("set-cookie").contains("Max-Age=0"),
        "the cookie is taken back"
    );
    assert!(!answer.header("clear-site-data").is_empty());
    assert_eq!(anna.cookie(), None);
    let thief = server.anonymous();
    thief.set_cookie(stolen);
    thief.get("/api/v1/session").await.problem(401, "unauthenticated");
    thief
        .get("/api/v1/patients")
        .await
        .problem(401, "unauthenticated");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_idle_and_absolute_ends() {
    let (server, anna) = TestServer::set_up().await;
    server.clock.advance(14 * 60);
    anna.get("/api/v1/session").await.expect(200);
    server.clock.advance(14 * 60);
    anna.get("/api/v1/session").await.expect(200);
    server.clock.advance(15 * 60 + 1);
    anna.get("/api/v1/session").await.problem(401, "unauthenticated");
    // Used all day long, a session still ends after twelve hours.
    let anna = server.sign_in("anna").await;
    for _ in 0..(12 * 6 - 1) {
        server.clock.advance(10 * 60);
        anna.get("/api/v1/session").await.expect(200);
    }
    server.clock.advance(10 * 60 + 1);
    anna.get("/api/v1/session").await.problem(401, "unauthenticated");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_c13_requests_that_a_page_makes_by_itself_keep_no_session_alive() {
    let (server, anna) = TestServer::set_up().await;
    // The second is what a browser says of the images of a page.
    for (name, value) in [
        ("x-cutis-background", "1"),
        ("sec-fetch-dest", "image"),
        ("x-cutis-background", "1"),
    ] {
        server.clock.advance(4 * 60);
        let polled = Call::new("GET", "/api/v1/session").header(name, value);
        anna.send(polled).await.expect(200);
    }
    server.clock.advance(4 * 60);
    anna.get("/api/v1/session").await.problem(401, "unauthenticated");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_sessions_are_listed_ended_one_by_one_and_all_at_once() {
    let (server, first) = TestServer::set_up().await;
    let second = server.sign_in("anna@practice.example").await;
    let third = server.sign_in("anna").await;
    let list = first.get("/api/v1/sessions").await.expect(200);
    let sessions = list["sessions"].as_array().expect("sessions");
    assert_eq!(sessions.len(), 3);
    assert_eq!(
        sessions
            .iter()
            .filter(|session| session["current"] == true)
            .count(),
        1
    );
    assert!(
        sessions
            .iter()
            .all(|session| session["ip"] == "127.0.0.1" && session["userAgent"] == "Cutis tests")
    );
    let others = second.get("/api/v1/sessions").await.expect(200);
    let own = others["sessions"]
        .as_array()
        .expect("sessions")
        .iter()
        .find(|one| one["current"] == true);
    let own = own.expect("the current one")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    first.delete(format!("/api/v1/sessions/{own}")).await.expect(204);
    second
        .get("/api/v1/session")
        .await
        .problem(401, "unauthenticated");
    third.get("/api/v1/session").await.expect(200);
    first.delete("/api/v1/sessions").await.expect(204);
    third.get("/api/v1/session").await.problem(401, "unauthenticated");
    first.get("/api/v1/session").await.problem(401, "unauthenticated");
    server.finish().await;
}

/// A7: a program that signs in ends nobody's session: the eleventh is only told of, and with a hundred the
/// person is asked which end.
#[tokio::test(flavor = "multi_thread")]
async fn a7_a_program_that_signs_in_ends_no_session() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let bens = ben.get("/api/v1/sessions").await.expect(200)["sessions"][0]["id"].clone();
    for open in 2..=100 {
        server.clock.advance(1);
        let me = server
            .anonymous()
            .send(sign_in("anna", PASSWORD))
            .await
            .expect(201);
        assert_eq!(me["session"]["openSessions"], open);
    }
    let me = anna.get("/api/v1/session").await.expect(200);
    assert_eq!(me["session"]["openSessions"], 100);

    let before = server.content();
    let device = server.anonymous();
    device
        .send(sign_in("anna", "Wrong-password-1"))
        .await
        .problem(401, "sign_in_failed");
    let asked = device.send(sign_in("anna", PASSWORD)).await;
    assert!(asked.header("set-cookie").is_empty(), "nobody was signed in");
    let problem = asked.problem(409, "too_many_sessions");
    let open = problem["sessions"].as_array().expect("the sessions").clone();
    assert_eq!(open.len(), 100);
    let oldest = open.last().expect("a hundred");
    for member in ["id", "userAgent", "ip", "createdAt", "lastSeenAt"] {
        assert!(oldest[member].is_string(), "{member} of {oldest}");
    }
    assert_eq!(server.content(), before);

    let ending = |ids: serde_json::Value| {
        let body = json!({ "username": "anna", "password": PASSWORD, "endSessions": ids });
        Call::new("POST", "/api/v1/session").json(&body)
    };
    let refused = device.send(ending(json!([oldest["id"], "x"]))).await;
    assert_eq!(
        refused.problem(422, "invalid")["errors"][0]["field"],
        "endSessions[1]"
    );
    let others = device.send(ending(json!([bens]))).await;
    others.problem(409, "too_many_sessions");
    ben.get("/api/v1/session").await.expect(200);
    assert_eq!(server.content(), before);

    anna.get("/api/v1/session").await.expect(200);
    let me = device.send(ending(json!([oldest["id"]]))).await.expect(201);
    assert_eq!(me["session"]["openSessions"], 100);
    anna.get("/api/v1/session").await.problem(401, "unauthenticated");
    let events = device.get("/api/v1/account/activity?limit=20").await.expect(200);
    assert!(events.to_string().contains("chosen_at_sign_in"), "{events}");
    assert!(events.to_string().contains("too_many_sessions"), "{events}");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a10_nobody_ends_somebody_elses_session() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let list = anna.get("/api/v1/sessions").await.expect(200);
    let id = list["sessions"][0]["id"].as_str().expect("an id");
    let others = ben.delete(format!("/api/v1/sessions/{id}")).await;
    others.problem(404, "not_found");
    let absent = ben
        .delete("/api/v1/sessions/018f3c5e-7b1a-7c3d-9a4b-2f6d8e1c0a57")
        .await;
    assert_eq!(others.body_without_request_id(), absent.body_without_request_id());
    anna.get("/api/v1/session").await.expect(200);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a8_an_unknown_name_and_a_wrong_password_look_alike() {
    let (server, _anna) = TestServer::set_up().await;
    let anyone = server.anonymous();
    let before = server.events();
    let unknown = anyone.send(sign_in("nobody", "Wrong-password-1")).await;
    let wrong = anyone.send(sign_in("anna", "Wrong-password-1")).await;
    unknown.problem(401, "sign_in_failed");
    wrong.problem(401, "sign_in_failed");
    assert_eq!(unknown.body_without_request_id(), wrong.body_without_request_id());
    let names = |answer: &cutis_tests::Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&unknown), names(&wrong));
    server.settle().await;
    assert_eq!(server.events(), before + 2, "A8: every failure is audited");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a8_delays_grow_after_five_failures_and_a_soft_lock_ends() {
    let (server, _anna) = TestServer::set_up().await;
    let anyone = server.anonymous();
    for failure in 1..=5 {
        anyone
            .send(sign_in("anna", "Wrong-password-1"))
            .await
            .problem(401, "sign_in_failed");
        server.settle().await;
        assert!(failure <= 5);
    }
    let mut waits = Vec::new();
    for _ in 5..10 {
        let answer = anyone.send(sign_in("anna", PASSWORD)).await;
        let problem = answer.problem(429, "throttled");
        let seconds = problem["retryAfterSeconds"].as_i64().expect("seconds");
        assert_eq!(answer.header("retry-after"), seconds.to_string());
        waits.push(seconds);
        server.clock.advance(seconds);
        anyone
            .send(sign_in("anna", "Wrong-password-1"))
            .await
            .problem(401, "sign_in_failed");
        server.settle().await;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16], "the delay doubles");
    // Ten failures: even the right password has to wait a quarter of an hour, and no longer.
    let problem = anyone
        .send(sign_in("anna", PASSWORD))
        .await
        .problem(429, "throttled");
    assert_eq!(problem["retryAfterSeconds"], 15 * 60);
    server.clock.advance(15 * 60);
    anyone.send(sign_in("anna", PASSWORD)).await.expect(201);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w5_requests_that_change_something_must_come_from_our_own_pages() {
    let (server, anna) = TestServer::set_up().await;
    let before = server.content();
    for site in ["cross-site", "same-site", "none"] {
        let call = Call::new("POST", "/api/v1/patients")
            .header("sec-fetch-site", site)
            .json(&json!({"uniqueId": "p-1"}));
        anna.send(call).await.problem(403, "forbidden");
    }
    let call = Call::new("POST", "/api/v1/patients")
        .header("origin", "https://evil.example")
        .json(&json!({ "uniqueId": "p-1" }));
    anna.send(call).await.problem(403, "forbidden");
    let call = Call::new("GET", "/api/v1/patients").header("host", "evil.example");
    anna.send(call).await.problem(421, "misdirected");
    assert_eq!(server.content(), before);
    server.finish().await;
}
