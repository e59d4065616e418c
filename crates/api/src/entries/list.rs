//! `GET /api/v1/patients/{patientId}/entries`.

use axum::extract::State;
use cutis_domain::{EntryId, PatientId};
use cutis_records::outcome::EntryPosition;
use serde::Deserialize;

use super::dto::{EntryList, ListedEntry};
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::{Api, names, page};
use cutis_edge::extract::{Json, Path, Query, Whole};
use cutis_edge::problem::Problem;

/// Which part of the timeline.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntryQuery {
    /// Visits per page, 1 to 100; 50 when absent.
    #[param(value_type = Option<i64>)]
    limit: Option<Whole<i64>>,
    /// The `nextCursor` of an earlier page.
    cursor: Option<String>,
}

/// Lists a patient's visits, latest appointment first.
#[utoipa::path(
    get, path = "/patients/{patientId}/entries", tag = "entries", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient"), EntryQuery),
    responses((status = 200, body = EntryList), Refusals)
)]
pub(super) async fn list_entries(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Query(asked): Query<EntryQuery>,
) -> Result<Json<EntryList>, Problem> {
    let limit = page::limit(asked.limit.map(|Whole(items)| items))?;
    let after = page::parse_time_cursor(asked.cursor.as_deref())?.map(|(appointment_at, id)| EntryPosition {
        appointment_at,
        id: EntryId::from_bytes(id),
    });
    let page = api
        .records
        .entries(&by, patient, after, limit)
        .await
        .map_err(super::refused)?;
    let people = names::read(&api, page.items.iter().map(|listed| &listed.entry.author)).await?;
    Ok(Json(EntryList {
        entries: page
            .items
            .iter()
            .map(|listed| ListedEntry::new(listed, &people))
            .collect(),
        next_cursor: page
            .next
            .map(|next| page::time_cursor(next.appointment_at, next.id.as_bytes())),
    }))
}
