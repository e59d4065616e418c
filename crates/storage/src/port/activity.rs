//! What the trail says about patients of one owner (U5).

use cutis_domain::page::Limit;

use crate::error::Result;
use crate::port::{ActivityItem, ActivityKind};

/// Reading what the trail says about one owner's patients, newest first.
pub trait ActivityRead {
    /// Events about one patient, those before `before` if given, one more than `limit` if there is one
    /// (U5).
    ///
    /// # Errors
    /// When the database fails or a leaf cannot be read.
    fn patient_activity(
        &self,
        kind: ActivityKind,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<ActivityItem>>;
}
