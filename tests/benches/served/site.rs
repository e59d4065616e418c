//! The floor of the served program: a bare site with TLS in a process of its own. It is this same benchmark, started again.

use std::convert::Infallible;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::Path as Segment;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use axum::routing::{any, get, post};
use bytes::Bytes;
use cutis::host::SystemClock;
use cutis_domain::Clock as _;
use cutis_edge::tls::{Authority, CertificateSlot, Names, server_config};
use futures_util::stream;
use http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::bare::{self, Commits};
use crate::bare_site;

/// The argument that makes this process the site.
pub(super) const FLAG: &str = "--floor-site";
/// Where it writes the authority that issued its certificate, in its folder.
pub(super) const AUTHORITY: &str = "authority.pem";

/// What the site works on.
pub(crate) struct Asked {
    /// The practice's database.
    database: PathBuf,
    /// Its own folder, with the file that it serves.
    folder: PathBuf,
}

/// Whether this process is to be the site.
pub(crate) fn asked_for() -> Option<Asked> {
    let mut arguments = std::env::args_os().skip(1);
    (arguments.next()? == FLAG).then_some(())?;
    Some(Asked {
        database: arguments.next()?.into(),
        folder: arguments.next()?.into(),
    })
}

/// Serves until it is killed.
pub(crate) fn run(asked: &Asked) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(asked))
}

async fn serve(asked: &Asked) -> anyhow::Result<()> {
    let (now, none) = (SystemClock.now().as_seconds(), [] as [IpAddr; 0]);
    let names = Names::new("floor", none);
    let authority = Authority::create(&names, now)?;
    let certificate = authority.issue(&names, now)?;
    std::fs::write(asked.folder.join(AUTHORITY), authority.certificate_pem())?;
    let acceptor = TlsAcceptor::from(server_config(CertificateSlot::new(&certificate))?);
    let router = router(&asked.database, &asked.folder)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!(
        "{{\"url\": \"https://localhost:{}\"}}",
        listener.local_addr()?.port()
    );
    loop {
        let (tcp, _) = listener.accept().await?;
        tcp.set_nodelay(true)?;
        let (acceptor, router) = (acceptor.clone(), router.clone());
        tokio::spawn(async move {
            if let Ok(tls) = acceptor.accept(tcp).await {
                let served = http1::Builder::new()
                    .serve_connection(TokioIo::new(tls), TowerToHyperService::new(router))
                    .with_upgrades();
                served.await.unwrap_or_default();
            }
        });
    }
}

/// The reads of [`bare_site`], a small and a large answer from a plain file, a durable commit, and a WebSocket that echoes.
fn router(database: &Path, folder: &Path) -> anyhow::Result<Router> {
    let commits = Arc::new(Mutex::new(Commits::open(folder, "floor-served.db")?));
    let small = Bytes::from(vec![7; 20_000]);
    let folder = folder.to_owned();
    let plain = move |Segment(name): Segment<String>| {
        let folder = folder.clone();
        async move { file(&folder.join(name)).map_err(|_| StatusCode::NOT_FOUND) }
    };
    let commit = move || {
        let commits = Arc::clone(&commits);
        async move {
            let mut commits = commits.lock().unwrap_or_else(PoisonError::into_inner);
            commits.commit(1).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
            Ok::<_, StatusCode>("{\"made\": true}")
        }
    };
    Ok(bare_site::router(database, None)?
        .route("/small", get(move || std::future::ready(small.clone())))
        .route("/plain/{name}", get(plain))
        .route("/commit", post(commit))
        .route("/echo", any(echo)))
}

/// Says whatever it hears.
async fn echo(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| {
        while let Some(Ok(message)) = socket.recv().await {
            if socket.send(message).await.is_err() {
                return;
            }
        }
    })
}

/// A plain file, streamed in pieces of 256 KiB.
fn file(path: &Path) -> anyhow::Result<Body> {
    let file = std::fs::File::open(path).context("no file")?;
    let pieces = stream::unfold(file, |mut file| async move {
        let mut piece = vec![0; 256 << 10];
        let length = bare::some(&mut file, &mut piece)
            .ok()
            .filter(|length| *length > 0)?;
        piece.truncate(length);
        Some((Ok::<_, Infallible>(Bytes::from(piece)), file))
    });
    Ok(Body::from_stream(pieces))
}
