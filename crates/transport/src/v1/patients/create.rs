//! `POST /api/v1/patients`.

use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;

use super::dto::{Patient, PatientInput};
use crate::extract::Json;
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::principal::Clinician;
use crate::v1::refusals::Refusals;

/// Makes a patient.
#[utoipa::path(
    post, path = "/patients", tag = "patients", security(("session" = [])), request_body = PatientInput,
    responses((status = 201, body = Patient), Refusals)
)]
pub(super) async fn create_patient(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Json(body): Json<PatientInput>,
) -> Result<impl IntoResponse, Problem> {
    let now = api.records.now();
    let file = api
        .records
        .create_patient(&by, body.into())
        .await
        .map_err(super::refused)?;
    let location = format!("/api/v1/patients/{}", file.patient.id);
    Ok((
        StatusCode::CREATED,
        [(LOCATION, location)],
        Json(Patient::new(&file, now)),
    ))
}
