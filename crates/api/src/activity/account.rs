//! `GET /api/v1/account/activity`.

use axum::extract::State;

use super::dto::{ActivityPage, ActivityQuery};
use crate::Api;
use crate::principal::SignedIn;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::{Json, Query};
use cutis_edge::problem::Problem;

/// Shows the caller's own security history.
#[utoipa::path(
    get, path = "/account/activity", tag = "activity", security(("session" = [])), params(ActivityQuery),
    responses((status = 200, body = ActivityPage), Refusals)
)]
pub(super) async fn account_activity(
    SignedIn(by): SignedIn,
    State(api): State<Api>,
    Query(asked): Query<ActivityQuery>,
) -> Result<Json<ActivityPage>, Problem> {
    let (before, limit) = (asked.before()?, asked.limit()?);
    let account = by.account().id;
    match api
        .practice
        .account_activity(by.caller(), account, asked.kind(), before, limit)
        .await
    {
        Ok(events) => Ok(Json(events.into())),
        Err(error) => Err(refusals::storage(error.storage())),
    }
}
