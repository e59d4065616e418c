//! What a change of a visit made of it, told to those who have it open.

use cutis_domain::entry::Field;
use cutis_domain::{Clinician, EntryId, PatientId};
use cutis_records::entries::{Edited, EntryError, FieldEdit};
use serde::Serialize;
use utoipa::ToSchema;

use super::conflict;
use crate::{Api, names};
use cutis_edge::problem::Problem;

/// The versions that hold after a change, of the fields that were changed.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntrySaved {
    #[serde(skip_serializing_if = "Option::is_none")]
    appointment_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<u64>,
}

/// Saves, and tells.
pub(super) async fn save(
    api: &Api,
    by: &Clinician,
    patient: PatientId,
    entry: EntryId,
    edits: Vec<FieldEdit>,
) -> Result<EntrySaved, Problem> {
    let turn = api.live.turn(entry).await;
    let edited = api.records.edit_fields(by, patient, entry, edits, None).await;
    let edited = told(api, by, patient, entry, edited).await?;
    drop(turn);
    let mut saved = EntrySaved::default();
    for field in &edited {
        match field.field {
            Field::AppointmentAt => saved.appointment_at = Some(field.version),
            Field::Title => saved.title = Some(field.version),
            Field::Notes => saved.notes = Some(field.version),
        }
    }
    Ok(saved)
}

/// Tells those who have the visit open, or says why nothing was changed.
pub(super) async fn told(
    api: &Api,
    by: &Clinician,
    patient: PatientId,
    entry: EntryId,
    edited: Result<Vec<Edited>, EntryError>,
) -> Result<Vec<Edited>, Problem> {
    match edited {
        Ok(edited) => {
            for field in &edited {
                api.live.tell_text(api, by, None, (patient, entry), field).await;
            }
            Ok(edited)
        }
        Err(EntryError::Clash(clash)) => {
            let people = names::beside(api, std::iter::once(&clash.by)).await;
            Err(conflict::problem(&clash, &people))
        }
        Err(error) => Err(super::refused(error)),
    }
}
