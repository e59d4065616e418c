//! `POST /api/v1/session/hand-over`.

use axum::extract::State;
use cutis_domain::PatientId;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::principal::Signing;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// The patient to whom the device is handed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct HandOver {
    /// The patient whose consent is to be signed.
    patient_id: String,
}

/// Hands this session's device to a patient for signing (N6).
///
/// From then on the session only allows recording that patient's consent, showing and ending the session, and confirming
/// the password, which takes the device back. Everything else is answered 403 `handed_over`. Repeating the request for
/// the same patient is not an error.
#[utoipa::path(
    post, path = "/session/hand-over", tag = "session", security(("session" = [])),
    request_body = HandOver, responses((status = 204), Refusals)
)]
pub(super) async fn hand_over_session(
    signing: Signing,
    State(api): State<Api>,
    Json(body): Json<HandOver>,
) -> Result<StatusCode, Problem> {
    let patient: PatientId = body
        .patient_id
        .parse()
        .map_err(|_| Problem::invalid("patientId", "id", "Use the id of a patient."))?;
    let by = signing.consent_of(&api, patient).await?;
    api.records
        .hand_over(&by, patient)
        .await
        .map_err(refusals::record)?;
    Ok(StatusCode::NO_CONTENT)
}
