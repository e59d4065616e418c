//! A data folder of an earlier program opens, verifies and goes on (U4, I4).
//!
//! `tests/fixtures/practice-v10` was written by the program of 27 November 2026 (schema 10) and stopped by SIGINT: one
//! account, one patient with a custom field, a signed consent, a visit and two images. Its
//! certificates and its reserve, which every start recreates, were left out.

use std::path::Path;

use cutis_tests::SignedIn;
use cutis_tests::client::Client;
use cutis_tests::database::sha256;
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify, copy_folder, run};
use serde_json::json;
use tempfile::TempDir;

/// SHA-256 of the images as they were sent, the first one last in the pool.
const SENT: [&str; 2] = [
    "bba4340355df3771418117dae21b65806df9c0aa3ded4fac2dab9fe10b50b715",
    "e18b0f54f6467fdba210518ca497b9594b13283084254f096a84e15876ee1bfa",
];

#[tokio::test(flavor = "multi_thread")]
async fn u4_i4_a_folder_of_schema_10_opens_and_goes_on() {
    let folder = TempDir::with_prefix("cutis-older-").expect("a folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/practice-v10");
    copy_folder(&fixture, &data);
    // Version control keeps no such modes, and a key that others can read is refused.
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(data.join("keys/installation.key"), mode).expect("set");
    let looked = run(&["audit", "verify", "--deep"], &data);
    // A program of a newer schema says so, and looks once the folder is upgraded.
    let newest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/sqlite");
    let is_newest = std::fs::read_dir(newest).expect("migrations").count() == 10 + 1;
    assert_eq!(
        looked.status.code(),
        Some(if is_newest { 0 } else { 1 }),
        "before anything of today wrote to it: {}{}",
        String::from_utf8_lossy(&looked.stdout),
        String::from_utf8_lossy(&looked.stderr)
    );

    let program = Program::serve(&data, &log);
    let client = Client::new(program.place());
    let me = client
        .post(
            "/api/v1/session",
            &json!({ "username": "anna.weber", "password": "Dermoscope-2026-x" }),
        )
        .await
        .expect(201);
    let anna = SignedIn::new(client, me);
    let found = anna.search("p-001").await.expect(200);
    let patient = found["patients"][0]["id"].as_str().expect("an id").to_owned();
    let record = anna.patient(&patient).await;
    assert_eq!(
        (&record["note"], &record["version"]),
        (&json!("second"), &json!(2))
    );
    let custom = record["practiceFields"].as_object().expect("fields");
    assert_eq!(custom.values().collect::<Vec<_>>(), [&json!("brown")]);
    assert_eq!(record["entryCount"], 1);
    let pool = anna
        .get(format!("/api/v1/patients/{patient}/images"))
        .await
        .expect(200);
    let mut digests = Vec::new();
    for image in pool["images"].as_array().expect("a pool") {
        let path = format!(
            "/api/v1/patients/{patient}/images/{}",
            image["id"].as_str().expect("an id")
        );
        for rendition in ["thumbnail", "medium", "screen", "full"] {
            assert_eq!(
                anna.get(format!("{path}/{rendition}")).await.status,
                200,
                "{rendition}"
            );
        }
        digests.push(sha256(
            &anna
                .get(format!("{path}/original?purpose=clinical_record"))
                .await
                .body,
        ));
    }
    digests.sort();
    assert_eq!(digests, SENT);

    // It goes on: on the consent of then, and with edits merged by the versions of then.
    anna.store(&patient, made(77)).await;
    let changed = json!({ "version": 1, "firstName": "Zoë" });
    anna.patch(format!("/api/v1/patients/{patient}"), &changed)
        .await
        .expect(200);
    let stale = json!({ "version": 1, "note": "third" });
    anna.patch(format!("/api/v1/patients/{patient}"), &stale)
        .await
        .problem(409, "stale_version");
    program.stop();
    let (said, code, complaint) = audit_verify(&data);
    assert_eq!(code, Some(0), "{said} {complaint}");
}
