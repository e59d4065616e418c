//! `POST /api/v1/patients/{patientId}/entries/{entryId}/addenda`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use axum::response::IntoResponse;
use http::StatusCode;

use super::dto::{Addendum, AddendumInput};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Adds a remark to a signed visit.
#[utoipa::path(
    post, path = "/patients/{patientId}/entries/{entryId}/addenda", tag = "entries", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
    ),
    request_body = AddendumInput, responses((status = 201, body = Addendum), Refusals)
)]
pub(super) async fn add_addendum(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
    Json(body): Json<AddendumInput>,
) -> Result<impl IntoResponse, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let addendum = api
        .records
        .add_addendum(&by, patient, entry, body.try_into()?)
        .await
        .map_err(super::refused)?;
    let people = names::beside(&api, std::iter::once(&addendum.author)).await;
    Ok((StatusCode::CREATED, Json(Addendum::new(&addendum, &people))))
}
