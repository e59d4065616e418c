//! `GET /api/v1/sessions`.

use axum::extract::State;
use cutis_auth::session::OwnSession;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::principal::SignedIn;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// The sessions of the caller's account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    sessions: Vec<SessionInfo>,
}

/// One session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionInfo {
    id: String,
    current: bool,
    created_at: String,
    last_seen_at: String,
    #[schema(required)]
    ip: Option<String>,
    #[schema(required)]
    user_agent: Option<String>,
}

impl From<OwnSession> for SessionInfo {
    fn from(session: OwnSession) -> Self {
        Self {
            id: session.id.to_string(),
            current: session.current,
            created_at: session.created_at.to_string(),
            last_seen_at: session.last_seen_at.to_string(),
            ip: session.address.map(|address| address.to_string()),
            user_agent: session.agent.map(cutis_domain::Text::into_string),
        }
    }
}

/// Lists the caller's own sessions.
#[utoipa::path(
    get, path = "/sessions", tag = "session", security(("session" = [])),
    responses((status = 200, body = SessionList), Refusals)
)]
pub(super) async fn list_sessions(
    SignedIn(by): SignedIn,
    State(api): State<Api>,
) -> Result<Json<SessionList>, Problem> {
    let own = api
        .auth
        .sessions(&by)
        .await
        .map_err(|error| refusals::storage(&error))?;
    Ok(Json(SessionList {
        sessions: own.into_iter().map(SessionInfo::from).collect(),
    }))
}
