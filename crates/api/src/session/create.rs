//! `POST /api/v1/session`.

use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use cutis_auth::sign_in::SignInError;
use cutis_domain::Secret;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::account::Me;
use crate::principal::Anyone;
use crate::refusals::{self, Refusals};
use crate::session::signed_in;
use cutis_edge::extract::Json;
use cutis_edge::middleware::Acquaintance;
use cutis_edge::problem::{Code, Problem};

/// What somebody signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// Username or e-mail address.
    username: String,
    password: String,
}

/// Signs in. An unknown name and a wrong password get the same answer in the same time (A8).
#[utoipa::path(
    post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 201, body = Me), Refusals)
)]
pub(super) async fn sign_in(
    Anyone(caller): Anyone,
    State(api): State<Api>,
    acquaintance: Option<Extension<Acquaintance>>,
    Json(body): Json<SignIn>,
) -> Result<Response, Problem> {
    let password = Secret::new(body.password);
    let started = api
        .auth
        .sign_in(caller, &body.username, &password)
        .await
        .map_err(refused)?;
    Ok((
        StatusCode::CREATED,
        signed_in(&api, acquaintance.as_deref(), &started).await?,
    )
        .into_response())
}

fn refused(error: SignInError) -> Problem {
    match error {
        SignInError::Refused => Problem::new(Code::SignInFailed),
        SignInError::Throttled { seconds } => Problem::throttled(seconds.into()),
        SignInError::Busy(_) => Problem::busy(),
        SignInError::PasswordTooLong(invalid) => {
            Problem::invalid("password", invalid.code(), invalid.message())
        }
        SignInError::Storage(error) => refusals::storage(&error),
    }
}
