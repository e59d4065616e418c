//! `GET /health`.

use serde::Serialize;
use utoipa::ToSchema;

use cutis_edge::extract::Json;

/// The program is up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    status: &'static str,
}

/// Answers as long as the program runs.
#[utoipa::path(get, path = "/health", tag = "status", responses((status = 200, body = Health)))]
pub(crate) async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}
