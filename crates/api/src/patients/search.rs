//! `POST /api/v1/patients/search`.
//!
//! What is searched for is often a name, filters are clinical data, and addresses end up in histories and logs; so both
//! travel in the body (C41).

use axum::extract::State;
use cutis_records::outcome::{Order, PatientSort};
use cutis_records::patients::{ListAsked, SearchAsked, Sought};
use serde::Deserialize;
use utoipa::ToSchema;

use super::cursor::Ground;
use super::dto::PatientPage;
use super::filter::PatientFilter;
use crate::principal::Clinician;
use crate::refusals::{self, Refusals};
use crate::{Api, page};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// The longest text to search for, in characters.
const LONGEST_QUERY: usize = 200;

/// Which patients.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PatientSearch {
    /// Parts of a unique id, names, an MRN or a date of birth, in any order, ignoring case and accents; at most 200
    /// characters. A date is written in numbers, or with the month's name in English, German or French; a whole one may have
    /// a year of two digits, a weekday before it and an age in brackets behind it. Absent, blank, or without anything to look
    /// for (only invisible characters, dashes or apostrophes) for a list of all.
    #[serde(default)]
    query: Option<String>,
    /// What a list is sorted by: `lastModified` (when absent), `lastAppointment`, `uniqueId` or `name`. Refused beside
    /// `query`: what a text finds is sorted by how well it fits.
    #[serde(default)]
    sort: Option<String>,
    /// `ascending` or `descending`; when absent, times are sorted downwards and texts upwards. Refused beside `query`.
    #[serde(default)]
    order: Option<String>,
    /// Who is in it.
    #[serde(default)]
    filter: Option<PatientFilter>,
    /// The maximum number of patients in the answer, 1 to 100; 50 when absent.
    #[serde(default)]
    limit: Option<i64>,
    /// The `nextCursor` of an earlier page of the same list.
    #[serde(default)]
    cursor: Option<String>,
}

/// Lists or finds patients. A list has a sort; what a text finds comes with the best match first.
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
    let (sort_sent, order_sent) = (asked.sort.is_some(), asked.order.is_some());
    let sort = sort(asked.sort.as_deref())?;
    let order = order(asked.order.as_deref(), sort)?;
    let sent = asked.filter.unwrap_or_default();
    let filter = sent.parse()?;
    let typed = asked.query.as_deref().unwrap_or_default().trim();
    if typed.chars().count() > LONGEST_QUERY {
        let message = "Enter at most 200 characters.";
        return Err(Problem::invalid("query", "too_long", message));
    }
    let Some(query) = Sought::parse(typed) else {
        let ground = Ground::of(&by, &(name_of(sort), order == Order::Ascending), &sent);
        let after = asked.cursor.as_deref().map(|cursor| ground.in_list(cursor));
        let asked = ListAsked {
            sort,
            order,
            filter,
            after: after.transpose()?,
            limit,
        };
        let list = api.records.patients(&by, asked).await.map_err(refusals::record)?;
        let page = PatientPage::new(&list, now, |next| ground.of_list(next));
        return Ok(Json(page));
    };
    // Whoever sends them expects an order that the answer would not have.
    for (field, is_sent) in [("sort", sort_sent), ("order", order_sent)] {
        if is_sent {
            let message = "Leave this out beside query: what a text finds is sorted by how well it fits.";
            return Err(Problem::invalid(field, "not_with_query", message));
        }
    }
    let ground = Ground::of(&by, &"found", &(&sent, query.as_str()));
    let after = asked.cursor.as_deref().map(|cursor| ground.in_found(cursor));
    let asked = SearchAsked {
        query,
        filter,
        after: after.transpose()?,
        limit,
    };
    let list = api.records.search_patients(&by, asked).await;
    let list = list.map_err(refusals::record)?;
    Ok(Json(PatientPage::new(&list, now, |next| ground.of_found(next))))
}

/// The names of sorts.
const SORTS: [(&str, PatientSort); 4] = [
    ("lastModified", PatientSort::LastModified),
    ("lastAppointment", PatientSort::LastAppointment),
    ("uniqueId", PatientSort::UniqueId),
    ("name", PatientSort::Name),
];

fn name_of(sort: PatientSort) -> &'static str {
    SORTS
        .iter()
        .find(|(_, it)| *it == sort)
        .map_or("", |(name, _)| *name)
}

fn sort(asked: Option<&str>) -> Result<PatientSort, Problem> {
    let Some(asked) = asked else {
        return Ok(PatientSort::default());
    };
    let found = SORTS.iter().find(|(name, _)| *name == asked);
    found.map(|(_, sort)| *sort).ok_or_else(|| {
        let message = "Choose lastModified, lastAppointment, uniqueId or name.";
        Problem::invalid("sort", "choice", message)
    })
}

fn order(asked: Option<&str>, sort: PatientSort) -> Result<Order, Problem> {
    match (asked, sort) {
        (Some("ascending"), _) | (None, PatientSort::UniqueId | PatientSort::Name) => Ok(Order::Ascending),
        (Some("descending"), _) | (None, PatientSort::LastModified | PatientSort::LastAppointment) => {
            Ok(Order::Descending)
        }
        (Some(_), _) => Err(Problem::invalid(
            "order",
            "choice",
            "Choose ascending or descending.",
        )),
    }
}
