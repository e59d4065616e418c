//! What happens to every request before a route sees it, and to every response after.
//!
//! [`edge`] wraps an application. From the outside in:
//!
//! 1. `frame`: request id, security headers, problems completed, access log;
//! 2. `panics`: a handler's panic becomes a 500;
//! 3. `gate`: address length, method, host name, content encoding, origin;
//! 4. `load`: how many requests at once;
//! 5. `cap`: the body's limit, which a route raises with [`body_limit`].

mod cap;
mod frame;
mod gate;
mod headers;
mod hosts;
mod load;
mod origin;
mod panics;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::sync::Semaphore;

pub use cap::{BodyLimit, WithBodyLimit, body_limit};
pub use frame::RequestId;
pub(crate) use gate::AskedHost;
pub use headers::CONTENT_SECURITY_POLICY;
pub use hosts::AllowedHosts;

use crate::limits::Limits;

/// Makes the id of one request: a UUID in text, in practice.
pub type NewRequestId = Arc<dyn Fn() -> String + Send + Sync>;

/// A clock that only ever goes forward, read as the time since some fixed moment.
pub type Monotonic = Arc<dyn Fn() -> Duration + Send + Sync>;

/// What the edge needs from outside.
#[derive(Clone)]
pub struct Edge {
    /// Makes request ids.
    pub new_request_id: NewRequestId,
    /// Measures how long requests take.
    pub monotonic: Monotonic,
    /// The names under which this server may be asked for things.
    pub hosts: AllowedHosts,
    /// For how long browsers insist on HTTPS; only once the operator has confirmed that devices trust
    /// the certificate, as there's no way back. Never sent for addresses or over plain HTTP.
    pub strict_transport: Option<Duration>,
    /// Sizes and counts.
    pub limits: Limits,
}

impl fmt::Debug for Edge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Edge")
            .field("hosts", &self.hosts)
            .field("strict_transport", &self.strict_transport)
            .finish_non_exhaustive()
    }
}

/// Wraps an application: its routes, its fallback and what axum answers by itself.
pub fn edge(app: Router, edge: &Edge) -> Router {
    let places = Arc::new(Semaphore::new(edge.limits.requests));
    // axum's own limit is out of the way: `cap` is the only one.
    app.layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(edge.limits.body_bytes, cap::cap))
        .layer(from_fn_with_state(places, load::load))
        .layer(from_fn_with_state(edge.clone(), gate::gate))
        .layer(from_fn(panics::panics))
        .layer(from_fn_with_state(edge.clone(), frame::frame))
}
