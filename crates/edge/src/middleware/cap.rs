//! How large a request body may be.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::bodies::{Bodies, BodyRule};
use crate::body::CappedBody;
use crate::limits::Limits;

/// The state of this layer.
#[derive(Debug, Clone)]
pub(super) struct Cap {
    bodies: Bodies,
    limit: u64,
    stranger_limit: u64,
}

impl Cap {
    pub(super) fn new(bodies: Bodies, limits: &Limits) -> Self {
        Self {
            bodies,
            limit: limits.body_bytes,
            stranger_limit: limits.stranger_body_bytes,
        }
    }
}

/// Gives every body its route's limit, and leaves the route's rule in the request.
pub(super) async fn cap(State(cap): State<Cap>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let rule = route.map(|route| cap.bodies.rule(route.as_str()));
    let bytes = match rule {
        Some(BodyRule::SignedIn) => cap.limit,
        // No route: whatever answers has no use for a body.
        Some(BodyRule::Anyone) | None => cap.stranger_limit,
        Some(BodyRule::Streamed { bytes }) => bytes,
    };
    if let Some(rule) = rule {
        request.extensions_mut().insert(Capped { rule, bytes });
    }
    next.run(request.map(|body| Body::new(CappedBody::new(body, bytes))))
        .await
}

/// The rule for this request's body. An extension of requests that a route answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capped {
    pub(super) rule: BodyRule,
    pub(super) bytes: u64,
}
