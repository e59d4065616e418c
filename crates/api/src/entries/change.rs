//! `PATCH /api/v1/patients/{patientId}/entries/{entryId}`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use super::dto::EntryPatch;
use super::saved::{EntrySaved, save};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Changes a visit's time, title or notes, all or nothing. What somebody else changed since is refused with `stale_version`,
/// whose `conflicts` hold the current value. Whole notes are not merged; what is typed over `/live` is.
#[utoipa::path(
    patch, path = "/patients/{patientId}/entries/{entryId}", tag = "entries", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    request_body = EntryPatch, responses((status = 200, body = EntrySaved), Refusals)
)]
pub(super) async fn change_entry(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
    Json(body): Json<EntryPatch>,
) -> Result<Json<EntrySaved>, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let edits = body.try_into()?;
    save(&api, &by, patient, entry, edits).await.map(Json)
}
