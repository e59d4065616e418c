//! Reading the trail. There is no port to change it: appending is the unit's own business (G8).

use cutis_audit::wire::StoredRecord;
use cutis_domain::page::Limit;
use cutis_domain::{AccountId, Sensitive};

use crate::error::Result;

/// One event as shown to a person.
#[derive(Debug, Clone)]
pub struct ActivityItem {
    /// Its sequence number, the cursor of a list.
    pub sequence: u64,
    /// What was recorded.
    pub record: StoredRecord,
    /// The first and last name, today, of the account that did it; `None` if it was not an account.
    pub full_name: Option<Sensitive<String>>,
}

/// Which events are asked for (U5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityKind {
    /// All of them.
    All,
    /// Those that do more than view something.
    Changes,
}

/// Reading the trail, newest first.
pub trait TrailRead {
    /// Security events of one account, those before `before` if given, one more than `limit` if there
    /// is one (U5).
    ///
    /// # Errors
    /// When the database fails or a leaf cannot be read.
    fn account_activity(
        &self,
        account: AccountId,
        kind: ActivityKind,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<ActivityItem>>;

    /// How many events the trail holds.
    ///
    /// # Errors
    /// When the database fails.
    fn trail_size(&self) -> Result<u64>;
}
