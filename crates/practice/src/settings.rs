//! Settings: validated, audited with old and new value (O2).

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::Administrator;
use cutis_domain::settings::{Key, Setting};
use cutis_storage::{StorageError, SystemUnit};

use crate::Practice;

/// Why settings could not be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The database failed.
    #[error("the settings could not be accessed")]
    Storage(#[from] StorageError),
}

impl Denial for SettingsError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Storage(_) => None,
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
    /// When the database fails.
    pub async fn change_settings(
        &self,
        by: &Administrator,
        wanted: Vec<Setting>,
    ) -> Result<Vec<Setting>, SettingsError> {
        self.store
            .practice(by.caller())
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
