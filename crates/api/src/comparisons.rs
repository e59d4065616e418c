//! A visit's comparison groups (C1–C3).

mod change;
mod create;
pub(crate) mod dto;
mod input;
mod mark;
mod marks;
mod remove;
mod show;

use cutis_domain::ImageId;
use cutis_domain::comparison::{GroupField, PartField};
use cutis_records::ComparisonError;
use cutis_records::comparisons::{Clash, ShownComparison};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, conflict, refusals, wire_names};
use crate::wire_names::WireName as _;
use cutis_edge::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create::create_comparison))
        .routes(routes!(
            show::show_comparison,
            change::change_comparison,
            remove::delete_comparison
        ))
        .routes(routes!(mark::mark_compared_image))
}

fn refused(error: ComparisonError) -> Problem {
    match error {
        ComparisonError::Invalid(errors) => wire_names::refused(errors),
        ComparisonError::NoImage { field, .. } => Problem::not_found().with_field(
            field.wire_name(),
            "absent",
            "Load the page again and choose something else; this does not exist.",
        ),
        // Whoever knows what was sent answers these with it.
        ComparisonError::Stale(clash) => stale(&clash, &Value::Null),
        ComparisonError::StaleImage(clash) => conflict::problem(
            &clash.moved,
            &clash.saved,
            part_code,
            &Value::Null,
            &Value::Null,
            rendered(&clash.shown),
        ),
        ComparisonError::Record(error) => refusals::record(error),
    }
}

/// What a change of a group is refused with when fields moved meanwhile (P6).
fn stale(clash: &Clash<GroupField>, sent: &Value) -> Problem {
    let current = rendered(&clash.shown);
    let held = current.clone();
    conflict::problem(&clash.moved, &clash.saved, code, sent, &held, current)
}

/// The same for one of its images.
fn stale_image(clash: &Clash<PartField>, sent: &Value, image: ImageId) -> Problem {
    let current = rendered(&clash.shown);
    let place = clash.shown.group.images.iter().position(|it| it.image == image);
    let held = place.and_then(|place| current.get("views")?.get(place));
    let held = held.cloned().unwrap_or_default();
    conflict::problem(&clash.moved, &clash.saved, part_code, sent, &held, current)
}

fn rendered(shown: &ShownComparison) -> Value {
    // What serialises into JSON text serialises into a JSON value.
    serde_json::to_value(dto::Comparison::from(shown)).unwrap_or_default()
}

fn code(field: GroupField) -> String {
    field.code().to_owned()
}

fn part_code(field: PartField) -> String {
    field.code().to_owned()
}
