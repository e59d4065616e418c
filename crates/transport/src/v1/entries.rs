//! Visits (E1).

mod create;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod list;

use cutis_records::entries::EntryError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_entries, create::create_entry))
}

fn refused(error: EntryError) -> Problem {
    match error {
        EntryError::Invalid(errors) => refusals::fields(errors),
        EntryError::NotFound(_) => Problem::not_found(),
        EntryError::Storage(error) => refusals::storage(&error),
    }
}
