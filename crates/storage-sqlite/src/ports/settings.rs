//! Settings (O2).

use cutis_domain::settings::{Key, Setting};
use cutis_storage::port::{SettingsRead, SettingsWrite};

use super::Ports;
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::settings as sql;

impl SettingsRead for Ports {
    fn setting(&self, key: Key) -> Result<Setting> {
        let chosen = self.one(sql::VALUE, [key.code()], |row| {
            Columns::of(row, "setting")?.parse("value", |value| Setting::parse(key, value))
        })?;
        Ok(chosen.unwrap_or_else(|| Setting::default_of(key)))
    }
}

impl SettingsWrite for Ports {
    fn set_setting(&mut self, setting: &Setting) -> Result<()> {
        let values = [setting.key().code(), setting.value()];
        if self.run(sql::UPDATE, values)? == 0 {
            self.run(sql::INSERT, values)?;
        }
        Ok(())
    }
}
