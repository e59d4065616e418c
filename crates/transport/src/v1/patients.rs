//! Patients (P1–P6).

mod change;
mod create;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod list;
mod show;

use cutis_records::patients::PatientError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_patients, create::create_patient))
        .routes(routes!(show::show_patient, change::change_patient))
}

fn refused(error: PatientError, now: cutis_domain::Timestamp) -> Problem {
    match error {
        PatientError::Invalid(errors) => refusals::fields(errors),
        PatientError::NotFound(_) => Problem::not_found(),
        PatientError::Stale(file) => {
            let current = serde_json::to_value(dto::Patient::new(&file, now)).unwrap_or_default();
            Problem::stale_version(current)
        }
        PatientError::Storage(error) => refusals::storage(&error),
        PatientError::UniqueIdTaken => Problem::unique_id_taken(),
    }
}
