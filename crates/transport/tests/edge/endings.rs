//! Issue 6, 18: whoever answers before a request's end and closes the connection says so.

use cutis_transport::limits::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{raw, rest, tls};
use crate::site::Site;

const OWN: &str = "sec-fetch-site: same-origin\r\n";

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
    let length = 900 * 1024;
    for _ in 0..20 {
        let mut stream = tls(&site, "http/1.1").await;
        let head = format!(
            "POST /nothing HTTP/1.1\r\nhost: {}\r\n{OWN}content-length: {length}\r\n\r\n",
            site.host()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..length / 1024 {
            stream.write_all(&[b'x'; 1024]).await.expect("still listened to");
        }
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    }
}
