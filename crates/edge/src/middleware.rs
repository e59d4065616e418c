//! What happens to every request before it reaches a route, and to every response afterwards.
//!
//! [`edge`] wraps an application. From the outside in:
//!
//! 0. `allow`: which methods an address answers to, in every 405 and in the answer to OPTIONS;
//! 1. `frame`: request id, security headers, problems completed, access log;
//! 2. `panics`: a handler's panic becomes a 500;
//! 3. `gate`: address length, method, host name, content encoding, origin;
//! 4. `cap`: the body's limit, by the route's [`BodyRule`];
//! 5. `load`: small bodies are read, then the request takes a place among those handled at once.

mod allow;
mod bodies;
mod cap;
mod frame;
mod gate;
mod headers;
mod hosts;
mod known;
mod load;
mod origin;
mod panics;
mod shares;
mod unknown_name;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state, map_response};

pub use bodies::{Bodies, BodyRule};
pub use frame::RequestId;
pub(crate) use gate::AskedHost;
pub use headers::CONTENT_SECURITY_POLICY;
pub use hosts::AllowedHosts;
pub use known::Acquaintance;

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
    /// The names under which this server accepts requests.
    pub hosts: AllowedHosts,
    /// For how long browsers insist on HTTPS; only once the operator has confirmed that devices trust
    /// the certificate, as there's no way back. Never sent for addresses or over plain HTTP.
    pub strict_transport: Option<Duration>,
    /// How large the routes' bodies may be.
    pub bodies: Bodies,
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
    // axum's own limit is out of the way: `cap` is the only one.
    let framed = app
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(load::Load::new(&edge.limits), load::load))
        .layer(from_fn_with_state(
            cap::Cap::new(edge.bodies.clone(), &edge.limits),
            cap::cap,
        ))
        .layer(from_fn_with_state(edge.clone(), gate::gate))
        .layer(from_fn(panics::panics))
        .layer(from_fn_with_state(edge.clone(), frame::frame));
    // Outside of axum's router, which knows the methods of each route and adds them last.
    Router::new()
        .fallback_service(framed)
        .layer(map_response(allow::complete))
}
