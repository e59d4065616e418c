//! Open sockets (RFC 6455, over HTTP/2 by RFC 8441): the upgrade, and messages whose cost is bounded.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::FromRequestParts as _;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes, error::ProtocolError};

/// Bytes that are read and written at a time: pages say little at once, and there may be a thousand.
const BUFFER: usize = 4 * 1024;
/// Bytes that may wait in the socket's own buffer: one message.
const MOST_WAITING: usize = 1024 * 1024;
/// Bytes beyond the largest message that may come before a message is whole: the heads of its frames, and what was
/// read of the next one. Frames that bring nothing would otherwise cost their sender nothing.
const HEADS: usize = 64 * 1024;

type Stream = WebSocketStream<Counted<TokioIo<Upgraded>>>;

/// Why a request does not open a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoUpgrade {
    /// It is an ordinary request, or not as RFC 6455 and RFC 8441 have it.
    #[error("the request does not open a WebSocket")]
    NotAsked,
    /// It does not name the subprotocol.
    #[error("the request does not ask for the subprotocol")]
    OtherProtocol,
}

/// A request that opens a WebSocket.
#[derive(Debug)]
pub struct Opening {
    on_upgrade: OnUpgrade,
    response: Response,
}

/// The end that listens.
#[derive(Debug)]
pub struct Reader {
    stream: SplitStream<Stream>,
    /// Bytes since the last whole message.
    read: Arc<AtomicUsize>,
}

/// The end that speaks.
#[derive(Debug)]
pub struct Writer(SplitSink<Stream, Message>);

/// A text that is sent. Clones share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Utf8Bytes);

impl Text {
    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// What comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A text.
    Text(Text),
    /// Bytes that are no text; what they are does not matter.
    Binary,
    /// A ping, which has been answered, or the answer to one.
    Sign,
}

/// Why nothing more comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A message was too large, or came in too many frames.
    #[error("a message was too large, or came in too many frames")]
    TooLarge,
    /// A text was not UTF-8.
    #[error("a text was not UTF-8")]
    NotUtf8,
    /// What came is no WebSocket frame, or not one that may come from a client or at this place.
    #[error("what came is not as RFC 6455 has it")]
    Protocol,
    /// The other side closed the connection, or is gone.
    #[error("the connection is closed")]
    Gone,
}

impl Opening {
    /// Reads a request whose subprotocol must be this one.
    ///
    /// # Errors
    /// [`NoUpgrade`] if it does not open a WebSocket of that subprotocol.
    pub async fn read(parts: &mut Parts, protocol: &'static str) -> Result<Self, NoUpgrade> {
        let on_upgrade = parts.extensions.get::<OnUpgrade>().cloned();
        let key = parts.headers.get(SEC_WEBSOCKET_KEY).cloned();
        let asked = WebSocketUpgrade::from_request_parts(parts, &()).await;
        let asked = asked.map_err(|_| NoUpgrade::NotAsked)?;
        let on_upgrade = on_upgrade.ok_or(NoUpgrade::NotAsked)?;
        if asked.protocols([protocol]).selected_protocol().is_none() {
            return Err(NoUpgrade::OtherProtocol);
        }
        // HTTP/2 has neither a key nor these headers (RFC 8441, section 5).
        let mut response = match key.filter(|_| parts.version < http::Version::HTTP_2) {
            Some(key) => {
                let accept = derive_accept_key(key.as_bytes());
                let upgrade = [(CONNECTION, "upgrade"), (UPGRADE, "websocket")];
                (
                    StatusCode::SWITCHING_PROTOCOLS,
                    upgrade,
                    [(SEC_WEBSOCKET_ACCEPT, accept)],
                )
                    .into_response()
            }
            None => StatusCode::OK.into_response(),
        };
        let protocol = HeaderValue::from_static(protocol);
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocol);
        Ok(Self { on_upgrade, response })
    }

    /// Opens it; `speak` has both ends once the answer was sent. A message has at most `most_bytes`.
    pub fn open<F>(
        self,
        most_bytes: usize,
        speak: impl FnOnce(Reader, Writer) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let on_upgrade = self.on_upgrade;
        #[expect(
            clippy::disallowed_methods,
            reason = "it ends by `Stopping`, as `Standing` tells the server"
        )]
        tokio::spawn(async move {
            let Ok(upgraded) = on_upgrade.await else { return };
            let read = Arc::new(AtomicUsize::new(0));
            let counted = Counted {
                inner: TokioIo::new(upgraded),
                read: Arc::clone(&read),
                most: most_bytes.saturating_add(HEADS),
            };
            let config = WebSocketConfig::default()
                .read_buffer_size(BUFFER)
                .write_buffer_size(BUFFER)
                .max_write_buffer_size(MOST_WAITING)
                .max_message_size(Some(most_bytes))
                .max_frame_size(Some(most_bytes));
            let socket = WebSocketStream::from_raw_socket(counted, Role::Server, Some(config)).await;
            let (sink, stream) = socket.split();
            speak(Reader { stream, read }, Writer(sink)).await;
        });
        self.response
    }
}

impl Reader {
    /// The next message. Dropping the future loses none.
    ///
    /// # Errors
    /// Why nothing more comes.
    pub async fn next(&mut self) -> Result<Received, Fault> {
        let message = match self.stream.next().await {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(fault(&error)),
            None => return Err(Fault::Gone),
        };
        self.read.store(0, Ordering::Relaxed);
        match message {
            Message::Text(text) => Ok(Received::Text(Text(text))),
            Message::Binary(_) | Message::Frame(_) => Ok(Received::Binary),
            Message::Ping(_) | Message::Pong(_) => Ok(Received::Sign),
            Message::Close(_) => Err(Fault::Gone),
        }
    }
}

fn fault(error: &Error) -> Fault {
    match error {
        Error::Capacity(_) => Fault::TooLarge,
        Error::Utf8(_) => Fault::NotUtf8,
        Error::Protocol(
            ProtocolError::ResetWithoutClosingHandshake
            | ProtocolError::ReceivedAfterClosing
            | ProtocolError::SendAfterClosing,
        ) => Fault::Gone,
        Error::Protocol(_) | Error::AttackAttempt => Fault::Protocol,
        Error::Io(error)
            if error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooManyBytes>) =>
        {
            Fault::TooLarge
        }
        Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Io(_)
        | Error::Tls(_)
        | Error::WriteBufferFull(_)
        | Error::Url(_)
        | Error::Http(_)
        | Error::HttpFormat(_) => Fault::Gone,
    }
}

impl Writer {
    /// Sends a text, once the socket takes it.
    ///
    /// # Errors
    /// [`Fault::Gone`] when the connection is closed.
    pub async fn text(&mut self, text: &Text) -> Result<(), Fault> {
        self.send(Message::Text(text.0.clone())).await
    }

    /// Asks whether the other side is there; browsers answer by themselves.
    ///
    /// # Errors
    /// As [`Writer::text`].
    pub async fn ask(&mut self) -> Result<(), Fault> {
        self.send(Message::Ping(Bytes::new())).await
    }

    /// Closes the connection, with a code and a word.
    ///
    /// # Errors
    /// As [`Writer::text`].
    pub async fn close(&mut self, code: u16, reason: &'static str) -> Result<(), Fault> {
        let frame = CloseFrame {
            code: code.into(),
            reason: Utf8Bytes::from_static(reason),
        };
        self.send(Message::Close(Some(frame))).await?;
        self.end().await
    }

    /// Ends it without a word.
    ///
    /// # Errors
    /// As [`Writer::text`].
    pub async fn end(&mut self) -> Result<(), Fault> {
        self.0.close().await.map_err(|_| Fault::Gone)
    }

    async fn send(&mut self, message: Message) -> Result<(), Fault> {
        self.0.send(message).await.map_err(|_| Fault::Gone)
    }
}

/// Counts what is read, and reads no more once it was too much for one message.
#[derive(Debug)]
struct Counted<S> {
    inner: S,
    read: Arc<AtomicUsize>,
    most: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("more bytes came than one message may need")]
struct TooManyBytes;

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read.load(Ordering::Relaxed) > self.most {
            return Poll::Ready(Err(io::Error::other(TooManyBytes)));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        let came = buffer.filled().len().saturating_sub(before);
        self.read.fetch_add(came, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
