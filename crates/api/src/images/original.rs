//! `GET …/images/{imageId}/original`.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cutis_domain::{ImageId, PatientId};
use cutis_records::images::Rendition;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, RANGE,
};
use http::{HeaderMap, StatusCode};

use super::range::{Asked, asked};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Downloads an image exactly as it was uploaded, metadata included; recorded as a download.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/original", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    responses(
        (status = 200, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/tiff"), (Vec<u8> = "image/gif"))),
        (status = 206, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/tiff"), (Vec<u8> = "image/gif"))),
        Refusals
    )
)]
pub(super) async fn original(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    let ticket = api
        .records
        .open_image(&by, patient, image, Rendition::Original)
        .await
        .map_err(super::refused)?;
    let image = ticket.image();
    let length = image.bytes;
    let range = asked(headers.get(RANGE).and_then(|value| value.to_str().ok()), length);
    let response = Response::builder()
        .header(CONTENT_TYPE, image.format.media_type())
        .header(
            CONTENT_DISPOSITION,
            disposition(&image.file_name.for_download(image.format)),
        )
        .header(ETAG, format!("\"{}\"", image.sha256))
        .header(ACCEPT_RANGES, "bytes");
    let (response, part) = match range {
        Asked::Whole => (response.status(StatusCode::OK), 0..length),
        Asked::Part(part) => {
            let shown = format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1));
            (
                response
                    .status(StatusCode::PARTIAL_CONTENT)
                    .header(CONTENT_RANGE, shown),
                part,
            )
        }
        Asked::Unsatisfiable => {
            let response = response
                .status(StatusCode::RANGE_NOT_SATISFIABLE)
                .header(CONTENT_RANGE, format!("bytes */{length}"));
            return response
                .body(Body::empty())
                .map_err(|error| refusals::fault(&error));
        }
    };
    let response = response.header(CONTENT_LENGTH, part.end.saturating_sub(part.start));
    let stream = api.records.stream(&ticket, part).await.map_err(super::refused)?;
    response
        .body(Body::from_stream(stream))
        .map_err(|error| refusals::fault(&error))
}

/// Always an attachment; the name is encoded (RFC 6266, RFC 8187), so nothing in it is syntax.
fn disposition(name: &str) -> String {
    let encode = |byte: u8| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    let encoded: String = name.bytes().map(encode).collect();
    format!("attachment; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C29: a file name cannot add headers or end its quotes.
    #[test]
    fn names_are_encoded() {
        assert_eq!(
            disposition("left arm.jpg"),
            "attachment; filename*=UTF-8''left%20arm.jpg"
        );
        assert_eq!(
            disposition("a\"\r\nX: y"),
            "attachment; filename*=UTF-8''a%22%0D%0AX%3A%20y"
        );
    }
}
