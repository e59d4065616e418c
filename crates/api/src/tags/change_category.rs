//! `PATCH /api/v1/tag-categories/{categoryId}`.

use axum::extract::State;
use cutis_domain::TagCategoryId;

use super::dto::{TagCategory, TagCategoryPatch};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Renames a category, changes its colour or moves it among the others.
#[utoipa::path(
    patch, path = "/tag-categories/{categoryId}", tag = "tags", security(("session" = [])),
    params(("categoryId" = String, Path, description = "The category")), request_body = TagCategoryPatch,
    responses((status = 200, body = TagCategory), Refusals)
)]
pub(super) async fn change_tag_category(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(category)): Path<Id<TagCategoryId>>,
    Json(body): Json<TagCategoryPatch>,
) -> Result<Json<TagCategory>, Problem> {
    let category = api
        .records
        .change_tag_category(&by, category, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok(Json(TagCategory::from(&category)))
}
