//! Listens on the server's sockets, and stops in order.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::limits::Limits;
use crate::listener::{self, Admission, Shared};

/// How long connections get to close once they were told to, after which they are dropped.
const CLOSING: std::time::Duration = std::time::Duration::from_secs(2);

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A socket can't be used.
    #[error("a listening socket can't be used")]
    Socket(#[from] std::io::Error),
}

/// Sockets and what is to be served on each.
#[derive(Debug)]
pub struct Server {
    limits: Limits,
    doors: Vec<Door>,
}

#[derive(Debug)]
struct Door {
    listener: std::net::TcpListener,
    tls: Option<Arc<ServerConfig>>,
    app: Router,
}

impl Server {
    /// A server that does not listen yet. The limits hold for all its sockets of one kind together:
    /// connections to the plain ports are counted apart, so that they can't take the others' places.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            doors: Vec::new(),
        }
    }

    /// Serves `app` over TLS on a socket that is bound already.
    #[must_use]
    pub fn https(mut self, listener: std::net::TcpListener, tls: Arc<ServerConfig>, app: Router) -> Self {
        self.doors.push(Door {
            listener,
            tls: Some(tls),
            app,
        });
        self
    }

    /// Serves `app` over plain HTTP on a socket that is bound already.
    #[must_use]
    pub fn http(mut self, listener: std::net::TcpListener, app: Router) -> Self {
        self.doors.push(Door {
            listener,
            tls: None,
            app,
        });
        self
    }

    /// Begins to accept, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StartError::Socket`] when a socket can't be made asynchronous.
    pub fn start(self) -> Result<Running, StartError> {
        let shared = Shared::new(self.limits);
        let mut addresses = Vec::with_capacity(self.doors.len());
        let mut open = Vec::with_capacity(self.doors.len());
        for door in self.doors {
            door.listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(door.listener)?;
            addresses.push(listener.local_addr()?);
            open.push((listener, door.tls, door.app));
        }
        // All or none: nothing is accepted before every socket is known to work.
        let limits = &shared.limits;
        let secure = Admission::new(limits.connections, limits.connections_per_client);
        let plain = Admission::new(limits.plain_connections, limits.plain_connections_per_client);
        for (listener, tls, app) in open {
            let admission = if tls.is_some() { &secure } else { &plain };
            let serving = listener::serve(listener, tls, app, admission.clone(), shared.clone());
            shared.tasks.spawn(serving);
        }
        Ok(Running {
            shared,
            addresses,
            admissions: [secure, plain],
        })
    }
}

/// A server that accepts connections until it is stopped.
#[derive(Debug)]
pub struct Running {
    shared: Shared,
    addresses: Vec<SocketAddr>,
    admissions: [Admission; 2],
}

/// How stopping went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Every request in flight was answered.
    Drained,
    /// Some were cut off when the time for it was over.
    CutOff,
}

impl Running {
    /// Where it listens, in the order in which the sockets were given.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Connections open now.
    pub fn connections(&self) -> usize {
        self.admissions.iter().map(Admission::open).sum()
    }

    /// Cancelled as soon as the server begins to stop.
    pub fn stopping(&self) -> CancellationToken {
        self.shared.stopping.clone()
    }

    /// Stops accepting, waits for requests in flight up to the limit, then closes what is left.
    pub async fn stop(self) -> Stopped {
        self.shared.stopping.cancel();
        self.shared.tasks.close();
        if timeout(self.shared.limits.drain, self.shared.tasks.wait())
            .await
            .is_ok()
        {
            return Stopped::Drained;
        }
        self.shared.closing.cancel();
        if timeout(CLOSING, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("connections did not close in time and were abandoned");
        }
        Stopped::CutOff
    }
}
