//! The trail, as administrators and each account can see it (U5).

use cutis_audit::{Action, Event, Target};
use cutis_domain::page::{Limit, Page};
use cutis_domain::{AccountId, Administrator, Caller};
use cutis_storage::StorageError;
use cutis_storage::port::{ActivityItem, ActivityKind};

use crate::Practice;

/// The length of the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailStatus {
    /// The number of events in it.
    pub events: u64,
}

/// Why the trail could not be shown.
#[derive(Debug, thiserror::Error)]
#[error("the activity could not be accessed")]
pub struct TrailStatusError(#[from] StorageError);

impl TrailStatusError {
    /// The database's error.
    pub const fn storage(&self) -> &StorageError {
        &self.0
    }
}

impl Practice {
    /// The length of the trail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn trail_status(&self, _by: &Administrator) -> Result<TrailStatus, TrailStatusError> {
        let status = self
            .store
            .look_up(|view| view.trail_size().map(|events| TrailStatus { events }))
            .await;
        status.map_err(TrailStatusError)
    }

    /// An account's own security history, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_activity(
        &self,
        by: &Caller,
        account: AccountId,
        kind: ActivityKind,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Page<ActivityItem, u64>, TrailStatusError> {
        let items = self
            .store
            .look_up(move |view| view.account_activity(account, kind, before, limit))
            .await?;
        let event = Event::new(Action::AccountActivityViewed).target(Target::Account(account));
        self.store.record(by, vec![event]).await?;
        Ok(Page::from_one_more(items, limit, |last| last.sequence))
    }
}
