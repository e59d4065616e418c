//! `GET /api/v1/patients/{patientId}/entries`.

use axum::extract::State;
use cutis_domain::PatientId;

use super::dto::{EntryList, ListedEntry};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

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
    let authors = entries.iter().map(|listed| &listed.entry.author);
    let people = names::read(&api, authors).await?;
    Ok(Json(EntryList {
        entries: entries
            .iter()
            .map(|listed| ListedEntry::new(listed, &people))
            .collect(),
    }))
}
