//! Output that cannot be written (issue 6, points 5 and 24): a log on a full disk loses lines and no request, and an
//! answer that nobody could read is no success. O1, O3.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use cutis_tests::TestServer;
use cutis_tests::client::Client;
use cutis_tests::program::{Program, run};
use cutis_tests::server::{PASSWORD, built_program};
use serde_json::{Value, json};

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn verify(data: &Path, output: Stdio) -> Command {
    let mut command = Command::new(built_program());
    command
        .args(["audit", "verify", "--data"])
        .arg(data)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::piped());
    command
}

fn full() -> std::fs::File {
    std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("a device that is always full")
}

/// The server goes on when its log cannot be written, line for line: sign-in, reading, and the plain health answer.
#[tokio::test(flavor = "multi_thread")]
async fn o3_a_log_that_cannot_be_written_stops_no_request() {
    let (server, _) = TestServer::set_up().await;
    let kept = server.stop().await;
    // The program writes each line to the device, which refuses it as a full disk does.
    let program = Program::serve(kept.path(), Path::new("/dev/full"));
    for _ in 0..3 {
        let client = Client::new(program.place());
        assert_eq!(client.get("/health").await.status, 200);
        let body = json!({ "username": "anna", "password": PASSWORD });
        client.post("/api/v1/session", &body).await.expect(201);
        client.get("/api/v1/patients").await.expect(200);
    }
    assert_eq!(program.stop_code(), Some(0));
}

/// A verification whose answer went nowhere claims no success: quietly when the reader closed the pipe, with the
/// reason when the disk is full. A server whose first lines went nowhere serves all the same.
#[tokio::test(flavor = "multi_thread")]
async fn o1_an_answer_that_cannot_be_written_is_no_success() {
    let (server, _) = TestServer::set_up().await;
    let kept = server.stop().await;
    let data = kept.path();

    let mut child = verify(data, Stdio::piped()).spawn().expect("started");
    drop(child.stdout.take());
    let closed = child.wait_with_output().expect("ended");
    assert_eq!((closed.status.code(), said(&closed).as_str()), (Some(1), ""));

    let refused = verify(data, full().into()).output().expect("ended");
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said(&refused).starts_with("cutis: the answer could not be written to standard output: "),
        "{}",
        said(&refused)
    );
    assert_eq!(said(&refused).lines().count(), 1, "{}", said(&refused));
}

/// With `--json` a failure is one JSON object on standard output, beside the sentence on standard error.
#[tokio::test(flavor = "multi_thread")]
async fn o1_failures_are_json_too() {
    let folder = tempfile::TempDir::with_prefix("cutis-none-").expect("a folder");
    let failed = run(&["audit", "verify"], &folder.path().join("none"));
    assert_eq!(failed.status.code(), Some(1));
    let object: Value = serde_json::from_slice(&failed.stdout).expect("one object");
    let error = object["error"].as_str().expect("a sentence");
    assert!(!error.is_empty() && said(&failed).contains(error), "{object}");

    let wrong = run(&["audit", "verify", "--against"], folder.path());
    let object: Value = serde_json::from_slice(&wrong.stdout).expect("one object");
    assert!(object["error"].is_string(), "{object}");
    assert_eq!(wrong.status.code(), Some(64), "not the code of a verdict");
}

/// What `key show` prints can be given to `key restore` as it is; no password and two equal ports are named.
#[tokio::test(flavor = "multi_thread")]
async fn o1_commands_fit_each_other_and_name_what_is_missing() {
    let (server, _) = TestServer::set_up().await;
    let kept = server.stop().await;
    let data = kept.path();
    let key = data.join("keys/installation.key");
    let before = std::fs::read(&key).expect("there");
    let cutis = |arguments: &[&str]| {
        let mut command = Command::new(built_program());
        command.args(arguments).arg("--data").arg(data);
        command
    };
    let shown = cutis(&["key", "show"])
        .stdin(Stdio::null())
        .output()
        .expect("ended");
    assert_eq!(shown.status.code(), Some(0));
    let text = data.with_extension("text");
    std::fs::write(&text, &shown.stdout).expect("written");
    std::fs::remove_file(&key).expect("removed");
    let restored = cutis(&["key", "restore"])
        .stdin(std::fs::File::open(&text).expect("opened"))
        .output()
        .expect("ended");
    assert_eq!(restored.status.code(), Some(0), "{}", said(&restored));
    assert_eq!(std::fs::read(&key).expect("there"), before);
    std::fs::remove_file(&text).expect("removed");

    let names = ["--first-name", "A", "--last-name", "B", "--clinician"];
    let nobody = cutis(&[&["user", "add", "ben"], names.as_slice()].concat())
        .stdin(Stdio::null())
        .output()
        .expect("ended");
    assert_eq!(nobody.status.code(), Some(1));
    assert!(
        said(&nobody).contains("no password was received on standard input"),
        "{}",
        said(&nobody)
    );

    let ports = cutis(&["serve", "--port", "25046", "--http-port", "25046"])
        .output()
        .expect("ended");
    assert_eq!(ports.status.code(), Some(1));
    assert!(
        said(&ports).contains("--port and --http-port are both 25046"),
        "{}",
        said(&ports)
    );
}
