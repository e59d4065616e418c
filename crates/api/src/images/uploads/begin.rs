//! `PUT /api/v1/patients/{patientId}/uploads/{uploadKey}/{index}`.

use axum::extract::State;
use cutis_domain::Digest;
use cutis_domain::image::FileName;
use cutis_records::images::{Begun, Declared, FileOutcome};

use super::dto::{UploadDeclaration, UploadState};
use super::{Place, place, shown};
use crate::Api;
use crate::images::edit::Refused;
use crate::images::refused;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::wire_names;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Declares a file that will be sent in parts, or asks how it stands.
///
/// The same request again changes nothing and answers how many bytes have arrived. There is a `result` at once if nothing
/// has to be sent: the file is in already, is a duplicate, or won't be taken. Key and index are those of an upload in one
/// piece; however a file is sent and sent again, it is stored once.
#[utoipa::path(
    put, path = "/patients/{patientId}/uploads/{uploadKey}/{index}", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("uploadKey" = String, Path, description = "A UUID: a new one for each upload, the same for its retries"),
        ("index" = u16, Path, description = "Which file of the upload, from 0 to 199"),
    ),
    request_body = UploadDeclaration, responses((status = 200, body = UploadState), Refusals)
)]
pub(super) async fn begin_upload(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(path): Path<Place>,
    Json(body): Json<UploadDeclaration>,
) -> Result<Json<UploadState>, Problem> {
    let (patient, file) = place(path)?;
    let sha256: Digest = body.sha256.to_ascii_lowercase().parse().map_err(|_| {
        Problem::invalid(
            "sha256",
            "sha256",
            "Use the file's SHA-256: 64 hexadecimal digits.",
        )
    })?;
    let mut faults = Refused::default();
    let facts = body.details.map(|details| details.facts(&mut faults));
    let facts = faults.finish(Some(facts)).map_err(wire_names::refused)?;
    let declared = Declared {
        name: &body.name,
        bytes: body.bytes,
        sha256,
        facts: facts.unwrap_or_default(),
    };
    let begun = api.records.begin_upload(&by, patient, file, declared).await;
    Ok(Json(match begun.map_err(refused)? {
        Begun::Open { offset, expires } => UploadState::open(offset, expires),
        Begun::Done(outcome) => {
            let name = FileName::tame(&body.name).as_str().to_owned();
            let offset = match &*outcome {
                FileOutcome::Stored(stored) => stored.image.bytes,
                FileOutcome::Duplicate(_) | FileOutcome::Refused(_) => 0,
            };
            UploadState::done(offset, shown(&api, file.1, name, *outcome).await)
        }
    }))
}
