//! What a sender says of a photo with the upload itself (I6).

use cutis_domain::image::details::View;
use cutis_domain::{EntryId, Sensitive, Text, Timestamp};
use cutis_records::images::UploadFacts;
use serde::Deserialize;
use utoipa::ToSchema;

use super::dto::BodySite;
use super::edit::{Refused, place};

/// What a form calls them, and a declaration.
pub(super) const NAME: &str = "details";
/// How long they are at most in a form, in bytes.
pub(super) const MOST: usize = 4096;

/// What is said of a photo when it is uploaded. It is stored with the photo in one step.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UploadDetails {
    /// When it was captured, RFC 3339. It counts more than the time in the file, which `cameraAt` then shows; without it a
    /// photo has the time in its file.
    #[serde(default)]
    captured_at: Option<String>,
    /// The body site and its side.
    #[serde(default)]
    site: Option<BodySite>,
    /// From where it was taken.
    #[serde(default)]
    view: Option<String>,
    /// With what it was taken, at most 200 characters on one line. It counts more than the camera's name in the file.
    #[serde(default)]
    device: Option<String>,
    /// A visit of this patient: the photo is put into its workspace. If there is no such visit, or no room in it, the photo is
    /// refused with the reason `no_visit` or `visit_full`.
    #[serde(default)]
    entry_id: Option<String>,
}

impl UploadDetails {
    /// What is said, or what is wrong with it, by the names of the wire.
    pub(super) fn facts(self, faults: &mut Refused) -> UploadFacts {
        let name = |field: &str| format!("{NAME}.{field}");
        UploadFacts {
            captured_at: self
                .captured_at
                .and_then(|at| faults.take(name("capturedAt"), Timestamp::parse(&at))),
            place: self.site.and_then(|site| faults.take(name("site"), place(&site))),
            view: self
                .view
                .and_then(|view| faults.take(name("view"), View::parse(&view))),
            device: self
                .device
                .and_then(|device| faults.take(name("device"), Text::parse(&device)))
                .map(Sensitive::new),
            entry: self
                .entry_id
                .and_then(|id| faults.take(name("entryId"), id.parse::<EntryId>())),
        }
    }
}
