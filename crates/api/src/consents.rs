//! Consent (N1–N4).

mod command;
mod create;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod form;
mod list;
mod revoke;
mod signature;

use cutis_records::consents::ConsentError;
use cutis_records::is_about_a_patients_key;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use cutis_edge::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(form::consent_form))
        .routes(routes!(list::list_consents, create::record_consent))
        .routes(routes!(signature::consent_signature))
        .routes(routes!(revoke::revoke_consent))
}

fn refused(error: ConsentError) -> Problem {
    match error {
        ConsentError::AlreadyRevoked(..) => Problem::new(Code::Conflict)
            .with_detail("This consent has already been revoked. Record a new one instead."),
        ConsentError::Record(error) => refusals::record(error),
        ConsentError::Signature(error) => refusals::fault(&error),
        ConsentError::Vault(error) => refusals::vault(&error, is_about_a_patients_key(&error)),
    }
}
