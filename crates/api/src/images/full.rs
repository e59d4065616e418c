//! `GET …/images/{imageId}/full`.

use axum::body::Body;
use axum::extract::State;
use axum::response::IntoResponse;
use cutis_domain::{ImageId, PatientId};
use http::header::CONTENT_TYPE;

use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Shows an image in full size: upright, sRGB, without metadata.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/full", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    responses((status = 200, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"))), Refusals)
)]
pub(super) async fn full(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
) -> Result<impl IntoResponse, Problem> {
    let Path((Id(patient), Id(image))) = path;
    let ticket = api
        .records
        .open_full(&by, patient, image)
        .await
        .map_err(super::refused)?;
    let full = api.records.render_full(&ticket).await.map_err(super::refused)?;
    Ok(([(CONTENT_TYPE, full.media_type.as_str())], Body::from(full.bytes)))
}
