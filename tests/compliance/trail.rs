//! Every change and every view leaves its event before its answer (U1, U3), without content (U2).

use cutis_tests::TestServer;
use cutis_tests::actors::id_of;
use cutis_tests::database::trail_text;
use cutis_tests::images::made;
use serde_json::json;

/// U3, G6: each change and each look adds its events, bytes of images included, before the answer is there.
#[tokio::test(flavor = "multi_thread")]
async fn u3_every_change_and_every_view_is_recorded_before_its_answer() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let consent = anna.give_consent(&patient).await;
    let image = anna.store(&patient, made(1)).await;
    let path = format!("/api/v1/patients/{patient}");
    for view in [
        "/api/v1/patients".to_owned(),
        path.clone(),
        format!("{path}/entries"),
        format!("{path}/consents"),
        format!("{path}/consents/{consent}/signature"),
        format!("{path}/images"),
        format!("{path}/images/{image}"),
        format!("{path}/images/{image}/screen"),
        format!("{path}/images/{image}/full"),
        format!("{path}/images/{image}/original?purpose=clinical_record"),
        format!("{path}/activity"),
        "/api/v1/account/activity".to_owned(),
        "/api/v1/settings".to_owned(),
    ] {
        let before = server.events();
        assert_eq!(anna.get(&view).await.status, 200, "{view}");
        assert!(server.events() > before, "{view}: seen without an event");
    }
    let before = server.events();
    anna.search("p").await.expect(200);
    assert!(server.events() > before, "searched without an event");
    let absent = "/api/v1/patients/018f3c5e-7b1a-7c3d-9a4b-ffffffffffff";
    let before = server.events();
    anna.get(absent).await.problem(404, "not_found");
    assert_eq!(
        server.events(),
        before + 1,
        "a look at what is not there is recorded"
    );
    for (change, body) in [
        (format!("{path}/entries"), json!({})),
        (
            format!("{path}/consents/{consent}/revocation"),
            json!({ "reason": "x" }),
        ),
        ("/api/v1/patients".to_owned(), json!({ "uniqueId": "p-002" })),
    ] {
        let before = server.events();
        let status = anna.post(&change, &body).await.status;
        assert!((200..300).contains(&status), "{change}: {status}");
        assert!(server.events() > before, "{change}: changed without an event");
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn u1_essential_leaves_out_views_and_edits_but_never_security_consent_or_settings() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let before = server.events();
    anna.set("audit.level", "essential").await;
    assert_eq!(server.events(), before + 1, "the change of level is recorded");
    let path = format!("/api/v1/patients/{patient}");
    let before = server.events();
    anna.patient(&patient).await;
    anna.search("p").await.expect(200);
    anna.patch(&path, &json!({ "version": 1, "note": "x" }))
        .await
        .expect(200);
    anna.get(format!("{path}/images/{image}/screen")).await;
    let trail = trail_text(&server.data.database());
    let tail: Vec<&str> = trail
        .lines()
        .skip(usize::try_from(before).expect("few"))
        .collect();
    let clinical = [
        "patient.viewed",
        "patients.searched",
        "patient.changed",
        "image.viewed",
    ];
    assert!(
        !clinical
            .iter()
            .any(|action| tail.iter().any(|line| line.contains(action))),
        "{tail:?}"
    );
    for (action, status) in [
        ("consent.recorded", {
            anna.give_consent(&patient).await;
            200
        }),
        (
            "image.original_downloaded",
            anna.get(format!("{path}/images/{image}/original?purpose=clinical_record"))
                .await
                .status,
        ),
        ("image.exported", {
            anna.confirm_password().await;
            let order = json!({ "images": [image], "form": "originals", "purpose": "patient_copy" });
            let asked = anna.post(format!("{path}/archives"), &order).await.expect(201);
            anna.get(format!("/api/v1/archives/{}/content", id_of(&asked)))
                .await
                .status
        }),
        ("setting.changed", {
            anna.set("practice.name", "Other").await;
            200
        }),
        ("session.started", {
            server.sign_in("anna").await;
            200
        }),
    ] {
        assert_eq!(status, 200);
        let trail = trail_text(&server.data.database());
        let found = trail
            .lines()
            .skip(usize::try_from(before).expect("few"))
            .any(|line| line.contains(action));
        assert!(found, "U1: {action} cannot be switched off");
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn u2_c41_the_trail_holds_no_names_notes_or_file_names() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna
        .create_patient_with(&json!({
            "uniqueId": "canary-id", "firstName": "CanaryFirst", "lastName": "CanaryLast", "note": "CanaryNote",
            "mrn": "CanaryMrn", "healthCardNumber": "CanaryCard99", "email": "canary@mail.example",
        }))
        .await;
    let path = format!("/api/v1/patients/{patient}");
    anna.patch(&path, &json!({ "version": 1, "note": "CanaryNote2" }))
        .await
        .expect(200);
    anna.post(
        format!("{path}/entries"),
        &json!({ "title": "CanaryTitle", "notes": "CanaryVisit" }),
    )
    .await
    .expect(201);
    anna.upload(
        &patient,
        &[cutis_tests::client::File::new("CanaryFile.jpg", made(1))],
    )
    .await;
    anna.upload(
        &patient,
        &[cutis_tests::client::File::new(
            "CanaryBad.jpg",
            b"CanaryBytes".to_vec(),
        )],
    )
    .await;
    anna.search("CanaryQuery").await.expect(200);
    anna.give_consent(&patient).await;
    let trail = trail_text(&server.data.database());
    assert!(
        trail.contains("patient.created"),
        "the trail can be read by this test"
    );
    for canary in ["Canary", "canary", "Zoe Weiss", cutis_tests::server::PASSWORD] {
        let found: Vec<&str> = trail.lines().filter(|line| line.contains(canary)).collect();
        assert!(found.is_empty(), "{canary} is in the trail: {found:?}");
    }
    server.finish().await;
}
