//! Settings of the practice (O2).

use cutis_consent::ConsentLevel;
use cutis_domain::settings::{Key, Setting};

use crate::error::{Result, StorageError};

/// Reading settings.
pub trait SettingsRead {
    /// The value of a key, or its default if none was chosen.
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
