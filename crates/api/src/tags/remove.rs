//! `DELETE /api/v1/tags/{tagId}`.

use axum::extract::State;
use cutis_domain::TagId;
use http::StatusCode;

use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Takes a tag away from everything that has it, and deletes it. This cannot be undone.
#[utoipa::path(
    delete, path = "/tags/{tagId}", tag = "tags", security(("session" = [])),
    params(("tagId" = String, Path, description = "The tag")),
    responses((status = 204), Refusals)
)]
pub(super) async fn delete_tag(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(tag)): Path<Id<TagId>>,
) -> Result<StatusCode, Problem> {
    api.records.remove_tag(&by, tag).await.map_err(super::refused)?;
    Ok(StatusCode::NO_CONTENT)
}
