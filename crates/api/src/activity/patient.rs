//! `GET /api/v1/patients/{patientId}/activity`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::{ActivityPage, ActivityQuery};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::{Json, Path, Query};
use cutis_edge::problem::Problem;

/// Shows who did what with a patient's record, and who saw it.
#[utoipa::path(
    get, path = "/patients/{patientId}/activity", tag = "activity", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient"), ActivityQuery),
    responses((status = 200, body = ActivityPage), Refusals)
)]
pub(super) async fn patient_activity(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Query(asked): Query<ActivityQuery>,
) -> Result<Json<ActivityPage>, Problem> {
    let (before, limit) = (asked.before()?, asked.limit()?);
    let events = api
        .records
        .patient_activity(&by, patient, asked.kind(), before, limit)
        .await;
    Ok(Json(events.map_err(refusals::record)?.into()))
}
