//! `GET /api/v1/session`.

use axum::extract::State;

use crate::Api;
use crate::account::Me;
use crate::principal::SignedIn;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Shows who is signed in.
#[utoipa::path(
    get, path = "/session", tag = "session", security(("session" = [])),
    responses((status = 200, body = Me), Refusals)
)]
pub(super) async fn show_session(
    SignedIn(by): SignedIn,
    State(api): State<Api>,
) -> Result<Json<Me>, Problem> {
    let me = Me::of(&api, &by).await;
    me.map(Json).map_err(|error| refusals::storage(&error))
}
