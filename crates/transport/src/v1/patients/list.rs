//! `GET /api/v1/patients`.

use axum::extract::State;
use cutis_domain::PatientId;
use cutis_records::outcome::PatientCursor;
use serde::Deserialize;

use super::dto::{PatientPage, PatientSummary};
use crate::extract::{Json, Query};
use crate::problem::Problem;
use crate::v1::principal::Clinician;
use crate::v1::refusals::Refusals;
use crate::v1::{Api, page};

/// The longest text to search for, in characters.
const LONGEST_QUERY: usize = 200;

/// Which patients.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PatientQuery {
    /// Patients a page, 1 to 100; 50 when absent.
    limit: Option<i64>,
    /// Where an earlier page left off.
    cursor: Option<String>,
    /// Part of a unique id, a name or an MRN.
    query: Option<String>,
}

/// Lists patients by last change, or those that match.
#[utoipa::path(
    get, path = "/patients", tag = "patients", security(("session" = [])), params(PatientQuery),
    responses((status = 200, body = PatientPage), Refusals)
)]
pub(super) async fn list_patients(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Query(asked): Query<PatientQuery>,
) -> Result<Json<PatientPage>, Problem> {
    let now = api.records.now();
    let limit = page::limit(asked.limit)?;
    let after = page::parse_time_cursor(asked.cursor.as_deref())?;
    let needle = asked
        .query
        .map(|query| query.trim().to_owned())
        .filter(|query| !query.is_empty());
    let list = match needle {
        Some(needle) if needle.chars().count() > LONGEST_QUERY => {
            return Err(Problem::invalid(
                "query",
                "too_long",
                "search for at most 200 characters",
            ));
        }
        Some(needle) => api.records.search_patients(&by, needle, limit).await,
        None => {
            let after = after.map(|(last_modified, id)| PatientCursor {
                last_modified,
                id: PatientId::from_bytes(id),
            });
            api.records.patients(&by, after, limit).await
        }
    };
    let list = list.map_err(|error| super::refused(error, now))?;
    let next = list
        .page
        .next
        .map(|next| page::time_cursor(next.last_modified, next.id.as_bytes()));
    Ok(Json(PatientPage {
        patients: list
            .page
            .items
            .iter()
            .map(|line| PatientSummary::new(line, now))
            .collect(),
        next_cursor: next,
        total: list.total,
    }))
}
