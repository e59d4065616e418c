//! `GET /api/v1/patients/{patientId}/images/{imageId}`.

use axum::extract::State;
use cutis_domain::{ImageId, PatientId};

use super::dto::Image;
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Shows what is known about an image.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    responses((status = 200, body = Image), Refusals)
)]
pub(super) async fn show_image(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
) -> Result<Json<Image>, Problem> {
    let Path((Id(patient), Id(image))) = path;
    let image = api
        .records
        .image(&by, patient, image)
        .await
        .map_err(super::refused)?;
    let people = names::read(&api, std::iter::once(&image.uploaded_by)).await?;
    Ok(Json(Image::new(&image, &people)))
}
