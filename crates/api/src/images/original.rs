//! `GET …/images/{imageId}/original`.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cutis_domain::{Faults, ImageId, PatientId};
use cutis_records::images::archive::Destination;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, RANGE,
};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use serde::Deserialize;

use super::conditions::{Condition, condition};
use super::range::{Asked, asked};
use crate::ids::Id;
use crate::principal::{Confirmed, Sender};
use crate::refusals::{self, Refusals};
use crate::{Api, wire_names};
use cutis_edge::extract::{Path, Query};
use cutis_edge::problem::Problem;

/// For what an original is needed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OriginalQuery {
    /// As of a download of several photos: `clinical_record` (the practice's own care), `patient_copy` (for the patient), or
    /// what the patient must have agreed to: `treating_clinicians`, `teaching`, `publication`, `marketing`, `research`.
    purpose: Option<String>,
}

impl OriginalQuery {
    fn destination(&self) -> Result<Destination, Problem> {
        let mut faults = Faults::<String>::default();
        let destination = faults.take(
            "purpose".to_owned(),
            Destination::parse(self.purpose.as_deref().unwrap_or_default()),
        );
        faults.finish(destination).map_err(wire_names::refused)
    }
}

/// Downloads an image exactly as it was uploaded, metadata included; recorded as a download. Its file has the name that it
/// has in a download of several photos.
///
/// The password must have been entered within the last ten minutes (`POST /session/confirmation`); otherwise
/// `password_needed`. A purpose that the patient has not agreed to is refused with `consent_required`. It breaks off before
/// its end when the session ends.
///
/// `Range` with one range of bytes is answered with 206. The `ETag` is the SHA-256, so `If-Match`, `If-None-Match` and
/// `If-Range` count as RFC 9110 has them (304, or 412 `condition_failed`); each such request is recorded as a download too. A
/// range behind the end is answered with 416 `range_not_satisfiable`.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/original", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
        OriginalQuery,
    ),
    responses(
        (status = 200, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/tiff"), (Vec<u8> = "image/gif"))),
        (status = 206, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/tiff"), (Vec<u8> = "image/gif"))),
        (status = 304, description = "`If-None-Match` names the file; no content"),
        Refusals
    )
)]
pub(super) async fn original(
    Confirmed(by): Confirmed,
    sender: Sender,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
    Query(asked_for): Query<OriginalQuery>,
    (method, headers): (Method, HeaderMap),
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    let destination = asked_for.destination()?;
    let original = api
        .records
        .open_original_file(&by, patient, image, destination)
        .await
        .map_err(super::refused)?;
    let (ticket, name) = (original.ticket, original.name);
    let image = ticket.image();
    let length = image.bytes;
    let tag = format!("\"{}\"", image.sha256);
    let range = match condition(&headers, &tag) {
        Condition::Failed => return empty(StatusCode::PRECONDITION_FAILED, ETAG, tag),
        Condition::NotModified => return empty(StatusCode::NOT_MODIFIED, ETAG, tag),
        // Of a `HEAD` there are no parts.
        Condition::Send { ranged } if ranged && method == Method::GET => headers.get(RANGE),
        Condition::Send { .. } => None,
    };
    let range = asked(range.and_then(|value| value.to_str().ok()), length);
    let response = Response::builder()
        .header(CONTENT_TYPE, image.format.media_type())
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(ETAG, tag)
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
            let (status, length) = (StatusCode::RANGE_NOT_SATISFIABLE, format!("bytes */{length}"));
            return empty(status, CONTENT_RANGE, length);
        }
    };
    let response = response.header(CONTENT_LENGTH, part.end.saturating_sub(part.start));
    let may_go_on = sender.while_clinician(api.clone());
    let stream = api.records.stream(&ticket, part, may_go_on).await;
    response
        .body(Body::from_stream(stream.map_err(super::refused)?))
        .map_err(|error| refusals::fault(&error))
}

/// An answer without the file, and one header that says why. A refusal becomes a problem on its way out.
fn empty(status: StatusCode, name: HeaderName, value: String) -> Result<Response, Problem> {
    let response = Response::builder().status(status).header(name, value);
    response
        .body(Body::empty())
        .map_err(|error| refusals::fault(&error))
}
