//! `GET /api/v1/tags`.

use axum::extract::State;

use super::dto::TagCatalogue;
use crate::Api;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Lists the account's tag categories in their order, each with its tags by name, archived ones included. An account
/// begins with six categories.
#[utoipa::path(
    get, path = "/tags", tag = "tags", security(("session" = [])),
    responses((status = 200, body = TagCatalogue), Refusals)
)]
pub(super) async fn list_tags(
    Clinician(by): Clinician,
    State(api): State<Api>,
) -> Result<Json<TagCatalogue>, Problem> {
    let catalogue = api.records.tag_catalogue(&by).await.map_err(super::refused)?;
    Ok(Json(TagCatalogue::from(&catalogue)))
}
