//! The images of a visit's workspace (E4).

mod change;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod show;

use cutis_records::WorkspaceError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals, wire_names};
use crate::wire_names::WireName as _;
use cutis_edge::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show::show_workspace, change::change_workspace))
}

fn refused(error: WorkspaceError) -> Problem {
    match error {
        WorkspaceError::Invalid(errors) => wire_names::refused(errors),
        WorkspaceError::NoImage { field, .. } => Problem::not_found().with_field(
            field.wire_name(),
            "absent",
            "Load the page again and choose something else; this does not exist.",
        ),
        WorkspaceError::Record(error) => refusals::record(error),
    }
}
