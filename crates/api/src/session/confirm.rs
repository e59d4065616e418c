//! `POST /api/v1/session/confirmation`.

use axum::extract::State;
use cutis_domain::Secret;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::sign_in_refused;
use crate::Api;
use crate::principal::AlsoHandedOver;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// A password to compare with the account's.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    password: String,
}

/// Checks the password of the signed-in account again, for example after a tablet was handed to a patient. A wrong one
/// is answered `sign_in_failed`, and attempts are slowed down as at sign-in. The right one takes back a device that was
/// handed over (N6); otherwise the session stays as it is.
#[utoipa::path(
    post, path = "/session/confirmation", tag = "session", security(("session" = [])),
    request_body = Confirmation, responses((status = 204), Refusals)
)]
pub(super) async fn confirm_session(
    AlsoHandedOver(by): AlsoHandedOver,
    State(api): State<Api>,
    Json(body): Json<Confirmation>,
) -> Result<StatusCode, Problem> {
    api.auth
        .confirm_password(&by, &Secret::new(body.password))
        .await
        .map_err(sign_in_refused)?;
    Ok(StatusCode::NO_CONTENT)
}
