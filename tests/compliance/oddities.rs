//! What is no ordinary file, and logs that hold nothing, in the places of a practice's files (issue 6, points 12 and 20):
//! nobody waits for a pipe, what is refused is named, and start and verification agree. U4, I4.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use cutis_tests::client::Client;
use cutis_tests::database::blob_files;
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify, run};
use cutis_tests::server::PASSWORD;
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::start::{answer, copy};

async fn practice() -> TempDir {
    with_an_image().await.0
}

/// A practice that was stopped, and the address of its one photo.
async fn with_an_image() -> (TempDir, String) {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let image = anna.store(&patient, made(1)).await;
    let image = format!("/api/v1/patients/{patient}/images/{image}");
    (server.stop().await, image)
}

fn pipe(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
        _ => {}
    }
    rustix::fs::mknodat(
        rustix::fs::CWD,
        path,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .expect("a pipe");
}

/// What somebody does to a place.
type Deed = fn(&Path);

fn socket(path: &Path) {
    std::fs::remove_file(path).expect("there");
    drop(std::os::unix::net::UnixListener::bind(path).expect("a socket"));
}

fn folder(path: &Path) {
    std::fs::remove_file(path).expect("there");
    std::fs::create_dir(path).expect("a folder");
}

const SERVE: [&str; 7] = ["serve", "--port", "0", "--http-port", "0", "--bind", "127.0.0.1"];

/// Pipes and folders in the places of files that decide: refused by start and verification alike, and named.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_a_pipe_is_refused_and_named() {
    let kept = practice().await;
    for name in [
        "cutis.db",
        "cutis.db-wal",
        "trail.head",
        "serve.lock",
        "keys/installation.key",
    ] {
        let scratch = copy(&kept);
        pipe(&scratch.path().join(name));
        for command in [&SERVE[..], &["audit", "verify"]] {
            let output = run(command, scratch.path());
            let said = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert_eq!(output.status.code(), Some(1), "{name} {command:?}: {said}");
            assert!(said.contains(name), "{name} {command:?}: {said}");
        }
    }
    let scratch = copy(&kept);
    std::fs::remove_dir_all(scratch.path().join("quarantine")).ok();
    std::fs::write(scratch.path().join("quarantine"), "").expect("written");
    for command in [&SERVE[..], &["audit", "verify"]] {
        assert_eq!(run(command, scratch.path()).status.code(), Some(1), "{command:?}");
    }
}

/// Where they decide nothing, the start goes on and tells; verification says that it could not look.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_a_pipe_among_the_evidence_is_told() {
    let kept = practice().await;
    let data = kept.path();
    pipe(&data.join("checkpoints/cutis-20991231T000000Z-0000000003.checkpoint"));
    pipe(&data.join("quarantine/recovery-20261127T000000Z.json"));
    std::fs::create_dir(data.join("quarantine/recovery-20261128T000000Z.json")).expect("made");
    pipe(&data.join("reserve"));
    Program::serve(data, &data.with_extension("log")).stop();
    std::fs::remove_file(data.join("checkpoints/cutis-20991231T000000Z-0000000003.checkpoint"))
        .expect("there");
    let (said, code, complaint) = audit_verify(data);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("incomplete"), Some(1)),
        "{said} {complaint}"
    );
    assert!(
        said["unable"].to_string().contains("recovery-20261128T000000Z"),
        "{said}"
    );
}

/// A kill just after the log was begun leaves its header alone: start, verification and recovery go on.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_a_log_that_holds_nothing_hinders_nobody() {
    let kept = practice().await;
    let log = {
        let scratch = copy(&kept);
        let program = Program::serve(scratch.path(), &scratch.path().with_extension("log"));
        let log = std::fs::read(scratch.path().join("cutis.db-wal")).expect("a log");
        program.kill();
        log
    };
    for content in [&log[..32], &[0xa5; 4000][..]] {
        let scratch = copy(&kept);
        let data = scratch.path();
        std::fs::write(data.join("cutis.db-wal"), content).expect("written");
        std::fs::write(data.join("cutis.db-shm"), vec![0; 32768]).expect("written");
        let (said, code, complaint) = audit_verify(data);
        assert_eq!(code, Some(0), "{said} {complaint}");
        assert_eq!(std::fs::read(data.join("cutis.db-wal")).expect("there"), content);
        assert_eq!(answer(&run(&["recover"], data))["reason"], "nothing_lost");
        Program::serve(data, &data.with_extension("log")).stop();
    }
}

/// Long enough for everything but forever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a command that may not wait for a pipe.
fn run_promptly(arguments: &'static [&'static str], data: &Path) -> Output {
    let (send, done) = std::sync::mpsc::channel();
    let data = data.to_owned();
    std::thread::spawn(move || send.send(run(arguments, &data)));
    done.recv_timeout(PATIENCE).expect("nobody waits for a pipe")
}

/// A pipe, a socket or a folder in the place of a photo's file: the view is answered at once and the others go on,
/// the log and the verification name the file, and a file that lies in the quarantine is used and put back.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_what_is_no_file_in_an_images_place_holds_nobody_up() {
    let (kept, image) = with_an_image().await;
    let odd: [(&str, Deed); 3] = [("a pipe", pipe), ("a socket", socket), ("a folder", folder)];
    for (what, plant) in odd {
        let scratch = copy(&kept);
        let data = scratch.path();
        let blobs = blob_files(&data.join("blobs"));
        assert_eq!(blobs.len(), 2);
        let place = |blob: &str| data.join("blobs").join(&blob[..2]).join(blob);
        let bytes: Vec<Vec<u8>> = blobs
            .iter()
            .map(|blob| std::fs::read(place(blob)).expect("there"))
            .collect();
        for blob in &blobs {
            plant(&place(blob));
        }
        for command in [&["audit", "verify"][..], &["audit", "verify", "--deep"]] {
            let output = run_promptly(command, data);
            let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert_eq!(output.status.code(), Some(2), "{what}: {said}");
            let places = said["places"].as_array().expect("places");
            for blob in &blobs {
                let named = |place: &&Value| {
                    place
                        .as_str()
                        .is_some_and(|it| it.contains(blob) && it.contains(what))
                };
                assert_eq!(places.iter().filter(named).count(), 1, "{what} {blob}: {said}");
            }
        }

        let log = data.with_extension("log");
        let program = Program::serve(data, &log);
        let anna = signed_in(&program).await;
        for form in [
            "thumbnail",
            "medium",
            "screen",
            "full",
            "original?purpose=clinical_record",
        ] {
            let viewed = tokio::time::timeout(PATIENCE, anna.get(format!("{image}/{form}"))).await;
            viewed.expect("nobody waits for a pipe").problem(500, "internal");
        }
        // Whoever looks after it finds the file in the quarantine, where it is used and from where it returns.
        for (blob, bytes) in blobs.iter().zip(&bytes) {
            let aside = data.join("quarantine/blobs").join(&blob[..2]);
            std::fs::create_dir_all(&aside).expect("made");
            std::fs::write(aside.join(blob), bytes).expect("written");
        }
        let original = format!("{image}/original?purpose=clinical_record");
        let read = anna.get(&original).await;
        assert_eq!(
            (read.status, read.body.as_ref()),
            (200, made(1).as_slice()),
            "{what}: read in the quarantine"
        );
        program.stop();
        let logged = std::fs::read_to_string(&log).expect("a log");
        assert!(
            blobs.iter().all(|blob| logged.contains(blob)) && logged.contains(what),
            "{what}: {logged}"
        );
        let swept = answer(&run_promptly(&["quarantine", "sweep"], data));
        assert_eq!(swept["exchangedBlobs"], 2, "{what}: {swept}");
        for (blob, bytes) in blobs.iter().zip(&bytes) {
            assert_eq!(&std::fs::read(place(blob)).expect("back"), bytes, "{what}");
            let replaced = data.join("quarantine/blobs").join(&blob[..2]);
            let replaced: PathBuf = replaced.join(format!("{blob}.replaced-1"));
            assert!(
                std::fs::symlink_metadata(replaced).is_ok(),
                "{what}: kept for who looks after it"
            );
        }
        let (said, code, _) = audit_verify(data);
        assert_eq!(code, Some(0), "{what}: {said}");
    }
}

async fn signed_in(program: &Program) -> SignedIn {
    let client = Client::new(program.place());
    let body = json!({ "username": "anna", "password": PASSWORD });
    let me = client.post("/api/v1/session", &body).await.expect(201);
    SignedIn::new(client, me)
}
