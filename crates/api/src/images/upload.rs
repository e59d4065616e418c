//! `POST /api/v1/patients/{patientId}/images`.

mod stopped;

use axum::extract::State;
use cutis_domain::image::FileName;
use cutis_domain::{PatientId, UploadKey};
use cutis_records::images::{FileOutcome, FileRefusal, ImageError, IntakeRefusal, Sent, UploadFacts};
use http::HeaderMap;
use utoipa::ToSchema;

use self::stopped::Progress;
use super::details::{self, UploadDetails};
use super::dto::{StoppedUpload, UploadReport, UploadResult, people_in};
use super::edit::Refused;
use super::{ASKED_EVERY, MOST_FILES, declared_length};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::{Clinician, Sender};
use crate::wire_names;
use cutis_edge::extract::{Json, Multipart, Part, Path, json_part};
use cutis_edge::problem::{Code, Problem};

const KEY: &str = "idempotency-key";
/// What the parts are called that are files.
const FILE: &str = "file";

/// The files of an upload.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form to integrators; the form itself is read as a stream"
)]
pub(super) struct UploadForm {
    /// 1 to 200 parts of this name, each with a file name.
    file: Vec<Vec<u8>>,
    /// What is said of the photos behind this part, as JSON of at most 4,096 bytes; another part of this name replaces it.
    details: Option<UploadDetails>,
}

/// Stores images. Good files are stored; each bad one is named with the reason. A repeated request with the same key
/// stores nothing twice.
///
/// A part `details` says of the files behind it when, of what and for which visit they were taken. That is stored in the same
/// step as the photo; only if somebody has signed the visit meanwhile, the photo is stored without it, and `notInVisit` says so. A form has at most 256 parts. If details are refused, the upload ends there.
///
/// When the upload cannot continue (more than 200 files, a full disk, no memory for the next file, a session that
/// ended, a malformed form), the problem lists in `results` what happened to the files before, and in `notExamined` the
/// files that were not examined (I2).
#[utoipa::path(
    post, path = "/patients/{patientId}/images", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("Idempotency-Key" = String, Header, description = "A UUID: a new one for each upload, the same for its \
            retries"),
    ),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = UploadReport),
        (status = "default", body = StoppedUpload, content_type = "application/problem+json",
            description = "A problem (RFC 9457); once reading the form has begun, it also lists what happened to the \
                files"),
    )
)]
pub(super) async fn upload_images(
    Clinician(by): Clinician,
    sender: Sender,
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
    let batch = Batch {
        api: &api,
        by: &by,
        sender: &sender,
        patient,
        key,
        declared: declared_length(&headers),
    };
    let mut progress = Progress::default();
    match batch.take_all(&mut form, &mut progress).await {
        Ok(()) => Ok(Json(UploadReport {
            results: progress.results,
        })),
        Err(problem) => Err(stopped::tell(problem, progress, &mut form).await),
    }
}

/// What all files of an upload have in common.
struct Batch<'r> {
    api: &'r Api,
    by: &'r cutis_domain::Clinician,
    sender: &'r Sender,
    patient: PatientId,
    key: UploadKey,
    declared: Option<u64>,
}

impl Batch<'_> {
    async fn take_all(&self, form: &mut Multipart, progress: &mut Progress) -> Result<(), Problem> {
        let mut facts = UploadFacts::default();
        while let Some(mut field) = form.next_part().await? {
            if field.name() == details::NAME {
                facts = said(&mut field).await?;
                continue;
            }
            if field.name() != FILE {
                return Err(Problem::invalid(
                    FILE,
                    "unknown_part",
                    "Send the files of an upload under the name file, and what is said of them under the name details.",
                ));
            }
            let name = field.file_name().unwrap_or_default().to_owned();
            let index = progress.results.len();
            progress.current = Some(name.clone());
            let Some(place) = u16::try_from(index).ok().filter(|_| index < MOST_FILES) else {
                return Err(Problem::invalid(
                    "file",
                    "too_many",
                    "Send at most 200 files in one upload.",
                ));
            };
            let outcome = self
                .take_in(
                    place,
                    Sent {
                        name: &name,
                        facts: facts.clone(),
                    },
                    field,
                )
                .await?;
            progress.current = None;
            let shown = FileName::tame(&name).as_str().to_owned();
            let people = names::beside(self.api, people_in(&outcome)).await;
            let result = UploadResult::new(index, shown, outcome, &people);
            progress.results.push(result);
        }
        if progress.results.is_empty() {
            return Err(Problem::invalid(
                "file",
                "missing",
                "Send at least one part called file.",
            ));
        }
        Ok(())
    }

    async fn take_in(&self, place: u16, sent: Sent<'_>, mut field: Part<'_>) -> Result<FileOutcome, Problem> {
        let (api, by, patient) = (self.api, self.by, self.patient);
        let mut intake = api
            .records
            .begin_intake(by, self.declared)
            .await
            .map_err(super::refused)?;
        let (mut too_large, mut unasked) = (None, 0_usize);
        while let Some(piece) = field.chunk().await? {
            unasked = unasked.saturating_add(piece.len());
            if unasked >= ASKED_EVERY {
                unasked = 0;
                self.sender.is_still_clinician(api).await?;
            }
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
                            "{refusal} Nothing of this file was stored; send it again, alone or over a faster connection."
                        )));
                }
                Err(IntakeRefusal::TooLarge { limit_mib }) => too_large = Some(limit_mib),
            }
        }
        // Nothing is stored for somebody whose session ended while the file was on its way (A7).
        self.sender.is_still_clinician(api).await?;
        let outcome = match too_large {
            Some(limit_mib) => {
                let refusal = FileRefusal::too_large(limit_mib);
                api.records.refuse_file(by, patient, refusal).await
            }
            None => {
                api.records
                    .store_file(by, patient, (self.key, place), sent, intake.finish())
                    .await
            }
        };
        match outcome {
            // Consent was taken back while this batch was under way: the rest is named, not lost track of.
            Err(ImageError::ConsentRequired { reason, .. }) => Ok(FileOutcome::Refused(FileRefusal {
                code: "consent_required",
                message: format!("No photo of this patient can be stored: {}.", reason.message()),
                advice: None,
            })),
            other => other.map_err(super::refused),
        }
    }
}

/// What a part says of the files behind it.
async fn said(field: &mut Part<'_>) -> Result<UploadFacts, Problem> {
    let sent: UploadDetails = json_part(details::NAME, &field.whole(details::MOST).await?)?;
    let mut faults = Refused::default();
    let facts = sent.facts(&mut faults);
    faults.finish(Some(facts)).map_err(wire_names::refused)
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
