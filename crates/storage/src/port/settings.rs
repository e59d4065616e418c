//! Settings of the practice (O2).

use cutis_domain::settings::{Key, Setting};

use crate::error::Result;

/// Reading settings.
pub trait SettingsRead {
    /// What a key holds; its default when nobody chose.
    ///
    /// # Errors
    /// When the database fails or the stored value does not fit its key.
    fn setting(&self, key: Key) -> Result<Setting>;
}

/// Changing settings.
pub trait SettingsWrite {
    /// Sets a key.
    ///
    /// # Errors
    /// When the database fails.
    fn set_setting(&mut self, setting: &Setting) -> Result<()>;
}
