//! `POST /api/v1/tags`.

use axum::extract::State;
use axum::response::IntoResponse;
use cutis_domain::tag::TagUses;
use http::StatusCode;

use super::dto::{Tag, TagInput};
use crate::Api;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Adds a tag.
#[utoipa::path(
    post, path = "/tags", tag = "tags", security(("session" = [])),
    request_body = TagInput, responses((status = 201, body = Tag), Refusals)
)]
pub(super) async fn create_tag(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Json(body): Json<TagInput>,
) -> Result<impl IntoResponse, Problem> {
    let tag = api
        .records
        .create_tag(&by, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok((StatusCode::CREATED, Json(Tag::new(&tag, TagUses::default()))))
}
