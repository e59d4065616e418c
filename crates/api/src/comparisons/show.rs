//! `GET /api/v1/patients/{patientId}/comparisons/{comparisonId}`.

use axum::extract::State;
use cutis_domain::{ComparisonId, PatientId};

use super::dto::Comparison;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Shows a comparison, with what is marked on its photos and how they lie over the first.
#[utoipa::path(
    get, path = "/patients/{patientId}/comparisons/{comparisonId}", tag = "comparisons",
    security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("comparisonId" = String, Path, description = "The comparison"),
    ),
    responses((status = 200, body = Comparison), Refusals)
)]
pub(super) async fn show_comparison(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ComparisonId>)>,
) -> Result<Json<Comparison>, Problem> {
    let Path((Id(patient), Id(comparison))) = path;
    let comparison = api
        .records
        .comparison(&by, patient, comparison)
        .await
        .map_err(super::refused)?;
    Ok(Json(Comparison::from(&comparison)))
}
