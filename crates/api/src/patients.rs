//! Patients (P1–P6).

mod change;
mod command;
mod count;
mod create;
mod cursor;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod filter;
mod list;
mod search;
mod show;

use cutis_records::patients::PatientError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use cutis_edge::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_patients, create::create_patient))
        .routes(routes!(search::search_patients))
        .routes(routes!(count::count_patients))
        .routes(routes!(show::show_patient, change::change_patient))
}

fn refused(error: PatientError) -> Problem {
    match error {
        PatientError::Record(error) => refusals::record(error),
        // Only a change can be stale, and tells more about it.
        PatientError::Stale { .. } => Problem::new(Code::StaleVersion),
        PatientError::UniqueIdTaken => Problem::unique_id_taken(),
    }
}
