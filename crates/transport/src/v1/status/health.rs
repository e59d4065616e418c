//! `GET /health`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;

/// The program is up.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::v1) struct Health {
    status: &'static str,
}

/// Answers as long as the program runs.
#[utoipa::path(get, path = "/health", tag = "status", responses((status = 200, body = Health)))]
pub(in crate::v1) async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}
