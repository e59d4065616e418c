//! `POST /api/v1/patients/{patientId}/archives`.

use std::collections::HashSet;

use axum::extract::State;
use cutis_domain::{Faults, PatientId};
use cutis_records::images::archive::{ArchiveOrder, Asked, Destination, Form, MOST_ARCHIVED};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::edit::ids;
use super::count;
use crate::ids::Id;
use crate::principal::Confirmed;
use crate::refusals::Refusals;
use crate::{Api, wire_names};
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Which photos are to be downloaded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewArchive {
    /// Their ids, 1 to 500, each once; they are numbered in this order.
    images: Vec<String>,
    /// `display`: as they are shown, full size, turned as they are, without metadata. `originals`: as they were uploaded,
    /// byte for byte, with all metadata.
    form: String,
    /// For what they are needed: `clinical_record` (the practice's own care), `patient_copy` (for the patient), or what the
    /// patient must have agreed to: `treating_clinicians`, `teaching`, `publication`, `marketing`, `research`.
    purpose: String,
}

/// A download that can be fetched.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AskedArchive {
    /// Names it in `/archives/{archiveId}`.
    id: String,
    /// How many photos it has.
    images: usize,
    /// How many bytes; null if that is only known when it has been sent.
    bytes: Option<u64>,
    /// Until when it can be fetched, once, by this session.
    expires_at: String,
}

impl From<Asked> for AskedArchive {
    fn from(asked: Asked) -> Self {
        Self {
            id: asked.id.to_string(),
            images: asked.images,
            bytes: asked.bytes,
            expires_at: asked.until.to_string(),
        }
    }
}

impl NewArchive {
    fn order(self) -> Result<ArchiveOrder, Problem> {
        let mut faults = Faults::<String>::default();
        let images = if (1..=MOST_ARCHIVED).contains(&self.images.len()) {
            let texts: Vec<&str> = self.images.iter().map(String::as_str).collect();
            ids(&mut faults, "images", &texts, &mut HashSet::new())
        } else {
            faults.refuse("images".to_owned(), count());
            Vec::new()
        };
        let form = faults.take("form".to_owned(), Form::parse(&self.form));
        let destination = faults.take("purpose".to_owned(), Destination::parse(&self.purpose));
        let order = form.zip(destination).map(|(form, destination)| ArchiveOrder {
            images,
            form,
            destination,
        });
        faults.finish(order).map_err(wire_names::refused)
    }
}

/// Asks to download photos of one patient as one ZIP file. Its content is fetched afterwards, within two minutes and once,
/// at `/archives/{archiveId}/content`.
///
/// The password must have been entered within the last ten minutes (`POST /session/confirmation`); otherwise
/// `password_needed`. A purpose that the patient has not agreed to is refused with `consent_required`.
#[utoipa::path(
    post, path = "/patients/{patientId}/archives", tag = "images", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")), request_body = NewArchive,
    responses((status = 201, body = AskedArchive), Refusals)
)]
pub(super) async fn ask_archive(
    Confirmed(by): Confirmed,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Json(body): Json<NewArchive>,
) -> Result<(StatusCode, Json<AskedArchive>), Problem> {
    let order = body.order()?;
    let asked = api
        .records
        .ask_archive(&by, patient, order)
        .await
        .map_err(super::super::refused)?;
    Ok((StatusCode::CREATED, Json(asked.into())))
}
