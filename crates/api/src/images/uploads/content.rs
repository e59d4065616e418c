//! `PATCH /api/v1/patients/{patientId}/uploads/{uploadKey}/{index}/content`.

use axum::extract::State;
use cutis_records::images::{GoingOn, ImageError, Staging};
use http::HeaderMap;

use super::dto::UploadState;
use super::{Place, place, shown, stored};
use crate::Api;
use crate::images::{ASKED_EVERY, declared_length, refused};
use crate::principal::{Clinician, Sender};
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Octets, Path, whole};
use cutis_edge::problem::Problem;

const OFFSET: &str = "upload-offset";

/// Sends the next part of a file, of any size.
///
/// What arrives is kept even if the connection is lost before the end: ask with `PUT` where to go on. With the last part, the
/// file is stored and the answer has its `result`. If storing was interrupted, for instance because the server was busy,
/// an empty part at the end tries again. A part that is sent again because its answer was lost after the file was stored is
/// answered with the `result` again; of a file that was a duplicate or was refused nothing is kept, so `PUT` tells. A part that doesn't begin where the server's part ends is answered 409
/// `conflict` with the `offset` at which to go on. Of two requests for one file the later goes on, and the earlier is answered 409.
#[utoipa::path(
    patch, path = "/patients/{patientId}/uploads/{uploadKey}/{index}/content", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("uploadKey" = String, Path, description = "The upload"),
        ("index" = u16, Path, description = "Which file of the upload, from 0 to 199"),
        ("Upload-Offset" = u64, Header, description = "Where in the file this part begins"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = UploadState), Refusals)
)]
pub(super) async fn continue_upload(
    Clinician(by): Clinician,
    sender: Sender,
    State(api): State<Api>,
    Path(path): Path<Place>,
    headers: HeaderMap,
    body: Result<Octets, Problem>,
) -> Result<Json<UploadState>, Problem> {
    let (patient, file) = place(path)?;
    let offset = offset(&headers)?;
    let length = declared_length(&headers);
    let going_on = api.records.go_on(&by, patient, file, (offset, length)).await;
    let going_on = going_on.map_err(refused)?;
    let mut staging = match going_on {
        GoingOn::Here(staging) => *staging,
        GoingOn::Stored(image) => return Ok(Json(stored(&api, file.1, *image).await)),
    };
    let received = receive(&api, &sender, &mut staging, &mut body?).await;
    // Whatever ended it: what arrived need not be sent again.
    let offset = staging.keep().await.map_err(refused)?;
    match received {
        Ok(Ended::Here) => {}
        Ok(Ended::TakenOver) => return Err(refused(ImageError::Superseded(offset))),
        Err(problem) => return Err(problem),
    }
    if !staging.is_whole() {
        return Ok(Json(UploadState::open(offset, staging.expires())));
    }
    // Nothing is stored for somebody whose session ended while the file was on its way (A7).
    sender.is_still_clinician(&api).await?;
    let name = staging.name().to_owned();
    let outcome = staging.store(&by).await.map_err(refused)?;
    Ok(Json(UploadState::done(
        offset,
        shown(&api, file.1, name, outcome).await,
    )))
}

enum Ended {
    Here,
    TakenOver,
}

async fn receive(
    api: &Api,
    sender: &Sender,
    staging: &mut Staging,
    body: &mut Octets,
) -> Result<Ended, Problem> {
    let mut unasked = 0_usize;
    loop {
        let Some(piece) = staging.unless_taken_over(body.chunk()).await else {
            return Ok(Ended::TakenOver);
        };
        let Some(piece) = piece? else {
            return Ok(Ended::Here);
        };
        unasked = unasked.saturating_add(piece.len());
        if unasked >= ASKED_EVERY {
            unasked = 0;
            sender.is_still_clinician(api).await?;
        }
        staging.push(&piece).await.map_err(refused)?;
    }
}

fn offset(headers: &HeaderMap) -> Result<u64, Problem> {
    let text = headers.get(OFFSET).and_then(|value| value.to_str().ok());
    text.and_then(whole).ok_or_else(|| {
        Problem::invalid(
            "Upload-Offset",
            if text.is_none() { "missing" } else { "number" },
            "Send the header Upload-Offset with the number of bytes that the server has.",
        )
    })
}
