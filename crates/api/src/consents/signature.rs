//! `GET /api/v1/patients/{patientId}/consents/{consentId}/signature`.

use axum::extract::State;
use axum::response::IntoResponse;
use cutis_domain::{ConsentId, PatientId};
use http::header::CONTENT_TYPE;

use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Shows a drawn signature.
#[utoipa::path(
    get, path = "/patients/{patientId}/consents/{consentId}/signature", tag = "consents",
    security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("consentId" = String, Path, description = "The consent"),
    ),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), Refusals)
)]
pub(super) async fn consent_signature(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ConsentId>)>,
) -> Result<impl IntoResponse, Problem> {
    let Path((Id(patient), Id(consent))) = path;
    let picture = api
        .records
        .signature(&by, patient, consent)
        .await
        .map_err(super::refused)?;
    Ok(([(CONTENT_TYPE, "image/png")], picture))
}
