//! `GET /api/v1/trail/status`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::principal::Administrator;
use crate::v1::refusals::{self, Refusals};

/// How long the trail is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrailStatus {
    /// Events in it.
    events: u64,
}

/// Shows how long the trail is.
#[utoipa::path(
    get, path = "/trail/status", tag = "trail", security(("session" = [])),
    responses((status = 200, body = TrailStatus), Refusals)
)]
pub(super) async fn trail_status(
    Administrator(by): Administrator,
    State(api): State<Api>,
) -> Result<Json<TrailStatus>, Problem> {
    let status = api
        .practice
        .trail_status(&by)
        .await
        .map_err(|error| refusals::storage(error.storage()))?;
    Ok(Json(TrailStatus {
        events: status.events,
    }))
}
