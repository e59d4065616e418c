//! Tags (T1–T3).

mod assign;
mod catalogue;
mod change;
mod change_category;
mod create;
mod create_category;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod merge;
mod of_entry;
mod of_image;
mod of_patient;
mod of_selection;
mod remove;
mod remove_category;
mod selection;

use cutis_records::TagError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals, wire_names};
use crate::wire_names::WireName as _;
use cutis_edge::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(catalogue::list_tags, create::create_tag))
        .routes(routes!(change::change_tag, remove::delete_tag))
        .routes(routes!(merge::merge_tags))
        .routes(routes!(assign::assign_tags))
        .routes(routes!(of_selection::tags_of_selection))
        .routes(routes!(create_category::create_tag_category))
        .routes(routes!(
            change_category::change_tag_category,
            remove_category::delete_tag_category
        ))
        .routes(routes!(of_patient::patient_tags))
        .routes(routes!(of_entry::entry_tags))
        .routes(routes!(of_image::image_tags))
}

fn refused(error: TagError) -> Problem {
    match error {
        TagError::Invalid(errors) => wire_names::refused(errors),
        TagError::Absent { field: None, .. } => Problem::not_found(),
        TagError::Absent {
            field: Some(field), ..
        } => Problem::not_found().with_field(
            field.wire_name(),
            "absent",
            "Load the page again and choose something else; this does not exist.",
        ),
        TagError::HasTags(_) => Problem::new(Code::Conflict)
            .with_detail("This category still has tags. Move or delete them first, archived ones too."),
        TagError::Record(error) => refusals::record(error),
    }
}
