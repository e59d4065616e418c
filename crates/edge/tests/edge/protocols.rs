//! W1, C45: HTTP/1.1 and HTTP/2 over TLS 1.2 and 1.3, and a certificate that can be changed meanwhile.

use std::sync::Arc;
use std::time::Duration;

use cutis_edge::limits::Limits;
use http::Version;
use rustls::ProtocolVersion;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::client::{Client, empty, tcp, tls, tls_config};
use crate::site::{NOW, Site};

#[tokio::test]
async fn both_protocols_are_served_by_what_was_agreed() {
    let (site, _said) = Site::start(Limits::default());
    for (mut client, version) in [
        (Client::http1(&site).await, Version::HTTP_11),
        (Client::http2(&site).await, Version::HTTP_2),
    ] {
        for _ in 0..3 {
            let request = client.request("GET", &site.host(), "/who").body(empty()).unwrap();
            let response = client.send(request).await;
            assert_eq!(
                (response.version(), response.body().as_str()),
                (version, "127.0.0.1 Tls")
            );
        }
    }
    assert_eq!(site.running.addresses().len(), 2);
}

#[tokio::test]
async fn tls_1_3_and_1_2_are_spoken() {
    let (site, _said) = Site::start(Limits::default());
    let stream = tls(&site, "h2").await;
    assert_eq!(
        stream.get_ref().1.protocol_version(),
        Some(ProtocolVersion::TLSv1_3)
    );

    let config = tls_config(&site, "http/1.1");
    let verifier = {
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(site.authority.certificate_der().to_vec().into())
            .unwrap();
        roots
    };
    let mut older = rustls::ClientConfig::builder_with_provider(Arc::clone(config.crypto_provider()))
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(verifier)
        .with_no_client_auth();
    older.alpn_protocols = vec![b"http/1.1".to_vec()];
    let stream = TlsConnector::from(Arc::new(older))
        .connect(
            ServerName::try_from("cutis.local").unwrap(),
            tcp(site.https).await,
        )
        .await
        .unwrap();
    let session = stream.get_ref().1;
    assert_eq!(session.protocol_version(), Some(ProtocolVersion::TLSv1_2));
    let cipher = format!("{:?}", session.negotiated_cipher_suite().unwrap().suite());
    assert!(
        cipher.contains("ECDHE") && (cipher.contains("GCM") || cipher.contains("CHACHA20")),
        "{cipher}"
    );
}

/// C46: the certificate is swapped under an open connection, which goes on; the next one sees the new.
#[tokio::test]
async fn a_new_certificate_is_shown_without_a_restart() {
    let (site, _said) = Site::start(Limits::default());
    let shown = async || {
        let stream = tls(&site, "http/1.1").await;
        stream.get_ref().1.peer_certificates().unwrap()[0].clone()
    };
    let mut before = Client::http1(&site).await;
    let first = shown().await;
    site.slot
        .replace(&site.authority.issue(&site.names, NOW).unwrap());
    assert_ne!(shown().await, first);
    let request = before.request("GET", &site.host(), "/ok").body(empty()).unwrap();
    assert_eq!(before.send(request).await.body(), "ok");
}

/// No plain fallback on the encrypted port.
#[tokio::test]
async fn plain_http_on_the_encrypted_port_gets_no_answer_in_http() {
    let (site, _said) = Site::start(Limits::default());
    let mut stream = tcp(site.https).await;
    stream
        .write_all(b"GET /ok HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    assert!(!crate::client::rest(&mut stream).await.contains("HTTP/1.1"));
}

/// An upgraded socket is nobody's request head any more, and still holds its place.
#[tokio::test]
async fn an_upgraded_socket_is_left_alone_and_counted() {
    let limits = Limits {
        head: Duration::from_millis(100),
        idle: Duration::from_millis(200),
        ..Limits::default()
    };
    let (site, _said) = Site::start(limits);
    let mut stream = tls(&site, "http/1.1").await;
    let request = format!(
        "GET /socket HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n",
        site.host()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(
        head.starts_with(b"HTTP/1.1 101"),
        "{}",
        String::from_utf8_lossy(&head)
    );
    let message = b"POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n";
    for _ in 0..3 {
        stream.write_all(message).await.unwrap();
        let mut echo = vec![0; message.len()];
        stream.read_exact(&mut echo).await.unwrap();
        assert_eq!(echo, message);
        assert!(
            timeout(Duration::from_millis(150), stream.read_u8())
                .await
                .is_err()
        );
    }
    assert_eq!(site.running.connections(), 1);
}
