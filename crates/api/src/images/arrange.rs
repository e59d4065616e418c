//! `POST /api/v1/patients/{patientId}/images/order`.

use std::collections::HashSet;

use axum::extract::State;
use cutis_domain::{ImageId, Invalid, PatientId};
use cutis_records::images::{MOST_MOVED, Move};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{Refused, ids, within};
use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use crate::wire_names;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// Moves in the manual order of a pool.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageMoves {
    /// Made one after the other; 200 images at most in all.
    moves: Vec<ImageMove>,
}

/// Images that are put, in this order, directly behind another.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageMove {
    images: Vec<String>,
    /// Behind which image, none of those that are moved; `null` puts them first.
    #[serde(default)]
    #[schema(required)]
    after: Option<String>,
}

/// What undoes the moves.
#[derive(Serialize, ToSchema)]
pub(super) struct ArrangedImages {
    /// To be sent as `moves`.
    undo: Vec<ImageMove>,
}

impl ImageMove {
    fn command(&self, faults: &mut Refused, index: usize) -> Move {
        let texts: Vec<&str> = self.images.iter().map(String::as_str).collect();
        let mut seen = HashSet::new();
        let images = ids(faults, &format!("moves[{index}].images"), &texts, &mut seen);
        let name = || format!("moves[{index}].after");
        let after = self.after.as_deref();
        let after = after.and_then(|text| faults.take(name(), text.parse::<ImageId>()));
        if after.is_some_and(|after| seen.contains(&after)) {
            faults.refuse(
                name(),
                Invalid::new("itself", "Choose a photo that is not itself moved."),
            );
        }
        Move { images, after }
    }
}

/// Moves images in the manual order of their pool.
#[utoipa::path(
    post, path = "/patients/{patientId}/images/order", tag = "images", security(("session" = [])),
    params(("patientId" = String, Path, description = "The patient")), request_body = ImageMoves,
    responses((status = 200, body = ArrangedImages), Refusals)
)]
pub(super) async fn arrange_images(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(patient)): Path<Id<PatientId>>,
    Json(body): Json<ImageMoves>,
) -> Result<Json<ArrangedImages>, Problem> {
    let mut faults = Refused::default();
    let count = body.moves.iter().map(|one| one.images.len()).sum::<usize>();
    if let Err(refusal) = within(MOST_MOVED, body.moves.len(), count) {
        faults.refuse("moves".to_owned(), refusal);
    }
    let moves = body
        .moves
        .iter()
        .enumerate()
        .map(|(index, one)| one.command(&mut faults, index))
        .collect();
    let moves = faults.finish(Some(moves)).map_err(wire_names::refused)?;
    let undo = api
        .records
        .arrange_images(&by, patient, moves)
        .await
        .map_err(super::refused)?;
    let undo = undo.into_iter().map(|one| ImageMove {
        images: one.images.iter().map(ToString::to_string).collect(),
        after: one.after.map(|after| after.to_string()),
    });
    Ok(Json(ArrangedImages { undo: undo.collect() }))
}
