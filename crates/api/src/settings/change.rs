//! `PATCH /api/v1/settings`.

use axum::extract::State;

use super::dto::{SettingList, SettingsPatch};
use crate::Api;
use crate::principal::Administrator;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

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
    let wanted = body.try_into()?;
    let settings = api
        .practice
        .change_settings(&by, wanted)
        .await
        .map_err(super::refused)?;
    Ok(Json(SettingList::new(&settings)))
}
