//! Downloading several photos as one file (I5): asked for, then fetched once.

mod ask;
mod fetch;
mod show;

use cutis_domain::Invalid;
use cutis_records::images::archive::{ArchiveError, MOST_ARCHIVED};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Api, refusals};
use cutis_edge::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(ask::ask_archive))
        .routes(routes!(show::show_archive))
        .routes(routes!(fetch::fetch_archive))
}

/// That there are too few or too many.
fn count() -> Invalid {
    Invalid::new("count", format!("Choose 1 to {MOST_ARCHIVED} photos."))
}

pub(super) fn refused(error: ArchiveError) -> Problem {
    match error {
        ArchiveError::Absent(_) => Problem::not_found(),
        ArchiveError::Count => {
            let invalid = count();
            Problem::invalid("images", invalid.code(), invalid.message())
        }
        ArchiveError::NoConsent { purpose, reason, .. } => Problem::new(Code::ConsentRequired)
            .with_detail(format!(
                "These photos cannot be downloaded for this purpose ({}): {}.",
                purpose.label(),
                reason.message()
            ))
            .with_extra("purpose", purpose.code().into())
            .with_extra("reason", reason.code().into()),
        // These end a download that is under way, where no answer can be given any more.
        ArchiveError::Altered(_) | ArchiveError::SessionEnded | ArchiveError::Stalled => {
            refusals::fault(&error)
        }
    }
}
