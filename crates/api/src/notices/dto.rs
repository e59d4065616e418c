//! Notices on the wire.

use cutis_practice::{Notice as Standing, Severity};
use serde::Serialize;
use utoipa::ToSchema;

/// The current notices, the most urgent first.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeList {
    notices: Vec<Notice>,
}

/// Something about the installation that an administrator should look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notice {
    /// The kind of notice; at most one of each kind.
    #[schema(example = "disk_low")]
    code: &'static str,
    severity: NoticeSeverity,
    /// What was found.
    message: String,
    /// What to do about it.
    remedy: String,
    /// When it was first found, as far as this run of the program knows.
    since: String,
}

/// How soon a person should act.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoticeSeverity {
    /// Now.
    Critical,
    /// Soon.
    Warning,
}

impl From<Standing> for Notice {
    fn from(standing: Standing) -> Self {
        Self {
            code: standing.code.code(),
            severity: match standing.code.severity() {
                Severity::Critical => NoticeSeverity::Critical,
                Severity::Warning => NoticeSeverity::Warning,
            },
            message: standing.message.into_owned(),
            remedy: standing.remedy.into_owned(),
            since: standing.since.to_string(),
        }
    }
}

impl NoticeList {
    pub(super) fn new(standing: Vec<Standing>) -> Self {
        Self {
            notices: standing.into_iter().map(Notice::from).collect(),
        }
    }
}
