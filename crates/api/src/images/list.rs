//! `GET /api/v1/patients/{patientId}/images`.

use axum::extract::State;
use cutis_domain::{ImageId, PatientId};
use cutis_records::images::{ImageOrder, Position, Year};
use cutis_records::outcome::{ImageCursor, Placed};
use serde::Deserialize;

use super::dto::{Image, ImagePage, YearCount};
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::{Api, page};
use cutis_edge::extract::{Json, Path, Query, Whole};
use cutis_edge::problem::Problem;

/// Which part of the pool.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImageQuery {
    /// Images per page, 1 to 100; 50 when absent.
    #[param(value_type = Option<i64>)]
    limit: Option<Whole<i64>>,
    /// The `nextCursor` of an earlier page in the same order.
    cursor: Option<String>,
    /// `time`, newest capture first, or `manual`, as people arranged it; `time` when absent.
    #[param(inline)]
    order: Option<OrderBy>,
}

/// In which order.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImageOrder)]
pub(super) enum OrderBy {
    /// Newest capture first.
    Time,
    /// As people arranged it; what nobody moved is where its time puts it.
    Manual,
}

/// Lists a patient's pool, by default newest capture first.
#[utoipa::path(
    get, path = "/patients/{patientId}/images", tag = "images", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient"), ImageQuery),
    responses((status = 200, body = ImagePage), Refusals)
)]
pub(super) async fn list_images(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Query(asked): Query<ImageQuery>,
) -> Result<Json<ImagePage>, Problem> {
    let limit = page::limit(asked.limit.map(|Whole(items)| items))?;
    let cursor = asked.cursor.as_deref();
    let order = match asked.order {
        None | Some(OrderBy::Time) => ImageOrder::ByTime(page::parse_time_cursor(cursor)?.map(
            |(shown_at, id)| ImageCursor {
                shown_at,
                id: ImageId::from_bytes(id),
            },
        )),
        Some(OrderBy::Manual) => {
            ImageOrder::ByHand(page::parse_place_cursor(cursor)?.map(|(place, id)| Placed {
                place,
                id: ImageId::from_bytes(id),
            }))
        }
    };
    let list = api
        .records
        .images(&by, patient, order, limit)
        .await
        .map_err(super::refused)?;
    let uploaders = list.page.items.iter().map(|image| &image.uploaded_by);
    let people = names::read(&api, uploaders).await?;
    let shown = |image| Image::new(image, &people);
    Ok(Json(ImagePage {
        images: list.page.items.iter().map(shown).collect(),
        next_cursor: list.page.next.map(|next| match next {
            Position::ByTime(next) => page::time_cursor(next.shown_at, next.id.as_bytes()),
            Position::ByHand(next) => page::place_cursor(next.place, next.id.as_bytes()),
        }),
        total: list.total,
        years: list.years.map(|years| {
            let year = |it: Year| YearCount {
                year: it.year,
                count: it.count,
            };
            years.into_iter().map(year).collect()
        }),
    }))
}
