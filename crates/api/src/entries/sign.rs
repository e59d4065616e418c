//! `POST /api/v1/patients/{patientId}/entries/{entryId}/sign`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use super::dto::{EntryDetail, SignInput, people_in};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Signs a visit as it was read: nothing that belongs to it can be changed any more, neither time, title and notes nor its photos,
/// comparisons and tags, and what comes later is an addendum. A change is answered 409 `visit_signed`. A photo that was sent for it and
/// arrives later is stored without it. If a field has a later version than the one that was read, nothing is signed, and `stale_version`
/// has the current value.
#[utoipa::path(
    post, path = "/patients/{patientId}/entries/{entryId}/sign", tag = "entries", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    request_body = SignInput, responses((status = 200, body = EntryDetail), Refusals)
)]
pub(super) async fn sign_entry(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
    Json(body): Json<SignInput>,
) -> Result<Json<EntryDetail>, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let seen = body.try_into()?;
    let turn = api.live.turn(entry).await;
    api.records
        .sign_entry(&by, patient, entry, seen)
        .await
        .map_err(super::refused)?;
    drop(turn);
    let file = api
        .records
        .entry(&by, patient, entry)
        .await
        .map_err(super::refused)?;
    let people = names::beside(&api, people_in(&file)).await;
    Ok(Json(EntryDetail::new(&file, &people)))
}
