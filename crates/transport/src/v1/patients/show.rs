//! `GET /api/v1/patients/{patientId}`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::Patient;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::ids::Id;
use crate::v1::principal::Clinician;
use crate::v1::refusals::Refusals;

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
    Ok(Json(Patient::new(&file, now)))
}
