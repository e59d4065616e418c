//! `POST /api/v1/patients/{patientId}/images`.

use axum::extract::State;
use cutis_domain::{PatientId, UploadKey};
use cutis_records::images::{FileOutcome, FileRefusal, ImageError, IntakeRefusal};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use utoipa::ToSchema;

use super::dto::{UploadReport, UploadResult};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Multipart, Part, Path};
use cutis_edge::problem::{Code, Problem};

/// The most files of one upload.
const MOST_FILES: usize = 200;
const KEY: &str = "idempotency-key";

/// Files of an upload.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form to integrators; the form itself is read as a stream"
)]
pub(super) struct UploadForm {
    /// 1 to 200 parts of this name, each with a file name.
    file: Vec<Vec<u8>>,
}

/// Takes images in. Good files go in, each bad one is named with its reason; a repeated request
/// with the same key stores nothing twice. When the upload cannot go on, as when the server has no
/// memory for the next file, the problem tells in `results` what became of the files before it.
#[utoipa::path(
    post, path = "/patients/{patientId}/images", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("Idempotency-Key" = String, Header, description = "A UUID, new for each upload, kept over its retries"),
    ),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, body = UploadReport), Refusals)
)]
pub(super) async fn upload_images(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    headers: HeaderMap,
    form: Result<Multipart, Problem>,
) -> Result<Json<UploadReport>, Problem> {
    let key = upload_key(&headers)?;
    api.records
        .may_capture(&by, patient)
        .await
        .map_err(super::refused)?;
    let mut form = form?;
    let declared = declared_length(&headers);
    let mut results = Vec::new();
    match take_all(&api, (&by, patient, key), declared, &mut form, &mut results).await {
        Ok(()) => Ok(Json(UploadReport { results })),
        // What was stored is stored: its sender must not have to guess.
        Err(problem) if !results.is_empty() => Err(with_results(problem, &results)),
        Err(problem) => Err(problem),
    }
}

async fn take_all(
    api: &Api,
    (by, patient, key): (&cutis_domain::Clinician, PatientId, UploadKey),
    declared: Option<u64>,
    form: &mut Multipart,
    results: &mut Vec<UploadResult>,
) -> Result<(), Problem> {
    while let Some(field) = form.next_part().await? {
        if field.name() != "file" {
            return Err(Problem::invalid(
                "file",
                "unknown_part",
                "Send every part of an upload under the name file.",
            ));
        }
        let index = results.len();
        let Some(place) = u16::try_from(index).ok().filter(|_| index < MOST_FILES) else {
            return Err(Problem::invalid(
                "file",
                "too_many",
                "Send at most 200 files in one upload.",
            ));
        };
        let name = field.file_name().unwrap_or_default().to_owned();
        let outcome = take_in(api, (by, patient), (key, place), declared, &name, field).await?;
        let shown = cutis_domain::image::FileName::tame(&name).as_str().to_owned();
        results.push(UploadResult::new(index, shown, outcome));
    }
    if results.is_empty() {
        return Err(Problem::invalid(
            "file",
            "missing",
            "Send at least one part called file.",
        ));
    }
    Ok(())
}

fn with_results(problem: Problem, results: &[UploadResult]) -> Problem {
    // Plain values cannot fail to be written; without them the problem is still true.
    match serde_json::to_value(results) {
        Ok(results) => problem.with_extra("results", results),
        Err(_) => problem,
    }
}

/// How long the body is, which no file in it can exceed; the connection holds its sender to it.
fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn take_in(
    api: &Api,
    (by, patient): (&cutis_domain::Clinician, PatientId),
    place: (UploadKey, u16),
    declared: Option<u64>,
    name: &str,
    mut field: Part<'_>,
) -> Result<FileOutcome, Problem> {
    let mut intake = api
        .records
        .begin_intake(by, declared)
        .await
        .map_err(super::refused)?;
    let mut too_large = None;
    while let Some(piece) = field.chunk().await? {
        if too_large.is_some() {
            // Read on without keeping: the files behind this one still go in.
            continue;
        }
        match intake.push(&piece) {
            Ok(()) => {}
            Err(refusal @ IntakeRefusal::Longer) => {
                return Err(Problem::new(Code::BadRequest).with_detail(refusal.to_string()));
            }
            Err(refusal @ IntakeRefusal::HeldUp) => {
                return Err(Problem::busy()
                    .with_retry_after(super::RETRY_AFTER_SECONDS)
                    .with_detail(format!(
                        "This upload was ended: {refusal}. Nothing of this file was stored; send it again, alone or \
                         over a faster connection."
                    )));
            }
            Err(refusal @ IntakeRefusal::TooLarge { .. }) => too_large = Some(refusal),
        }
    }
    let outcome = match too_large {
        Some(refusal) => {
            let refusal = FileRefusal {
                code: "too_large",
                message: refusal.to_string(),
                advice: Some("an administrator can raise the limit in the settings".to_owned()),
            };
            api.records.refuse_file(by, patient, refusal).await
        }
        None => {
            api.records
                .store_file(by, patient, place, name, intake.finish())
                .await
        }
    };
    match outcome {
        // Consent was taken back while this batch was under way: the rest is named, not lost track of.
        Err(ImageError::ConsentRequired { reason, .. }) => Ok(FileOutcome::Refused(FileRefusal {
            code: "consent_required",
            message: format!("no photo of this patient can be stored: {}", reason.message()),
            advice: None,
        })),
        other => other.map_err(super::refused),
    }
}

fn upload_key(headers: &HeaderMap) -> Result<UploadKey, Problem> {
    let text = headers.get(KEY).and_then(|value| value.to_str().ok());
    let text = text.ok_or_else(|| {
        Problem::invalid(
            "Idempotency-Key",
            "missing",
            "Send the header Idempotency-Key with a UUID of your own.",
        )
    })?;
    text.parse().map_err(|invalid: cutis_domain::Invalid| {
        Problem::invalid("Idempotency-Key", invalid.code(), invalid.message())
    })
}
