//! `GET /api/v1/patients/{patientId}/entries/{entryId}/tags`.

use axum::extract::State;
use cutis_domain::tag::Tagged;
use cutis_domain::{EntryId, PatientId};

use super::dto::ShownTagList;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Lists the tags that a visit shows: its own, and those of the photos of its workspace and comparisons.
#[utoipa::path(
    get, path = "/patients/{patientId}/entries/{entryId}/tags", tag = "tags", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    responses((status = 200, body = ShownTagList), Refusals)
)]
pub(super) async fn entry_tags(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
) -> Result<Json<ShownTagList>, Problem> {
    let Path((Id(patient), Id(it))) = path;
    let tags = api
        .records
        .tags_of(&by, patient, Tagged::Entry(it))
        .await
        .map_err(super::refused)?;
    Ok(Json(ShownTagList::new(&tags)))
}
