//! Whether the program is up, whether it can work, and how long the trail is.

mod health;
mod ready;
mod trail;

pub(super) use health::__path_health;
pub(super) use health::health;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Api;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(ready::ready))
        .routes(routes!(trail::trail_status))
}
