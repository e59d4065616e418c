//! `GET /api/v1/trail/status`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::principal::Administrator;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// The length of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrailStatus {
    /// The number of events in it.
    events: u64,
}

/// Shows the length of the audit trail.
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
