//! `GET /api/v1/patients/{patientId}/entries`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::{Entry, EntryList};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::ids::Id;
use crate::v1::principal::Clinician;
use crate::v1::refusals::{self, Refusals};

/// Lists a patient's visits.
#[utoipa::path(
    get, path = "/patients/{patientId}/entries", tag = "entries", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")),
    responses((status = 200, body = EntryList), Refusals)
)]
pub(super) async fn list_entries(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
) -> Result<Json<EntryList>, Problem> {
    let entries = api
        .records
        .entries(&by, patient)
        .await
        .map_err(refusals::record)?;
    Ok(Json(EntryList {
        entries: entries.iter().map(Entry::from).collect(),
    }))
}
