//! `GET /api/v1/patients/{patientId}/images`.

use axum::extract::State;
use cutis_domain::{ImageId, PatientId};
use cutis_records::outcome::ImageCursor;
use serde::Deserialize;

use super::dto::{Image, ImagePage};
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::{Api, page};
use cutis_edge::extract::{Json, Path, Query};
use cutis_edge::problem::Problem;

/// Which part of the pool.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImageQuery {
    /// Images per page, 1 to 100; 50 when absent.
    limit: Option<i64>,
    /// The `nextCursor` of an earlier page.
    cursor: Option<String>,
}

/// Lists a patient's pool, newest capture first.
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
    let limit = page::limit(asked.limit)?;
    let after = page::parse_time_cursor(asked.cursor.as_deref())?;
    let after = after.map(|(shown_at, id)| ImageCursor {
        shown_at,
        id: ImageId::from_bytes(id),
    });
    let list = api
        .records
        .images(&by, patient, after, limit)
        .await
        .map_err(super::refused)?;
    Ok(Json(ImagePage {
        images: list.page.items.iter().map(Image::from).collect(),
        next_cursor: list
            .page
            .next
            .map(|next| page::time_cursor(next.shown_at, next.id.as_bytes())),
        total: list.total,
    }))
}
