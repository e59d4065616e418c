//! W6: the names under which the server answers, and what happens to devices when they change.

use std::net::IpAddr;

use cutis::network::Told;
use cutis_tests::TestServer;
use cutis_tests::client::{Call, Place};
use cutis_tests::server::PASSWORD;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn asked_as(host: &str) -> Call {
    Call::new("GET", "/api/v1/session").header("host", host)
}

/// Whether a device that trusts the authority is shown a certificate for this name.
async fn is_trusted_as(place: &Place, name: &str) -> bool {
    place.open_as(name, "http/1.1").await.is_ok()
}

/// Whatever the computer is called, there is a name that works; and that is said.
#[tokio::test(flavor = "multi_thread")]
async fn w6_a_host_name_that_is_none_becomes_one() {
    for (host, reached) in [
        ("Praxis_PC", "praxis-pc.local"),
        ("Praxis Müller", "xn--praxis-mller-klb.local"),
        ("☃", "cutis-server.local"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = TestServer::reopen(folder, host, &[]).await;
        let told = &server.serving().told;
        assert!(
            told.iter()
                .any(|told| matches!(told, Told::Odd { host: called, .. } if called == host)),
            "{told:?}"
        );
        let port = server.place().address().port();
        assert!(is_trusted_as(server.place(), reached).await, "{reached}");
        let answer = server
            .anonymous()
            .send(asked_as(&format!("{reached}:{port}")))
            .await;
        answer.problem(401, "unauthenticated");
        server.finish().await;
    }
}

/// A renamed computer: devices are told where, and trust what they trusted.
#[tokio::test(flavor = "multi_thread")]
async fn w6_a_renamed_host_keeps_the_devices_trust() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::reopen(folder, "reception", &[]).await;
    let before = server.place().clone();
    let authority = std::fs::read(server.data.tls().join("authority.pem")).expect("made");
    assert!(server.serving().told.is_empty(), "{:?}", server.serving().told);
    let folder = server.stop().await;

    let server = TestServer::reopen(folder, "surgery", &[]).await;
    let kept = std::fs::read(server.data.tls().join("authority.pem")).expect("made");
    assert_eq!(authority, kept, "every device trusts it");
    let told = server.serving().told.clone();
    let words: Vec<String> = told.iter().map(ToString::to_string).collect();
    let renamed = &words[0];
    for part in [
        "reception.local",
        "change the bookmark",
        "nothing has to be installed again",
    ] {
        assert!(renamed.contains(part), "{words:?}");
    }
    assert!(
        matches!(&told[1], Told::Uncovered { names, .. } if *names == ["surgery"]),
        "{told:?}"
    );
    // As a device that trusted the old one does.
    let device = before.at_port(server.place().address().port());
    for (name, trusted) in [
        ("surgery.local", true),
        ("cutis.local", true),
        ("localhost", true),
        ("surgery", false),
        ("reception.local", false),
    ] {
        assert_eq!(is_trusted_as(&device, name).await, trusted, "{name}");
    }
    let port = device.address().port();
    let anyone = server.anonymous();
    let old = anyone.send(asked_as(&format!("reception.local:{port}"))).await;
    let problem = old.problem(421, "misdirected");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("surgery.local"))
    );
    let folder = server.stop().await;

    // Once.
    let server = TestServer::reopen(folder, "surgery", &[]).await;
    let told = &server.serving().told;
    assert!(
        !told.iter().any(|told| matches!(told, Told::Renamed { .. })),
        "{told:?}"
    );
    server.finish().await;
}

/// A new address is taken up at once, in requests and in the certificate, and no connection is dropped by it.
#[tokio::test(flavor = "multi_thread")]
async fn w6_a_new_address_is_taken_up_without_dropping_a_connection() {
    let (mut server, anna) = TestServer::set_up().await;
    let port = server.place().address().port();
    let new = "192.168.77.20";
    let as_new = format!("{new}:{port}");
    anna.send(asked_as(&as_new)).await.problem(421, "misdirected");
    assert!(!is_trusted_as(server.place(), new).await);

    // A request that has begun, on a connection under the old certificate.
    let mut open = server.place().open("http/1.1").await.expect("open");
    let head = format!("GET /health HTTP/1.1\r\nhost: localhost:{port}\r\n");
    open.write_all(head.as_bytes()).await.expect("sent");
    assert!(server.look_at_network().is_empty(), "nothing changed");
    let address: IpAddr = new.parse().expect("an address");
    server.here.lock().expect("whole").addresses = vec![address];
    let told = server.look_at_network();
    assert!(
        matches!(&told[..], [Told::Moved { at }] if at[0].contains(new)),
        "{told:?}"
    );
    assert!(server.look_at_network().is_empty());

    anna.send(asked_as(&as_new)).await.expect(200);
    assert!(is_trusted_as(server.place(), new).await);
    open.write_all(b"connection: close\r\n\r\n")
        .await
        .expect("still open");
    let mut answer = String::new();
    open.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    // One that is gone is refused at once; the certificate is left alone for it.
    server.here.lock().expect("whole").addresses.clear();
    assert!(server.look_at_network().is_empty());
    anna.send(asked_as(&as_new)).await.problem(421, "misdirected");
    server.finish().await;
}

/// A reverse proxy under a name of its own, which asks us under that name or under ours; what it says in
/// `X-Forwarded-*` counts for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn w6_a_reverse_proxys_name_is_added() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::reopen(folder, "reception", &["photos.clinic.example", "fritz.box:8443"]).await;
    let setup = server.setup_request();
    let anyone = server.anonymous();
    anyone.post("/api/v1/setup", &setup).await.expect(201);
    let sign_in = |host: &str, origin: &str, more: &[(&str, &str)]| {
        let body = json!({ "username": "anna", "password": PASSWORD });
        let mut call = Call::new("POST", "/api/v1/session")
            .header("host", host)
            .header("origin", origin)
            .json(&body);
        for (name, value) in more {
            call = call.header(name, *value);
        }
        anyone.send(call)
    };
    let ours = server.place().host();
    for (host, origin) in [
        ("photos.clinic.example", "https://photos.clinic.example"),
        (ours.as_str(), "https://photos.clinic.example"),
        ("fritz.box:8443", "https://fritz.box:8443"),
        (ours.as_str(), "https://fritz.box:8443"),
    ] {
        sign_in(host, origin, &[]).await.expect(201);
    }
    for (host, origin, more, status, code) in [
        (
            ours.as_str(),
            "https://photos.clinic.example:8443",
            &[][..],
            403,
            "forbidden",
        ),
        (
            ours.as_str(),
            "http://photos.clinic.example",
            &[],
            403,
            "forbidden",
        ),
        (
            ours.as_str(),
            "https://evil.example",
            &[("x-forwarded-host", "evil.example")],
            403,
            "forbidden",
        ),
        (
            "evil.example",
            "https://evil.example",
            &[("x-forwarded-host", "photos.clinic.example")],
            421,
            "misdirected",
        ),
    ] {
        sign_in(host, origin, more).await.problem(status, code);
    }
    // The address in the trail is the connection's, whatever a header says.
    let spoken = sign_in(
        "photos.clinic.example",
        "https://photos.clinic.example",
        &[
            ("x-forwarded-for", "203.0.113.9"),
            ("forwarded", "for=203.0.113.9"),
        ],
    );
    spoken.await.expect(201);
    let list = anyone.get("/api/v1/sessions").await.expect(200);
    assert!(
        list["sessions"]
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one["ip"] == "127.0.0.1")),
        "{list}"
    );
    server.finish().await;
}
