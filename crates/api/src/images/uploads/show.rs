//! `GET /api/v1/patients/{patientId}/uploads/{uploadKey}/{index}`.

use axum::extract::State;
use cutis_records::images::Standing;

use super::dto::UploadState;
use super::{Place, place, stored};
use crate::Api;
use crate::images::refused;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Tells how a file of an upload stands, to a client that cannot declare it again because it has its bytes no more.
///
/// There is a `result` if the file is in, whether it came in parts or in one piece, and otherwise the `offset` of the
/// parts that are here. It is answered 404 if nothing is known of it: it never arrived, is arriving in one piece at this
/// moment, was refused, or was a duplicate.
#[utoipa::path(
    get, path = "/patients/{patientId}/uploads/{uploadKey}/{index}", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("uploadKey" = String, Path, description = "The upload, by the key that it was sent under"),
        ("index" = u16, Path, description = "Which file of the upload, from 0 to 199"),
    ),
    responses((status = 200, body = UploadState), Refusals)
)]
pub(super) async fn show_upload(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(path): Path<Place>,
) -> Result<Json<UploadState>, Problem> {
    let (patient, file) = place(path)?;
    let standing = api.records.upload_standing(&by, patient, file).await;
    Ok(Json(match standing.map_err(refused)? {
        Standing::Open { offset, expires } => UploadState::open(offset, expires),
        Standing::Stored(image) => stored(&api, file.1, *image).await,
    }))
}
