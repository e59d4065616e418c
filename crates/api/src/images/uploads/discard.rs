//! `DELETE /api/v1/patients/{patientId}/uploads/{uploadKey}/{index}`.

use axum::extract::State;
use http::StatusCode;

use super::{Place, place};
use crate::Api;
use crate::images::refused;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Discards what has arrived of a file.
///
/// It is answered 404 if nothing of it is waiting: it never arrived, was refused, was discarded before, or is stored. An
/// image that is stored stays.
#[utoipa::path(
    delete, path = "/patients/{patientId}/uploads/{uploadKey}/{index}", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("uploadKey" = String, Path, description = "The upload"),
        ("index" = u16, Path, description = "Which file of the upload, from 0 to 199"),
    ),
    responses((status = 204), Refusals)
)]
pub(super) async fn discard_upload(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(path): Path<Place>,
) -> Result<StatusCode, Problem> {
    let (patient, file) = place(path)?;
    api.records
        .discard_upload(&by, patient, file)
        .await
        .map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}
