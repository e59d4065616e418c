//! `PATCH /api/v1/patients/{patientId}/comparisons/{comparisonId}`.

use axum::extract::State;
use cutis_domain::{ComparisonId, PatientId};
use cutis_records::ComparisonError;

use super::dto::Comparison;
use super::input::ComparisonPatch;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Changes a comparison's title, note, mode, layout, photos or place. A field that somebody else has changed since the version
/// named in the request is refused with `stale_version`, whose `conflicts` hold both values; the other fields are changed and
/// are named in `saved`. Anything else that is refused changes nothing.
#[utoipa::path(
    patch, path = "/patients/{patientId}/comparisons/{comparisonId}", tag = "comparisons",
    security(("session" = [])), request_body = ComparisonPatch,
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("comparisonId" = String, Path, description = "The comparison"),
    ),
    responses((status = 200, body = Comparison), Refusals)
)]
pub(super) async fn change_comparison(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ComparisonId>)>,
    Json(body): Json<ComparisonPatch>,
) -> Result<Json<Comparison>, Problem> {
    let Path((Id(patient), Id(comparison))) = path;
    let sent = serde_json::to_value(&body).unwrap_or_default();
    let version = body.version;
    let changed = api
        .records
        .change_comparison(&by, patient, comparison, version, body.try_into()?)
        .await;
    match changed {
        Ok(comparison) => Ok(Json(Comparison::from(&comparison))),
        Err(ComparisonError::Stale(clash)) => Err(super::stale(&clash, &sent)),
        Err(error) => Err(super::refused(error)),
    }
}
