//! Settings: validated, audited with old and new value (O2).

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{Administrator, Caller, Invalid, System};
use cutis_storage::{StorageError, SystemUnit};

use crate::Practice;

/// One refused setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRefusal {
    /// The key as sent.
    pub key: String,
    /// The rule it broke.
    pub invalid: Invalid,
}

/// Why settings could not be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Values were refused; nothing changed.
    #[error("some settings need another value")]
    Invalid(Vec<SettingRefusal>),
    /// The database failed.
    #[error("the settings could not be reached")]
    Storage(#[from] StorageError),
}

impl Denial for SettingsError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Invalid(_) | Self::Storage(_) => None,
        }
    }
}

impl Practice {
    /// Every setting.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settings(&self, by: &Administrator) -> Result<Vec<Setting>, SettingsError> {
        let settings: Vec<Setting> = self
            .store
            .look_up(|view| {
                Key::ALL
                    .iter()
                    .map(|key| view.setting(*key))
                    .collect::<Result<_, StorageError>>()
            })
            .await?;
        self.store
            .record(
                by.caller(),
                vec![Event::new(Action::SettingsViewed).target(Target::Practice)],
            )
            .await?;
        Ok(settings)
    }

    /// Changes settings, all or none.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub async fn change_settings(
        &self,
        by: &Administrator,
        values: Vec<(String, String)>,
    ) -> Result<Vec<Setting>, SettingsError> {
        self.change(by.caller(), values).await
    }

    /// The same at the host's command line.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub async fn change_settings_as_operator(
        &self,
        by: &System,
        values: Vec<(String, String)>,
    ) -> Result<Vec<Setting>, SettingsError> {
        self.change(by.caller(), values).await
    }

    async fn change(
        &self,
        by: &Caller,
        values: Vec<(String, String)>,
    ) -> Result<Vec<Setting>, SettingsError> {
        let mut refused = Vec::new();
        let mut wanted = Vec::new();
        for (key, value) in values {
            match Key::parse(&key).and_then(|key| Setting::parse(key, &value)) {
                Ok(setting) => wanted.push(setting),
                Err(invalid) => refused.push(SettingRefusal { key, invalid }),
            }
        }
        if !refused.is_empty() {
            return Err(SettingsError::Invalid(refused));
        }
        self.store
            .practice(by)
            .write(move |unit| change_in(unit, &wanted))
            .await
    }
}

fn change_in(unit: &mut SystemUnit<'_>, wanted: &[Setting]) -> Result<Audited<Vec<Setting>>, SettingsError> {
    let mut events = Vec::new();
    for setting in wanted {
        let before = unit.setting(setting.key())?;
        if before != *setting {
            unit.set_setting(setting)?;
            events.push(
                Event::new(Action::SettingChanged)
                    .target(Target::Setting(setting.key()))
                    .detail(Detail::setting_value("old", &before))
                    .detail(Detail::setting_value("new", setting)),
            );
        }
    }
    let now: Vec<Setting> = Key::ALL
        .iter()
        .map(|key| unit.setting(*key))
        .collect::<Result<_, StorageError>>()?;
    let mut events = events.into_iter();
    // Saving what already holds is no change, but it is a look at the settings.
    let first = events
        .next()
        .unwrap_or_else(|| Event::new(Action::SettingsViewed).target(Target::Practice));
    Ok(events.fold(Audited::new(now, first), Audited::and))
}
