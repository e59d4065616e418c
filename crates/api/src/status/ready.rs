//! `GET /api/v1/ready`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::{Code, Problem};
use cutis_records::outcome::{DiskSpace, ErrorKind, Level};

/// The program can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ready {
    status: &'static str,
    disk: Disk,
}

/// The state of the disk that holds the practice's data.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Disk {
    state: DiskState,
    /// Bytes that can still be written; null if the system does not say.
    #[schema(required)]
    free_bytes: Option<u64>,
    /// Size of the whole disk in bytes; null if the system does not say.
    #[schema(required)]
    total_bytes: Option<u64>,
}

/// Whether there is enough room.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum DiskState {
    /// There is room enough.
    Enough,
    /// Everything works. Make room soon.
    Filling,
    /// Photos and changes are refused.
    Full,
}

impl From<DiskSpace> for Disk {
    fn from(space: DiskSpace) -> Self {
        Self {
            state: match space.level {
                Level::Enough => DiskState::Enough,
                Level::Filling => DiskState::Filling,
                Level::Full => DiskState::Full,
            },
            free_bytes: space.free,
            total_bytes: space.total,
        }
    }
}

/// Answers once the database answers and accepts changes. While its structure is not the one that Cutis created, so
/// that nobody can sign in, the answer is 503 `structure_changed`. `disk.state` is `filling` before the disk is full;
/// then the answer is 503 `disk_full`, with the same `disk`.
#[utoipa::path(get, path = "/ready", tag = "status", responses((status = 200, body = Ready), Refusals))]
pub(super) async fn ready(State(api): State<Api>) -> Result<Json<Ready>, Problem> {
    let space = api.auth.ready().await.map_err(|error| {
        if error.kind() == ErrorKind::Tampered {
            // What it was is in the log and in a notice; whoever asks here may be anybody.
            Problem::new(Code::StructureChanged)
        } else {
            refusals::storage(&error)
        }
    })?;
    api.auth
        .setup_state()
        .await
        .map_err(|error| refusals::storage(&error))?;
    let disk = Disk::from(space);
    if space.level == Level::Full {
        // What serialises into JSON text serialises into a JSON value.
        let disk = serde_json::to_value(disk).unwrap_or_default();
        return Err(Problem::new(Code::DiskFull).with_extra("disk", disk));
    }
    Ok(Json(Ready {
        status: "ready",
        disk,
    }))
}
