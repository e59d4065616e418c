//! `GET /api/v1/session`.

use axum::extract::State;
use cutis_auth::SessionToken;
use http::HeaderMap;

use crate::account::Me;
use crate::principal::AlsoHandedOver;
use crate::refusals::{self, Refusals};
use crate::{Api, cookie};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Shows who is signed in.
#[utoipa::path(
    get, path = "/session", tag = "session", security(("session" = [])),
    responses((status = 200, body = Me), Refusals)
)]
pub(super) async fn show_session(
    AlsoHandedOver(by): AlsoHandedOver,
    State(api): State<Api>,
    headers: HeaderMap,
) -> Result<Json<Me>, Problem> {
    let token = cookie::value(&headers).and_then(SessionToken::parse);
    let me = Me::of(&api, &by, token.as_ref()).await;
    me.map(Json).map_err(|error| refusals::storage(&error))
}
