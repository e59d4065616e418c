//! Accounts do not see one another's patients; administrators see none; consent is enforced (A10, G2, N2).

use cutis_tests::TestServer;
use cutis_tests::client::{File, fresh_key, upload_call};
use cutis_tests::images::made;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a10_lists_searches_and_counts_hold_only_ones_own() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let patient = anna
        .create_patient_with(&json!({ "uniqueId": "p-anna", "lastName": "Geheim" }))
        .await;
    let other = anna.create_patient("p-other").await;
    let image = anna.store(&patient, made(1)).await;
    let nobody = json!({ "patients": [], "nextCursor": null, "total": 0, "totalIsExact": true });
    assert_eq!(ben.get("/api/v1/patients").await.expect(200), nobody);
    for query in ["geheim", "p-anna"] {
        assert_eq!(ben.search(query).await.expect(200), nobody, "{query}");
    }
    let bens = ben.create_patient("p-anna").await;
    // Somebody else's image is not found under one's own patient either, nor one's own under another.
    for (who, path) in [
        (&ben, format!("/api/v1/patients/{bens}/images/{image}")),
        (
            &ben,
            format!("/api/v1/patients/{bens}/images/{image}/original?purpose=clinical_record"),
        ),
        (&anna, format!("/api/v1/patients/{other}/images/{image}")),
        (
            &anna,
            format!("/api/v1/patients/{other}/images/{image}/thumbnail"),
        ),
    ] {
        who.get(&path).await.problem(404, "not_found");
    }
    let history = ben.get("/api/v1/account/activity").await.expect(200).to_string();
    assert!(!history.contains("\"anna\""), "{history}");
    assert!(
        anna.activity(&patient)
            .await
            .iter()
            .all(|event| event["actor"]["name"] == "anna" || event["outcome"] != "ok")
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a10_the_same_bytes_of_two_owners_tell_neither_of_the_other() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let (annas, bens) = (anna.create_patient("p-1").await, ben.create_patient("p-1").await);
    let key = fresh_key();
    let files = [File::new("a.jpg", made(1))];
    for (who, patient) in [(&anna, &annas), (&ben, &bens)] {
        let results = cutis_tests::actors::results(&who.send(upload_call(patient, &key, &files)).await);
        assert_eq!(
            results[0]["outcome"], "stored",
            "neither a duplicate nor a reused key: {results:?}"
        );
    }
    assert_eq!(
        cutis_tests::database::blob_files(&server.data.blobs()).len(),
        4,
        "sealed apart, under each patient's key"
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n2_required_lets_no_image_in_without_a_live_consent() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-001").await;
    let files = [File::new("a.jpg", made(1))];
    let before = server.content();
    let call = upload_call(&patient, &fresh_key(), &files);
    let problem = anna.send(call.clone()).await.problem(422, "consent_required");
    assert_eq!(problem["code"], "consent_required");
    assert_eq!(server.content(), before);
    assert!(cutis_tests::database::blob_files(&server.data.blobs()).is_empty());
    assert_eq!(anna.activity(&patient).await[0]["action"], "capture.refused");
    anna.give_consent(&patient).await;
    anna.send(call).await.expect(200);
    // Another patient's consent is no consent.
    let other = anna.create_patient("p-002").await;
    anna.send(upload_call(&other, &fresh_key(), &files))
        .await
        .problem(422, "consent_required");
    // N1: advisory blocks nothing, and going back to required blocks again.
    anna.set("consent.level", "advisory").await;
    anna.store(&other, made(2)).await;
    anna.set("consent.level", "required").await;
    anna.send(upload_call(&other, &fresh_key(), &files))
        .await
        .problem(422, "consent_required");
    server.finish().await;
}
