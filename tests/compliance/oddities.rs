//! What is no ordinary file, and logs that hold nothing, in the places of a practice's files (issue 6, points 12 and 20):
//! nobody waits for a pipe, what is refused is named, and start and verification agree. U4, I4.

use std::path::Path;

use cutis_tests::TestServer;
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify, run};
use tempfile::TempDir;

use crate::start::{answer, copy};

async fn practice() -> TempDir {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    anna.store(&patient, made(1)).await;
    server.stop().await
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
