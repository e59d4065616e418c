//! `POST /api/v1/session`.

use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use cutis_auth::sign_in::MOST_SESSIONS;
use cutis_domain::{Faults, Invalid, Secret, SessionId};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::account::Me;
use crate::principal::Anyone;
use crate::refusals::Refusals;
use crate::session::{sign_in_refused, signed_in};
use crate::wire_names;
use cutis_edge::extract::Json;
use cutis_edge::middleware::Acquaintance;
use cutis_edge::problem::Problem;

/// Username and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SignIn {
    /// Username or e-mail address.
    username: String,
    password: String,
    /// Ids of sessions of this account to be ended by this sign-in; other ids are ignored.
    #[serde(default)]
    #[schema(max_items = 100)]
    end_sessions: Vec<String>,
}

impl SignIn {
    fn ending(&self) -> Result<Vec<SessionId>, Problem> {
        let mut faults = Faults::default();
        if self.end_sessions.len() > MOST_SESSIONS {
            let message = format!("Choose at most {MOST_SESSIONS} sessions.");
            faults.refuse("endSessions".to_owned(), Invalid::new("too_many", message));
        }
        let chosen = self.end_sessions.iter().take(MOST_SESSIONS).enumerate();
        let ids = chosen
            .filter_map(|(index, id)| {
                let id = id.parse().map_err(|_| {
                    Invalid::new("id", "Use the id of a session, as the list of sessions has it.")
                });
                faults.take(format!("endSessions[{index}]"), id)
            })
            .collect();
        faults.finish(Some(ids)).map_err(wire_names::refused)
    }
}

/// Signs in. An unknown name and a wrong password get the same answer in the same time (A8).
///
/// Signing in never ends another session by itself. While a hundred sessions of the account are open, a correct
/// password is answered 409 `too_many_sessions`, with the account's `sessions` as `GET /sessions` lists them; the
/// person chooses which of them to end and signs in again with `endSessions` (A7).
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
    let ending = body.ending()?;
    let password = Secret::new(body.password);
    let started = api
        .auth
        .sign_in_ending(caller, &body.username, &password, ending)
        .await
        .map_err(sign_in_refused)?;
    Ok((
        StatusCode::CREATED,
        signed_in(&api, acquaintance.as_deref(), &started).await?,
    )
        .into_response())
}
