//! Fields of patients that the practice defines (P2).

mod change;
mod create;
pub mod dto;
mod list;

use cutis_practice::CustomFieldError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals, wire_names};
use cutis_edge::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_custom_fields, create::create_custom_field))
        .routes(routes!(change::change_custom_field))
}

fn refused(error: CustomFieldError) -> Problem {
    match error {
        CustomFieldError::Invalid(errors) => wire_names::refused(errors),
        CustomFieldError::NotFound(_) => Problem::not_found(),
        CustomFieldError::Storage(error) => refusals::storage(&error),
    }
}
