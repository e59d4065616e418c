//! Settings (O2).

use cutis_domain::settings::{Key, Setting};
use cutis_storage::Mismatch;
use cutis_storage::port::{SettingsRead, SettingsWrite, TrailRead as _};

use super::Ports;
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::settings::{self as sql, TABLE};

impl SettingsRead for Ports {
    fn setting(&self, key: Key) -> Result<Setting> {
        let touched = self.1.touched.as_ref();
        if let Some(setting) = touched.and_then(|touched| touched.setting(key)) {
            return Ok(setting);
        }
        let setting = self.stored_setting(key)?;
        if let Some(touched) = touched {
            touched.was_read(&setting);
        }
        Ok(setting)
    }
}

impl Ports {
    fn stored_setting(&self, key: Key) -> Result<Setting> {
        let chosen = self.genuine_one(TABLE, sql::VALUE, [key.code()], |row| {
            Columns::of(row, TABLE)?.parse("value", |value| Setting::stored(key, value))
        })?;
        if let Some(chosen) = chosen {
            self.note_chosen(key)?;
            return Ok(chosen);
        }
        self.never_chosen(key)?;
        Ok(Setting::default_of(key))
    }

    /// Remembers that a key was chosen, once that is durable: in a reader's snapshot it is.
    fn note_chosen(&self, key: Key) -> Result<()> {
        let guard = &self.1.guard;
        if self.1.touched.is_none() && guard.chosen_since(key.code()).is_none() {
            guard.chosen(key.code(), self.trail_size()?);
        }
        Ok(())
    }

    /// A chosen setting is never removed, because its default would be a different choice.
    fn never_chosen(&self, key: Key) -> Result<()> {
        let guard = &self.1.guard;
        match guard.chosen_since(key.code()) {
            Some(since) if self.trail_size()? >= since => Err(guard.raise(Mismatch::Gone { table: TABLE })),
            _ => Ok(()),
        }
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
