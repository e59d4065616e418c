//! `POST /api/v1/tags/assignments`.

use axum::extract::State;

use super::dto::{TagAssignment, TagAssignmentDone};
use crate::Api;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Gives tags to patients, visits and photos and takes tags away, all or nothing. Answers what really changed.
#[utoipa::path(
    post, path = "/tags/assignments", tag = "tags", security(("session" = [])),
    request_body = TagAssignment, responses((status = 200, body = TagAssignmentDone), Refusals)
)]
pub(super) async fn assign_tags(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Json(body): Json<TagAssignment>,
) -> Result<Json<TagAssignmentDone>, Problem> {
    let done = api
        .records
        .assign_tags(&by, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok(Json(TagAssignmentDone::from(&done)))
}
