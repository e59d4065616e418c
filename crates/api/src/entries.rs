//! Visits (E1 to E6).

mod add_addendum;
mod change;
pub(crate) mod conflict;
mod create;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod layout;
mod list;
mod restore;
mod revision;
mod revisions;
mod saved;
mod show;
mod sign;

use cutis_records::entries::EntryError;
use cutis_records::is_about_a_patients_key;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals, wire_names};
use cutis_edge::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_entries, create::create_entry))
        .routes(routes!(show::show_entry, change::change_entry))
        .routes(routes!(layout::lay_out_entry))
        .routes(routes!(revisions::entry_revisions))
        .routes(routes!(revision::entry_revision))
        .routes(routes!(restore::restore_entry_revision))
        .routes(routes!(sign::sign_entry))
        .routes(routes!(add_addendum::add_addendum))
}

pub(crate) fn refused(error: EntryError) -> Problem {
    match error {
        EntryError::Invalid(errors) => wire_names::refused(errors),
        EntryError::Clash(clash) => conflict::problem(&clash, &cutis_records::People::default()),
        EntryError::BaseAhead(field) => Problem::invalid(
            wire_names::version_of(field),
            "base_ahead",
            "Load the visit again; there is no such version yet.",
        ),
        EntryError::NotSigned(..)
        | EntryError::HashDiffers
        | EntryError::SeqReused
        | EntryError::SeqPassed => Problem::new(Code::Conflict).with_detail(sentence(&error)),
        EntryError::Splice(error) => Problem::invalid("notes", "splice", sentence(&error)),
        EntryError::Record(error) => refusals::record(error),
        EntryError::Sealed(error) => refusals::fault(&error),
        EntryError::Vault(error) => refusals::vault(&error, is_about_a_patients_key(&error)),
    }
}

/// An error's text as a sentence.
pub(crate) fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
