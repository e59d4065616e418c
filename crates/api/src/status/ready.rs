//! `GET /api/v1/ready`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::{Code, Problem};
use cutis_records::outcome::ErrorKind;

/// The program can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ready {
    status: &'static str,
}

/// Answers once the database does and takes changes. While its structure is not the one that Cutis made,
/// so that nobody can sign in, the answer is 503 `structure_changed`.
#[utoipa::path(get, path = "/ready", tag = "status", responses((status = 200, body = Ready), Refusals))]
pub(super) async fn ready(State(api): State<Api>) -> Result<Json<Ready>, Problem> {
    api.auth.ready().await.map_err(|error| {
        if error.kind() == ErrorKind::Tampered {
            // What it was is in the log and in a notice; whoever asks here may be anybody.
            Problem::new(Code::StructureChanged)
        } else {
            refusals::storage(&error)
        }
    })?;
    api.auth
        .setup_state()
        .await
        .map_err(|error| refusals::storage(&error))?;
    Ok(Json(Ready { status: "ready" }))
}
