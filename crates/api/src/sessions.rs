//! One's own sessions (A7).

mod end;
mod end_all;
mod list;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Api;
pub(super) use list::SessionInfo;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_sessions, end_all::end_all_sessions))
        .routes(routes!(end::end_session))
}
