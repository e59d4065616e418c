//! `GET /api/v1/patient-fields`.

use axum::extract::State;

use super::dto::{CustomField, CustomFieldList};
use crate::Api;
use crate::principal::SignedIn;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Lists the practice's custom fields in the order of forms, retired ones included.
#[utoipa::path(
    get, path = "/patient-fields", operation_id = "list_patient_fields",
    tag = "patient fields", security(("session" = [])),
    responses((status = 200, body = CustomFieldList), Refusals)
)]
pub(super) async fn list_custom_fields(
    SignedIn(_): SignedIn,
    State(api): State<Api>,
) -> Result<Json<CustomFieldList>, Problem> {
    let fields = api.practice.custom_fields().await.map_err(super::refused)?;
    let fields = fields.iter().map(CustomField::from).collect();
    Ok(Json(CustomFieldList { fields }))
}
