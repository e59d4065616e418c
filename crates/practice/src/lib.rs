//! Use cases of an administrator: settings, accounts' requests, audit search, retention.
//!
//! This crate has no edge to blob, vault or media: administration cannot reach an image (A10).

#![forbid(unsafe_code)]

pub mod info;
pub mod settings;
pub mod trail;

use cutis_storage::Store;

pub use info::PracticeInfo;
pub use settings::{SettingRefusal, SettingsError};
pub use trail::{TrailStatus, TrailStatusError};

/// The use cases over a database.
#[derive(Debug, Clone)]
pub struct Practice {
    pub(crate) store: Store,
}

impl Practice {
    /// The use cases over this database.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}
