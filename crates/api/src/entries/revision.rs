//! `GET /api/v1/patients/{patientId}/entries/{entryId}/revisions/{version}`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use super::dto::RevisionNotes;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::{Api, names};
use cutis_edge::extract::{Json, Path, Whole};
use cutis_edge::problem::Problem;

/// Shows the notes of a visit as they were.
#[utoipa::path(
    get, path = "/patients/{patientId}/entries/{entryId}/revisions/{version}", tag = "entries",
    security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
        ("version" = u64, Path, description = "The version of the notes"),
    ),
    responses((status = 200, body = RevisionNotes), Refusals)
)]
pub(super) async fn entry_revision(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>, Whole<u64>)>,
) -> Result<Json<RevisionNotes>, Problem> {
    let Path((Id(patient), Id(entry), Whole(version))) = path;
    let text = api
        .records
        .entry_revision(&by, patient, entry, version)
        .await
        .map_err(super::refused)?;
    let people = names::read(&api, std::iter::once(&text.head.author)).await?;
    Ok(Json(RevisionNotes::new(&text, &people)))
}
