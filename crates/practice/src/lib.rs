//! Use cases of an administrator: settings, custom fields, notices, the state of the trail.
//!
//! This crate has no edge to blob, vault or media: administration cannot reach an image (A10).

#![forbid(unsafe_code)]

pub mod custom_fields;
pub mod info;
pub mod notices;
pub mod settings;
pub mod trail;

use cutis_domain::Ids;
use cutis_storage::Store;

pub use custom_fields::{CustomFieldError, CustomFieldPatch, NewCustomField};
pub use info::PracticeInfo;
pub use notices::{Board, Notice, NoticeCode, Severity};
pub use settings::SettingsError;
pub use trail::{TrailStatus, TrailStatusError};

/// The use cases over a database.
#[derive(Debug, Clone)]
pub struct Practice {
    pub(crate) store: Store,
    pub(crate) ids: Ids,
    pub(crate) notices: Board,
}

impl Practice {
    /// The use cases over this database, with identifiers from `ids` and the notices of this board.
    pub const fn new(store: Store, ids: Ids, notices: Board) -> Self {
        Self { store, ids, notices }
    }
}
