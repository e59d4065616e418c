//! `PATCH /api/v1/patient-fields/{fieldId}`.

use axum::extract::State;
use cutis_domain::CustomFieldId;

use super::dto::{CustomField, CustomFieldPatch};
use crate::Api;
use crate::ids::Id;
use crate::principal::Administrator;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Renames, moves or retires a field, brings one back, or changes its choices. The values in patients' records are
/// kept.
#[utoipa::path(
    patch, path = "/patient-fields/{fieldId}", operation_id = "change_patient_field",
    tag = "patient fields", security(("session" = [])),
    params(("fieldId" = String, Path, description = "The field")), request_body = CustomFieldPatch,
    responses((status = 200, body = CustomField), Refusals)
)]
pub(super) async fn change_custom_field(
    Administrator(by): Administrator,
    State(api): State<Api>,
    Path(Id(field)): Path<Id<CustomFieldId>>,
    Json(body): Json<CustomFieldPatch>,
) -> Result<Json<CustomField>, Problem> {
    let field = api
        .practice
        .change_custom_field(&by, field, body.into())
        .await
        .map_err(super::refused)?;
    Ok(Json(CustomField::from(&field)))
}
