//! `PATCH /api/v1/settings`.

use axum::extract::State;

use super::dto::{SettingList, SettingsPatch};
use crate::extract::Json;
use crate::problem::Problem;
use crate::v1::Api;
use crate::v1::principal::Administrator;
use crate::v1::refusals::Refusals;

/// Changes settings; each change is recorded with its old and its new value.
#[utoipa::path(
    patch, path = "/settings", tag = "settings", security(("session" = [])), request_body = SettingsPatch,
    responses((status = 200, body = SettingList), Refusals)
)]
pub(super) async fn change_settings(
    Administrator(by): Administrator,
    State(api): State<Api>,
    Json(body): Json<SettingsPatch>,
) -> Result<Json<SettingList>, Problem> {
    let values = body.values.into_iter().collect();
    let settings = api
        .practice
        .change_settings(&by, values)
        .await
        .map_err(super::refused)?;
    Ok(Json(SettingList::new(&settings)))
}
