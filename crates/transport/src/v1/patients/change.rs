//! `PATCH /api/v1/patients/{patientId}`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::{Patient, PatientPatch};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::ids::Id;
use crate::v1::principal::Clinician;
use crate::v1::refusals::Refusals;

/// Changes a patient's own fields, if nobody changed them meanwhile.
#[utoipa::path(
    patch, path = "/patients/{patientId}", tag = "patients", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")), request_body = PatientPatch,
    responses((status = 200, body = Patient), Refusals)
)]
pub(super) async fn change_patient(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Json(body): Json<PatientPatch>,
) -> Result<Json<Patient>, Problem> {
    let now = api.records.now();
    let version = body.version;
    let file = api
        .records
        .change_patient(&by, patient, version, body.into())
        .await;
    let file = file.map_err(|error| super::refused(error, now))?;
    Ok(Json(Patient::new(&file, now)))
}
