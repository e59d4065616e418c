//! `PATCH /api/v1/patients/{patientId}/comparisons/{comparisonId}`.

use axum::extract::State;
use cutis_domain::{ComparisonId, PatientId};

use super::dto::{Comparison, ComparisonPatch};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Changes a comparison's title, mode, photos or place.
#[utoipa::path(
    patch, path = "/patients/{patientId}/comparisons/{comparisonId}", tag = "workspaces",
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
    let comparison = api
        .records
        .change_comparison(&by, patient, comparison, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok(Json(Comparison::from(&comparison)))
}
