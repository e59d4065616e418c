//! Signing in, being signed in, signing out (A7).

mod confirm;
mod create;
mod delete;
mod hand_over;
mod show;

use axum::response::{AppendHeaders, IntoResponse};
use cutis_auth::Started;
use cutis_auth::sign_in::SignInError;
use http::header::SET_COOKIE;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use delete::signed_out_headers;

use super::account::Me;
use super::sessions::SessionInfo;
use super::{Api, cookie, refusals};
use cutis_edge::extract::Json;
use cutis_edge::middleware::Acquaintance;
use cutis_edge::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(show::show_session, create::sign_in, delete::sign_out))
        .routes(routes!(confirm::confirm_session))
        .routes(routes!(hand_over::hand_over_session))
}

/// The answer to a sign-in: who it is, and the cookie. The browser forgets what it kept for a session before this one,
/// which may have ended by itself (C39).
///
/// Its next requests are a colleague's and no stranger's, also under load.
pub(super) async fn signed_in(
    api: &Api,
    acquaintance: Option<&Acquaintance>,
    started: &Started,
) -> Result<impl IntoResponse + use<>, Problem> {
    let me = Me::of(api, &started.signed_in, Some(&started.token))
        .await
        .map_err(|error| refusals::storage(&error))?;
    acquaintance.inspect(|acquaintance| acquaintance.introduce(started.token.cookie_value().expose()));
    let cookie = cookie::set(&started.token).ok_or_else(Problem::internal)?;
    let headers = AppendHeaders([(SET_COOKIE, cookie), delete::EMPTY_CACHE]);
    Ok((headers, Json(me)))
}

fn sign_in_refused(error: SignInError) -> Problem {
    match error {
        SignInError::Refused => Problem::new(Code::SignInFailed),
        SignInError::TooManySessions { sessions } => {
            let sessions: Vec<SessionInfo> = sessions.into_iter().map(SessionInfo::from).collect();
            // What serialises into JSON text serialises into a JSON value.
            let sessions = serde_json::to_value(sessions).unwrap_or_default();
            Problem::new(Code::TooManySessions).with_extra("sessions", sessions)
        }
        SignInError::Throttled { seconds } => Problem::throttled(seconds.into()),
        SignInError::Busy(_) => Problem::busy(),
        SignInError::PasswordTooLong(invalid) => {
            Problem::invalid("password", invalid.code(), invalid.message())
        }
        SignInError::Storage(error) => refusals::storage(&error),
    }
}
