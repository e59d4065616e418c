//! `POST /api/v1/tag-categories`.

use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;

use super::dto::{TagCategory, TagCategoryInput};
use crate::Api;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Adds a category behind the others.
#[utoipa::path(
    post, path = "/tag-categories", tag = "tags", security(("session" = [])),
    request_body = TagCategoryInput, responses((status = 201, body = TagCategory), Refusals)
)]
pub(super) async fn create_tag_category(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Json(body): Json<TagCategoryInput>,
) -> Result<impl IntoResponse, Problem> {
    let category = api
        .records
        .create_tag_category(&by, body.try_into()?)
        .await
        .map_err(super::refused)?;
    Ok((StatusCode::CREATED, Json(TagCategory::from(&category))))
}
