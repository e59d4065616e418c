//! Reading clinical data: one snapshot, one scope.

use cutis_consent::{Grant, Level};
use cutis_domain::entry::Entry;
use cutis_domain::page::Limit;
use cutis_domain::patient::Patient;
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{ConsentId, Digest, ImageId, PatientId, Scope, Timestamp, UploadKey};

use crate::ReadTx;
use crate::error::{Result, StorageError};
use crate::port::{
    ActivityItem, ImageCursor, PatientCursor, Receipt, SealedSignature, StoredConsent, StoredImage,
};

/// A snapshot of one owner's data.
pub struct View<'tx> {
    scope: Scope,
    ports: &'tx dyn ReadTx,
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

macro_rules! scoped {
    ($($port:ident :: $name:ident ( $($arg:ident : $ty:ty),* ) -> $out:ty;)+) => {$(
        #[doc = concat!("See [`crate::port::", stringify!($port), "::", stringify!($name), "`].")]
        ///
        /// # Errors
        /// As the port.
        pub fn $name(&self, $($arg: $ty),*) -> Result<$out> {
            self.ports.$name(&self.scope, $($arg),*)
        }
    )+};
}

impl<'tx> View<'tx> {
    pub(crate) fn new(scope: Scope, ports: &'tx dyn ReadTx) -> Self {
        Self { scope, ports }
    }

    scoped! {
        PatientsRead::patient(id: PatientId, now: Timestamp) -> Option<Patient>;
        PatientsRead::patients(after: Option<PatientCursor>, limit: Limit, now: Timestamp) -> Vec<Patient>;
        PatientsRead::search_patients(needle: &str, limit: Limit, now: Timestamp) -> (Vec<Patient>, u64);
        PatientsRead::patient_count() -> u64;
        PatientsRead::cover_image(patient: PatientId) -> Option<ImageId>;
        EntriesRead::entries(patient: PatientId, limit: Limit) -> Vec<Entry>;
        ConsentsRead::consents(patient: PatientId, limit: Limit) -> Vec<StoredConsent>;
        ConsentsRead::consent(patient: PatientId, id: ConsentId) -> Option<StoredConsent>;
        ConsentsRead::signature(patient: PatientId, id: ConsentId) -> Option<SealedSignature>;
        ConsentsRead::grants(patient: PatientId) -> Vec<Grant>;
        ImagesRead::image(patient: PatientId, id: ImageId) -> Option<StoredImage>;
        ImagesRead::image_by_digest(patient: PatientId, sha256: &Digest) -> Option<StoredImage>;
        ImagesRead::images(patient: PatientId, after: Option<ImageCursor>, limit: Limit) -> Vec<StoredImage>;
        ImagesRead::receipt(patient: PatientId, key: UploadKey, index: u16) -> Option<Receipt>;
        TrailRead::patient_activity(patient: PatientId, before: Option<u64>, limit: Limit) -> Vec<ActivityItem>;
    }

    /// What a setting holds.
    ///
    /// # Errors
    /// As [`crate::port::SettingsRead::setting`].
    pub fn setting(&self, key: Key) -> Result<Setting> {
        self.ports.setting(key)
    }

    /// The practice's consent level.
    ///
    /// # Errors
    /// As [`crate::port::SettingsRead::setting`].
    pub fn consent_level(&self) -> Result<Level> {
        let setting = self.ports.setting(Key::ConsentLevel)?;
        Level::parse(setting.value())
            .map_err(|_| StorageError::corrupt("setting", "value", setting.key().code()))
    }
}
