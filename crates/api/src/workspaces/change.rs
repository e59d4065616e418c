//! `POST /api/v1/patients/{patientId}/entries/{entryId}/workspace`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use super::dto::{WorkspaceChange, WorkspaceChangeDone};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Puts photos into a visit's workspace and takes photos out, all or nothing. Answers what really changed.
#[utoipa::path(
    post, path = "/patients/{patientId}/entries/{entryId}/workspace", tag = "workspaces",
    security(("session" = [])), request_body = WorkspaceChange,
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    responses((status = 200, body = WorkspaceChangeDone), Refusals)
)]
pub(super) async fn change_workspace(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
    Json(body): Json<WorkspaceChange>,
) -> Result<Json<WorkspaceChangeDone>, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let (add, remove) = body.parsed()?;
    let done = api
        .records
        .change_workspace(&by, patient, entry, add, remove)
        .await
        .map_err(super::refused)?;
    Ok(Json(WorkspaceChangeDone::from(&done)))
}
