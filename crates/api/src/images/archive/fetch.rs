//! `GET /api/v1/archives/{archiveId}/content`.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cutis_domain::ArchiveId;
use http::Method;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};

use crate::Api;
use crate::ids::Id;
use crate::principal::{Clinician, Sender};
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Path;
use cutis_edge::problem::Problem;

/// Fetches a download that this session asked for: once, and within two minutes. Two are sent to an account at a time;
/// another is answered 503, unless nothing of one of them was taken for ten seconds, which then ends. It breaks off before its end when a
/// photo can't be read, the session ends or the patient revokes the consent that it needs; the state of the download then
/// says why.
#[utoipa::path(
    get, path = "/archives/{archiveId}/content", tag = "images", security(("session" = [])),
    params(("archiveId" = String, Path, description = "The download")),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Refusals)
)]
pub(super) async fn fetch_archive(
    Clinician(by): Clinician,
    method: Method,
    sender: Sender,
    State(api): State<Api>,
    Path(Id(id)): Path<Id<ArchiveId>>,
) -> Result<Response, Problem> {
    // Whoever only asks for the headers has not fetched it.
    let (bytes, body) = if method == Method::HEAD {
        let bytes = api.records.peek_archive(&by, id).await;
        (bytes.map_err(super::super::refused)?, Body::empty())
    } else {
        let archive = api.records.fetch_archive(&by, id).await;
        let archive = archive.map_err(super::super::refused)?;
        let bytes = archive.bytes();
        (
            bytes,
            Body::from_stream(archive.send(sender.while_clinician(api))),
        )
    };
    let mut response = Response::builder()
        .header(CONTENT_TYPE, "application/zip")
        // No name of a patient stays in a folder of downloads.
        .header(CONTENT_DISPOSITION, "attachment; filename=\"photos.zip\"");
    if let Some(bytes) = bytes {
        response = response.header(CONTENT_LENGTH, bytes);
    }
    response.body(body).map_err(|error| refusals::fault(&error))
}
