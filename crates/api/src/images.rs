//! Images (I1–I4).

mod archive;
mod arrange;
mod change;
mod conditions;
mod details;
#[expect(
    missing_debug_implementations,
    reason = "what they hold must not be printable (G11)"
)]
pub mod dto;
mod edit;
mod full;
mod list;
mod original;
mod range;
mod renditions;
mod show;
mod upload;
mod uploads;

use cutis_records::images::ImageError;
use cutis_records::is_about_a_patients_key;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use cutis_edge::problem::{Code, Problem};

/// The most bytes of one upload: two hundred images of 40 MiB. Each file has its own, smaller limit.
pub(super) const UPLOAD_BYTES: u64 = 8 << 30;

/// The most bytes of one part of a file: the largest file that any practice allows.
pub(super) const PART_BYTES: u64 = 256 << 20;
/// The most files of one upload.
const MOST_FILES: usize = 200;
/// After how many bytes of a file its sender's session is looked at again. At the least pace of a body these
/// take two minutes, so a long upload is use of the session in time (C13), and a session that ended ends it.
const ASKED_EVERY: usize = 1 << 20;

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
        .routes(routes!(change::change_image))
        .routes(routes!(change::change_images))
        .routes(routes!(arrange::arrange_images))
        .merge(archive::routes())
        .merge(uploads::routes())
}

/// How long the body is, which nothing in it can exceed; the connection holds its sender to it.
fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn refused(error: ImageError) -> Problem {
    match error {
        error if error.is_full() => Problem::new(Code::StorageFull),
        ImageError::Archive(error) => archive::refused(error),
        ImageError::Blob(error) => refusals::fault(&error),
        ImageError::Busy => Problem::busy().with_retry_after(RETRY_AFTER_SECONDS),
        ImageError::ConsentRequired { reason, .. } => Problem::new(Code::ConsentRequired)
            .with_detail(format!(
                "No photo of this patient can be stored: {}.",
                reason.message()
            ))
            .with_extra("reason", reason.code().into()),
        ImageError::NoUpload => Problem::not_found(),
        ImageError::Offset(offset) => Problem::new(Code::Conflict)
            .with_detail(format!("The server has {offset} bytes of this file. Go on from there."))
            .with_extra("offset", offset.into()),
        ImageError::Superseded(offset) => Problem::new(Code::Conflict)
            .with_detail("A later request goes on with this file.")
            .with_extra("offset", offset.into()),
        ImageError::Beyond(bytes) => Problem::new(Code::TooLarge).with_detail(format!(
            "The file was declared with {bytes} bytes, and more arrived. What goes beyond was not kept."
        )),
        ImageError::Record(error) => refusals::record(error),
        ImageError::Stale(moved) => change::stale(&moved),
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
