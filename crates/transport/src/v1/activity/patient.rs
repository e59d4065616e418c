//! `GET /api/v1/patients/{patientId}/activity`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::{ActivityPage, ActivityQuery};
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::v1::ids::Id;
use crate::v1::principal::Clinician;
use crate::v1::refusals::{self, Refusals};
use crate::v1::{Api, page};

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
    let (before, limit) = (asked.before()?, page::limit(asked.limit)?);
    let events = api.records.patient_activity(&by, patient, before, limit).await;
    Ok(Json(events.map_err(refusals::record)?.into()))
}
