//! `POST /api/v1/tags/{tagId}/merge`.

use axum::extract::State;
use cutis_domain::TagId;

use super::dto::{Tag, TagMerge};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Makes other tags part of this one and deletes them. What has several of them has this one once. This cannot be undone.
#[utoipa::path(
    post, path = "/tags/{tagId}/merge", tag = "tags", security(("session" = [])),
    params(("tagId" = String, Path, description = "The tag that stays")), request_body = TagMerge,
    responses((status = 200, body = Tag), Refusals)
)]
pub(super) async fn merge_tags(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(into)): Path<Id<TagId>>,
    Json(body): Json<TagMerge>,
) -> Result<Json<Tag>, Problem> {
    let (tag, uses) = api
        .records
        .merge_tags(&by, into, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok(Json(Tag::new(&tag, uses)))
}
