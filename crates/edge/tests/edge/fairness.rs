//! W1, C32; issue 6, 4: nobody starves the clinic.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use cutis_edge::limits::Limits;
use http::{Request, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use crate::client::{Client, PATIENCE, empty, raw, tls};
use crate::site::Site;

const SITE: (&str, &str) = ("sec-fetch-site", "same-origin");
const JSON: (&str, &str) = ("content-type", "application/json");
const COOKIE: (&str, &str) = ("cookie", "__Host-cutis=colleague");
const TEXT: &str = "{\"text\":\"x\"}";

/// A body of which one byte comes and then nothing.
struct Slow(bool);

impl Body for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Pending
        } else {
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"{")))))
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(1000)
    }
}

/// Everything that strangers keep open.
#[derive(Default)]
struct Siege {
    tasks: JoinSet<()>,
    sockets: Vec<TlsStream<TcpStream>>,
}

impl Siege {
    /// One HTTP/2 connection with so many requests whose bodies don't come.
    async fn http2(&mut self, site: &Site, path: &str, streams: usize) {
        let io = TokioIo::new(tls(site, "h2").await);
        let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .unwrap();
        self.tasks
            .spawn(async move { connection.await.unwrap_or_default() });
        for _ in 0..streams {
            let request = Request::post(format!("https://{}{path}", site.host()))
                .header(SITE.0, SITE.1)
                .header(JSON.0, JSON.1)
                .body(Slow(false))
                .unwrap();
            let answer = sender.send_request(request);
            self.tasks.spawn(async move { drop(answer.await) });
        }
    }

    /// One HTTP/1.1 connection with such a request.
    async fn http1(&mut self, site: &Site, path: &str) {
        let mut stream = tls(site, "http/1.1").await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n\
             content-length: 1000\r\n\r\n{{",
            site.host()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        self.sockets.push(stream);
    }
}

async fn status(client: &mut Client, site: &Site, path: &str, colleague: bool) -> StatusCode {
    let post = path != "/ok" && path != "/health" && path != "/vouch";
    let mut request = client.request(if post { "POST" } else { "GET" }, &site.host(), path);
    for (name, value) in [SITE, JSON] {
        request = request.header(name, value);
    }
    if colleague {
        request = request.header(COOKIE.0, COOKIE.1);
    }
    let body = Full::new(Bytes::from_static(if post { TEXT.as_bytes() } else { b"" }));
    client.send(request.body(body).unwrap()).await.status()
}

/// Three connections hold as much as they can, over both protocols and on every kind of route: a colleague's
/// requests all succeed, strangers can still sign in, and the program is seen to be up.
#[tokio::test]
async fn slow_strangers_hold_nothing_that_others_need() {
    let (site, _said) = Site::start(Limits::default());
    let mut colleague = Client::http2(&site).await;
    assert_eq!(
        status(&mut colleague, &site, "/vouch", true).await,
        StatusCode::OK
    );
    let mut siege = Siege::default();
    for path in ["/open", "/echo", "/upload"] {
        siege.http2(&site, path, 100).await;
        for _ in 0..10 {
            siege.http1(&site, path).await;
        }
    }
    let mut stranger = Client::http2(&site).await;
    // Once strangers at this address are refused, all of it has arrived.
    let refused = timeout(PATIENCE, async {
        while status(&mut stranger, &site, "/ok", false).await != StatusCode::SERVICE_UNAVAILABLE {}
    });
    assert!(
        refused.await.is_ok(),
        "the siege holds nothing, so nothing is tested"
    );
    for _ in 0..50 {
        for path in ["/ok", "/echo", "/open", "/upload"] {
            assert_eq!(
                status(&mut colleague, &site, path, true).await,
                StatusCode::OK,
                "{path}"
            );
        }
        assert_eq!(
            status(&mut stranger, &site, "/health", false).await,
            StatusCode::OK
        );
    }
    let mut elsewhere = Client::http1_from([127, 0, 0, 2], &site).await;
    for _ in 0..20 {
        assert_eq!(
            status(&mut elsewhere, &site, "/open", false).await,
            StatusCode::OK
        );
    }
}

/// A body that anybody may send is read before its request takes a place: however many wait, none is held.
#[tokio::test]
async fn slow_sign_ins_hold_no_place_at_all() {
    let (site, _said) = Site::start(Limits {
        requests: 2,
        requests_of_strangers: 2,
        ..Limits::default()
    });
    let mut siege = Siege::default();
    siege.http2(&site, "/open", 100).await;
    for _ in 0..10 {
        siege.http1(&site, "/open").await;
    }
    let mut stranger = Client::http1(&site).await;
    for _ in 0..20 {
        assert_eq!(status(&mut stranger, &site, "/open", false).await, StatusCode::OK);
    }
}

/// The bytes for which bodies wait are divided as places are.
#[tokio::test]
async fn bodies_that_wait_have_a_budget() {
    let (site, _said) = Site::start(Limits {
        waiting_bytes: 16 * 1024,
        waiting_bytes_of_strangers: 8 * 1024,
        ..Limits::default()
    });
    let mut colleague = Client::http2(&site).await;
    assert_eq!(
        status(&mut colleague, &site, "/vouch", true).await,
        StatusCode::OK
    );
    let mut siege = Siege::default();
    siege.http2(&site, "/open", 100).await;
    let mut stranger = Client::http2(&site).await;
    let refused = timeout(PATIENCE, async {
        while status(&mut stranger, &site, "/open", false).await != StatusCode::SERVICE_UNAVAILABLE {}
    });
    assert!(refused.await.is_ok(), "more than the budget waits");
    assert_eq!(status(&mut colleague, &site, "/open", true).await, StatusCode::OK);
    assert_eq!(status(&mut stranger, &site, "/ok", false).await, StatusCode::OK);
    let mut elsewhere = Client::http1_from([127, 0, 0, 2], &site).await;
    assert_eq!(
        status(&mut elsewhere, &site, "/open", false).await,
        StatusCode::OK
    );
}

/// A stranger's body may not pause for as long as a colleague's.
#[tokio::test]
async fn a_strangers_body_that_pauses_is_answered_408_soon() {
    let (site, _said) = Site::start(Limits {
        stranger_body_pause: Duration::from_millis(250),
        ..Limits::default()
    });
    let head = format!(
        "POST /open HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n\
         content-length: 1000\r\n\r\n{{",
        site.host()
    );
    let answer = raw(&site, &head).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
}

/// Issue 6, 9: what anybody may send is 16 KiB at most.
#[tokio::test]
async fn what_anybody_may_send_is_small() {
    let (site, _said) = Site::start(Limits::default());
    let text = |length: usize| format!("{{\"text\":\"{}\"}}", "x".repeat(length - 11));
    for mut client in [Client::http1(&site).await, Client::http2(&site).await] {
        for (length, expected) in [(16 * 1024, 200), (16 * 1024 + 1, 413)] {
            let request = client
                .request("POST", &site.host(), "/open")
                .header(SITE.0, SITE.1)
                .header(JSON.0, JSON.1)
                .body(Full::new(Bytes::from(text(length))))
                .unwrap();
            assert_eq!(client.send(request).await.status().as_u16(), expected, "{length}");
        }
    }
}

/// Whoever is no longer signed in is a stranger again.
#[tokio::test]
async fn an_acquaintance_ends() {
    let (site, mut said) = Site::start(Limits {
        requests: 3,
        requests_of_strangers: 1,
        ..Limits::default()
    });
    let host = site.host();
    let mut holder = Client::http2(&site).await;
    let mut colleague = Client::http2(&site).await;
    assert_eq!(
        status(&mut colleague, &site, "/vouch", true).await,
        StatusCode::OK
    );
    let waiting = async {
        let request = holder.request("GET", &host, "/wait").body(empty()).unwrap();
        holder.send(request).await
    };
    let meanwhile = async {
        assert_eq!(said.recv().await, Some("reached"));
        let ok = status(&mut colleague, &site, "/ok", true).await;
        let left = status(&mut colleague, &site, "/disown", true).await;
        let after = status(&mut colleague, &site, "/ok", true).await;
        site.stage.go.notify_one();
        [ok, left, after]
    };
    let (waited, seen) = tokio::join!(waiting, meanwhile);
    assert_eq!(waited.status(), StatusCode::OK);
    assert_eq!(
        seen,
        [StatusCode::OK, StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE]
    );
}
