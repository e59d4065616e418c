//! Settings (O2, U1).

use cutis_tests::TestServer;
use serde_json::{Value, json};

fn value(list: &Value, key: &str) -> String {
    let settings = list["settings"].as_array().expect("settings");
    let found = settings
        .iter()
        .find(|setting| setting["key"] == key)
        .unwrap_or_else(|| panic!("{key}"));
    found["value"].as_str().expect("text").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn o2_only_administrators_see_or_change_settings() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let before = server.content();
    ben.get("/api/v1/settings").await.problem(403, "forbidden");
    let change = json!({ "values": { "practice.name": "Ben's" } });
    ben.patch("/api/v1/settings", &change)
        .await
        .problem(403, "forbidden");
    ben.get("/api/v1/trail/status").await.problem(403, "forbidden");
    assert_eq!(server.content(), before);
    assert_eq!(
        value(&anna.get("/api/v1/settings").await.expect(200), "practice.name"),
        "Lakeside"
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn o2_a_change_is_recorded_with_its_old_and_its_new_value() {
    let (server, anna) = TestServer::set_up().await;
    let change = json!({ "values": { "consent.level": "required", "session.idle_minutes": "30" } });
    let list = anna.patch("/api/v1/settings", &change).await.expect(200);
    assert_eq!(
        (
            value(&list, "consent.level"),
            value(&list, "session.idle_minutes")
        ),
        ("required".into(), "30".into())
    );
    let trail = cutis_tests::database::trail_text(&server.data.database());
    let events: Vec<&str> = trail
        .lines()
        .filter(|line| line.contains("setting.changed"))
        .collect();
    assert_eq!(events.len(), 2, "one event for each: {events:?}");
    assert!(
        events
            .iter()
            .any(|event| event.contains("disabled") && event.contains("required")),
        "{events:?}"
    );
    assert!(
        events
            .iter()
            .any(|event| event.contains("\"15\"") && event.contains("\"30\"")),
        "{events:?}"
    );
    // A7: the bound holds from now on.
    server.clock.advance(29 * 60);
    anna.get("/api/v1/session").await.expect(200);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn o2_all_or_none_and_each_refusal_is_named() {
    let (server, anna) = TestServer::set_up().await;
    let before = server.content();
    for (key, bad) in [
        ("consent.level", "sometimes"),
        ("audit.level", "none"),
        ("session.idle_minutes", "4"),
        ("session.idle_minutes", "61"),
        ("session.absolute_hours", "25"),
        ("upload.limit_mib", "257"),
        ("upload.limit_mib", "0"),
        ("upload.limit_mib", "ten"),
        ("practice.name", " "),
        ("practice.time_zone", "Mars/Olympus"),
        ("practice.time_zone", "Etc/Unknown"),
        ("practice.time_zone", "Factory"),
        ("no.such", "x"),
    ] {
        let mixed = json!({ "values": { "password.policy": "passphrase", key: bad } });
        let problem = anna
            .patch("/api/v1/settings", &mixed)
            .await
            .problem(422, "invalid");
        let errors = problem["errors"].to_string();
        assert!(errors.contains(key), "{key} = {bad}: {errors}");
        assert_eq!(server.content(), before, "{key} = {bad}: none was changed");
    }
    server.finish().await;
}
