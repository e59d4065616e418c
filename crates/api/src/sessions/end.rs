//! `DELETE /api/v1/sessions/{sessionId}`.

use axum::extract::State;
use cutis_auth::session::EndSessionError;
use cutis_domain::SessionId;
use http::StatusCode;

use crate::Api;
use crate::ids::Id;
use crate::principal::SignedIn;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Ends one of the caller's sessions.
#[utoipa::path(
    delete, path = "/sessions/{sessionId}", tag = "session", security(("session" = [])),
    params(("sessionId" = String, Path, description = "The session")),
    responses((status = 204, description = "Ended"), Refusals)
)]
pub(super) async fn end_session(
    SignedIn(by): SignedIn,
    State(api): State<Api>,
    Path(Id(session)): Path<Id<SessionId>>,
) -> Result<StatusCode, Problem> {
    match api.auth.end_session(&by, session).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(EndSessionError::NotFound { .. }) => Err(Problem::not_found()),
        Err(EndSessionError::Storage(error)) => Err(refusals::storage(&error)),
    }
}
