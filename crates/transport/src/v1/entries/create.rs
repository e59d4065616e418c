//! `POST /api/v1/patients/{patientId}/entries`.

use axum::extract::State;
use axum::response::IntoResponse;
use cutis_domain::PatientId;
use http::StatusCode;

use super::dto::{Entry, EntryInput};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::ids::Id;
use crate::v1::principal::Clinician;
use crate::v1::refusals::{self, Refusals};

/// Makes a visit.
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
        .create_entry(&by, patient, body.into())
        .await
        .map_err(refusals::record)?;
    Ok((StatusCode::CREATED, Json(Entry::from(&entry))))
}
