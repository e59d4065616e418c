//! `GET /api/v1/patients/{patientId}/entries/{entryId}/workspace`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use super::dto::Workspace;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Shows which photos and comparisons a visit has.
#[utoipa::path(
    get, path = "/patients/{patientId}/entries/{entryId}/workspace", tag = "workspaces",
    security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    responses((status = 200, body = Workspace), Refusals)
)]
pub(super) async fn show_workspace(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
) -> Result<Json<Workspace>, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let workspace = api
        .records
        .workspace(&by, patient, entry)
        .await
        .map_err(super::refused)?;
    Ok(Json(Workspace::from(&workspace)))
}
