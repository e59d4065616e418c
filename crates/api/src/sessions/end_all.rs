//! `DELETE /api/v1/sessions`.

use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;

use crate::Api;
use crate::principal::SignedIn;
use crate::refusals::{self, Refusals};
use crate::session::signed_out_headers;
use cutis_edge::problem::Problem;

/// Signs out everywhere, this session included (A7).
#[utoipa::path(
    delete, path = "/sessions", tag = "session", security(("session" = [])),
    responses((status = 204, description = "Every session has ended"), Refusals)
)]
pub(super) async fn end_all_sessions(
    SignedIn(by): SignedIn,
    State(api): State<Api>,
) -> Result<impl IntoResponse, Problem> {
    api.auth
        .end_all_sessions(&by)
        .await
        .map_err(|error| refusals::storage(&error))?;
    Ok((StatusCode::NO_CONTENT, signed_out_headers(), ()))
}
