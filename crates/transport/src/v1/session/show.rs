//! `GET /api/v1/session`.

use axum::extract::State;

use crate::extract::Json;
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::account::Me;
use crate::v1::principal::SignedIn;
use crate::v1::refusals::{self, Refusals};

/// Shows who is signed in.
#[utoipa::path(
    get, path = "/session", tag = "session", security(("session" = [])),
    responses((status = 200, body = Me), Refusals)
)]
pub(super) async fn show_session(
    SignedIn(by): SignedIn,
    State(api): State<Api>,
) -> Result<Json<Me>, Problem> {
    let practice = api
        .practice
        .info()
        .await
        .map_err(|error| refusals::storage(&error))?;
    Ok(Json(Me::new(&by, practice)))
}
