//! `GET /api/v1/patients/{patientId}/images/{imageId}/tags`.

use axum::extract::State;
use cutis_domain::tag::Tagged;
use cutis_domain::{ImageId, PatientId};

use super::dto::ShownTagList;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Lists a photo's tags.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/tags", tag = "tags", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The photo"),
    ),
    responses((status = 200, body = ShownTagList), Refusals)
)]
pub(super) async fn image_tags(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
) -> Result<Json<ShownTagList>, Problem> {
    let Path((Id(patient), Id(it))) = path;
    let tags = api
        .records
        .tags_of(&by, patient, Tagged::Image(it))
        .await
        .map_err(super::refused)?;
    Ok(Json(ShownTagList::new(&tags)))
}
