//! `DELETE /api/v1/sessions/{sessionId}`.

use axum::extract::State;
use cutis_auth::session::EndSessionError;
use cutis_domain::SessionId;
use http::StatusCode;

use crate::extract::Path;
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::ids::Id;
use crate::v1::principal::SignedIn;
use crate::v1::refusals::{self, Refusals};

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
