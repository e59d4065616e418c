//! `GET /api/v1/patient-fields`.

use axum::extract::State;

use super::dto::{PatientField, PatientFieldList};
use crate::Api;
use crate::principal::SignedIn;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Lists the practice's own fields in the order of forms, retired ones included.
#[utoipa::path(
    get, path = "/patient-fields", tag = "patient fields", security(("session" = [])),
    responses((status = 200, body = PatientFieldList), Refusals)
)]
pub(super) async fn list_patient_fields(
    SignedIn(_): SignedIn,
    State(api): State<Api>,
) -> Result<Json<PatientFieldList>, Problem> {
    let fields = api.practice.patient_fields().await.map_err(super::refused)?;
    let fields = fields.iter().map(PatientField::from).collect();
    Ok(Json(PatientFieldList { fields }))
}
