//! `GET …/images/{imageId}/thumbnail`, `/medium` and `/screen`: the renditions that are kept.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use cutis_domain::{ImageId, PatientId};
use cutis_records::images::Rendition;
use http::header::CONTENT_TYPE;

use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Shows an image at 320 pixels.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/thumbnail", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
pub(super) async fn thumbnail(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    show(&by, &api, patient, image, Rendition::Thumbnail).await
}

/// Shows an image at 640 pixels, for lists on sharp screens. A photo stored before this size existed is shown at 1,600
/// pixels.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/medium", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
pub(super) async fn medium(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    show(&by, &api, patient, image, Rendition::Medium).await
}

/// Shows an image at 1,600 pixels.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/screen", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
pub(super) async fn screen(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    show(&by, &api, patient, image, Rendition::Screen).await
}

async fn show(
    by: &cutis_domain::Clinician,
    api: &Api,
    patient: PatientId,
    image: ImageId,
    rendition: Rendition,
) -> Result<Response, Problem> {
    let (_, bytes) = api
        .records
        .show_image(by, patient, image, rendition)
        .await
        .map_err(super::refused)?;
    Ok(([(CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}
