//! `GET /api/v1/patients/{patientId}/tags`.

use axum::extract::State;
use cutis_domain::PatientId;
use cutis_domain::tag::Tagged;

use super::dto::ShownTagList;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Lists the tags that a patient shows: their own, and those of their visits and photos with how many each comes from.
#[utoipa::path(
    get, path = "/patients/{patientId}/tags", tag = "tags", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")),
    responses((status = 200, body = ShownTagList), Refusals)
)]
pub(super) async fn patient_tags(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
) -> Result<Json<ShownTagList>, Problem> {
    let tags = api
        .records
        .tags_of(&by, patient, Tagged::Patient)
        .await
        .map_err(super::refused)?;
    Ok(Json(ShownTagList::new(&tags)))
}
