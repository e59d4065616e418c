//! O1, W1 and issue 6: the program as whoever looks after the host meets it. Ports that are taken, a second program over
//! the same folder, a place for checkpoints that isn't there, a limit on the size of files.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use cutis_tests::SignedIn;
use cutis_tests::client::{Client, File, fresh_key, upload_call};
use cutis_tests::images::{made, noise};
use cutis_tests::program::{Program, audit_verify, run};
use cutis_tests::server::{PASSWORD, built_program};
use serde_json::json;

fn serve(more: &[&str], data: &Path) -> (bool, String) {
    let arguments = [&["serve", "--bind", "127.0.0.1"], more].concat();
    let output = run(&arguments, data);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

/// W1: the advice names the option that is meant, and a start that found a port taken leaves nothing behind.
#[test]
fn w1_a_taken_port_leaves_nothing_and_names_its_option() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("practice");
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("bound").port().to_string();
    for (ports, advice) in [
        (["--port", "0", "--http-port", port.as_str()], "--http-port auto"),
        (["--port", port.as_str(), "--http-port", "0"], "--port auto"),
    ] {
        let (served, said) = serve(&ports, &data);
        assert!(!served && said.contains(advice), "{said}");
        assert!(!data.exists(), "{said}");
    }
    let help = Command::new(built_program())
        .args(["serve", "--help"])
        .output()
        .expect("the program runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert_eq!(help.matches("`auto`").count(), 2, "{help}");
}

/// Issue 6: two programs never have one database, whatever happens to the file that says so.
#[test]
fn a_second_program_is_kept_out_whatever_becomes_of_the_lock_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let program = Program::serve(&data, &log);
    let lock = data.join("serve.lock");
    for replaced in [false, true] {
        std::fs::remove_file(&lock).expect("removed");
        if replaced {
            std::fs::File::create(&lock).expect("made");
        }
        let (served, said) = serve(&["--port", "0", "--http-port", "0"], &data);
        assert!(!served && said.contains("another cutis"), "{said}");
        for arguments in [
            &["quarantine", "sweep", "--accept", "x"][..],
            &["quarantine", "empty", "--accept", "x"],
            &["recover"],
        ] {
            let output = run(arguments, &data);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success(), "{arguments:?}: {said}");
            assert!(said.contains("another cutis"), "{arguments:?}: {said}");
        }
        if !replaced {
            std::fs::File::create(&lock).expect("made");
        }
        // Whoever only looks still sees that a server runs, and reads its database as such.
        let (verdict, code, complaint) = audit_verify(&data);
        assert_eq!(code, Some(0), "{verdict} {complaint}");
    }
    program.stop();
    let (verdict, code, complaint) = audit_verify(&data);
    assert_eq!(code, Some(0), "{verdict} {complaint}");
    Program::serve(&data, &log).stop();
}

/// W6: names are added by option and environment; what is none is refused before a folder is made.
#[test]
fn w6_names_are_added_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("practice");
    for no in ["https://photos.example", "a_b", "*.example"] {
        let (served, said) = serve(&["--name", no], &data);
        assert!(!served && said.contains("such as photos.example.org"), "{said}");
        assert!(!data.exists(), "{said}");
    }
    let log = folder.path().join("log");
    let names = [("CUTIS_NAMES", "fritz.box,photos.example:8443".to_owned())];
    let program = Program::serve_in(&data, &log, &[], &names);
    let addresses = program.ready["addresses"].to_string();
    for address in ["https://fritz.box:", "https://photos.example:8443"] {
        assert!(addresses.contains(address), "{addresses}");
    }
    program.stop();
    let added = Program::serve_with(
        &data,
        &log,
        &["--name", "photos.clinic.example", "--name", "10.9.8.7"],
    );
    let addresses = added.ready["addresses"].to_string();
    assert!(
        addresses.contains("photos.clinic.example") && addresses.contains("10.9.8.7"),
        "{addresses}"
    );
    added.stop();
}

/// U4: a second place for checkpoints that isn't there is said beside the address, not only in the log.
#[test]
fn u4_a_missing_place_for_checkpoints_is_said_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let missing = folder.path().join("unplugged").display().to_string();
    let mut child = Command::new(built_program())
        .args(["serve", "--bind", "127.0.0.1", "--port", "0", "--http-port", "0"])
        .args(["--checkpoints", &missing, "--data"])
        .arg(&data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut said = String::new();
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    while !said.contains("set-up code") {
        assert_ne!(lines.read_line(&mut said).expect("readable"), 0, "{said}");
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    let told = said.lines().find(|line| line.starts_with("Please note"));
    assert!(told.is_some_and(|line| line.contains(&missing)), "{said}");
}

/// An image of noise, of about 3 MB.
fn large() -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    noise(1024, 1024, || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

/// U3; issue 6, 5: a limit on the size of files is met like a full disk, by images and by the database: the
/// program goes on (the signal would end it), what was acknowledged is kept, and administrators are told.
#[tokio::test(flavor = "multi_thread")]
async fn u3_a_limit_on_the_size_of_files_is_a_full_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    // In blocks of 512 bytes: 2 MiB.
    let limited = ["sh", "-c", "ulimit -f 4096 && exec \"$@\"", "sh"];
    let program = Program::serve_through(&limited, &data, &log, &["--reserve", "0"], &[]);
    let client = Client::new(program.place());
    let request = json!({
        "code": program.ready["setupCode"], "username": "anna", "password": PASSWORD, "firstName": "Anna",
        "lastName": "Weber", "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
    });
    let me = client.post("/api/v1/setup", &request).await.expect(201);
    let anna = SignedIn::new(client, me);
    let patient = anna.create_patient("p-first").await;
    anna.store(&patient, made(1)).await;
    let upload = upload_call(&patient, &fresh_key(), &[File::new("large.png", large())]);
    anna.send(upload).await.problem(507, "storage_full");
    let notices = anna.get("/api/v1/practice/notices").await.expect(200);
    assert!(
        notices.to_string().contains("although the disk reports"),
        "{notices}"
    );
    let mut kept = 1;
    loop {
        let body = json!({ "uniqueId": format!("p-{kept}"), "note": "x".repeat(4000) });
        let answer = anna.post("/api/v1/patients", &body).await;
        if answer.status != 201 {
            answer.problem(507, "storage_full");
            break;
        }
        kept += 1;
        assert!(kept < 2_000, "the limit was never met");
    }
    let health = Client::new(program.place()).get("/health").await;
    assert_eq!(health.status, 200, "{health}");
    program.kill();

    let program = Program::serve(&data, &log);
    let client = Client::new(program.place());
    let body = json!({ "username": "anna", "password": PASSWORD });
    let me = client.post("/api/v1/session", &body).await.expect(201);
    let anna = SignedIn::new(client, me);
    let stored = cutis_tests::database::count(
        &cutis_tests::database::read_only(&data.join("cutis.db")),
        "patient",
    );
    assert_eq!(stored, kept, "what was acknowledged is there, and nothing else");
    anna.create_patient("p-again").await;
    program.stop();
    let (verdict, code, complaint) = audit_verify(&data);
    assert_eq!(code, Some(0), "{verdict} {complaint}");
}
