//! Issue 6, 18: whoever answers before a request's end and closes the connection says so.

use std::time::Duration;

use cutis_edge::limits::Limits;
use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::client::{Client, PATIENCE, Pieces, raw, rest, tls};
use crate::site::Site;

const OWN: &str = "sec-fetch-site: same-origin\r\n";
const SITE: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn an_early_answer_says_that_it_is_the_last() {
    let (site, _said) = Site::start(Limits::default());
    let host = site.host();
    for (request, status) in [
        ("POST /echo", 415),
        ("POST /nothing", 404),
        ("PUT /ok", 405),
        ("OPTIONS /ok", 204),
        ("GET /ok", 200),
        ("GET /panic", 500),
        ("GET /health", 200),
    ] {
        let whole = format!("{request} HTTP/1.1\r\nhost: {host}\r\n{OWN}content-length: 1000\r\n\r\nx");
        let answer = raw(&site, &whole).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{request}: {answer}"
        );
        assert!(
            answer.contains("\r\nconnection: close\r\n"),
            "{request}: {answer}"
        );
    }
    for refused in [
        "host: evil.example\r\n",
        "host: localhost\r\ncontent-encoding: gzip\r\n",
    ] {
        let whole = format!("POST /echo HTTP/1.1\r\n{refused}{OWN}content-length: 1000\r\n\r\nx");
        let answer = raw(&site, &whole).await;
        assert!(
            answer.contains("\r\nconnection: close\r\n"),
            "{refused}: {answer}"
        );
    }
}

/// A body that was read to its end leaves the connection open, whatever the answer.
#[tokio::test]
async fn a_whole_request_may_be_followed_by_another() {
    let (site, _said) = Site::start(Limits::default());
    let mut stream = tls(&site, "http/1.1").await;
    for _ in 0..3 {
        let request = format!(
            "POST /upload HTTP/1.1\r\nhost: {}\r\n{OWN}content-length: 4\r\n\r\nxxxx",
            site.host()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"\r\n\r\n4") {
            seen.push(stream.read_u8().await.unwrap());
        }
        let seen = String::from_utf8(seen).unwrap();
        assert!(
            seen.starts_with("HTTP/1.1 200") && !seen.contains("connection:"),
            "{seen}"
        );
    }
}

/// The refusal is read by somebody who sends everything first, instead of finding the connection reset.
#[tokio::test]
async fn an_early_answer_reaches_whoever_is_still_sending() {
    let (site, _said) = Site::start(Limits::default());
    let length = 5 * 1024 * 1024;
    for round in 0..12 {
        let mut stream = tls(&site, "http/1.1").await;
        // Over the route's limit, without a route, and with a head that hyper itself refuses.
        let (head, status) = match round % 3 {
            0 => ("POST /nothing", 404),
            1 => ("POST /upload", 413),
            _ => ("P\0ST /upload", 400),
        };
        let head = format!(
            "{head} HTTP/1.1\r\nhost: {}\r\n{OWN}content-length: {length}\r\n\r\n",
            site.host()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..length / 1024 {
            stream.write_all(&[b'x'; 1024]).await.expect("still listened to");
        }
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}

/// What is refused, and how, whatever the body is.
fn refused(site: &Site) -> Vec<(&'static str, String, (&'static str, &'static str), u16)> {
    let host = site.host();
    vec![
        ("/nothing", host.clone(), SITE, 404),
        ("/ok", host.clone(), SITE, 405),
        ("/upload", host.clone(), SITE, 413),
        ("/echo", host.clone(), SITE, 415),
        ("/upload", host.clone(), ("sec-fetch-site", "cross-site"), 403),
        ("/upload", host, ("content-encoding", "gzip"), 415),
        ("/upload", "evil.example".to_owned(), SITE, 421),
    ]
}

/// W1: over HTTP/2 the answer is complete, and the client may finish what it is sending: a
/// reset, though without an error, makes some clients lose the answer.
#[tokio::test]
async fn an_early_answer_over_http2_resets_nothing() {
    let (site, _said) = Site::start(Limits::default());
    let mut client = Client::http2_streaming(&site).await;
    for (path, host, (name, value), status) in refused(&site) {
        let (body, sent) = Pieces::of(3 * 1024 * 1024);
        let request = http::Request::post(format!("https://{host}{path}")).header(name, value);
        let response = client.send_request(request.body(body).unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        let length: usize = response.headers()["content-length"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body.len(), length, "{path}");
        let sent = timeout(PATIENCE, sent).await.expect("the body's end");
        assert_eq!(
            sent.unwrap(),
            0,
            "so much of the body was left when {path} was reset"
        );
    }
    // What was read on took nothing from the connection.
    let request = http::Request::get(format!("https://{}/ok", site.host()));
    let response = client.send_request(request.body(Pieces::of(0).0).unwrap()).await;
    assert_eq!(response.unwrap().status().as_u16(), 200);
}

/// And it isn't read on forever: neither a flood nor a trickle, nor silence.
#[tokio::test]
async fn what_nobody_wants_is_thrown_away_within_bounds() {
    let flood = Limits {
        unwanted_bytes: 2 * 1024 * 1024,
        ..Limits::default()
    };
    let trickle = Limits {
        unwanted_time: Duration::from_millis(300),
        ..Limits::default()
    };
    let silence = Limits {
        unwanted_pause: Duration::from_millis(200),
        ..Limits::default()
    };
    for (limits, pause) in [
        (flood, Duration::ZERO),
        (trickle, Duration::from_millis(20)),
        (silence, Duration::from_mins(1)),
    ] {
        let (site, _said) = Site::start(limits);
        let mut client = Client::http2_streaming(&site).await;
        let (body, sent) = Pieces::slowly(64 * 1024 * 1024, pause);
        let request = http::Request::post(format!("https://{}/nothing", site.host())).header(SITE.0, SITE.1);
        let response = client.send_request(request.body(body).unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), 404);
        assert!(
            !response
                .into_body()
                .collect()
                .await
                .unwrap()
                .to_bytes()
                .is_empty()
        );
        let left = timeout(PATIENCE, sent).await.expect("an end").unwrap();
        assert!(left > 32 * 1024 * 1024, "only {left} bytes were left");
    }
}

/// The same with curl, over both protocols: some of its versions take the reset of an answered stream for a
/// broken one.
#[tokio::test]
async fn curl_hears_early_answers() {
    let (site, _said) = Site::start(Limits::default());
    let folder = tempfile::tempdir().unwrap();
    let body = folder.path().join("body");
    std::fs::File::create(&body)
        .and_then(|file| file.set_len(3 * 1024 * 1024))
        .unwrap();
    for protocol in ["--http2", "--http1.1"] {
        for (path, host, (name, value), status) in refused(&site) {
            let mut curl = tokio::process::Command::new("curl");
            // Whether the certificate is good is asked elsewhere; it is as old as the test's clock says.
            curl.args([
                "-skS",
                protocol,
                "-m",
                "20",
                "-H",
                "expect:",
                "-w",
                "\n%{http_code}",
            ])
            .args(["-H", &format!("{name}: {value}"), "-H", &format!("host: {host}")])
            .args(["-H", "content-type: image/jpeg", "--data-binary"])
            .arg(format!("@{}", body.display()))
            .arg(format!("https://{}{path}", site.host()));
            let output = curl.output().await;
            let output = output.expect("this test needs the program curl: install the package curl");
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said).into_owned();
            assert!(output.status.success(), "{protocol} {path}: {said}");
            assert!(
                said.ends_with(&format!("}}\n{status}")),
                "{protocol} {path}: {said}"
            );
        }
    }
}

/// Bodies that nobody reads yet, as those of uploads in a queue, leave their connection room for others: today a
/// browser has no second one.
#[tokio::test]
async fn bodies_that_wait_hold_up_no_others_on_their_connection() {
    let (site, mut said) = Site::start(Limits::default());
    let mut client = Client::http2_streaming(&site).await;
    let mut waiting = Vec::new();
    for _ in 0..16 {
        let request = http::Request::post(format!("https://{}/wait", site.host())).header(SITE.0, SITE.1);
        let (body, sent) = Pieces::of(4 * 1024 * 1024);
        waiting.push((client.send_request(request.body(body).unwrap()), sent));
        assert_eq!(said.recv().await, Some("reached"));
    }
    let request = http::Request::post(format!("https://{}/upload", site.host())).header(SITE.0, SITE.1);
    let answer = client.send_request(request.body(Pieces::of(1 << 20).0).unwrap());
    let answer = timeout(PATIENCE, answer).await.expect("not held up").unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    site.stage.go.notify_waiters();
    for (answer, sent) in waiting {
        assert_eq!(answer.await.unwrap().status().as_u16(), 200);
        assert_eq!(sent.await, Ok(0));
    }
}
