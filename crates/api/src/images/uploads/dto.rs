//! Unfinished uploads on the wire.

use cutis_domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::images::details::UploadDetails;
use crate::images::dto::UploadResult;

/// A file that is going to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UploadDeclaration {
    /// The file's name.
    pub(super) name: String,
    /// Its length in bytes.
    pub(super) bytes: u64,
    /// Its SHA-256: 64 hexadecimal digits. If the bytes that arrive are different, nothing is stored.
    pub(super) sha256: String,
    /// What is said of the photo. Of a file that was declared before, what was said first counts.
    #[serde(default)]
    pub(super) details: Option<UploadDetails>,
}

/// How an upload stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadState {
    /// Bytes of the file that the server has, durably. The next part begins here. Of a file that is stored it is the whole
    /// length.
    offset: u64,
    /// When they are discarded if the file isn't whole by then; null once there is a result.
    #[schema(required)]
    expires_at: Option<String>,
    /// What happened to the file; null as long as more of it has to be sent.
    #[schema(required)]
    result: Option<UploadResult>,
}

impl UploadState {
    pub(super) fn open(offset: u64, expires: Timestamp) -> Self {
        Self {
            offset,
            expires_at: Some(expires.to_string()),
            result: None,
        }
    }

    pub(super) const fn done(offset: u64, result: UploadResult) -> Self {
        Self {
            offset,
            expires_at: None,
            result: Some(result),
        }
    }
}
