//! `PATCH /api/v1/patients/{patientId}/images/{imageId}` and `POST …/images/changes`.

use axum::extract::State;
use cutis_domain::image::{Field, Image as StoredImage};
use cutis_domain::{ImageId, PatientId};
use cutis_records::images::{ImageEdits, ImageError};
use cutis_records::{EditField, People, RecordError, RecordField};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::dto::Image;
use super::edit::{ImageChangeGroup, ImageChanges, ImagePatch, Refused};
use crate::Api;
use crate::ids::Id;
use crate::names;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::wire_names::{self, WireName as _};
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::{Code, Problem};

/// Changes what is said about an image, and how it is turned. Refused as a whole with `stale_version` if somebody else
/// has changed one of the same fields since the version named in the request; its `conflicts` hold both values.
#[utoipa::path(
    patch, path = "/patients/{patientId}/images/{imageId}", tag = "images", security(("session" = [])),
    params(
        ("patientId" = String, Path, description = "The patient"),
        ("imageId" = String, Path, description = "The image"),
    ),
    request_body = ImagePatch, responses((status = 200, body = Image), Refusals)
)]
pub(super) async fn change_image(
    Clinician(by): Clinician,
    State(api): State<Api>,
    path: Path<(Id<PatientId>, Id<ImageId>)>,
    Json(body): Json<ImagePatch>,
) -> Result<Json<Image>, Problem> {
    let Path((Id(patient), Id(image))) = path;
    let mut faults = Refused::default();
    let edit = body.set.clone().edit(&mut faults, "set");
    let edits = ImageEdits {
        images: vec![(image, Some(body.version))],
        edit,
    };
    let edits = faults.finish(Some(vec![edits])).map_err(wire_names::refused)?;
    match api.records.change_images(&by, patient, edits).await {
        Ok(done) => {
            let people = people_of(&api, &done.images).await;
            let image = done.images.first().map(|image| Image::new(image, &people));
            image.map(Json).ok_or_else(Problem::not_found)
        }
        Err(ImageError::Stale(moved)) => {
            let current = api.records.image(&by, patient, image).await;
            let current = current.map_err(super::refused)?;
            let people = people_of(&api, std::slice::from_ref(&current)).await;
            let current = serde_json::to_value(Image::new(&current, &people));
            let current = current.unwrap_or_default();
            let sent = serde_json::to_value(&body.set).unwrap_or_default();
            let fields = moved.iter().flat_map(|(_, fields)| fields);
            let conflicts: Value = fields.map(|field| conflict(*field, &sent, &current)).collect();
            Err(Problem::stale_version(current).with_extra("conflicts", conflicts))
        }
        Err(ImageError::Record(RecordError::Invalid(errors))) => {
            let errors = errors.into_iter().map(|error| error.named(alone));
            Err(wire_names::refused(errors.collect()))
        }
        Err(error) => Err(super::refused(error)),
    }
}

/// A place in a change of one image.
fn alone(field: RecordField) -> String {
    match field {
        RecordField::Image(EditField::Version { .. }) => "version".to_owned(),
        RecordField::Image(EditField::Of { field, .. }) => format!("set.{}", wire_names::image_field(field)),
        RecordField::Patient(_) | RecordField::Consent(_) => field.wire_name().into_owned(),
    }
}

/// Whoever uploaded these.
async fn people_of(api: &Api, images: &[StoredImage]) -> People {
    let uploaders = images.iter().map(|image| &image.uploaded_by);
    names::beside(api, uploaders).await
}

fn conflict(field: Field, sent: &Value, current: &Value) -> Value {
    let name = wire_names::image_field(field);
    json!({ "field": name, "yours": sent.get(name), "current": current.get(name) })
}

/// What changes did.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangedImages {
    /// The images as they are now, in the order of the request.
    images: Vec<Image>,
    /// What undoes it when it is sent as `changes`: of each image that changed, the values before.
    undo: Vec<ImageChangeGroup>,
}

/// Changes many images at once, all or nothing. Refused with `stale_version` if somebody else has changed one of the same
/// fields of an image since the version named for it; `stale` then names images and fields.
#[utoipa::path(
    post, path = "/patients/{patientId}/images/changes", tag = "images", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")), request_body = ImageChanges,
    responses((status = 200, body = ChangedImages), Refusals)
)]
pub(super) async fn change_images(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Json(body): Json<ImageChanges>,
) -> Result<Json<ChangedImages>, Problem> {
    let mut faults = Refused::default();
    let edits = body.commands(&mut faults);
    let edits = faults.finish(Some(edits)).map_err(wire_names::refused)?;
    let done = api
        .records
        .change_images(&by, patient, edits)
        .await
        .map_err(super::refused)?;
    let people = people_of(&api, &done.images).await;
    let shown = |image| Image::new(image, &people);
    Ok(Json(ChangedImages {
        images: done.images.iter().map(shown).collect(),
        undo: done.undo.iter().map(ImageChangeGroup::from).collect(),
    }))
}

/// Which fields of which images somebody else changed meanwhile.
pub(super) fn stale(moved: &[(ImageId, Vec<Field>)]) -> Problem {
    let stale: Value = moved
        .iter()
        .map(|(id, fields)| {
            let fields: Vec<&str> = fields
                .iter()
                .map(|field| wire_names::image_field(*field))
                .collect();
            json!({ "id": id.to_string(), "fields": fields })
        })
        .collect();
    Problem::new(Code::StaleVersion).with_extra("stale", stale)
}
