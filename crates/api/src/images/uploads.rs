//! Files that arrive in parts (I4): declared, sent from where the last part ended, stored once they are whole.

mod begin;
mod content;
mod discard;
mod dto;
mod show;

use cutis_domain::image::Image;
use cutis_domain::{PatientId, UploadKey};
use cutis_edge::extract::Whole;
use cutis_edge::problem::Problem;
use cutis_records::images::FileOutcome;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::dto::UploadState;
use super::MOST_FILES;
use super::dto::{UploadResult, people_in};
use crate::Api;
use crate::ids::Id;
use crate::names;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(
            begin::begin_upload,
            show::show_upload,
            discard::discard_upload
        ))
        .routes(routes!(content::continue_upload))
}

/// Which file of which upload a path names.
type Place = (Id<PatientId>, Id<UploadKey>, Whole<u16>);

/// The patient and the file; a position that no file of an upload can have names nothing.
fn place((Id(patient), Id(key), Whole(index)): Place) -> Result<(PatientId, (UploadKey, u16)), Problem> {
    if usize::from(index) < MOST_FILES {
        Ok((patient, (key, index)))
    } else {
        Err(Problem::not_found())
    }
}

/// What happened to a file, with whom it names.
async fn shown(api: &Api, index: u16, name: String, outcome: FileOutcome) -> UploadResult {
    let people = names::beside(api, people_in(&outcome)).await;
    UploadResult::new(usize::from(index), name, outcome, &people)
}

/// How a file stands that is in.
async fn stored(api: &Api, index: u16, image: Image) -> UploadState {
    let (bytes, name) = (image.bytes, image.file_name.as_str().to_owned());
    UploadState::done(
        bytes,
        shown(api, index, name, FileOutcome::Stored(image.into())).await,
    )
}
