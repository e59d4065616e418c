//! Fields of patients that the practice defines (P2).

mod change;
mod create;
pub mod dto;
mod list;

use cutis_practice::PatientFieldError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals, wire_names};
use cutis_edge::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_patient_fields, create::create_patient_field))
        .routes(routes!(change::change_patient_field))
}

fn refused(error: PatientFieldError) -> Problem {
    match error {
        PatientFieldError::Invalid(errors) => wire_names::refused(errors),
        PatientFieldError::NotFound(_) => Problem::not_found(),
        PatientFieldError::Storage(error) => refusals::storage(&error),
    }
}
