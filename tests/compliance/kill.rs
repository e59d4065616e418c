//! SIGKILL at any moment: what was acknowledged is there, wholly; what was not is wholly absent (I4, U4);
//! and nothing of a patient is in the log (G11, C41).

use cutis_tests::SignedIn;
use cutis_tests::actors::results;
use cutis_tests::client::{Call, Client, File, fresh_key, upload_call};
use cutis_tests::database::{blob_files, blob_names, sha256};
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify};
use cutis_tests::server::PASSWORD;
use serde_json::json;

/// What the program acknowledged.
#[derive(Default)]
struct Acknowledged {
    patients: Vec<(String, String)>,
    images: Vec<(String, String, Vec<u8>)>,
    pending: Option<(String, Call, Vec<u8>)>,
}

async fn sign_in(program: &Program) -> SignedIn {
    let client = Client::new(program.place());
    SignedIn::sign_in(client, "anna", PASSWORD).await
}

/// Works until the program is gone; tells `enough` after each acknowledgement how many there were.
async fn work(
    anna: &SignedIn,
    round: u64,
    known: &mut Acknowledged,
    progress: &tokio::sync::watch::Sender<u64>,
) {
    for step in 0_u64.. {
        let number = round * 1000 + step;
        let name = format!("p-{round}-{step}");
        let body = json!({ "uniqueId": name, "firstName": "CanaryFirst", "lastName": "CanaryLast", "note": "CanaryNote" });
        let Ok(answer) = anna
            .try_send(Call::new("POST", "/api/v1/patients").json(&body))
            .await
        else {
            return;
        };
        let id = answer.expect(201)["id"].as_str().expect("an id").to_owned();
        known.patients.push((id.clone(), name));
        progress.send_modify(|count| *count += 1);
        let bytes = made(number);
        let call = upload_call(&id, &fresh_key(), &[File::new("CanaryFile.jpg", bytes.clone())]);
        known.pending = Some((id.clone(), call.clone(), bytes.clone()));
        let Ok(answer) = anna.try_send(call).await else {
            return;
        };
        let results = results(&answer);
        assert_eq!(results[0]["outcome"], "stored", "{results:?}");
        known.images.push((
            id,
            results[0]["image"]["id"].as_str().expect("an id").to_owned(),
            bytes,
        ));
        known.pending = None;
        progress.send_modify(|count| *count += 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_g11_killed_again_and_again() {
    let folder = tempfile::TempDir::with_prefix("cutis-kill-").expect("a folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let mut program = Program::serve(&data, &log);
    let code = program.ready["setupCode"]
        .as_str()
        .expect("a set-up code")
        .to_owned();
    let set_up = json!({
        "code": code, "username": "anna", "password": PASSWORD, "firstName": "CanaryAnna", "lastName": "CanaryWeber",
        "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
    });
    Client::new(program.place())
        .post("/api/v1/setup", &set_up)
        .await
        .expect(201);
    let mut known = Acknowledged::default();
    for (round, after) in (1..).zip([1_u64, 2, 4, 7, 10, 15]) {
        let anna = sign_in(&program).await;
        let (progress, mut seen) = tokio::sync::watch::channel(0_u64);
        let killer = async {
            // By acknowledgements, not by time: the next request is somewhere on its way.
            seen.wait_for(|count| *count >= after)
                .await
                .expect("work goes on");
            for _ in 0..(round * 37) {
                tokio::task::yield_now().await;
            }
            program.kill();
        };
        tokio::join!(work(&anna, round, &mut known, &progress), killer);
        let (said, exit, complaint) = audit_verify(&data);
        assert_eq!(
            (said["verdict"].as_str(), exit),
            (Some("intact"), Some(0)),
            "round {round}: {said} {complaint}"
        );
        program = Program::serve(&data, &log);
        let anna = sign_in(&program).await;
        if let Some((patient, call, bytes)) = known.pending.take() {
            eprintln!("round {round}: killed with an upload on its way");
            // I4: nobody knows whether it went in; the retry with the same key makes it exactly one.
            let results = results(&anna.send(call).await);
            assert_eq!(results[0]["outcome"], "stored", "round {round}: {results:?}");
            assert_eq!(anna.patient(&patient).await["imageCount"], 1, "round {round}");
            known.images.push((
                patient,
                results[0]["image"]["id"].as_str().expect("an id").to_owned(),
                bytes,
            ));
        }
        for (id, name) in &known.patients {
            assert_eq!(
                anna.patient(id).await["uniqueId"],
                name.as_str(),
                "round {round}: acknowledged, then gone"
            );
        }
        for (patient, image, bytes) in &known.images {
            let original = anna
                .get(format!(
                    "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
                ))
                .await;
            assert_eq!(
                (original.status, sha256(&original.body)),
                (200, sha256(bytes)),
                "round {round}"
            );
            let thumbnail = anna
                .get(format!("/api/v1/patients/{patient}/images/{image}/thumbnail"))
                .await;
            assert!(
                thumbnail.status == 200 && thumbnail.body.starts_with(b"\xFF\xD8\xFF"),
                "round {round}"
            );
        }
    }
    assert!(
        known.patients.len() >= 20 && known.images.len() >= 18,
        "the rounds did some work"
    );
    program.kill();
    let files = blob_files(&data.join("blobs"));
    for name in blob_names(&data.join("cutis.db")) {
        assert!(files.contains(&name), "a row without its bytes");
    }
    let log = std::fs::read_to_string(&log).expect("the log is text");
    assert!(log.lines().count() > 5, "the program logs at debug: {log}");
    for canary in ["Canary", PASSWORD, code.as_str(), "p-1-0", "__Host-cutis="] {
        let found: Vec<&str> = log.lines().filter(|line| line.contains(canary)).take(3).collect();
        assert!(found.is_empty(), "G11: {canary} is in the log: {found:#?}");
    }
}
