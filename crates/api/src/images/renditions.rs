//! `GET …/images/{imageId}/thumbnail`, `/medium` and `/screen`: the renditions that are kept.

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use cutis_audit::{Action, Detail, Event, Target};
use cutis_domain::{ImageId, PatientId};
use cutis_records::images::Rendition;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use serde::Deserialize;

use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use crate::{Api, mark};
use cutis_edge::extract::{Path, Query, Whole};
use cutis_edge::problem::Problem;

/// How an address of a small rendition is told from others.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Address {
    /// The `session.mark` of whoever is signed in. With it the browser may keep the answer as long as the recorded view
    /// covers seeing it again, 15 minutes at most; another session's is not found.
    session: Option<String>,
    /// The image's `edition`, because one that was turned looks different; beside `session` it is 0 if it is left out. The
    /// image is shown as it is now, whatever this says; if that is another edition, the browser may not keep the answer.
    #[param(value_type = Option<u32>)]
    edition: Option<Whole<u32>>,
}

/// Shows an image at 320 pixels.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/thumbnail", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
        Address,
    ),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
pub(super) async fn thumbnail(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
    Query(address): Query<Address>,
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    show_small(&by, &api, (patient, image), &address, Rendition::Thumbnail).await
}

/// Shows an image at 640 pixels, for lists on sharp screens. A photo stored before this size existed is shown at 1,600
/// pixels.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/medium", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
        Address,
    ),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
pub(super) async fn medium(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
    Query(address): Query<Address>,
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    show_small(&by, &api, (patient, image), &address, Rendition::Medium).await
}

/// Shows an image at 1,600 pixels.
#[utoipa::path(
    get, path = "/patients/{patientId}/images/{imageId}/screen", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
pub(super) async fn screen(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
) -> Result<Response, Problem> {
    let Path((Id(patient), Id(image))) = path;
    show(&by, &api, patient, image, Rendition::Screen).await
}

/// A small rendition, which the browser may keep if the address is this session's.
async fn show_small(
    by: &cutis_domain::Clinician,
    api: &Api,
    (patient, image): (PatientId, ImageId),
    address: &Address,
    rendition: Rendition,
) -> Result<Response, Problem> {
    let session = address.session.as_deref();
    if session.is_some_and(|session| !mark::is_of(session, by)) {
        let event = Event::new(Action::AccessRefused)
            .refused()
            .target(Target::Image(image))
            .patient(patient)
            .detail(Detail::code("reason", "not_found"));
        let recorded = api.auth.record_refusal(by.caller(), event).await;
        recorded.map_err(|error| refusals::storage(&error))?;
        return Err(Problem::not_found());
    }
    // One that was never turned has an address without an edition.
    let edition = address.edition.map(|Whole(edition)| edition);
    let edition = edition.or(session.map(|_| 0));
    let (ticket, bytes) = api
        .records
        .show_image(by, patient, image, rendition, edition)
        .await
        .map_err(super::refused)?;
    let kept = edition.filter(|_| session.is_some());
    let kept = kept.and_then(|edition| ticket.may_be_kept(edition));
    let keeping = kept.map(|seconds| {
        AppendHeaders([
            (CACHE_CONTROL, format!("private, max-age={seconds}")),
            // A browser that keeps it shows it to nobody who has another cookie, or none.
            (VARY, "Cookie".to_owned()),
        ])
    });
    Ok(([(CONTENT_TYPE, "image/jpeg")], keeping, bytes).into_response())
}

async fn show(
    by: &cutis_domain::Clinician,
    api: &Api,
    patient: PatientId,
    image: ImageId,
    rendition: Rendition,
) -> Result<Response, Problem> {
    let (_, bytes) = api
        .records
        .show_image(by, patient, image, rendition, None)
        .await
        .map_err(super::refused)?;
    Ok(([(CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}
