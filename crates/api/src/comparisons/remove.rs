//! `DELETE /api/v1/patients/{patientId}/comparisons/{comparisonId}`.

use axum::extract::State;
use cutis_domain::{ComparisonId, PatientId};
use http::StatusCode;

use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Deletes a comparison with what is marked in it; its photos stay.
#[utoipa::path(
    delete, path = "/patients/{patientId}/comparisons/{comparisonId}", tag = "comparisons",
    security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("comparisonId" = String, Path, description = "The comparison"),
    ),
    responses((status = 204), Refusals)
)]
pub(super) async fn delete_comparison(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ComparisonId>)>,
) -> Result<StatusCode, Problem> {
    let Path((Id(patient), Id(comparison))) = path;
    api.records
        .remove_comparison(&by, patient, comparison)
        .await
        .map_err(super::refused)?;
    Ok(StatusCode::NO_CONTENT)
}
