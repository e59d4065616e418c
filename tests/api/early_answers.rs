//! Issue 6, 18, and issue 8: whoever is refused before everything was sent hears why, over both protocols. Asked with curl, as
//! integrators do: some of its versions take the reset of an answered stream for a broken one.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;

use cutis_tests::TestServer;
use cutis_tests::client::{BOUNDARY, File, form, fresh_key};
use cutis_tests::described::operations;
use cutis_tests::server::RESERVE;
use tempfile::TempDir;

/// POSTs the file `body` as a form with images; gives back the status and the answer.
fn post(server: &TestServer, protocol: &str, path: &str, cookie: &str, body: &Path) -> (u16, String) {
    let place = server.place();
    let output = Command::new("curl")
        // The certificate is as old as the test's clock says.
        .args([
            "-skS",
            protocol,
            "--max-time",
            "30",
            "-H",
            "expect:",
            "-w",
            "\n%{http_code}",
        ])
        .args([
            "-H",
            "sec-fetch-site: same-origin",
            "-H",
            &format!("idempotency-key: {}", fresh_key()),
        ])
        .args([
            "-H",
            &format!("content-type: multipart/form-data; boundary={BOUNDARY}"),
        ])
        .args(["-H", &format!("cookie: __Host-cutis={cookie}")])
        .arg("--data-binary")
        .arg(format!("@{}", body.display()))
        .arg(format!("https://{}{path}", place.host()))
        .output()
        .expect("this test needs the program curl: install the package curl");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{protocol} {path}: {said} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (answer, status) = said.rsplit_once('\n').expect("a status");
    (status.parse().expect("a number"), answer.to_owned())
}

async fn image(folder: &TempDir) -> PathBuf {
    let body = folder.path().join("body");
    let image = File::new("a.jpg", vec![7; 3_000_000]);
    let written = tokio::fs::write(&body, form(std::slice::from_ref(&image)));
    written.await.expect("written");
    body
}

/// I4, N2, A7: no consent, no session, no such address, too large.
#[tokio::test(flavor = "multi_thread")]
async fn i4_refusals_reach_whoever_is_still_sending() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-early").await;
    let folder = tempfile::tempdir().expect("a folder");
    let body = image(&folder).await;
    let images = format!("/api/v1/patients/{patient}/images");
    let cookie = anna.cookie().expect("a session");
    let ended = server.sign_in("anna").await;
    let old = ended.cookie().expect("a session");
    ended.delete("/api/v1/session").await.expect(204);
    for protocol in ["--http2", "--http1.1"] {
        for _ in 0..3 {
            let ask = |path: &str, cookie: &str| {
                tokio::task::block_in_place(|| post(&server, protocol, path, cookie, &body))
            };
            for (path, cookie, status, code) in [
                (images.as_str(), cookie.as_str(), 422, "consent_required"),
                (images.as_str(), old.as_str(), 401, "unauthenticated"),
                ("/api/v1/nowhere", cookie.as_str(), 404, "not_found"),
                ("/api/v1/patients", cookie.as_str(), 413, "too_large"),
            ] {
                let (answered, text) = ask(path, cookie);
                assert_eq!(answered, status, "{protocol} {path}: {text}");
                assert!(text.contains(code), "{protocol} {path}: {text}");
            }
        }
    }
    server.finish().await;
}

/// The same on a full disk, which refuses an image before its first byte.
#[tokio::test(flavor = "multi_thread")]
async fn u3_a_full_disk_is_heard_of_by_whoever_is_still_sending() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-early").await;
    let folder = tempfile::tempdir().expect("a folder");
    let body = image(&folder).await;
    let images = format!("/api/v1/patients/{patient}/images");
    let cookie = anna.cookie().expect("a session");
    server.free.store(RESERVE - 1, Ordering::SeqCst);
    for protocol in ["--http2", "--http1.1"] {
        for _ in 0..5 {
            let (answered, text) =
                tokio::task::block_in_place(|| post(&server, protocol, &images, &cookie, &body));
            assert_eq!(answered, 507, "{protocol}: {text}");
            assert!(text.contains("storage_full"), "{protocol}: {text}");
        }
    }
    server.free.store(u64::MAX, Ordering::SeqCst);
    server.finish().await;
}

/// A request that is refused before its end.
#[derive(Debug)]
struct Refused {
    method: String,
    path: String,
    host: String,
    origin: &'static str,
    cookie: String,
    status: u16,
    code: &'static str,
}

/// Every route of the API, asked in every way in which it answers before it has read a body of some megabytes: from
/// another site, under another name, with a session that ended, without consent, and with more than it takes.
fn every_refusal(server: &TestServer, patient: &str, live: &str, ended: &str) -> Vec<Refused> {
    let mut refused = Vec::new();
    for operation in operations() {
        let id = "018f3c5e-7b1a-7c3d-9a4b-000000000001";
        let path = operation.path.replace("{patientId}", patient);
        let path: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { id } else { part })
            .collect();
        let path = path.join("/");
        let case = |host: String, origin, cookie: &str, status, code| Refused {
            method: operation.method.clone(),
            path: path.clone(),
            host,
            origin,
            cookie: cookie.to_owned(),
            status,
            code,
        };
        let ours = || server.place().host();
        refused.push(case(
            "evil.example".to_owned(),
            "same-origin",
            live,
            421,
            "misdirected",
        ));
        if operation.method != "GET" {
            refused.push(case(ours(), "cross-site", live, 403, "forbidden"));
        }
        if path.ends_with("/images") && operation.method == "POST" {
            refused.push(case(ours(), "same-origin", ended, 401, "unauthenticated"));
            refused.push(case(ours(), "same-origin", live, 422, "consent_required"));
        } else if path.ends_with("/images") {
            // Large bodies may be sent to this address, and this method looks at none.
            refused.push(case(ours(), "same-origin", live, 200, "nextCursor"));
        } else if path.contains("/uploads/") && path.ends_with("/content") {
            refused.push(case(ours(), "same-origin", ended, 401, "unauthenticated"));
            // No upload has such an address.
            refused.push(case(ours(), "same-origin", live, 404, "not_found"));
        } else if path == "/health" {
            // Outside of all limits on requests.
            refused.push(case(ours(), "same-origin", live, 200, "ok"));
        } else {
            refused.push(case(ours(), "same-origin", live, 413, "too_large"));
        }
    }
    refused
}

fn with_python(cases: &[serde_json::Value]) -> Vec<(u16, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("api/early_answers.py");
    let mut python = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs the program python3");
    let mut input = python.stdin.take().expect("piped");
    input
        .write_all(&serde_json::to_vec(cases).expect("JSON"))
        .expect("taken");
    drop(input);
    let output = python.wait_with_output().expect("ended");
    serde_json::from_slice(&output.stdout).expect("an answer for each")
}

fn with_curl(server: &TestServer, case: &Refused, body: &Path) -> (u16, String) {
    let output = Command::new("curl")
        .args(["-skS", "--http1.1", "--max-time", "60", "-H", "expect:"])
        .args(["-X", &case.method, "-w", "\n%{http_code}"])
        .args(["-H", &format!("host: {}", case.host)])
        .args(["-H", &format!("sec-fetch-site: {}", case.origin)])
        .args(["-H", &format!("cookie: __Host-cutis={}", case.cookie)])
        .args(["-H", &format!("idempotency-key: {}", fresh_key())])
        .args([
            "-H",
            &format!("content-type: multipart/form-data; boundary={BOUNDARY}"),
        ])
        .arg("--data-binary")
        .arg(format!("@{}", body.display()))
        .arg(format!("https://{}{}", server.place().host(), case.path))
        .output();
    let output = output.expect("this test needs the program curl: install the package curl");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{case:?}: {said} {complaint}");
    let (answer, status) = said.rsplit_once('\n').expect("a status");
    (status.parse().expect("a number"), answer.to_owned())
}

/// Issue 8: every early answer is heard, whichever route gives it, by Python's client, which sends everything before it
/// listens, and by curl over HTTP/1.1; with a length that was announced and without.
#[tokio::test(flavor = "multi_thread")]
async fn i4_every_early_answer_is_heard() {
    const BYTES: usize = 12_000_000;
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-early").await;
    let live = anna.cookie().expect("a session");
    let over = server.sign_in("anna").await;
    let ended = over.cookie().expect("a session");
    over.delete("/api/v1/session").await.expect(204);
    let folder = tempfile::tempdir().expect("a folder");
    let body = folder.path().join("body");
    let written = tokio::fs::write(&body, vec![7; BYTES]);
    written.await.expect("written");

    let refused = every_refusal(&server, &patient, &live, &ended);
    assert!(refused.len() > 80, "{}", refused.len());
    let port = server.place().address().port();
    let mut cases = Vec::new();
    for case in &refused {
        for chunked in [false, true] {
            cases.push(serde_json::json!({
                "port": port, "method": case.method, "path": case.path, "bytes": BYTES, "chunked": chunked,
                "headers": {
                    "Host": case.host, "Sec-Fetch-Site": case.origin, "Cookie": format!("__Host-cutis={}", case.cookie),
                    "Idempotency-Key": fresh_key(), "Content-Type": format!("multipart/form-data; boundary={BOUNDARY}"),
                },
            }));
        }
    }
    let answers = tokio::task::block_in_place(|| with_python(&cases));
    assert_eq!(answers.len(), cases.len());
    for (index, (status, text)) in answers.iter().enumerate() {
        let case = &refused[index / 2];
        assert_eq!(
            *status,
            case.status,
            "{case:?}, chunked {}: {text}",
            index % 2 == 1
        );
        assert!(text.contains(case.code), "{case:?}: {text}");
    }
    for case in &refused {
        let (status, text) = tokio::task::block_in_place(|| with_curl(&server, case, &body));
        assert_eq!(status, case.status, "{case:?}: {text}");
        assert!(text.contains(case.code), "{case:?}: {text}");
    }
    server.finish().await;
}
