//! `GET /api/v1/setup`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Whether the practice still has to be set up.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetupState {
    needed: bool,
    password_policy: PasswordPolicy,
}

/// Which password rules apply (A5).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum PasswordPolicy {
    /// Twelve characters of four kinds.
    Complex,
    /// Fifteen characters of any kind.
    Passphrase,
}

/// Shows whether the practice still has to be set up.
#[utoipa::path(get, path = "/setup", tag = "setup", responses((status = 200, body = SetupState), Refusals))]
pub(super) async fn setup_state(State(api): State<Api>) -> Result<Json<SetupState>, Problem> {
    let state = api
        .auth
        .setup_state()
        .await
        .map_err(|error| refusals::storage(&error))?;
    let password_policy = match state.policy {
        cutis_auth::Policy::Complex => PasswordPolicy::Complex,
        cutis_auth::Policy::Passphrase => PasswordPolicy::Passphrase,
    };
    Ok(Json(SetupState {
        needed: state.needed,
        password_policy,
    }))
}
