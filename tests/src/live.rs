//! An open page: a WebSocket to the server. Every message that comes is held against the tables of docs/LIVE.md, as answers
//! are against the description of the API.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use cutis_api::live::PROTOCOL;
use data_encoding::HEXLOWER;
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::client::{Client, Place, fresh_key};

/// How long a test waits for a message that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Fields by the kind of message that the server sends, from docs/LIVE.md.
static DESCRIBED: LazyLock<BTreeMap<String, BTreeSet<String>>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/LIVE.md");
    let text = std::fs::read_to_string(path).expect("docs/LIVE.md is there");
    let (_, part) = text.split_once("## Server to client").expect("its part");
    let (part, _) = part.split_once("\nWhat a page fetches").expect("its end");
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    let kinds: BTreeMap<_, _> = rows
        .map(|row| {
            let mut cells = row.split('|').map(str::trim);
            let kind = cells.nth(1).unwrap_or_default().trim_matches('`').to_owned();
            let fields = cells.next().unwrap_or_default();
            let names = fields.split('`').skip(1).step_by(2);
            let names = names.filter(|name| name.chars().all(char::is_alphanumeric));
            (kind, names.map(str::to_owned).collect())
        })
        .collect();
    assert!(kinds.len() > 8, "docs/LIVE.md names the messages: {kinds:?}");
    kinds
});

/// Whatever carries a WebSocket.
pub trait Stream: AsyncRead + AsyncWrite + Send + std::fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Send + std::fmt::Debug> Stream for T {}

/// A page that is open.
#[derive(Debug)]
pub struct LivePage {
    socket: WebSocketStream<Pin<Box<dyn Stream>>>,
    /// The client id that it goes by.
    pub client: String,
    next_seq: u64,
    next_ref: u64,
}

/// What ended a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The code of the last `bye`.
    pub code: Option<String>,
    /// The close code.
    pub close: Option<u16>,
}

/// The first half of a text's SHA-256, as the protocol has it.
pub fn hash(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    HEXLOWER.encode(digest.get(..16).unwrap_or_default())
}

/// A change of notes that replaces one text by another.
pub fn splice(old: &str, new: &str) -> Value {
    let splices: Vec<Value> = cutis_live::between(old, new)
        .into_iter()
        .map(|splice| json!({ "at": splice.at, "remove": splice.remove, "insert": splice.insert }))
        .collect();
    json!({ "splices": splices, "baseHash": hash(old), "hash": hash(new) })
}

/// The request that opens a connection.
pub fn request(place: &Place, cookie: Option<&str>) -> Request<()> {
    let mut request = format!("wss://{}/api/v1/live", place.host())
        .into_client_request()
        .expect("a request");
    let headers = request.headers_mut();
    let origin = format!("https://{}", place.host());
    headers.insert("origin", origin.parse().expect("an origin"));
    headers.insert("sec-websocket-protocol", PROTOCOL.parse().expect("a protocol"));
    headers.insert("user-agent", "Cutis tests".parse().expect("a name"));
    if let Some(cookie) = cookie {
        let cookie = format!("__Host-cutis={cookie}");
        headers.insert("cookie", cookie.parse().expect("a cookie"));
    }
    request
}

/// Opens a connection with this request.
///
/// # Errors
/// The status of the answer, when it is not an upgrade.
pub async fn upgrade(
    place: &Place,
    request: Request<()>,
) -> Result<WebSocketStream<Pin<Box<dyn Stream>>>, Response<Option<Vec<u8>>>> {
    let tls: Pin<Box<dyn Stream>> = Box::pin(place.open("http/1.1").await.expect("a connection"));
    match tokio_tungstenite::client_async(request, tls).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => Err(*answer),
        Err(error) => panic!("neither an upgrade nor an answer: {error}"),
    }
}

impl LivePage {
    /// Opens one with the session of this client, and says hello.
    pub async fn open(place: &Place, client: &Client) -> Self {
        let mut page = Self::silent(place, client).await;
        page.hello(None).await;
        page
    }

    /// Opens one that has not said hello.
    pub async fn silent(place: &Place, client: &Client) -> Self {
        let socket = upgrade(place, request(place, client.cookie().as_deref()))
            .await
            .expect("an upgrade");
        Self {
            socket,
            client: fresh_key(),
            next_seq: 0,
            next_ref: 0,
        }
    }

    /// Opens one over HTTP/2, and says hello.
    pub async fn over_http2(place: &Place, client: &Client) -> Self {
        let tls = place.open("h2").await.expect("a connection");
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(tls))
                .await
                .expect("HTTP/2");
        tokio::spawn(async move { connection.await.unwrap_or_default() });
        let mut request = request(place, client.cookie().as_deref());
        let uri = format!("https://{}/api/v1/live", place.host());
        *request.uri_mut() = uri.parse().expect("an address");
        *request.method_mut() = hyper::Method::CONNECT;
        // HTTP/2 has no such headers (RFC 9113, section 8.2.2), and names the protocol elsewhere.
        for name in ["connection", "upgrade", "host", "sec-websocket-key"] {
            request.headers_mut().remove(name);
        }
        let protocol = hyper::ext::Protocol::from_static("websocket");
        request.extensions_mut().insert(protocol);
        let answer = sender
            .send_request(request.map(|()| Empty::<Bytes>::new()))
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{answer:?}");
        let upgraded = hyper::upgrade::on(answer).await.expect("an upgrade");
        let stream: Pin<Box<dyn Stream>> = Box::pin(TokioIo::new(upgraded));
        let mut page = Self {
            socket: WebSocketStream::from_raw_socket(stream, Role::Client, None).await,
            client: fresh_key(),
            next_seq: 0,
            next_ref: 0,
        };
        page.hello(None).await;
        page
    }

    /// The same page on a new connection, as after a network failure; its mark goes with it.
    pub async fn again(self, place: &Place, client: &Client, since: Option<&str>) -> Self {
        let mut page = Self::silent(place, client).await;
        page.client = self.client;
        page.next_seq = self.next_seq;
        page.next_ref = self.next_ref;
        page.hello(since).await;
        page
    }

    /// Says hello; returns the welcome.
    pub async fn hello(&mut self, since: Option<&str>) -> Value {
        let hello = json!({ "kind": "hello", "version": 1, "client": self.client, "since": since });
        self.say(&hello).await;
        self.hear("welcome").await
    }

    /// Sends a message.
    pub async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends anything.
    pub async fn send(&mut self, message: Message) {
        // A connection that was ended meanwhile takes nothing; what comes back says so.
        if let Err(error) = self.socket.send(message).await {
            assert!(
                matches!(
                    error,
                    Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(_) | Error::Io(_)
                ),
                "{error}"
            );
        }
    }

    /// Sends the first half of a message's bytes, and nothing more.
    pub async fn half(&mut self, message: &Value) {
        let text = message.to_string();
        let length = u16::try_from(text.len()).expect("a short message");
        // A text frame of a client, masked with zeros (RFC 6455, section 5.2).
        let mut frame = vec![0x81, 0x80 | 126];
        frame.extend(length.to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(&text.as_bytes()[..text.len() / 2]);
        let stream = self.socket.get_mut();
        stream.write_all(&frame).await.expect("it is sent");
        stream.flush().await.expect("it is sent");
    }

    /// Sends a text in pieces, of which the last may be kept back.
    pub async fn pieces(&mut self, pieces: &[&str], with_the_last: bool) {
        for (number, piece) in pieces.iter().enumerate() {
            let kind = if number == 0 { Data::Text } else { Data::Continue };
            let is_last = number + 1 == pieces.len();
            if !is_last || with_the_last {
                let frame = Frame::message(
                    Bytes::copy_from_slice(piece.as_bytes()),
                    OpCode::Data(kind),
                    is_last,
                );
                self.send(Message::Frame(frame)).await;
            }
        }
    }

    /// The next message, whatever it is; `Err` when the connection ended.
    ///
    /// # Errors
    /// What ended it.
    pub async fn next(&mut self) -> Result<Value, Ended> {
        let mut ended = Ended {
            code: None,
            close: None,
        };
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await;
            match message.expect("a message comes in time") {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).expect("a message is JSON");
                    check(&message);
                    if message["kind"] == "bye" {
                        ended.code = message["code"].as_str().map(str::to_owned);
                    } else {
                        return Ok(message);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    ended.close = frame.map(|frame| frame.code.into());
                    return Err(ended);
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(ended),
            }
        }
    }

    /// The next message of this kind, whatever comes before.
    pub async fn hear(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await.expect("the connection stays");
            if message["kind"] == kind {
                return message;
            }
            assert!(
                kind == "refused" || message["kind"] != "refused",
                "refused instead of {kind}: {message}"
            );
        }
    }

    /// Reads on until the connection ends; returns why, and what came before.
    pub async fn end(&mut self) -> (Ended, Vec<Value>) {
        let mut before = Vec::new();
        loop {
            match self.next().await {
                Ok(message) => before.push(message),
                Err(ended) => return (ended, before),
            }
        }
    }

    /// What was sent so far has been dealt with, and what came meanwhile.
    pub async fn settle(&mut self) -> Vec<Value> {
        self.next_ref += 1;
        let number = self.next_ref;
        self.say(&json!({ "kind": "ping", "n": number })).await;
        let mut before = Vec::new();
        loop {
            let message = self.next().await.expect("the connection stays");
            if message["kind"] == "pong" && message["n"] == number {
                return before;
            }
            before.push(message);
        }
    }

    /// Opens a visit; returns its state.
    pub async fn open_entry(&mut self, patient: &str, entry: &str) -> Value {
        self.next_ref += 1;
        let open = json!({ "kind": "open", "ref": self.next_ref, "patient": patient, "entry": entry });
        self.say(&open).await;
        self.hear("opened").await["entry"].take()
    }

    /// Watches a patient.
    pub async fn watch(&mut self, patient: &str) {
        self.next_ref += 1;
        self.say(&json!({ "kind": "watch", "ref": self.next_ref, "patient": patient }))
            .await;
        self.hear("watching").await;
    }

    /// An edit with the next number.
    pub fn edit(&mut self, (patient, entry): (&str, &str), field: &str, base: u64, change: Value) -> Value {
        self.next_seq += 1;
        json!({
            "kind": "edit", "seq": self.next_seq, "patient": patient, "entry": entry, "field": field,
            "base": base, "change": change,
        })
    }

    /// Types: sends an edit of the notes and waits for its answer.
    pub async fn type_on(&mut self, at: (&str, &str), base: u64, old: &str, new: &str) -> Value {
        let edit = self.edit(at, "notes", base, splice(old, new));
        self.answer_to(&edit).await
    }

    /// Sends an edit and waits for its answer, which may be a refusal.
    pub async fn answer_to(&mut self, edit: &Value) -> Value {
        self.say(edit).await;
        loop {
            let message = self.next().await.expect("the connection stays");
            if message["seq"] == edit["seq"] {
                return message;
            }
        }
    }

    /// Goes without a word, as a device whose network is cut.
    pub fn cut(self) -> (String, u64) {
        (self.client, self.next_seq)
    }
}

/// Holds a message against the description.
fn check(message: &Value) {
    let kind = message["kind"].as_str().expect("a message has a kind");
    let fields = DESCRIBED
        .get(kind)
        .unwrap_or_else(|| panic!("docs/LIVE.md does not describe {kind}"));
    let sent: BTreeSet<String> = message
        .as_object()
        .expect("an object")
        .keys()
        .filter(|name| *name != "kind")
        .cloned()
        .collect();
    assert_eq!(&sent, fields, "docs/LIVE.md describes other fields of {kind}");
}
