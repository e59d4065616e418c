//! `GET /api/v1/practice/notices`.

use axum::extract::State;

use super::dto::NoticeList;
use crate::Api;
use crate::principal::Administrator;
use crate::refusals::Refusals;
use cutis_edge::extract::Json;

/// Lists what an administrator should know about the installation. It names no patient and no account.
#[utoipa::path(
    get, path = "/practice/notices", tag = "notices", security(("session" = [])),
    responses((status = 200, body = NoticeList), Refusals)
)]
pub(super) async fn list_notices(
    Administrator(by): Administrator,
    State(api): State<Api>,
) -> Json<NoticeList> {
    Json(NoticeList::new(api.practice.notices(&by)))
}
