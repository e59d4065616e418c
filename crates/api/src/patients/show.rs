//! `GET /api/v1/patients/{patientId}`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::Patient;
use crate::Api;
use crate::consents::dto::people_in;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Opens a patient.
#[utoipa::path(
    get, path = "/patients/{patientId}", tag = "patients", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")),
    responses((status = 200, body = Patient), Refusals)
)]
pub(super) async fn show_patient(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
) -> Result<Json<Patient>, Problem> {
    let now = api.records.now();
    let file = api.records.patient(&by, patient).await.map_err(super::refused)?;
    let people = names::read(&api, people_in(&file.current_consent)).await?;
    Ok(Json(Patient::new(&file, now, &people)))
}
