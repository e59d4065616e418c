//! How large a request body may be.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tower::Layer;
use tower::Service;

use crate::body::{BodyCap, CappedBody};

/// Gives every body the default limit and leaves the handle to it in the request.
pub(super) async fn cap(State(bytes): State<u64>, request: Request, next: Next) -> Response {
    let cap = BodyCap::new(bytes);
    let mut request = request.map(|body| Body::new(CappedBody::new(body, cap.clone())));
    request.extensions_mut().insert(cap);
    next.run(request).await
}

/// A layer for routes whose bodies may be larger (or must be smaller) than the default.
///
/// ```
/// # use axum::{Router, routing::post};
/// # async fn upload() {}
/// # let app: Router =
/// Router::new().route("/upload", post(upload).layer(cutis_transport::middleware::body_limit(1 << 30)));
/// ```
pub fn body_limit(bytes: u64) -> BodyLimit {
    BodyLimit { bytes }
}

/// See [`body_limit`].
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    bytes: u64,
}

impl<S> Layer<S> for BodyLimit {
    type Service = WithBodyLimit<S>;

    fn layer(&self, inner: S) -> WithBodyLimit<S> {
        WithBodyLimit {
            inner,
            bytes: self.bytes,
        }
    }
}

/// A service whose requests' bodies have their own limit.
#[derive(Debug, Clone)]
pub struct WithBodyLimit<S> {
    inner: S,
    bytes: u64,
}

impl<S: Service<Request>> Service<Request> for WithBodyLimit<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> S::Future {
        if let Some(cap) = request.extensions().get::<BodyCap>() {
            cap.set(self.bytes);
        }
        self.inner.call(request)
    }
}
