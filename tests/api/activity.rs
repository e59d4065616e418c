//! What happened, who did it, when and from where (U2, U5).

use cutis_tests::TestServer;
use cutis_tests::client::Call;
use cutis_tests::images::made;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn u5_every_step_is_listed_with_who_when_and_from_where() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-001").await;
    let path = format!("/api/v1/patients/{patient}");
    let mut expected = vec![("patient.created", server.now())];
    macro_rules! step {
        ($action:literal, $done:expr) => {{
            server.clock.advance(7);
            let done = $done;
            expected.push(($action, server.now()));
            done
        }};
    }
    step!("patient.viewed", anna.patient(&patient).await);
    step!(
        "patient.changed",
        anna.patch(&path, &json!({ "version": 1, "note": "secret note" }))
            .await
            .expect(200)
    );
    step!(
        "entry.created",
        anna.post(format!("{path}/entries"), &json!({ "title": "T" }))
            .await
            .expect(201)
    );
    step!(
        "entries.viewed",
        anna.get(format!("{path}/entries")).await.expect(200)
    );
    let consent = step!("consent.recorded", anna.give_consent(&patient).await);
    step!(
        "consents.viewed",
        anna.get(format!("{path}/consents")).await.expect(200)
    );
    step!(
        "consent.signature_viewed",
        anna.get(format!("{path}/consents/{consent}/signature")).await
    );
    let image = step!("image.stored", anna.store(&patient, made(1)).await);
    step!(
        "image.duplicate",
        anna.upload(&patient, &[cutis_tests::client::File::new("again.jpg", made(1))])
            .await
    );
    step!(
        "image.refused",
        anna.upload(
            &patient,
            &[cutis_tests::client::File::new("bad.jpg", b"no".to_vec())]
        )
        .await
    );
    step!(
        "images.listed",
        anna.get(format!("{path}/images")).await.expect(200)
    );
    step!(
        "image.viewed",
        anna.get(format!("{path}/images/{image}/screen")).await
    );
    step!(
        "image.original_downloaded",
        anna.get(format!("{path}/images/{image}/original?purpose=clinical_record"))
            .await
    );
    let revoked = json!({ "reason": "secret reason" });
    step!(
        "consent.revoked",
        anna.post(format!("{path}/consents/{consent}/revocation"), &revoked)
            .await
            .expect(200)
    );
    let refused = cutis_tests::client::upload_call(&patient, &cutis_tests::client::fresh_key(), &[]);
    step!(
        "capture.refused",
        anna.send(refused).await.problem(422, "consent_required")
    );

    let mut events = anna.activity(&patient).await;
    events.reverse();
    let shown: Vec<(&str, String)> = events
        .iter()
        .map(|event| {
            (
                event["action"].as_str().expect("an action"),
                event["at"].as_str().expect("a time").to_owned(),
            )
        })
        .collect();
    assert_eq!(shown, expected, "each step once, in order, at its time");
    for event in &events {
        assert_eq!(
            event["actor"],
            json!({ "kind": "account", "name": "anna", "fullName": "Anna Weber" }),
            "{event}"
        );
        assert_eq!(
            (&event["ip"], &event["userAgent"]),
            (&json!("127.0.0.1"), &json!("Cutis tests")),
            "{event}"
        );
    }
    let sequences: Vec<u64> = events
        .iter()
        .filter_map(|event| event["sequence"].as_u64())
        .collect();
    assert!(
        sequences.windows(2).all(|pair| pair[0] < pair[1]),
        "{sequences:?}"
    );
    let text = serde_json::to_string(&events).expect("text");
    assert!(
        !text.contains("secret") && !text.contains("again.jpg"),
        "U2: no note text, no names of files: {text}"
    );
    let looked = anna.activity(&patient).await;
    assert_eq!(
        looked[0]["action"], "patient.activity_viewed",
        "looking is recorded too"
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn u5_an_account_sees_its_own_security_history_page_by_page() {
    let (server, anna) = TestServer::set_up().await;
    let stranger = server.anonymous();
    let wrong = json!({ "username": "anna", "password": "Wrong-password-1" });
    let call = Call::new("POST", "/api/v1/session")
        .header("user-agent", "Burglar/1.0")
        .json(&wrong);
    stranger.send(call).await.problem(401, "sign_in_failed");
    server.settle().await;
    let other = server.sign_in("anna").await;
    other.delete("/api/v1/session").await.expect(204);
    let page = anna.get("/api/v1/account/activity?limit=100").await.expect(200);
    let events = page["events"].as_array().expect("events").clone();
    for (action, outcome) in [
        ("session.refused", "refused"),
        ("session.started", "ok"),
        ("session.ended", "ok"),
    ] {
        let found = events
            .iter()
            .any(|event| event["action"] == action && event["outcome"] == outcome);
        assert!(found, "{action}: {events:?}");
    }
    let refused = events
        .iter()
        .find(|event| event["action"] == "session.refused")
        .expect("listed");
    assert_eq!(refused["userAgent"], "Burglar/1.0");
    let (mut walked, mut cursor): (Vec<Value>, String) = (Vec::new(), String::new());
    for _ in 0..100 {
        let page = anna
            .get(format!("/api/v1/account/activity?limit=2{cursor}"))
            .await
            .expect(200);
        walked.extend(page["events"].as_array().expect("events").iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let known: Vec<&Value> = walked.iter().filter(|event| events.contains(event)).collect();
    assert_eq!(
        known,
        events.iter().collect::<Vec<_>>(),
        "pages of two hold what one page of a hundred held"
    );
    server.finish().await;
}

/// U5, F4: an event says whose photos it is about and who did it by full name; "changes only" leaves out looks and pages on.
#[tokio::test(flavor = "multi_thread")]
async fn u5_changes_only_and_the_images_beside_events() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let path = format!("/api/v1/patients/{patient}");
    let image = anna.store(&patient, made(1)).await;
    for _ in 0..3 {
        anna.get(format!("{path}/images/{image}/screen")).await;
    }
    let first = anna
        .get(format!("{path}/activity?changesOnly=true&limit=1"))
        .await
        .expect(200);
    assert_eq!(first["events"][0]["action"], "image.stored");
    assert_eq!(first["events"][0]["images"], json!([image]));
    let cursor = first["nextCursor"].as_str().expect("one more");
    let second = anna
        .get(format!(
            "{path}/activity?changesOnly=true&limit=1&cursor={cursor}"
        ))
        .await
        .expect(200);
    assert_eq!(second["events"][0]["action"], "patient.created");
    assert_eq!(second["nextCursor"], Value::Null);

    // The thumbnails beside the events were named by the event of looking at them, and bring none of their own.
    let before = anna.activity(&patient).await.len();
    for form in ["thumbnail", "medium"] {
        let shown = anna.get(format!("{path}/images/{image}/{form}")).await;
        assert_eq!(shown.status, 200);
    }
    let after = anna.activity(&patient).await;
    let named = after
        .iter()
        .find(|event| event["action"] == "patient.activity_viewed");
    let details = &named.expect("looking was recorded")["details"];
    assert!(details.to_string().contains(&image), "{details}");
    assert_eq!(after.len(), before + 1, "only the look at the activity itself");
    anna.get(format!("{path}/activity?changesOnly=perhaps"))
        .await
        .problem(422, "invalid");
    server.finish().await;
}

/// S1: what is done to a visit is told with the visit's time, which is how a person knows it.
#[tokio::test(flavor = "multi_thread")]
async fn s1_what_was_typed_is_told_with_the_time_of_its_visit() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let path = format!("/api/v1/patients/{patient}");
    let body = json!({ "appointmentAt": "2026-03-03T09:00:00Z" });
    let entry = anna.post(format!("{path}/entries"), &body).await.expect(201);
    let entry = entry["id"].as_str().expect("an id");
    let changes = [
        json!({ "versions": { "notes": 0 }, "notes": "Naevus" }),
        json!({ "versions": { "appointmentAt": 0 }, "appointmentAt": "2026-03-04T09:00:00Z" }),
    ];
    for change in &changes {
        anna.patch(format!("{path}/entries/{entry}"), change)
            .await
            .expect(200);
    }
    let page = anna
        .get(format!("{path}/activity?changesOnly=true"))
        .await
        .expect(200);
    let events = page["events"].as_array().expect("events");
    let told: Vec<_> = events.iter().map(|it| (&it["action"], &it["visitAt"])).collect();
    let now = json!("2026-03-04T09:00:00Z");
    assert_eq!(
        told,
        [
            (&json!("entry.changed"), &now),
            (&json!("entry.changed"), &now),
            (&json!("entry.created"), &now),
            (&json!("patient.created"), &Value::Null),
        ]
    );
    server.finish().await;
}
