//! Files that arrive in parts (I4): declared, sent from where the last part ended, stored once they are whole.

mod begin;
mod content;
mod discard;
mod dto;

use cutis_domain::{PatientId, UploadKey};
use cutis_edge::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::MOST_FILES;
use crate::Api;
use crate::ids::Id;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(begin::begin_upload, discard::discard_upload))
        .routes(routes!(content::continue_upload))
}

/// Which file of which upload a path names.
type Place = (Id<PatientId>, Id<UploadKey>, u16);

/// The patient and the file; a position that no file of an upload can have names nothing.
fn place((Id(patient), Id(key), index): Place) -> Result<(PatientId, (UploadKey, u16)), Problem> {
    if usize::from(index) < MOST_FILES {
        Ok((patient, (key, index)))
    } else {
        Err(Problem::not_found())
    }
}
