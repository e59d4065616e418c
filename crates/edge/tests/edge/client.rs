//! Clients: one that writes raw bytes, and hyper's, over TLS or not.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::rt::Executor as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::site::Site;

/// Longer than any deadline under test, shorter than any that isn't.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

#[expect(
    clippy::disallowed_methods,
    reason = "the test is the client of a server on loopback"
)]
pub(crate) async fn tcp(address: SocketAddr) -> TcpStream {
    assert!(address.ip().is_loopback());
    TcpStream::connect(address).await.unwrap()
}

/// A TLS client that trusts the site's authority only.
pub(crate) fn tls_config(site: &Site, alpn: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(site.authority.certificate_der().to_vec().into())
        .unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    config
}

pub(crate) async fn tls(site: &Site, alpn: &str) -> TlsStream<TcpStream> {
    let connector = TlsConnector::from(Arc::new(tls_config(site, alpn)));
    let stream = tcp(site.https).await;
    connector
        .connect(ServerName::try_from("localhost").unwrap(), stream)
        .await
        .unwrap()
}

/// What the server still says until it closes; fails when it doesn't close.
pub(crate) async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    // A reset or a missing close_notify is a closed connection too.
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the connection was still open after {PATIENCE:?}");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends raw bytes over TLS as HTTP/1 and gives back everything up to the close.
pub(crate) async fn raw(site: &Site, request: &str) -> String {
    let mut stream = tls(site, "http/1.1").await;
    stream.write_all(request.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

/// hyper's client, on one connection.
pub(crate) struct Client {
    sender: Sender,
    tasks: JoinSet<()>,
}

enum Sender {
    Http1(hyper::client::conn::http1::SendRequest<Full<Bytes>>),
    Http2(hyper::client::conn::http2::SendRequest<Full<Bytes>>),
}

impl Client {
    pub(crate) async fn http1(site: &Site) -> Self {
        Self::http1_on(tls(site, "http/1.1").await).await
    }

    /// From another address of this computer.
    pub(crate) async fn http1_from(source: [u8; 4], site: &Site) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((source, 0))).unwrap();
        let stream = socket.connect(site.https).await.unwrap();
        let connector = TlsConnector::from(Arc::new(tls_config(site, "http/1.1")));
        let name = ServerName::try_from("localhost").unwrap();
        Self::http1_on(connector.connect(name, stream).await.unwrap()).await
    }

    pub(crate) async fn plain(site: &Site) -> Self {
        Self::http1_on(tcp(site.http).await).await
    }

    async fn http1_on<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(stream: S) -> Self {
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { connection.await.unwrap_or_default() });
        Self {
            sender: Sender::Http1(sender),
            tasks,
        }
    }

    pub(crate) async fn http2(site: &Site) -> Self {
        Self::http2_with_window(site, 65_535).await
    }

    /// Takes this many bytes of each response, and more only when somebody reads them.
    pub(crate) async fn http2_with_window(site: &Site, bytes: u32) -> Self {
        let io = TokioIo::new(tls(site, "h2").await);
        let (sender, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(bytes)
            .initial_connection_window_size(1 << 24)
            .handshake(io)
            .await
            .unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { connection.await.unwrap_or_default() });
        Self {
            sender: Sender::Http2(sender),
            tasks,
        }
    }

    /// Sends bodies piece by piece.
    pub(crate) async fn http2_streaming(site: &Site) -> hyper::client::conn::http2::SendRequest<Pieces> {
        let io = TokioIo::new(tls(site, "h2").await);
        let builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
        let (sender, connection) = builder.handshake(io).await.unwrap();
        TokioExecutor::new().execute(async move { connection.await.unwrap_or_default() });
        sender
    }

    /// Sends one request and reads the whole response.
    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> Response<String> {
        self.try_send(request).await.unwrap()
    }

    pub(crate) async fn try_send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> hyper::Result<Response<String>> {
        let response = match &mut self.sender {
            Sender::Http1(sender) => sender.send_request(request).await?,
            Sender::Http2(sender) => sender.send_request(request).await?,
        };
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await?.to_bytes();
        Ok(Response::from_parts(
            parts,
            String::from_utf8(bytes.to_vec()).unwrap(),
        ))
    }

    /// Sends one request over HTTP/2 and leaves its response unread.
    pub(crate) async fn leave_unread(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Response<hyper::body::Incoming> {
        match &mut self.sender {
            Sender::Http1(_) => panic!("HTTP/1 has nothing beside what is left unread"),
            Sender::Http2(sender) => sender.send_request(request).await.unwrap(),
        }
    }

    /// Waits until the server has ended the connection.
    pub(crate) async fn ended(mut self) {
        timeout(PATIENCE, self.tasks.join_next())
            .await
            .expect("the connection is still open");
    }

    /// A request as this protocol wants it: an absolute address for HTTP/2, a host header for HTTP/1.
    pub(crate) fn request(&self, method: &str, host: &str, path: &str) -> http::request::Builder {
        let builder = Request::builder().method(method);
        match self.sender {
            Sender::Http1(_) => builder.uri(path).header("host", host),
            Sender::Http2(_) => builder.uri(format!("https://{host}{path}")),
        }
    }
}

pub(crate) fn empty() -> Full<Bytes> {
    Full::default()
}

/// A body of so many bytes in pieces, which tells how many of them were left when it was dropped.
pub(crate) struct Pieces {
    left: usize,
    pause: Duration,
    resting: Option<Pin<Box<tokio::time::Sleep>>>,
    told: Option<oneshot::Sender<usize>>,
}

impl Pieces {
    pub(crate) fn of(length: usize) -> (Self, oneshot::Receiver<usize>) {
        Self::slowly(length, Duration::ZERO)
    }

    /// The same, with a rest before each piece.
    pub(crate) fn slowly(length: usize, pause: Duration) -> (Self, oneshot::Receiver<usize>) {
        let (told, left) = oneshot::channel();
        let body = Self {
            left: length,
            pause,
            resting: None,
            told: Some(told),
        };
        (body, left)
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        if !this.pause.is_zero() {
            let pause = this.pause;
            let resting = this.resting.get_or_insert_with(|| Box::pin(sleep(pause)));
            ready!(resting.as_mut().poll(context));
            this.resting = None;
        }
        let piece = this.left.min(16 * 1024);
        this.left -= piece;
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from(vec![b'x'; piece])))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(u64::try_from(self.left).unwrap())
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        if let Some(told) = self.told.take() {
            told.send(self.left).unwrap_or_default();
        }
    }
}
