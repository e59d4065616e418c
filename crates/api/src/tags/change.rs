//! `PATCH /api/v1/tags/{tagId}`.

use axum::extract::State;
use cutis_domain::TagId;

use super::dto::{Tag, TagPatchInput};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Renames a tag, moves it to another category, archives it or brings it back. It stays wherever it was given.
#[utoipa::path(
    patch, path = "/tags/{tagId}", tag = "tags", security(("session" = [])),
    params(("tagId" = String, Path, description = "The tag")), request_body = TagPatchInput,
    responses((status = 200, body = Tag), Refusals)
)]
pub(super) async fn change_tag(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(tag)): Path<Id<TagId>>,
    Json(body): Json<TagPatchInput>,
) -> Result<Json<Tag>, Problem> {
    let (tag, uses) = api
        .records
        .change_tag(&by, tag, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok(Json(Tag::new(&tag, uses)))
}
