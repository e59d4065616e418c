//! `GET /api/v1/settings`.

use axum::extract::State;

use super::dto::SettingList;
use crate::Api;
use crate::principal::Administrator;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Lists settings.
#[utoipa::path(
    get, path = "/settings", tag = "settings", security(("session" = [])),
    responses((status = 200, body = SettingList), Refusals)
)]
pub(super) async fn list_settings(
    Administrator(by): Administrator,
    State(api): State<Api>,
) -> Result<Json<SettingList>, Problem> {
    let settings = api.practice.settings(&by).await.map_err(super::refused)?;
    Ok(Json(SettingList::new(&settings)))
}
