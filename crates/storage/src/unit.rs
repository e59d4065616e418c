//! The unit of work of a clinician (G1, G3, G5).

use std::ops::{Deref, DerefMut};

use cutis_consent::{Grant, Ledger, Level};
use cutis_domain::settings::Key;
use cutis_domain::{PatientId, Scope};

use crate::backend::{OwnedWrite, Transaction};
use crate::error::{Result, StorageError};
use crate::port::SettingsRead;

/// One transaction of one owner: every port of [`OwnedWrite`], bound to that owner.
///
/// The lifetime is invariant and made anew for each unit, so nothing branded with it (a consent
/// proof above all) can be kept, returned or used in another unit:
///
/// ```compile_fail
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::Unit;
///
/// fn keep<'tx>(unit: &mut Unit<'tx>, kept: &mut Option<Proof<'static, Capture>>) {
///     let patient = cutis_domain::PatientId::from_bytes([0; 16]);
///     let now = cutis_domain::Timestamp::EPOCH;
///     *kept = cutis_consent::admit(unit, patient, now).ok(); // the proof would outlive its unit
/// }
/// ```
///
/// Nor can an image be stored on another purpose's proof:
///
/// ```compile_fail
/// use cutis_consent::{Proof, purpose::Teaching};
/// use cutis_storage::port::{ImageDraft, NewImage};
///
/// fn store<'tx>(draft: ImageDraft, proof: Proof<'tx, Teaching>) -> NewImage<'tx> {
///     NewImage::new(draft, proof) // expected a proof for capture
/// }
/// ```
///
/// While what is meant compiles:
///
/// ```
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::Unit;
/// use cutis_storage::port::{ImageDraft, NewImage};
///
/// fn store<'tx>(unit: &mut Unit<'tx>, draft: ImageDraft, proof: Proof<'tx, Capture>) {
///     let stored = unit.insert_image(&NewImage::new(draft, proof));
///     assert!(stored.is_ok() || stored.is_err());
/// }
/// ```
///
/// Nor used in another unit, even one of the same owner:
///
/// ```compile_fail
/// use cutis_consent::{Capture, Proof};
/// use cutis_storage::Unit;
/// use cutis_storage::port::{ImageDraft, NewImage};
///
/// fn swap<'a, 'b>(other: &mut Unit<'b>, draft: ImageDraft, proof: Proof<'a, Capture>) {
///     drop(other.insert_image(&NewImage::new(draft, proof))); // the proof is another unit's
/// }
/// ```
pub struct Unit<'tx>(Box<dyn OwnedWrite<'tx> + 'tx>);

impl std::fmt::Debug for Unit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unit").finish_non_exhaustive()
    }
}

impl<'tx> Deref for Unit<'tx> {
    type Target = dyn OwnedWrite<'tx> + 'tx;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl DerefMut for Unit<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.0
    }
}

impl<'tx> Unit<'tx> {
    pub(crate) fn new(scope: &Scope, transaction: &'tx mut dyn Transaction) -> Self {
        Self(transaction.owned(scope))
    }
}

impl<'tx> Ledger<'tx> for Unit<'tx> {
    type Error = StorageError;

    fn level(&mut self) -> Result<Level> {
        consent_level(&**self)
    }

    fn grants(&mut self, patient: PatientId) -> Result<Vec<Grant>> {
        self.0.grants(patient)
    }
}

/// The practice's consent level.
pub(crate) fn consent_level(settings: &(impl SettingsRead + ?Sized)) -> Result<Level> {
    let setting = settings.setting(Key::ConsentLevel)?;
    Level::parse(setting.value()).map_err(|_| StorageError::corrupt("setting", "value", setting.key().code()))
}
