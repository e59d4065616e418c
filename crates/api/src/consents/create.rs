//! `POST /api/v1/patients/{patientId}/consents`.

use axum::extract::State;
use axum::response::IntoResponse;
use cutis_domain::PatientId;
use http::StatusCode;

use super::dto::{ConsentInput, ConsentMethodInput, ConsentRecord, people_in};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Signing;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Records a consent, also while the device is handed to this patient for signing (N6).
#[utoipa::path(
    post, path = "/patients/{patientId}/consents", tag = "consents", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")), request_body = ConsentInput,
    responses((status = 201, body = ConsentRecord), Refusals)
)]
pub(super) async fn record_consent(
    signing: Signing,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Json(body): Json<ConsentInput>,
) -> Result<impl IntoResponse, Problem> {
    let by = match body.method {
        ConsentMethodInput::Digital { .. } => signing.consent_of(&api, patient).await?,
        ConsentMethodInput::External { .. } => signing.clinician(&api).await?,
    };
    let record = api
        .records
        .record_consent(&by, patient, body.into())
        .await
        .map_err(super::refused)?;
    let people = names::beside(&api, people_in([&record])).await;
    Ok((
        StatusCode::CREATED,
        Json(ConsentRecord::new(&record, api.records.now(), &people)),
    ))
}
