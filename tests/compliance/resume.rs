//! Any history of parts, lost connections, retries and kills ends in one image, byte for byte (I4).

use std::time::Duration;

use cutis_tests::SignedIn;
use cutis_tests::actors::{id_of, results};
use cutis_tests::client::{Client, File, fresh_key, upload_call};
use cutis_tests::database::{blob_files, blob_names, sha256, trail_text};
use cutis_tests::images::padded;
use cutis_tests::parts::Parts;
use cutis_tests::program::{Program, audit_verify};
use cutis_tests::server::PASSWORD;
use serde_json::{Value, json};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }
}

/// The program, and somebody who sends to it.
struct World {
    folder: tempfile::TempDir,
    program: Option<Program>,
    anna: Option<SignedIn>,
}

impl World {
    fn program(&self) -> &Program {
        self.program.as_ref().expect("it runs")
    }

    fn anna(&self) -> &SignedIn {
        self.anna.as_ref().expect("signed in")
    }

    async fn restart(&mut self) {
        if let Some(program) = self.program.take() {
            program.kill();
        }
        let path = self.folder.path();
        let program = Program::serve(&path.join("data"), &path.join("log"));
        self.anna = Some(SignedIn::sign_in(Client::new(program.place()), "anna", PASSWORD).await);
        self.program = Some(program);
    }

    async fn set_up() -> Self {
        let folder = tempfile::TempDir::with_prefix("cutis-resume-").expect("a folder");
        let program = Program::serve(&folder.path().join("data"), &folder.path().join("log"));
        let code = program.ready["setupCode"]
            .as_str()
            .expect("a set-up code")
            .to_owned();
        let set_up = json!({
            "code": code, "username": "anna", "password": PASSWORD, "firstName": "Anna", "lastName": "Weber",
            "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
        });
        Client::new(program.place())
            .post("/api/v1/setup", &set_up)
            .await
            .expect(201);
        let mut world = Self {
            folder,
            program: Some(program),
            anna: None,
        };
        world.restart().await;
        world
    }

    /// How far the file is; its length once it is in.
    async fn ask(&self, parts: &Parts) -> (usize, Option<Value>) {
        let state = self.anna().send(parts.declare()).await.expect(200);
        let offset = usize::try_from(state["offset"].as_u64().expect("an offset")).expect("small");
        match &state["result"] {
            Value::Null => (offset, None),
            result => (parts.length(), Some(result.clone())),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_any_history_ends_in_one_image() {
    let mut world = World::set_up().await;
    let mut kills = 0;
    for seed in 1..=4_u64 {
        let mut dice = Dice(seed);
        let patient = world.anna().create_patient(&format!("p-{seed}")).await;
        let file = File::new("CanaryFile.jpg", padded(seed, 5 << 20));
        let parts = Parts::new(&patient, &fresh_key(), dice.below(200), file);
        let length = parts.length();
        let mut vouched = 0;
        let result = loop {
            let (offset, result) = world.ask(&parts).await;
            if let Some(result) = result {
                break result;
            }
            assert!(
                offset >= vouched,
                "seed {seed}: {vouched} bytes were acknowledged, {offset} are there"
            );
            vouched = offset;
            let end = length.min(offset + 1 + dice.below(3 << 20));
            match dice.below(6) {
                // A part. What a lost connection still brought since it was asked moves the place to go on from.
                0 | 1 => {
                    let answer = world.anna().send(parts.part(offset..end)).await;
                    if answer.status == 409 {
                        let at = answer.problem(409, "conflict")["offset"].as_u64();
                        assert!(at > u64::try_from(offset).ok(), "seed {seed}: {answer}");
                    } else {
                        answer.expect(200);
                        vouched = end;
                    }
                }
                // The connection is lost within a part.
                2 => {
                    let cookie = world.anna().cookie().expect("signed in");
                    let sent = dice.below(end - offset);
                    let place = world.program().place();
                    drop(parts.begin_part(&place, &cookie, offset..end, sent).await);
                }
                // The program is killed within one, wherever it is by then.
                3 => {
                    let cookie = world.anna().cookie().expect("signed in");
                    let place = world.program().place();
                    let sent = dice.below(end - offset);
                    let stream = parts.begin_part(&place, &cookie, offset..end, sent).await;
                    for _ in 0..dice.below(2000) {
                        tokio::task::yield_now().await;
                    }
                    world.restart().await;
                    kills += 1;
                    drop(stream);
                }
                // While the last part is stored, or after it.
                4 => {
                    let (anna, call) = (world.anna.take().expect("signed in"), parts.part(offset..length));
                    let sending = tokio::spawn(async move { drop(anna.try_send(call).await) });
                    for _ in 0..dice.below(40_000) {
                        tokio::task::yield_now().await;
                    }
                    world.restart().await;
                    kills += 1;
                    timeout(PATIENCE, sending).await.expect("ends").expect("no panic");
                }
                // A part from the wrong place is refused and changes nothing.
                _ => {
                    let wrong = parts.bytes_at(length + dice.below(length), vec![7; 1]);
                    world.anna().send(wrong).await.problem(409, "conflict");
                }
            }
        };
        assert_eq!(result["outcome"], "stored", "seed {seed}: {result}");
        // And once more as a whole, as a client does that knows nothing of parts.
        let (index, key) = (parts.path.rsplit('/').next(), parts.path.rsplit('/').nth(1));
        if index == Some("0") {
            let again = upload_call(&patient, key.expect("a key"), std::slice::from_ref(&parts.file));
            assert_eq!(
                results(&world.anna().send(again).await)[0]["image"]["id"],
                result["image"]["id"]
            );
        }
        assert_eq!(
            world.anna().patient(&patient).await["imageCount"],
            1,
            "seed {seed}"
        );
        let image = id_of(&result["image"]);
        let original = world
            .anna()
            .get(format!(
                "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
            ))
            .await;
        assert_eq!(sha256(&original.body), sha256(&parts.file.bytes), "seed {seed}");
    }
    assert!(kills >= 4, "{kills}");
    let data = world.folder.path().join("data");
    world.program.take().expect("it runs").kill();
    let stored = trail_text(&data.join("cutis.db")).matches("image.stored").count();
    assert_eq!(stored, 4, "an event for each image, and for each one only");
    let (said, exit, complaint) = audit_verify(&data);
    assert_eq!(
        (said["verdict"].as_str(), exit),
        (Some("intact"), Some(0)),
        "{said} {complaint}"
    );
    let files = blob_files(&data.join("blobs"));
    assert!(
        blob_names(&data.join("cutis.db"))
            .iter()
            .all(|name| files.contains(name))
    );
    let log = std::fs::read_to_string(world.folder.path().join("log")).expect("text");
    assert!(!log.contains("CanaryFile"), "G11: the log names no file");
}
