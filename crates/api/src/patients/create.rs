//! `POST /api/v1/patients`.

use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;

use super::dto::{Patient, PatientInput, PatientPatch};
use crate::Api;
use crate::consents::dto::people_in;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Adds a patient.
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
        .create_patient(&by, PatientPatch::from(body).into())
        .await
        .map_err(super::refused)?;
    let location = format!("/api/v1/patients/{}", file.patient.id);
    let people = names::beside(&api, people_in(&file.current_consent)).await;
    Ok((
        StatusCode::CREATED,
        [(LOCATION, location)],
        Json(Patient::new(&file, now, &people)),
    ))
}
