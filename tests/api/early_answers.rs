//! Issue 6, 18: whoever is refused before everything was sent hears why, over both protocols. Asked with curl, as
//! integrators do: some of its versions take the reset of an answered stream for a broken one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

use cutis_tests::TestServer;
use cutis_tests::client::{BOUNDARY, File, form, fresh_key};
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
