//! A handler that panics fails its request and nothing else.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::problem::Problem;

/// Answers 500 to a panic. Its words may quote a patient, so they are dropped here; what the process's
/// panic hook says of them is the binary's affair.
pub(super) async fn panics(request: Request, next: Next) -> Response {
    // What the handler shared is behind locks of its own, which notice a poisoning.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(cause) => {
            drop(cause);
            tracing::error!("a handler panicked");
            Problem::internal().into_response()
        }
    }
}
