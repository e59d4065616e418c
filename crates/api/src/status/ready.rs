//! `GET /api/v1/ready`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// The program can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ready {
    status: &'static str,
}

/// Answers once the database does.
#[utoipa::path(get, path = "/ready", tag = "status", responses((status = 200, body = Ready), Refusals))]
pub(super) async fn ready(State(api): State<Api>) -> Result<Json<Ready>, Problem> {
    api.auth
        .setup_state()
        .await
        .map_err(|error| refusals::storage(&error))?;
    Ok(Json(Ready { status: "ready" }))
}
