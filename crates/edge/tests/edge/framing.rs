//! C33: a request whose end can be read in two ways is refused.

use cutis_edge::limits::Limits;

use crate::client::{raw, rest, tls};
use crate::site::Site;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const OWN: &str = "sec-fetch-site: same-origin\r\n";
/// What a smuggler hopes will be taken for a second request.
const INNER: &str = "GET /who HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[tokio::test]
async fn two_lengths_or_none_that_counts_are_400() {
    let (site, _said) = Site::start(Limits::default());
    let host = site.host();
    let heads = [
        "content-length: 5\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 5",
        "Transfer-Encoding: chunked\r\nContent-Length: 0",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\ncontent-length: 6",
        "content-length: 5\r\ncontent-length: 6",
        "content-length: +5",
        "content-length: 5, 6",
        "content-length: 0x5",
        "content-length : 5",
        "content-length:\r\n 5",
        "transfer-encoding: gzip",
        "transfer-encoding: chunked, identity",
        "transfer-encoding : chunked",
        "transfer-encoding: xchunked",
        "x: a\0b",
    ];
    for head in heads {
        let request = format!("POST /upload HTTP/1.1\r\nhost: {host}\r\n{OWN}{head}\r\n\r\n0\r\n\r\n{INNER}");
        let answer = raw(&site, &request).await;
        assert!(
            answer.starts_with("HTTP/1.1 400"),
            "{head:?} was answered {answer}"
        );
        assert_eq!(
            answer.matches("HTTP/1.1").count(),
            1,
            "{head:?} was answered twice: {answer}"
        );
    }
}

/// The check isn't only for the first request of a connection.
#[tokio::test]
async fn two_lengths_in_a_later_request_are_400_too() {
    let (site, _said) = Site::start(Limits::default());
    let host = site.host();
    let mut stream = tls(&site, "http/1.1").await;
    for _ in 0..3 {
        let request = format!("POST /upload HTTP/1.1\r\nhost: {host}\r\n{OWN}content-length: 1\r\n\r\nx");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"\r\n\r\n1") {
            seen.push(stream.read_u8().await.unwrap());
        }
        assert!(seen.starts_with(b"HTTP/1.1 200"));
    }
    let request = format!(
        "POST /upload HTTP/1.1\r\nhost: {host}\r\n{OWN}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 400"));
}

/// Hidden behind a request in the same packet, it is read by its encoding alone, and nothing follows.
#[tokio::test]
async fn two_lengths_behind_another_request_end_the_connection() {
    let (site, _said) = Site::start(Limits::default());
    let host = site.host();
    let request = format!(
        "GET /ok HTTP/1.1\r\nhost: {host}\r\n\r\nPOST /upload HTTP/1.1\r\nhost: {host}\r\n{OWN}\
         transfer-encoding: chunked\r\ncontent-length: 60\r\n\r\n0\r\n\r\n{INNER}"
    );
    let answer = raw(&site, &request).await;
    assert!(
        answer.matches("HTTP/1.1").count() <= 2 && !answer.contains("127.0.0.1"),
        "{answer}"
    );
}

#[tokio::test]
async fn chunks_that_are_none_break_the_body() {
    let (site, _said) = Site::start(Limits::default());
    let host = site.host();
    for chunks in [
        "g\r\n",
        "-1\r\n",
        "5\r\nabc\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nx",
    ] {
        let request = format!(
            "POST /upload HTTP/1.1\r\nhost: {host}\r\n{OWN}transfer-encoding: chunked\r\nconnection: close\r\n\r\n{chunks}{INNER}"
        );
        let answer = raw(&site, &request).await;
        assert!(
            !answer.starts_with("HTTP/1.1 200"),
            "{chunks:?} was answered {answer}"
        );
    }
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_431() {
    let (site, _said) = Site::start(Limits::default());
    let host = site.host();
    let many = "x: y\r\n".repeat(200);
    let long = format!("x: {}\r\n", "y".repeat(100 * 1024));
    for headers in [many, long] {
        let answer = raw(
            &site,
            &format!("GET /ok HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n"),
        )
        .await;
        assert!(
            answer.starts_with("HTTP/1.1 431") || answer.is_empty(),
            "{answer}"
        );
    }
}
