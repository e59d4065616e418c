//! Settings of the practice (O2).

mod change;
pub mod dto;
mod list;

use cutis_practice::SettingsError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use cutis_edge::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_settings, change::change_settings))
}

fn refused(error: SettingsError) -> Problem {
    match error {
        SettingsError::Storage(error) => refusals::storage(&error),
    }
}
