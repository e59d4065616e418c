//! `GET /api/v1/patients`.

use axum::extract::State;
use cutis_domain::{PatientId, Timestamp};
use cutis_records::outcome::{Order, PatientPosition, PatientSort, SortKey};
use cutis_records::patients::{ListAsked, ListFilter};
use serde::Deserialize;

use super::dto::PatientPage;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use crate::{Api, page};
use cutis_edge::extract::{Json, Query, Whole};
use cutis_edge::problem::Problem;

/// Which patients.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PatientQuery {
    /// Patients per page, 1 to 100; 50 when absent.
    #[param(value_type = Option<i64>)]
    limit: Option<Whole<i64>>,
    /// The `nextCursor` of an earlier page.
    cursor: Option<String>,
}

/// Lists patients by last change, newest first.
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
    let limit = page::limit(asked.limit.map(|Whole(items)| items))?;
    let after = page::parse_time_cursor(asked.cursor.as_deref())?;
    let asked = ListAsked {
        sort: PatientSort::LastModified,
        order: Order::Descending,
        filter: ListFilter::default(),
        after: after.map(|(last_modified, id)| PatientPosition {
            key: SortKey::Number(last_modified.as_micros()),
            id: PatientId::from_bytes(id),
        }),
        limit,
    };
    let list = api.records.patients(&by, asked).await.map_err(refusals::record)?;
    let page = PatientPage::new(&list, now, |next| {
        let at = match next.key {
            SortKey::Number(at) => Timestamp::from_micros(at),
            SortKey::Text(_) => Timestamp::EPOCH,
        };
        page::time_cursor(at, next.id.as_bytes())
    });
    Ok(Json(page))
}
