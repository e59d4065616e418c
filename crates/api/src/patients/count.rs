//! `POST /api/v1/patients/count`.
//!
//! A page of a filtered list does not wait for the count of a very large practice; this does. Filters are clinical data,
//! so they travel in the body (C41).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::filter::PatientFilter;
use crate::Api;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// Which patients.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PatientCountQuery {
    /// Who is counted; everybody when absent.
    #[serde(default)]
    filter: Option<PatientFilter>,
}

/// How many patients.
#[derive(Serialize, ToSchema)]
pub(super) struct PatientCount {
    /// The number of patients whom the filter lets through.
    total: u64,
}

/// Counts the patients whom a filter lets through.
#[utoipa::path(
    post, path = "/patients/count", tag = "patients", security(("session" = [])),
    request_body = PatientCountQuery, responses((status = 200, body = PatientCount), Refusals)
)]
pub(super) async fn count_patients(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Json(asked): Json<PatientCountQuery>,
) -> Result<Json<PatientCount>, Problem> {
    let filter = asked.filter.unwrap_or_default().parse()?;
    let total = api.records.count_patients(&by, &filter).await;
    Ok(Json(PatientCount {
        total: total.map_err(refusals::record)?,
    }))
}
