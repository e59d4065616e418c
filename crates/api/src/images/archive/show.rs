//! `GET /api/v1/archives/{archiveId}`.

use axum::extract::State;
use cutis_domain::ArchiveId;
use cutis_records::images::archive::{Progress, Stage};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::ids::Id;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Path};
use cutis_edge::problem::Problem;

/// How a download goes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArchiveProgress {
    /// `ready` to be fetched, `sending`, `sent`, or `stopped` before its end.
    stage: &'static str,
    /// How many photos have left whole.
    sent: usize,
    /// How many there are.
    of: usize,
    /// Why it stopped: `busy`, `connection` (it was closed or cancelled), `consent_required`, `photo_gone`,
    /// `photo_unreadable`, `photo_unrenderable`, `session_ended`, `stalled` (nothing of it was taken for ten seconds, and
    /// another download of the account began) or `storage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The photo because of which it stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<String>,
}

impl From<Progress> for ArchiveProgress {
    fn from(progress: Progress) -> Self {
        let Progress { stage, sent, of } = progress;
        let (stage, reason, image) = match stage {
            Stage::Ready => ("ready", None, None),
            Stage::Sending => ("sending", None, None),
            Stage::Sent => ("sent", None, None),
            Stage::Stopped { why, image } => ("stopped", Some(why.code()), image),
        };
        Self {
            stage,
            sent,
            of,
            reason,
            image_id: image.map(|image| image.to_string()),
        }
    }
}

/// How a download goes that this session asked for. Says nothing of the patient.
#[utoipa::path(
    get, path = "/archives/{archiveId}", tag = "images", security(("session" = [])),
    params(("archiveId" = String, Path, description = "The download")),
    responses((status = 200, body = ArchiveProgress), Refusals)
)]
pub(super) async fn show_archive(
    Clinician(by): Clinician,
    State(api): State<Api>,
    Path(Id(archive)): Path<Id<ArchiveId>>,
) -> Result<Json<ArchiveProgress>, Problem> {
    let progress = api
        .records
        .archive_progress(&by, archive)
        .await
        .map_err(super::super::refused)?;
    Ok(Json(progress.into()))
}
