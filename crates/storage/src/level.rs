//! What the trail records (U1).

use cutis_audit::AuditLevel;
use cutis_domain::settings::Key;

use crate::error::{ErrorKind, Result, StorageError};
use crate::port::SettingsRead;
use crate::recent::{Moment, Recent};

/// What the trail records. A setting that was changed by hand does not stop the recording: then everything is recorded.
pub(crate) fn level_of(ports: &(impl SettingsRead + ?Sized)) -> Result<AuditLevel> {
    let setting = match ports.setting(Key::AuditLevel) {
        Err(error) if error.kind() == ErrorKind::Tampered => return Ok(AuditLevel::Comprehensive),
        read => read?,
    };
    AuditLevel::parse(setting.value())
        .map_err(|_| StorageError::corrupt("setting", "value", setting.key().code()))
}

impl Recent<AuditLevel> {
    /// The level, read from the snapshot unless it is known.
    pub(crate) fn of(&self, ports: &(impl SettingsRead + ?Sized), now: Moment) -> Result<AuditLevel> {
        if let Some(level) = self.known(now) {
            return Ok(level);
        }
        let level = level_of(ports)?;
        self.keep(now, &level);
        Ok(level)
    }
}
