//! `PATCH /api/v1/patient-fields/{fieldId}`.

use axum::extract::State;
use cutis_domain::PatientFieldId;

use super::dto::{PatientField, PatientFieldPatch};
use crate::Api;
use crate::ids::Id;
use crate::principal::Administrator;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Renames, moves or retires a field, brings one back, or changes what can be chosen. What patients'
/// records hold is kept.
#[utoipa::path(
    patch, path = "/patient-fields/{fieldId}", tag = "patient fields", security(("session" = [])),
    params(("fieldId" = String, Path, description = "The field")), request_body = PatientFieldPatch,
    responses((status = 200, body = PatientField), Refusals)
)]
pub(super) async fn change_patient_field(
    Administrator(by): Administrator,
    State(api): State<Api>,
    Path(Id(field)): Path<Id<PatientFieldId>>,
    Json(body): Json<PatientFieldPatch>,
) -> Result<Json<PatientField>, Problem> {
    let field = api
        .practice
        .change_patient_field(&by, field, body.into())
        .await
        .map_err(super::refused)?;
    Ok(Json(PatientField::from(&field)))
}
