//! `POST /api/v1/patient-fields`.

use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;

use super::dto::{CustomField, CustomFieldInput};
use crate::Api;
use crate::principal::Administrator;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Adds a field after the others; at most twenty are in use at once.
#[utoipa::path(
    post, path = "/patient-fields", operation_id = "create_patient_field",
    tag = "patient fields", security(("session" = [])),
    request_body = CustomFieldInput, responses((status = 201, body = CustomField), Refusals)
)]
pub(super) async fn create_custom_field(
    Administrator(by): Administrator,
    State(api): State<Api>,
    Json(body): Json<CustomFieldInput>,
) -> Result<impl IntoResponse, Problem> {
    let field = api
        .practice
        .add_custom_field(&by, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok((StatusCode::CREATED, Json(CustomField::from(&field))))
}
