//! `GET /api/v1/patients/{patientId}/entries/{entryId}/revisions`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};

use serde::Deserialize;

use super::dto::RevisionList;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::{Api, names, page};
use cutis_edge::extract::{Json, Path, Query, Whole};
use cutis_edge::problem::Problem;

/// Which of the changes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RevisionQuery {
    /// Changes per page, 1 to 100; 50 when absent.
    #[param(value_type = Option<i64>)]
    limit: Option<Whole<i64>>,
    /// The `next` of an earlier page.
    #[param(value_type = Option<u64>)]
    before: Option<Whole<u64>>,
}

/// Lists who changed the notes of a visit and when, newest first.
#[utoipa::path(
    get, path = "/patients/{patientId}/entries/{entryId}/revisions", tag = "entries", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("entryId" = String, Path, description = "The visit"),
        RevisionQuery,
    ),
    responses((status = 200, body = RevisionList), Refusals)
)]
pub(super) async fn entry_revisions(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<EntryId>)>,
    Query(asked): Query<RevisionQuery>,
) -> Result<Json<RevisionList>, Problem> {
    let Path((Id(patient), Id(entry))) = path;
    let limit = page::limit(asked.limit.map(|Whole(items)| items))?;
    let before = asked.before.map(|Whole(version)| version);
    let page = api
        .records
        .entry_revisions(&by, patient, entry, before, limit)
        .await
        .map_err(super::refused)?;
    let people = names::read(&api, page.items.iter().map(|head| &head.author)).await?;
    Ok(Json(RevisionList::new(&page, &people)))
}
