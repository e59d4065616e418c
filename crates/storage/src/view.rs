//! Reading clinical data: one snapshot, one owner.

use std::ops::Deref;

use cutis_consent::Level;
use cutis_domain::Scope;

use crate::backend::{OwnedRead, Snapshot};
use crate::error::Result;
use crate::unit::consent_level;

/// A snapshot of one owner's data: every port of [`OwnedRead`], bound to that owner.
pub struct View<'tx>(Box<dyn OwnedRead + 'tx>);

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").finish_non_exhaustive()
    }
}

impl<'tx> Deref for View<'tx> {
    type Target = dyn OwnedRead + 'tx;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl<'tx> View<'tx> {
    pub(crate) fn new(scope: &Scope, snapshot: &'tx dyn Snapshot) -> Self {
        Self(snapshot.owned(scope))
    }

    /// The practice's consent level.
    ///
    /// # Errors
    /// As [`crate::port::SettingsRead::setting`].
    pub fn consent_level(&self) -> Result<Level> {
        consent_level(&**self)
    }
}
