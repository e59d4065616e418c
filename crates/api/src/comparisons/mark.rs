//! `PATCH /api/v1/patients/{patientId}/comparisons/{comparisonId}/images/{imageId}`.

use axum::extract::State;
use cutis_domain::{ComparisonId, ImageId, PatientId};
use cutis_records::ComparisonError;

use super::dto::Comparison;
use super::input::ComparedImagePatch;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Changes what is marked on a photo of a comparison, and answers the whole comparison. What somebody else has changed since
/// the version named in the request is refused with `stale_version`, whose `conflicts` hold both values; the rest is changed and
/// is named in `saved`. Anything else that is refused changes nothing, such as landmarks that cannot be fitted.
#[utoipa::path(
    patch, path = "/patients/{patientId}/comparisons/{comparisonId}/images/{imageId}", tag = "comparisons",
    security(("session" = [])), request_body = ComparedImagePatch,
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("comparisonId" = String, Path, description = "The comparison"),
        ("imageId" = String, Path, description = "The photo"),
    ),
    responses((status = 200, body = Comparison), Refusals)
)]
pub(super) async fn mark_compared_image(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ComparisonId>, Id<ImageId>)>,
    Json(body): Json<ComparedImagePatch>,
) -> Result<Json<Comparison>, Problem> {
    let Path((Id(patient), Id(comparison), Id(image))) = path;
    let sent = serde_json::to_value(&body).unwrap_or_default();
    let version = body.version;
    let changed = api
        .records
        .mark_compared_image(&by, patient, (comparison, image), version, body.try_into()?)
        .await;
    match changed {
        Ok(comparison) => Ok(Json(Comparison::from(&comparison))),
        Err(ComparisonError::StaleImage(clash)) => Err(super::stale_image(&clash, &sent, image)),
        Err(error) => Err(super::refused(error)),
    }
}
