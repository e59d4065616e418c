//! `DELETE /api/v1/tag-categories/{categoryId}`.

use axum::extract::State;
use cutis_domain::TagCategoryId;
use http::StatusCode;

use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Deletes a category that has no tags.
#[utoipa::path(
    delete, path = "/tag-categories/{categoryId}", tag = "tags", security(("session" = [])),
    params(("categoryId" = String, Path, description = "The category")),
    responses((status = 204), Refusals)
)]
pub(super) async fn delete_tag_category(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(category)): Path<Id<TagCategoryId>>,
) -> Result<StatusCode, Problem> {
    api.records
        .remove_tag_category(&by, category)
        .await
        .map_err(super::refused)?;
    Ok(StatusCode::NO_CONTENT)
}
