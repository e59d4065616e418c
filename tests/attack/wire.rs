//! Connections written to by hand.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use cutis_tests::client::Place;
use http::Request;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Frame;
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// How long an answer is waited for.
pub const DEADLINE: Duration = Duration::from_secs(40);

/// A body that is sent in some way.
pub type Body = BoxBody<Bytes, std::convert::Infallible>;

/// No body.
pub fn nothing() -> Body {
    Empty::new().boxed()
}

/// This body, at once.
pub fn whole(bytes: Bytes) -> Body {
    http_body_util::Full::new(bytes).boxed()
}

/// One byte now, and one more every other second, forever.
pub fn dripping() -> Body {
    Dripping(tokio::time::interval(Duration::from_secs(2))).boxed()
}

struct Dripping(tokio::time::Interval);

impl hyper::body::Body for Dripping {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0
            .poll_tick(context)
            .map(|_| Some(Ok(Frame::data(Bytes::from_static(b"{")))))
    }
}

/// An HTTP/2 connection whose streams are read by nobody unless somebody asks: the window of each is this many bytes.
///
/// # Errors
/// When the server doesn't take it.
pub async fn http2(place: &Place, window: u32) -> std::io::Result<SendRequest<Body>> {
    let tls = place.open("h2").await?;
    let (sender, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .initial_connection_window_size(1 << 20)
        .handshake(TokioIo::new(tls))
        .await
        .map_err(std::io::Error::other)?;
    tokio::spawn(async move { connection.await.unwrap_or_default() });
    Ok(sender)
}

/// A request as a browser would make it.
pub fn request(place: &Place, method: &str, path: &str, cookie: Option<&str>, body: Body) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("https://localhost:{}{path}", place.address().port()))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json");
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("__Host-cutis={cookie}"));
    }
    request.body(body).expect("a request")
}

/// The head of a request in HTTP/1.1, its end included, with these further lines.
pub fn head(place: &Place, method: &str, path: &str, cookie: Option<&str>, further: &str) -> String {
    let cookie = cookie.map_or_else(String::new, |cookie| format!("cookie: __Host-cutis={cookie}\r\n"));
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost:{}\r\nsec-fetch-site: same-origin\r\n{cookie}{further}\r\n",
        place.address().port()
    )
}

/// What happened to a request that was written by hand.
#[derive(Debug, Default)]
pub struct Heard {
    /// The status; 0 when the connection ended without one.
    pub status: u16,
    /// Everything that came.
    pub text: String,
    /// Bytes that could be written before the answer came or the connection ended.
    pub written: usize,
    /// Whether the server closed the connection.
    pub closed: bool,
}

impl Heard {
    /// A header of the answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        head.split("\r\n").find_map(|line| {
            let (given, value) = line.split_once(": ")?;
            given.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Writes pieces until the server answers, hangs up, or all are written; then waits for the answer.
///
/// # Errors
/// When there is no connection.
pub async fn converse(
    place: &Place,
    first: String,
    pieces: impl Iterator<Item = Bytes>,
) -> std::io::Result<Heard> {
    let tls = place.open("http/1.1").await?;
    Ok(converse_over(tls, first, pieces).await)
}

/// The same over a connection that is open.
pub async fn converse_over<S>(stream: S, first: String, pieces: impl Iterator<Item = Bytes>) -> Heard
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut heard = Heard::default();
    let (mut begun, mut buffer) = (Vec::new(), vec![0_u8; 64 * 1024]);
    let mut pieces = std::iter::once(Bytes::from(first)).chain(pieces);
    let mut current = pieces.next().unwrap_or_default();
    let mut writing = true;
    let end = tokio::time::Instant::now() + DEADLINE;
    loop {
        tokio::select! {
            biased;
            read = reader.read(&mut buffer) => match read {
                Ok(0) | Err(_) => { heard.closed = true; break; }
                Ok(many) => {
                    begun.extend_from_slice(&buffer[..many]);
                    if complete(&begun) { break; }
                    writing = false;
                }
            },
            wrote = writer.write(&current), if writing => match wrote {
                Ok(many) => {
                    heard.written += many;
                    drop(current.split_to(many));
                    if current.is_empty() {
                        let flushed = writer.flush().await.is_ok();
                        match pieces.next() {
                            Some(next) if flushed => current = next,
                            _ => writing = false,
                        }
                    }
                }
                Err(_) => writing = false,
            },
            () = tokio::time::sleep_until(end) => break,
        }
    }
    heard.text = String::from_utf8_lossy(&begun).into_owned();
    let status = heard.text.split(' ').nth(1).and_then(|word| word.parse().ok());
    heard.status = status.unwrap_or(0);
    heard
}

/// Whether an answer with a length is all there.
fn complete(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    // No content, however long it says it is.
    if head.starts_with("HTTP/1.1 204") || head.starts_with("HTTP/1.1 304") {
        return true;
    }
    let length = head
        .to_ascii_lowercase()
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| {
            rest.split("\r\n")
                .next()
                .and_then(|word| word.trim().parse::<usize>().ok())
        });
    length.is_some_and(|length| body.len() >= length)
}
