//! `POST /api/v1/setup/code`.

use axum::extract::State;
use cutis_domain::Secret;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::principal::Anyone;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// The code alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupCode {
    /// The code that the program printed; case and hyphens do not matter.
    code: String,
}

/// Checks the set-up code before the whole form is filled in. The code remains valid for the set-up.
#[utoipa::path(
    post, path = "/setup/code", tag = "setup", request_body = SetupCode,
    responses((status = 204), Refusals)
)]
pub(super) async fn check_setup_code(
    Anyone(caller): Anyone,
    State(api): State<Api>,
    Json(body): Json<SetupCode>,
) -> Result<StatusCode, Problem> {
    api.auth
        .check_setup_code(&caller, &Secret::new(body.code))
        .await
        .map_err(super::refused)?;
    Ok(StatusCode::NO_CONTENT)
}
