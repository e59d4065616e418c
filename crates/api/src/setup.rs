//! First start (A2) and the password rules (A5).

mod create;
mod password_check;
mod state;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Api;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(state::setup_state, create::set_up))
        .routes(routes!(password_check::password_check))
}
