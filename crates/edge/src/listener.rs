//! Accepts connections and limits what each may use, before and while HTTP is spoken on it.
//!
//! One loop per listening socket ([`serve`]), one task per connection. The protocol is chosen by ALPN,
//! never by sniffing, so that a client which says nothing meets a deadline at every stage:
//! handshake, first byte, request head, body, idle, and a response that it leaves unread.

mod activity;
mod admission;
mod connection;
mod first_byte;
mod guarded;
mod head_scan;
mod heard_body;
mod sent_body;
mod stall;
mod unwanted;
mod writes_through;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use admission::client_of;
pub use admission::{Admission, Place};

use crate::limits::Limits;
use activity::{Activity, InFlight};
use connection::Connection;
use first_byte::FirstByte;

/// How long accepting pauses after the system refused to hand out a connection.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Who is at the other end of the socket. An extension of every request.
///
/// Headers such as `X-Forwarded-For` never change it: anybody can write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// Whether the request came over TLS. An extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Encrypted.
    Tls,
    /// Readable by everybody on the network.
    Plain,
}

/// Whose connection it is, which decides whether it may be closed to make room. An extension of every request.
#[derive(Debug, Clone)]
pub struct Standing(Arc<Activity>);

impl Standing {
    /// Somebody who is signed in uses this connection.
    pub(crate) fn vouch(&self) {
        self.0.vouch();
    }

    /// Keeps the connection from counting as idle for as long as the guard lives: a WebSocket over HTTP/2 is no request that
    /// its connection knows of.
    pub fn hold(&self) -> Held {
        Held(self.0.begin())
    }
}

/// A connection that is in use. Dropping it ends that.
#[derive(Debug)]
pub struct Held(#[expect(dead_code, reason = "dropping it is what it is for")] InFlight);

/// Cancelled when the server begins to stop. An extension of every request, for handlers that take over their socket
/// from HTTP (WebSocket), which nothing else can end.
#[derive(Debug, Clone)]
pub struct Stopping(pub CancellationToken);

/// What all listening sockets of a server share.
#[derive(Debug, Clone)]
pub struct Shared {
    pub(crate) limits: Arc<Limits>,
    pub(crate) tasks: TaskTracker,
    /// Stop accepting, finish what is in flight.
    pub(crate) stopping: CancellationToken,
    /// Close what is left.
    pub(crate) closing: CancellationToken,
}

impl Shared {
    /// Begins with no connection.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits: Arc::new(limits),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            closing: CancellationToken::new(),
        }
    }
}

/// Accepts on `listener` until the server stops; `tls` is absent for plain HTTP.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    app: Router,
    admission: Admission,
    shared: Shared,
) {
    let acceptor = tls.map(TlsAcceptor::from);
    loop {
        let accepted = tokio::select! {
            biased;
            () = shared.stopping.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => {
                let peer = address.ip().to_canonical();
                // Over a cap the socket is dropped, which closes it: cheaper than any answer.
                let Some(place) = admission.admit(peer) else {
                    tracing::debug!("a connection over the cap was closed");
                    continue;
                };
                let (acceptor, app, task_shared) = (acceptor.clone(), app.clone(), shared.clone());
                shared.tasks.spawn(async move {
                    converse((stream, place), peer, acceptor, app, &task_shared).await;
                });
            }
            Err(error) => {
                // Out of descriptors, or the client left between SYN and accept: neither ends the loop.
                tracing::warn!(%error, "a connection could not be accepted");
                drop(timeout(ACCEPT_RETRY, shared.stopping.cancelled()).await);
            }
        }
    }
}

/// One connection from its first byte to its last.
///
/// Its place goes where its stream goes, so that a WebSocket counts as long as it is open.
async fn converse(
    (stream, place): (TcpStream, Place),
    peer: IpAddr,
    acceptor: Option<TlsAcceptor>,
    app: Router,
    shared: &Shared,
) {
    let (activity, evicted) = (place.activity(), place.evicted());
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let opening = async {
        match acceptor {
            Some(acceptor) => open_tls((stream, place), (peer, activity), acceptor, app, shared).await,
            None => FirstByte::http1(stream, place, shared)
                .await
                .map(|stream| Connection::http1(stream, (peer, activity), Channel::Plain, app, shared)),
        }
    };
    let opened = tokio::select! {
        biased;
        // Nothing was asked yet, so nothing is lost.
        () = shared.stopping.cancelled() => return,
        () = evicted.cancelled() => return,
        opened = opening => opened,
    };
    if let Some(connection) = opened {
        connection.run(&evicted, shared).await;
    }
}

/// Handshake, then the protocol that was agreed on in it.
async fn open_tls(
    (stream, place): (TcpStream, Place),
    (peer, activity): (IpAddr, Arc<Activity>),
    acceptor: TlsAcceptor,
    app: Router,
    shared: &Shared,
) -> Option<Connection> {
    let handshake = timeout(shared.limits.tls_handshake, acceptor.accept(stream)).await;
    let stream = match handshake {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            return None;
        }
        Err(_) => {
            tracing::debug!("a TLS handshake took too long");
            return None;
        }
    };
    let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    if http2 {
        let stream = FirstByte::http2(stream, place, shared).await?;
        Some(Connection::http2(stream, (peer, activity), app, shared))
    } else {
        let stream = FirstByte::http1(stream, place, shared).await?;
        Some(Connection::http1(
            stream,
            (peer, activity),
            Channel::Tls,
            app,
            shared,
        ))
    }
}
