//! Everything without clinical content: accounts, sessions, settings (G2). Other types and other
//! ports than a clinician's, so that administration cannot reach a patient by mistake.
//!
//! ```compile_fail
//! use cutis_domain::PatientId;
//! use cutis_storage::SystemUnit;
//!
//! fn look(unit: &SystemUnit<'_>, patient: PatientId) {
//!     drop(unit.consents(patient, cutis_domain::page::Limit::DEFAULT)); // no such port here
//! }
//! ```

use std::ops::{Deref, DerefMut};

use crate::backend::{CommonRead, CommonWrite};

/// A snapshot of what has no clinical content: every port of [`CommonRead`].
pub struct SystemView<'tx>(&'tx dyn CommonRead);

impl std::fmt::Debug for SystemView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemView").finish_non_exhaustive()
    }
}

impl<'tx> Deref for SystemView<'tx> {
    type Target = dyn CommonRead + 'tx;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl<'tx> SystemView<'tx> {
    pub(crate) fn new(ports: &'tx dyn CommonRead) -> Self {
        Self(ports)
    }
}

/// One transaction over what has no clinical content: every port of [`CommonWrite`].
pub struct SystemUnit<'tx>(&'tx mut dyn CommonWrite);

impl std::fmt::Debug for SystemUnit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemUnit").finish_non_exhaustive()
    }
}

impl<'tx> Deref for SystemUnit<'tx> {
    type Target = dyn CommonWrite + 'tx;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl DerefMut for SystemUnit<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0
    }
}

impl<'tx> SystemUnit<'tx> {
    pub(crate) fn new(ports: &'tx mut dyn CommonWrite) -> Self {
        Self(ports)
    }
}
