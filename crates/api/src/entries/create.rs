//! `POST /api/v1/patients/{patientId}/entries`.

use axum::extract::State;
use axum::response::IntoResponse;
use cutis_domain::PatientId;
use http::StatusCode;

use super::dto::{Entry, EntryInput};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Adds a visit.
#[utoipa::path(
    post, path = "/patients/{patientId}/entries", tag = "entries", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")), request_body = EntryInput,
    responses((status = 201, body = Entry), Refusals)
)]
pub(super) async fn create_entry(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Json(body): Json<EntryInput>,
) -> Result<impl IntoResponse, Problem> {
    let entry = api
        .records
        .create_entry(&by, patient, body.try_into()?)
        .await
        .map_err(super::refused)?;
    let people = names::beside(&api, std::iter::once(&entry.author)).await;
    Ok((StatusCode::CREATED, Json(Entry::new(&entry, &people))))
}
