//! Settings of the practice (O2).

use cutis_consent::ConsentLevel;
use cutis_domain::settings::{Key, Setting};

use crate::error::{Result, StorageError};

/// Reading settings.
pub trait SettingsRead {
    /// What a key holds; its default when nobody chose.
    ///
    /// # Errors
    /// When the database fails or the stored value does not fit its key.
    fn setting(&self, key: Key) -> Result<Setting>;

    /// The practice's consent level.
    ///
    /// # Errors
    /// As [`SettingsRead::setting`].
    fn consent_level(&self) -> Result<ConsentLevel> {
        let setting = self.setting(Key::ConsentLevel)?;
        ConsentLevel::parse(setting.value())
            .map_err(|_| StorageError::corrupt("setting", "value", setting.key().code()))
    }
}

/// Changing settings.
pub trait SettingsWrite {
    /// Sets a key.
    ///
    /// # Errors
    /// When the database fails.
    fn set_setting(&mut self, setting: &Setting) -> Result<()>;
}
