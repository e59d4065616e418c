//! Images (I1–I4).

#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod full;
mod list;
mod original;
mod range;
mod renditions;
mod show;
mod upload;

use cutis_records::images::ImageError;
use cutis_records::is_about_a_patients_key;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use cutis_edge::problem::{Code, Problem};

/// The most bytes of one upload: two hundred images of 40 MiB. Each file has its own, smaller limit.
pub(super) const UPLOAD_BYTES: u64 = 8 << 30;

/// When to try again what found no memory or worker: they come free as uploads and images end.
const RETRY_AFTER_SECONDS: u64 = 5;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_images))
        .routes(routes!(show::show_image))
        .routes(routes!(renditions::thumbnail))
        .routes(routes!(renditions::medium))
        .routes(routes!(renditions::screen))
        .routes(routes!(full::full))
        .routes(routes!(original::original))
        .routes(routes!(upload::upload_images))
}

fn refused(error: ImageError) -> Problem {
    match error {
        error if error.is_full() => Problem::new(Code::StorageFull),
        ImageError::Blob(error) => refusals::fault(&error),
        ImageError::Busy => Problem::busy().with_retry_after(RETRY_AFTER_SECONDS),
        ImageError::ConsentRequired { reason, .. } => Problem::new(Code::ConsentRequired)
            .with_detail(format!(
                "No photo of this patient can be stored: {}.",
                reason.message()
            ))
            .with_extra("reason", reason.code().into()),
        ImageError::Record(error) => refusals::record(error),
        ImageError::TooLargeToShow(_) => Problem::new(Code::Unrenderable).with_detail(
            "In full size this photo is larger than 256 MiB, which is the limit. View it fitted to the screen, or \
             download the original.",
        ),
        ImageError::Unrenderable(_) => {
            tracing::warn!(%error, "a photo could not be shown in full size");
            Problem::new(Code::Unrenderable)
        }
        ImageError::Vault(error) => refusals::vault(&error, is_about_a_patients_key(&error)),
    }
}
