//! `POST /api/v1/patients/{patientId}/entries/{entryId}/comparisons`.

use axum::extract::State;
use axum::response::IntoResponse;
use cutis_domain::{EntryId, PatientId};
use http::StatusCode;

use super::dto::Comparison;
use super::input::ComparisonInput;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Adds a comparison to a visit.
#[utoipa::path(
    post, path = "/patients/{patientId}/entries/{entryId}/comparisons", tag = "comparisons",
    security(("session" = [])), request_body = ComparisonInput,
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    responses((status = 201, body = Comparison), Refusals)
)]
pub(super) async fn create_comparison(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
    Json(body): Json<ComparisonInput>,
) -> Result<impl IntoResponse, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let comparison = api
        .records
        .create_comparison(&by, patient, entry, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok((StatusCode::CREATED, Json(Comparison::from(&comparison))))
}
