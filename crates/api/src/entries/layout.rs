//! `PUT /api/v1/patients/{patientId}/entries/{entryId}/layout`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use http::StatusCode;

use super::dto::LayoutInput;
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Remembers how the caller looks at a visit.
#[utoipa::path(
    put, path = "/patients/{patientId}/entries/{entryId}/layout", tag = "entries", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    request_body = LayoutInput, responses((status = 204), Refusals)
)]
pub(super) async fn lay_out_entry(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
    Json(body): Json<LayoutInput>,
) -> Result<StatusCode, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    api.records
        .lay_out_entry(&by, patient, entry, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok(StatusCode::NO_CONTENT)
}
