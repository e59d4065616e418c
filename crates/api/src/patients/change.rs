//! `PATCH /api/v1/patients/{patientId}`.

use axum::extract::State;
use cutis_domain::PatientId;
use cutis_domain::patient::Field;
use cutis_records::patients::PatientError;

use super::dto::{Patient, PatientPatch};
use crate::Api;
use crate::conflict;
use crate::consents::dto::people_in;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Changes a patient's own fields. A field that somebody else has changed since the version named in the request is refused
/// with `stale_version`, whose `conflicts` hold both values; the other fields are changed and are named in `saved`. Anything
/// else that is refused changes nothing.
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
    let changed = api
        .records
        .change_patient(&by, patient, body.version, body.clone().into())
        .await;
    match changed {
        Ok(file) => {
            let people = names::beside(&api, people_in(&file.current_consent)).await;
            Ok(Json(Patient::new(&file, now, &people)))
        }
        Err(PatientError::Stale { moved, saved, file }) => {
            let people = names::beside(&api, people_in(&file.current_consent)).await;
            // What serialises into JSON text serialises into a JSON value.
            let current = serde_json::to_value(Patient::new(&file, now, &people)).unwrap_or_default();
            let sent = serde_json::to_value(&body).unwrap_or_default();
            let held = current.clone();
            Err(conflict::problem(
                &moved,
                &saved,
                Field::code,
                &sent,
                &held,
                current,
            ))
        }
        Err(error) => Err(super::refused(error)),
    }
}
