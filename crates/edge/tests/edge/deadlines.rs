//! C32: whoever dawdles is shown the door, at every stage.

use std::time::Duration;

use cutis_edge::limits::Limits;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use crate::client::{Client, PATIENCE, empty, raw, rest, tcp, tls};
use crate::site::Site;

const SHORT: Duration = Duration::from_millis(250);

#[tokio::test]
async fn a_client_that_connects_and_says_nothing_is_closed() {
    let (site, _said) = Site::start(Limits {
        tls_handshake: SHORT,
        first_byte: SHORT,
        ..Limits::default()
    });
    assert_eq!(rest(&mut tcp(site.https).await).await, "");
    assert_eq!(rest(&mut tcp(site.http).await).await, "");
}

#[tokio::test]
async fn half_a_handshake_is_closed() {
    let (site, _said) = Site::start(Limits {
        tls_handshake: SHORT,
        ..Limits::default()
    });
    let mut stream = tcp(site.https).await;
    // The first bytes of a ClientHello that announces 512 more.
    stream
        .write_all(&[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])
        .await
        .unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn silence_after_the_handshake_is_closed_whatever_was_agreed() {
    let (site, _said) = Site::start(Limits {
        first_byte: SHORT,
        ..Limits::default()
    });
    for alpn in ["http/1.1", "h2"] {
        assert_eq!(rest(&mut tls(&site, alpn).await).await, "", "{alpn}");
    }
}

#[tokio::test]
async fn half_an_http2_preface_is_closed() {
    let (site, _said) = Site::start(Limits {
        first_byte: SHORT,
        ..Limits::default()
    });
    let mut stream = tls(&site, "h2").await;
    stream.write_all(b"PRI * HTTP/2").await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

/// Writes one byte every now and then until the connection is closed.
async fn trickle(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let mut scrap = [0; 1];
    let closed = timeout(PATIENCE, async {
        loop {
            match timeout(Duration::from_millis(40), stream.read(&mut scrap)).await {
                Ok(Ok(0) | Err(_)) => return,
                Ok(Ok(_)) => {}
                Err(_) => {
                    if stream.write_all(b"x").await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                }
            }
        }
    });
    assert!(
        closed.await.is_ok(),
        "the trickle was still served after {PATIENCE:?}"
    );
}

#[tokio::test]
async fn slow_headers_are_closed_in_the_first_request_and_in_later_ones() {
    let (site, _said) = Site::start(Limits {
        head: SHORT,
        ..Limits::default()
    });
    let mut stream = tls(&site, "http/1.1").await;
    stream
        .write_all(b"GET /ok HTTP/1.1\r\nhost: localhost\r\nx: ")
        .await
        .unwrap();
    trickle(&mut stream).await;

    let mut stream = tls(&site, "http/1.1").await;
    let whole = format!("GET /ok HTTP/1.1\r\nhost: {}\r\n\r\n", site.host());
    stream.write_all(whole.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    stream.write_all(b"GET /ok HTTP/1.1\r\nx: ").await.unwrap();
    trickle(&mut stream).await;
}

/// The deadline of a head must not end a connection that is merely kept for later.
#[tokio::test]
async fn a_kept_connection_outlives_the_head_deadline() {
    let (site, _said) = Site::start(Limits {
        head: SHORT,
        ..Limits::default()
    });
    let mut client = Client::http1(&site).await;
    let host = site.host();
    let request = client.request("GET", &host, "/ok").body(empty()).unwrap();
    assert_eq!(client.send(request).await.body(), "ok");
    let mut never = std::pin::pin!(std::future::pending::<()>());
    assert!(timeout(SHORT * 3, &mut never).await.is_err());
    let request = client.request("GET", &host, "/ok").body(empty()).unwrap();
    assert_eq!(client.send(request).await.body(), "ok");
}

#[tokio::test]
async fn a_body_that_stops_is_answered_408_and_closed() {
    let (site, _said) = Site::start(Limits {
        body_pause: SHORT,
        ..Limits::default()
    });
    let head = format!(
        "POST /upload HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\ncontent-length: 1000\r\n\r\nx",
        site.host()
    );
    let answer = raw(&site, &head).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
}

#[tokio::test]
async fn a_body_that_trickles_is_closed() {
    let (site, _said) = Site::start(Limits {
        body_window: SHORT,
        ..Limits::default()
    });
    let mut stream = tls(&site, "http/1.1").await;
    let head = format!(
        "POST /upload HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\ncontent-length: 1000000\r\n\r\n",
        site.host()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    trickle(&mut stream).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_over_both_protocols() {
    let (site, _said) = Site::start(Limits {
        idle: SHORT,
        ..Limits::default()
    });
    let host = site.host();
    for http2 in [false, true] {
        let mut client = if http2 {
            Client::http2(&site).await
        } else {
            Client::http1(&site).await
        };
        let request = client.request("GET", &host, "/ok").body(empty()).unwrap();
        assert_eq!(client.send(request).await.body(), "ok");
        client.ended().await;
    }
}

#[tokio::test]
async fn a_response_that_is_not_read_is_given_up() {
    let (site, mut said) = Site::start(Limits {
        response_stall: SHORT,
        ..Limits::default()
    });
    let mut stream = tls(&site, "http/1.1").await;
    let request = format!("GET /endless HTTP/1.1\r\nhost: {}\r\n\r\n", site.host());
    stream.write_all(request.as_bytes()).await.unwrap();
    let heard = timeout(PATIENCE, said.recv())
        .await
        .expect("the response is still kept");
    assert_eq!(heard, Some("dropped"));
}

/// Issue 6, point 7: a stream whose window stays closed ends, whatever else goes well on its connection;
/// and the connection goes on.
#[tokio::test]
async fn a_stream_that_is_not_read_is_given_up_and_its_connection_goes_on() {
    let (site, mut said) = Site::start(Limits {
        response_stall: SHORT,
        ..Limits::default()
    });
    let mut client = Client::http2_with_window(&site, 1024).await;
    let endless = client
        .request("GET", &site.host(), "/endless")
        .body(empty())
        .unwrap();
    let unread = client.leave_unread(endless).await;
    let lively = async {
        loop {
            let ok = client.request("GET", &site.host(), "/ok").body(empty()).unwrap();
            assert_eq!(client.send(ok).await.body(), "ok");
        }
    };
    tokio::select! {
        heard = timeout(PATIENCE, said.recv()) => assert_eq!(heard.expect("it is still kept"), Some("dropped")),
        () = lively => unreachable!("it goes on forever"),
    }
    let ok = client.request("GET", &site.host(), "/ok").body(empty()).unwrap();
    assert_eq!(client.send(ok).await.body(), "ok");
    drop(unread);
}

/// The same where no window was ever opened, so that not even a first frame was asked for.
#[tokio::test]
async fn a_stream_without_a_window_is_given_up() {
    let (site, mut said) = Site::start(Limits {
        response_stall: SHORT,
        ..Limits::default()
    });
    let mut client = Client::http2_with_window(&site, 0).await;
    let endless = client
        .request("GET", &site.host(), "/endless")
        .body(empty())
        .unwrap();
    let unread = client.leave_unread(endless).await;
    let heard = timeout(PATIENCE, said.recv()).await.expect("it is still kept");
    assert_eq!(heard, Some("dropped"));
    drop(unread);
}

/// A short answer's one frame lies in the connection's buffer when its stream's task has ended: then the
/// connection ends for it, also while others are asked for.
#[tokio::test]
async fn a_last_frame_that_is_not_read_ends_its_connection() {
    let (site, _said) = Site::start(Limits {
        response_stall: SHORT,
        ..Limits::default()
    });
    let mut client = Client::http2_with_window(&site, 1).await;
    let ok = || {
        http::Request::builder()
            .uri(format!("https://{}/ok", site.host()))
            .body(empty())
            .unwrap()
    };
    let unread = client.leave_unread(ok()).await;
    timeout(PATIENCE, async { while client.try_send(ok()).await.is_ok() {} })
        .await
        .expect("the connection is still open");
    client.ended().await;
    drop(unread);
}
