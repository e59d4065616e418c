//! Consent (N2–N4).

use cutis_tests::TestServer;
use cutis_tests::actors::{consent, id_of};
use cutis_tests::client::{File, fresh_key, upload_call};
use cutis_tests::database::sha256;
use cutis_tests::images::made;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn n3_what_cannot_be_recorded() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-001").await;
    let path = format!("/api/v1/patients/{patient}/consents");
    let before = server.content();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut sent = consent();
        change(&mut sent);
        sent
    };
    let blank = [
        json!([]),
        json!([[]]),
        json!([[{"x": 10, "y": 10}]]),
        json!([[{"x": 10, "y": 10}, {"x": 10, "y": 10}]]),
    ];
    for strokes in blank {
        let answer = anna
            .post(&path, &with(&|sent| sent["method"]["strokes"] = strokes.clone()))
            .await;
        assert_eq!(answer.refuses("method.strokes"), "signature");
    }
    for (field, sent) in [
        ("purposes", with(&|sent| sent["purposes"] = json!([]))),
        ("purposes", with(&|sent| sent["purposes"] = json!(["teaching"]))),
        (
            "purposes",
            with(&|sent| sent["purposes"] = json!(["clinical_record", "everything"])),
        ),
        ("signerName", with(&|sent| sent["signerName"] = json!("  "))),
        (
            "signerRole",
            with(&|sent| sent["signerRole"] = json!("neighbour")),
        ),
        (
            "signerName",
            with(&|sent| drop(sent.as_object_mut().expect("an object").remove("signerName"))),
        ),
        ("expiresOn", with(&|sent| sent["expiresOn"] = json!("2020-01-01"))),
    ] {
        anna.post(&path, &sent).await.refuses(field);
    }
    for unknown in [("template", json!("other")), ("version", json!(99))] {
        let answer = anna
            .post(&path, &with(&|sent| sent[unknown.0] = unknown.1.clone()))
            .await;
        answer.problem(422, "invalid");
    }
    let noteless = with(&|sent| sent["method"] = json!({ "kind": "external", "how": "other", "notes": " " }));
    anna.post(&path, &noteless).await.problem(422, "invalid");
    assert_eq!(server.content(), before, "none was recorded");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n3_a_record_holds_what_was_shown_and_signed() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-001").await;
    let form = anna.get("/api/v1/consent-form?language=en").await.expect(200);
    let path = format!("/api/v1/patients/{patient}/consents");
    let mut sent = consent();
    sent["purposes"] = json!(["clinical_record", "teaching"]);
    sent["witness"] = "Nurse Joy".into();
    let record = anna.post(&path, &sent).await.expect(201);
    let text = record["text"].as_str().expect("text");
    assert!(
        text.contains(form["text"].as_str().expect("text")),
        "the exact text shown is kept"
    );
    assert_eq!(record["purposes"], json!(["clinical_record", "teaching"]));
    assert_eq!(
        (
            &record["witness"],
            &record["recordedBy"],
            &record["recordedByName"]
        ),
        (&json!("Nurse Joy"), &json!("anna"), &json!("Anna Weber"))
    );
    assert_eq!(
        (&record["status"], &record["recordedAt"]),
        (&json!("given"), &json!(server.now()))
    );
    let picture = anna.get(format!("{path}/{}/signature", id_of(&record))).await;
    picture
        .headers
        .get("content-type")
        .filter(|kind| *kind == "image/png")
        .expect("a PNG");
    assert!(picture.body.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(record["method"]["signatureSha256"], sha256(&picture.body));
    let external = json!({
        "template": "standard", "version": 1, "language": "de", "purposes": ["clinical_record"],
        "method": {"kind": "external", "how": "verbal", "notes": "by telephone"},
        "signerName": "Max Weiss", "signerRole": "guardian",
    });
    server.clock.advance(1);
    let spoken = anna.post(&path, &external).await.expect(201);
    assert_eq!(
        (&spoken["hasSignature"], &spoken["language"]),
        (&json!(false), &json!("de"))
    );
    anna.get(format!("{path}/{}/signature", id_of(&spoken)))
        .await
        .problem(404, "not_found");
    let list = anna.get(&path).await.expect(200);
    let ids: Vec<String> = list["consents"]
        .as_array()
        .expect("consents")
        .iter()
        .map(id_of)
        .collect();
    assert_eq!(ids, [id_of(&spoken), id_of(&record)], "newest first");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n4_revoking_takes_a_reason_stops_uploads_and_keeps_what_is_there() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-001").await;
    let consent = anna.give_consent(&patient).await;
    let image = anna.store(&patient, made(1)).await;
    let path = format!("/api/v1/patients/{patient}/consents/{consent}/revocation");
    for blank in ["", "   "] {
        anna.post(&path, &json!({ "reason": blank }))
            .await
            .refuses("reason");
    }
    assert_eq!(anna.patient(&patient).await["consent"]["uploadAllowed"], true);
    let revoked = anna
        .post(&path, &json!({ "reason": "changed their mind" }))
        .await
        .expect(200);
    assert_eq!(
        (&revoked["status"], &revoked["revokedReason"]),
        (&json!("revoked"), &json!("changed their mind"))
    );
    assert_eq!(
        (&revoked["revokedBy"], &revoked["revokedByName"]),
        (&json!("anna"), &json!("Anna Weber"))
    );
    let before = server.content();
    let call = upload_call(&patient, &fresh_key(), &[File::new("b.jpg", made(2))]);
    anna.send(call).await.problem(422, "consent_required");
    assert_eq!(server.content(), before);
    let shown = anna.patient(&patient).await;
    assert_eq!(
        (&shown["consent"]["status"], &shown["consent"]["uploadAllowed"]),
        (&json!("revoked"), &json!(false))
    );
    anna.get(format!(
        "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
    ))
    .await
    .headers
    .get("etag")
    .expect("kept");
    // Append-only: once revoked is revoked; a new consent allows again.
    anna.post(&path, &json!({ "reason": "again" }))
        .await
        .problem(409, "conflict");
    anna.give_consent(&patient).await;
    anna.store(&patient, made(2)).await;
    let list = anna
        .get(format!("/api/v1/patients/{patient}/consents"))
        .await
        .expect(200);
    assert_eq!(list["consents"].as_array().map(Vec::len), Some(2));
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n3_n4_a_consent_expires() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-001").await;
    let mut sent = consent();
    sent["expiresOn"] = "2026-11-24".into();
    anna.post(format!("/api/v1/patients/{patient}/consents"), &sent)
        .await
        .expect(201);
    anna.store(&patient, made(1)).await;
    // 2026-11-23T22:59 UTC is the last minute of the 23rd in Zürich.
    server.clock.advance(37 * 3600 + 29 * 60);
    let anna = server.sign_in("anna").await;
    anna.store(&patient, made(2)).await;
    server.clock.advance(60);
    let call = upload_call(&patient, &fresh_key(), &[File::new("c.jpg", made(3))]);
    anna.send(call).await.problem(422, "consent_required");
    assert_eq!(anna.patient(&patient).await["consentStatus"], "expired");
    server.finish().await;
}
