//! `GET /api/v1/patients/{patientId}/entries/{entryId}`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use super::dto::{EntryDetail, people_in};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Shows a visit. Its photos, comparisons and tags have addresses of their own.
#[utoipa::path(
    get, path = "/patients/{patientId}/entries/{entryId}", tag = "entries", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    responses((status = 200, body = EntryDetail), Refusals)
)]
pub(super) async fn show_entry(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
) -> Result<Json<EntryDetail>, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let file = api
        .records
        .entry(&by, patient, entry)
        .await
        .map_err(super::refused)?;
    let people = names::read(&api, people_in(&file)).await?;
    Ok(Json(EntryDetail::new(&file, &people)))
}
