//! Access for changing what has no clinical content: other types, other ports (G2).

use cutis_audit::{Audited, Denial};
use cutis_domain::Caller;

use super::Store;
use crate::SystemUnit;
use crate::error::StorageError;

/// Changes of what has no clinical content, by one caller; from [`Store::practice`].
#[derive(Debug, Clone, Copy)]
pub struct Practice<'a> {
    pub(super) store: &'a Store,
    pub(super) by: &'a Caller,
}

impl Practice<'_> {
    /// Runs a unit over what has no clinical content.
    ///
    /// # Errors
    /// As [`super::Clinic::write`].
    pub async fn write<T, E, F>(self, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&mut SystemUnit<'tx>) -> Result<Audited<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Denial + Send + 'static,
    {
        self.store.takes_changes()?;
        self.uphold(work).await
    }

    /// The same for what must still work when the disk is full, from the reserve: sessions that begin and end, failures
    /// that are counted.
    ///
    /// # Errors
    /// Whatever `work` refuses with; a storage error when nothing of it was made durable.
    pub async fn uphold<T, E, F>(self, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&mut SystemUnit<'tx>) -> Result<Audited<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Denial + Send + 'static,
    {
        let caller = self.by.clone();
        self.store
            .run(move |group| group.attempt_common(&caller, work))
            .await
    }
}
