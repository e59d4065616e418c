//! `POST /api/v1/patients/search`.
//!
//! What is searched for is often a name, and addresses end up in histories and logs; so it travels in
//! the body (C41).

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::dto::PatientPage;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use crate::{Api, page};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// The longest text to search for, in characters.
const LONGEST_QUERY: usize = 200;

/// What to search for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PatientSearch {
    /// Part of a unique id, a name or an MRN, ignoring case and accents; at most 200 characters.
    query: String,
    /// The maximum number of patients in the answer, 1 to 100; 50 when absent.
    #[serde(default)]
    limit: Option<i64>,
}

/// Finds patients: the exact unique id first, then by last change.
#[utoipa::path(
    post, path = "/patients/search", tag = "patients", security(("session" = [])),
    request_body = PatientSearch, responses((status = 200, body = PatientPage), Refusals)
)]
pub(super) async fn search_patients(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Json(asked): Json<PatientSearch>,
) -> Result<Json<PatientPage>, Problem> {
    let now = api.records.now();
    let limit = page::limit(asked.limit)?;
    let needle = asked.query.trim().to_owned();
    if needle.is_empty() {
        return Err(Problem::invalid("query", "empty", "Enter what to search for."));
    }
    if needle.chars().count() > LONGEST_QUERY {
        let message = "Enter at most 200 characters.";
        return Err(Problem::invalid("query", "too_long", message));
    }
    let list = api.records.search_patients(&by, needle, limit).await;
    Ok(Json(PatientPage::new(&list.map_err(refusals::record)?, now)))
}
