//! `POST /api/v1/tags/selection`.

use axum::extract::State;

use super::dto::{SelectedTag, SelectedTagList, TagSelection};
use crate::Api;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Lists the tags that patients, visits and photos have themselves, with how many of them have each. Changes nothing; a
/// POST because no address can hold so many ids.
#[utoipa::path(
    post, path = "/tags/selection", tag = "tags", security(("session" = [])),
    request_body = TagSelection, responses((status = 200, body = SelectedTagList), Refusals)
)]
pub(super) async fn tags_of_selection(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Json(body): Json<TagSelection>,
) -> Result<Json<SelectedTagList>, Problem> {
    let tags = api
        .records
        .tags_of_selection(&by, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok(Json(SelectedTagList {
        tags: tags.iter().map(SelectedTag::from).collect(),
    }))
}
