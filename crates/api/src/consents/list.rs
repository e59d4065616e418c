//! `GET /api/v1/patients/{patientId}/consents`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::{ConsentList, ConsentRecord, people_in};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

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
    let people = names::read(&api, people_in(&consents)).await?;
    let consents = consents
        .iter()
        .map(|record| ConsentRecord::new(record, now, &people))
        .collect();
    Ok(Json(ConsentList { consents }))
}
