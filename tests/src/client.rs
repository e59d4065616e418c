//! A browser's part: TLS to the server's own authority, one cookie jar, one connection.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use cutis_domain::Clock;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::described;

/// Whom to talk to and whom to trust.
#[derive(Debug, Clone)]
pub struct Place {
    address: SocketAddr,
    source: Option<IpAddr>,
    trust: Arc<ClientConfig>,
}

/// Certificates are judged by the server's clock, which a test may have moved.
struct TestTime(Arc<dyn Clock>);

impl std::fmt::Debug for TestTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestTime")
    }
}

impl TimeProvider for TestTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_seconds()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl Place {
    /// The server at `port` of this computer, whose authority is in the file `authority`.
    pub fn new(port: u16, authority: &Path, clock: Arc<dyn Clock>) -> Self {
        let root = CertificateDer::from_pem_file(authority).expect("the authority's certificate can be read");
        let mut roots = RootCertStore::empty();
        roots.add(root).expect("the authority's certificate is one");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(TestTime(clock)))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            source: None,
            trust: Arc::new(config),
        }
    }

    /// The name and port that requests are made to.
    pub fn host(&self) -> String {
        format!("localhost:{}", self.address.port())
    }

    /// The same server, reached from this address of the loopback network, as from another device.
    #[must_use]
    pub fn coming_from(&self, source: impl Into<IpAddr>) -> Self {
        let mut other = self.clone();
        other.source = Some(source.into());
        other
    }

    /// A server at another port, trusted as this one is.
    #[must_use]
    pub fn at_port(&self, port: u16) -> Self {
        let mut other = self.clone();
        other.address.set_port(port);
        other
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection without TLS to this port of the server.
    ///
    /// # Errors
    /// When the server doesn't take it.
    pub async fn tcp(&self, port: u16) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if let Some(source) = self.source {
            socket.bind(SocketAddr::new(source, 0))?;
        }
        let tcp = socket.connect(SocketAddr::new(self.address.ip(), port)).await?;
        tcp.set_nodelay(true)?;
        Ok(tcp)
    }

    /// A connection on which this protocol was agreed.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(&self, alpn: &str) -> std::io::Result<TlsStream<TcpStream>> {
        self.open_as("localhost", alpn).await
    }

    /// The same, asking for the server under this name or address.
    ///
    /// # Errors
    /// When there is none, or its certificate is not for the name.
    pub async fn open_as(&self, name: &str, alpn: &str) -> std::io::Result<TlsStream<TcpStream>> {
        let tcp = self.tcp(self.address.port()).await?;
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let mut trust = ClientConfig::clone(&self.trust);
        trust.alpn_protocols = vec![alpn.as_bytes().to_vec()];
        TlsConnector::from(Arc::new(trust)).connect(name, tcp).await
    }

    async fn connect(&self) -> std::io::Result<SendRequest<Full<Bytes>>> {
        let tls = self.open("http/1.1").await?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(tls))
            .await
            .map_err(std::io::Error::other)?;
        tokio::spawn(async move { connection.await.unwrap_or_default() });
        Ok(sender)
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {self}"))
    }

    /// The body as JSON, if the status is this one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        if self.body.is_empty() {
            return Value::Null;
        }
        let body = self.json();
        expect_sentences(&body);
        body
    }

    /// A problem of this status and code, whole and well-formed.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{self}");
        assert_eq!(problem["status"], status, "{self}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{self}");
        assert_eq!(problem["requestId"], self.header("x-request-id"), "{self}");
        assert!(
            problem["title"].as_str().is_some_and(|text| !text.is_empty()),
            "{self}"
        );
        assert!(problem["detail"].as_str().is_some_and(is_sentence), "{self}");
        expect_sentences(&problem);
        problem
    }

    /// A refusal that names this field.
    #[track_caller]
    pub fn refuses(&self, field: &str) -> String {
        let problem = self.problem(422, "invalid");
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let found = errors.iter().find(|error| error["field"] == field);
        let found = found.unwrap_or_else(|| panic!("{field} is not named: {self}"));
        assert!(found["message"].is_string(), "{self}");
        found["code"].as_str().expect("a code").to_owned()
    }

    /// A header's value; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body without what differs from request to request.
    pub fn body_without_request_id(&self) -> String {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        match self.header("x-request-id") {
            "" => text,
            id => text.replace(id, "-"),
        }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = String::from_utf8_lossy(&self.body[..self.body.len().min(1500)]);
        write!(f, "{} {} {shown}", self.status, self.header("content-type"))
    }
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// Whether a text for people begins and ends like a sentence.
fn is_sentence(text: &str) -> bool {
    text.starts_with(|first: char| !first.is_lowercase()) && text.ends_with(['.', '!', '?'])
}

/// Wherever an answer says why something was not done, it says so in sentences.
#[track_caller]
fn expect_sentences(value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(expect_sentences),
        Value::Object(members) => {
            if members.contains_key("code") {
                for said in ["message", "advice"].iter().filter_map(|name| members.get(*name)) {
                    assert!(said.as_str().is_none_or(is_sentence), "{said}");
                }
            }
            members.values().for_each(expect_sentences);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

impl Call {
    /// A request without a body.
    pub fn new(method: &str, path: impl Into<String>) -> Self {
        let method = method.parse().expect("a method");
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a body of some type.
    #[must_use]
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }
}

/// A browser: keeps its cookie, says where its requests come from.
#[derive(Debug)]
pub struct Client {
    place: Place,
    connection: tokio::sync::Mutex<Option<SendRequest<Full<Bytes>>>>,
    cookie: Mutex<Option<String>>,
}

impl Client {
    /// Without a cookie.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            connection: tokio::sync::Mutex::default(),
            cookie: Mutex::default(),
        }
    }

    /// The session cookie's value.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a cookie there, as a thief would.
    pub fn set_cookie(&self, value: Option<String>) {
        *self.cookie.lock().unwrap_or_else(PoisonError::into_inner) = value;
    }

    /// Sends, and fails the test when no answer comes.
    pub async fn send(&self, call: Call) -> Answer {
        let shown = format!("{} {}", call.method, call.path);
        self.try_send(call)
            .await
            .unwrap_or_else(|error| panic!("{shown}: no answer: {error}"))
    }

    /// Sends; an error means that the server is gone or hung up.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub async fn try_send(&self, call: Call) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
        let mut place = self.connection.lock().await;
        let mut open = place.take();
        if let Some(sender) = &mut open
            && sender.ready().await.is_err()
        {
            open = None;
        }
        let mut sender = match open {
            Some(sender) => sender,
            None => self.place.connect().await?,
        };
        let (method, path) = (call.method.clone(), call.path.clone());
        let response = sender.send_request(self.request(call)?).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        *place = Some(sender);
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        };
        self.keep_cookie(&answer);
        described::check(method.as_str(), &path, &answer);
        Ok(answer)
    }

    fn request(&self, call: Call) -> http::Result<Request<Full<Bytes>>> {
        let has = |name: &str| {
            call.headers
                .iter()
                .any(|(given, _)| given.eq_ignore_ascii_case(name))
        };
        let host = format!("localhost:{}", self.place.address.port());
        let mut request = Request::builder().method(&call.method).uri(&call.path);
        if !has("host") {
            request = request.header("host", host);
        }
        if !has("sec-fetch-site") {
            request = request.header("sec-fetch-site", "same-origin");
        }
        if !has("user-agent") {
            request = request.header("user-agent", "Cutis tests");
        }
        if let Some(cookie) = self.cookie().filter(|_| !has("cookie")) {
            request = request.header("cookie", format!("__Host-cutis={cookie}"));
        }
        for (name, value) in call.headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value);
        }
        request.body(Full::new(call.body))
    }

    fn keep_cookie(&self, answer: &Answer) {
        for header in answer.headers.get_all("set-cookie") {
            let Some(value) = header
                .to_str()
                .ok()
                .and_then(|text| text.strip_prefix("__Host-cutis="))
            else {
                continue;
            };
            let value = value.split(';').next().unwrap_or_default();
            self.set_cookie((!value.is_empty()).then(|| value.to_owned()));
        }
    }

    /// GET. An original is downloaded only after the password was entered, which is done first (I5).
    pub async fn get(&self, path: impl Into<String>) -> Answer {
        let path = path.into();
        if path.contains("/original?purpose=") {
            self.enter_password().await;
        }
        self.send(Call::new("GET", path)).await
    }

    /// Enters the password again; whether it is taken, the next request tells.
    pub async fn enter_password(&self) {
        let sent = serde_json::json!({ "password": crate::server::PASSWORD });
        let call = Call::new("POST", "/api/v1/session/confirmation").json(&sent);
        drop(self.try_send(call).await);
    }

    /// POST of JSON.
    pub async fn post(&self, path: impl Into<String>, body: &Value) -> Answer {
        self.send(Call::new("POST", path).json(body)).await
    }

    /// PATCH of JSON.
    pub async fn patch(&self, path: impl Into<String>, body: &Value) -> Answer {
        self.send(Call::new("PATCH", path).json(body)).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: impl Into<String>, body: &Value) -> Answer {
        self.send(Call::new("PUT", path).json(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: impl Into<String>) -> Answer {
        self.send(Call::new("DELETE", path)).await
    }
}

/// A file of an upload, with the name its sender gives it.
#[derive(Debug, Clone)]
pub struct File {
    /// As sent.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl File {
    /// A file.
    pub fn new(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
        }
    }
}

/// What separates the parts of [`form`].
pub const BOUNDARY: &str = "cutis-test-boundary-7f3a9c";

/// A multipart body with these files.
pub fn form(files: &[File]) -> Bytes {
    let mut body = Vec::new();
    for file in files {
        let name = file.name.replace('"', "%22");
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&file.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body.into()
}

/// An upload of these files under this key.
pub fn upload_call(patient: &str, key: &str, files: &[File]) -> Call {
    Call::new("POST", format!("/api/v1/patients/{patient}/images"))
        .header("idempotency-key", key)
        .body(&format!("multipart/form-data; boundary={BOUNDARY}"), form(files))
}

/// A key for an upload: a UUID (version 7 in shape) that nobody used before in this run.
pub fn fresh_key() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("018f3c5e-7b1a-7c3d-9a4b-{number:012x}")
}
