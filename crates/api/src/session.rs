//! Signing in, being signed in, signing out (A7).

mod create;
mod delete;
mod show;

use axum::response::IntoResponse;
use cutis_auth::Started;
use http::header::SET_COOKIE;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use delete::signed_out_headers;

use super::account::Me;
use super::{Api, cookie, refusals};
use cutis_edge::extract::Json;
use cutis_edge::middleware::Acquaintance;
use cutis_edge::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show::show_session, create::sign_in, delete::sign_out))
}

/// The answer to a sign-in: who it is, and the cookie.
///
/// Its next requests are a colleague's and no stranger's, also under load.
pub(super) async fn signed_in(
    api: &Api,
    acquaintance: Option<&Acquaintance>,
    started: &Started,
) -> Result<impl IntoResponse + use<>, Problem> {
    let me = Me::of(api, &started.signed_in)
        .await
        .map_err(|error| refusals::storage(&error))?;
    acquaintance.inspect(|acquaintance| acquaintance.introduce(started.token.cookie_value().expose()));
    let cookie = cookie::set(&started.token).ok_or_else(Problem::internal)?;
    Ok(([(SET_COOKIE, cookie)], Json(me)))
}
