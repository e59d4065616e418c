//! Clients that begin requests and leave it at that, and one that never ends.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::client::TlsStream;

use crate::server::TestServer;

/// Connections with requests whose bodies don't come; dropping it closes them.
#[derive(Debug, Default)]
pub struct Idle(JoinSet<()>);

/// One byte, then nothing.
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

/// A beginning, then the same byte forever; counts what is taken of it.
struct Endless {
    beginning: Option<Bytes>,
    taken: Arc<AtomicUsize>,
}

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.beginning.take();
        let piece = piece.unwrap_or_else(|| Bytes::from_static(&[b'x'; 16 * 1024]));
        self.taken.fetch_add(piece.len(), Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

async fn stream(server: &TestServer, alpn: &str) -> TokioIo<TlsStream<TcpStream>> {
    let stream = server.place().open(alpn).await;
    TokioIo::new(stream.expect("the server takes connections"))
}

fn request<B>(scheme: &str, path: &str, port: u16, body: B) -> Request<B> {
    let address = if scheme.is_empty() {
        path.to_owned()
    } else {
        format!("{scheme}://localhost:{port}{path}")
    };
    let mut request = Request::post(address)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json");
    if scheme.is_empty() {
        request = request.header("host", format!("localhost:{port}"));
    }
    request.body(body).expect("a request")
}

impl Idle {
    /// One HTTP/2 connection with so many requests.
    pub async fn http2(server: &TestServer, path: &str, streams: usize) -> Self {
        let mut idle = Self::default();
        let io = stream(server, "h2").await;
        let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .expect("HTTP/2");
        idle.0.spawn(async move { connection.await.unwrap_or_default() });
        for _ in 0..streams {
            let answer =
                sender.send_request(request("https", path, server.serving().https_port, Slow(false)));
            idle.0.spawn(async move { drop(answer.await) });
        }
        idle
    }

    /// So many HTTP/1.1 connections with one such request each.
    pub async fn http1(server: &TestServer, path: &str, connections: usize) -> Self {
        let mut idle = Self::default();
        for _ in 0..connections {
            let io = stream(server, "http/1.1").await;
            let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.expect("HTTP/1.1");
            idle.0.spawn(async move { connection.await.unwrap_or_default() });
            let answer = sender.send_request(request("", path, server.serving().https_port, Slow(false)));
            idle.0.spawn(async move { drop((answer.await, sender)) });
        }
        idle
    }

    /// Sends these headers and a body without an end; answers the status and how many bytes were taken.
    pub async fn endless(
        server: &TestServer,
        path: &str,
        headers: &[(&str, &str)],
        beginning: String,
    ) -> (u16, usize) {
        let mut idle = Self::default();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), stream(server, "h2").await)
                .await
                .expect("HTTP/2");
        idle.0.spawn(async move { connection.await.unwrap_or_default() });
        let taken = Arc::new(AtomicUsize::new(0));
        let body = Endless {
            beginning: Some(beginning.into()),
            taken: Arc::clone(&taken),
        };
        let mut request = request("https", path, server.serving().https_port, body);
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().expect("a name");
            request
                .headers_mut()
                .insert(name, value.parse().expect("a value"));
        }
        let answer = sender.send_request(request).await.expect("an answer");
        (answer.status().as_u16(), taken.load(Ordering::Relaxed))
    }
}
