//! `GET /api/v1/patients/{patientId}/consents`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::{ConsentList, ConsentRecord};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::ids::Id;
use crate::v1::principal::Clinician;
use crate::v1::refusals::Refusals;

/// Lists a patient's consents.
#[utoipa::path(
    get, path = "/patients/{patientId}/consents", tag = "consents", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")),
    responses((status = 200, body = ConsentList), Refusals)
)]
pub(super) async fn list_consents(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
) -> Result<Json<ConsentList>, Problem> {
    let now = api.records.now();
    let consents = api.records.consents(&by, patient).await.map_err(super::refused)?;
    let consents = consents
        .iter()
        .map(|record| ConsentRecord::new(record, now))
        .collect();
    Ok(Json(ConsentList { consents }))
}
