//! `POST /api/v1/patients/{patientId}/consents/{consentId}/revocation`.

use axum::extract::State;
use cutis_domain::{ConsentId, PatientId};

use super::dto::{ConsentRecord, Revocation, people_in};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Revokes a consent (N4).
#[utoipa::path(
    post, path = "/patients/{patientId}/consents/{consentId}/revocation", tag = "consents",
    security(("session" = [])), request_body = Revocation,
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("consentId" = String, Path, description = "The consent"),
    ),
    responses((status = 200, body = ConsentRecord), Refusals)
)]
pub(super) async fn revoke_consent(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ConsentId>)>,
    Json(body): Json<Revocation>,
) -> Result<Json<ConsentRecord>, Problem> {
    let Path((Id(patient), Id(consent))) = path;
    let record = api
        .records
        .revoke_consent(&by, patient, consent, body.try_into()?)
        .await;
    let record = record.map_err(super::refused)?;
    let people = names::beside(&api, people_in([&record])).await;
    Ok(Json(ConsentRecord::new(&record, api.records.now(), &people)))
}
