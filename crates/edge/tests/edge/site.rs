//! A server on loopback with a few routes that do what the tests need.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use cutis_edge::body::problem_of;
use cutis_edge::extract::{Json, Path, Query};
use cutis_edge::limits::Limits;
use cutis_edge::listener::{Channel, PeerAddress};
use cutis_edge::middleware::{Acquaintance, AllowedHosts, Bodies, BodyRule, Edge, edge};
use cutis_edge::plain::PlainSite;
use cutis_edge::problem::Problem;
use cutis_edge::server::{Running, Server};
use cutis_edge::tls::{Authority, CertificateSlot, Names, server_config};
use futures_util::{Stream, stream};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Notify, mpsc};
use tokio_util::task::TaskTracker;

/// 2026-11-22, noon.
pub(crate) const NOW: i64 = 1_795_348_800;

/// A running server and what is needed to talk to it.
pub(crate) struct Site {
    pub(crate) running: Running,
    pub(crate) https: SocketAddr,
    pub(crate) http: SocketAddr,
    pub(crate) authority: Authority,
    pub(crate) slot: Arc<CertificateSlot>,
    pub(crate) names: Names,
    pub(crate) stage: Stage,
}

/// By which a test sees and steers what a handler does.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// `/wait` answers when this is notified.
    pub(crate) go: Arc<Notify>,
    /// `/wait` says here that it was reached; `/endless` that its body was dropped.
    said: mpsc::UnboundedSender<&'static str>,
    talkers: TaskTracker,
}

/// What handlers said, in order.
pub(crate) type Said = mpsc::UnboundedReceiver<&'static str>;

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paging {
    #[serde(default)]
    limit: u32,
}

impl Site {
    pub(crate) fn start(limits: Limits) -> (Self, Said) {
        Self::start_with(limits, None)
    }

    pub(crate) fn start_with(limits: Limits, strict_transport: Option<Duration>) -> (Self, Said) {
        let names = Names::new("reception", []);
        let authority = Authority::create(&names, NOW).unwrap();
        let slot = CertificateSlot::new(&authority.issue(&names, NOW).unwrap());
        let bind = || std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let (secure, open) = (bind(), bind());
        let ports = [&secure, &open].map(|socket| socket.local_addr().unwrap().port());
        let counter = AtomicU64::new(0);
        let settings = Edge {
            new_request_id: Arc::new(move || format!("r-{}", counter.fetch_add(1, Ordering::Relaxed))),
            monotonic: Arc::new(|| Duration::ZERO),
            hosts: AllowedHosts::of(&names, ports),
            strict_transport,
            bodies: Bodies::new([
                ("/upload", BodyRule::Streamed { bytes: 1 << 20 }),
                ("/open", BodyRule::Anyone),
                ("/wait", BodyRule::Streamed { bytes: 1 << 23 }),
            ]),
            limits: limits.clone(),
        };
        let (said, heard) = mpsc::unbounded_channel();
        let stage = Stage {
            go: Arc::default(),
            said,
            talkers: TaskTracker::new(),
        };
        let app = edge(routes(stage.clone()), &settings);
        let plain = edge(PlainSite::new(ports[0], ports[1], &authority).router(), &settings);
        let tls = server_config(Arc::clone(&slot)).unwrap();
        let running = Server::new(limits)
            .https(secure, tls, app)
            .http(open, plain)
            .start()
            .unwrap();
        let [https, http] = [0, 1].map(|index| running.addresses()[index]);
        (
            Self {
                running,
                https,
                http,
                authority,
                slot,
                names,
                stage,
            },
            heard,
        )
    }

    /// The host header of requests over TLS.
    pub(crate) fn host(&self) -> String {
        format!("localhost:{}", self.https.port())
    }
}

fn routes(stage: Stage) -> Router {
    Router::new()
        .route("/ok", get(async || "ok"))
        .route("/health", get(async || "up"))
        .route("/who", get(who))
        .route("/open", post(async |Json(text): Json<Text>| Json(text)))
        .route("/vouch", get(vouch))
        .route("/disown", post(disown))
        .route("/echo", post(async |Json(text): Json<Text>| Json(text)))
        .route("/things/{id}", get(thing))
        .route("/panic", get(fails))
        .route("/upload", post(upload))
        .route("/wait", get(wait).post(wait))
        .route("/endless", get(endless))
        .route("/socket", get(socket))
        .layer(Extension(stage))
}

async fn who(
    Extension(PeerAddress(peer)): Extension<PeerAddress>,
    Extension(channel): Extension<Channel>,
) -> String {
    let peer: IpAddr = peer;
    format!("{peer} {channel:?}")
}

/// What the API does when a session turns out to be good.
async fn vouch(Extension(acquaintance): Extension<Acquaintance>) -> &'static str {
    acquaintance.vouch();
    "vouched"
}

async fn disown(Extension(acquaintance): Extension<Acquaintance>) -> &'static str {
    acquaintance.disown();
    "disowned"
}

async fn thing(Path(id): Path<u32>, Query(paging): Query<Paging>) -> String {
    format!("{id} {}", paging.limit)
}

async fn fails() -> &'static str {
    panic!("Erika Mustermann's password is hunter2")
}

async fn upload(body: Body) -> Result<String, Problem> {
    use http_body_util::BodyExt;
    let bytes = body
        .collect()
        .await
        .map_err(|error| problem_of(&error))?
        .to_bytes();
    Ok(bytes.len().to_string())
}

async fn wait(Extension(stage): Extension<Stage>) -> &'static str {
    stage.said.send("reached").unwrap();
    stage.go.notified().await;
    "done"
}

/// Leaves HTTP and repeats what it is told, until it hears the end of it.
async fn socket(Extension(stage): Extension<Stage>, mut request: Request) -> Response {
    let upgrade = hyper::upgrade::on(&mut request);
    stage.talkers.spawn(async move {
        let mut socket = TokioIo::new(upgrade.await.unwrap());
        let mut bytes = [0; 1024];
        loop {
            match socket.read(&mut bytes).await {
                Ok(0) | Err(_) => return,
                Ok(count) => socket.write_all(&bytes[..count]).await.unwrap_or_default(),
            }
        }
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = http::StatusCode::SWITCHING_PROTOCOLS;
    response
        .headers_mut()
        .insert("connection", "upgrade".parse().unwrap());
    response.headers_mut().insert("upgrade", "echo".parse().unwrap());
    response
}

/// More than any socket buffers, for a client that doesn't read it.
async fn endless(Extension(stage): Extension<Stage>) -> Response {
    Response::new(Body::from_stream(chunks(stage)))
}

fn chunks(stage: Stage) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    struct Farewell(Stage);
    impl Drop for Farewell {
        fn drop(&mut self) {
            self.0.said.send("dropped").unwrap_or_default();
        }
    }
    let farewell = Farewell(stage);
    stream::repeat_with(move || {
        let _stays = &farewell;
        Ok(Bytes::from_static(include_bytes!("site.rs")))
    })
}
