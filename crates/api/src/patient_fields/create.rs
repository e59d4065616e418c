//! `POST /api/v1/patient-fields`.

use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;

use super::dto::{PatientField, PatientFieldInput};
use crate::Api;
use crate::principal::Administrator;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Adds a field behind the others; at most twenty are in use at once.
#[utoipa::path(
    post, path = "/patient-fields", tag = "patient fields", security(("session" = [])),
    request_body = PatientFieldInput, responses((status = 201, body = PatientField), Refusals)
)]
pub(super) async fn create_patient_field(
    Administrator(by): Administrator,
    State(api): State<Api>,
    Json(body): Json<PatientFieldInput>,
) -> Result<impl IntoResponse, Problem> {
    let field = api
        .practice
        .add_patient_field(&by, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok((StatusCode::CREATED, Json(PatientField::from(&field))))
}
