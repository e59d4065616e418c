//! `POST /api/v1/patients/{patientId}/entries/{entryId}/revisions/{version}/restore`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use super::dto::{RestoreInput, Restored};
use super::saved::told;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path, Whole};
use cutis_edge::problem::Problem;

/// Makes the notes of a visit again what they were. What they are now stays among the versions.
#[utoipa::path(
    post, path = "/patients/{patientId}/entries/{entryId}/revisions/{version}/restore", tag = "entries",
    security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
        ("version" = u64, Path, description = "The version of the notes"),
    ),
    request_body = RestoreInput, responses((status = 200, body = Restored), Refusals)
)]
pub(super) async fn restore_entry_revision(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>, Whole<u64>)>,
    Json(body): Json<RestoreInput>,
) -> Result<Json<Restored>, Problem> {
    let Path((Id(patient), Id(entry), Whole(version))) = path;
    let turn = api.live.turn(entry).await;
    let restored = api
        .records
        .restore_entry_revision(&by, patient, entry, version, body.base)
        .await;
    let edited = told(&api, &by, patient, entry, restored.map(|edited| vec![edited])).await?;
    drop(turn);
    let version = edited.first().map(|edited| edited.version).unwrap_or_default();
    Ok(Json(Restored { version }))
}
