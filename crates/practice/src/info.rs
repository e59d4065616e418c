//! What every signed-in account may know about the practice.

use cutis_consent::ConsentLevel;
use cutis_domain::settings::Key;
use cutis_storage::{StorageError, SystemView};

use crate::Practice;

/// The practice as the client needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeInfo {
    /// Its name.
    pub name: String,
    /// When an upload needs consent (N1).
    pub consent_level: ConsentLevel,
    /// Its time zone.
    pub time_zone: String,
    /// Which password rules apply (A5).
    pub password_policy: String,
    /// The most bytes that one image may have (I2).
    pub upload_limit_bytes: u64,
    /// Minutes without use after which a session ends (A7).
    pub idle_minutes: u32,
    /// Hours after which a session ends (A7).
    pub absolute_hours: u32,
}

impl Practice {
    /// What every signed-in account may know. No clinical content and so no event.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn info(&self) -> Result<PracticeInfo, StorageError> {
        self.store.look_up(info_in).await
    }
}

fn info_in(view: &SystemView<'_>) -> Result<PracticeInfo, StorageError> {
    let text = |key| view.setting(key).map(|setting| setting.value().to_owned());
    let number = |key| {
        view.setting(key)
            .map(|setting| u32::try_from(setting.as_integer()).unwrap_or_default())
    };
    let level = text(Key::ConsentLevel)?;
    Ok(PracticeInfo {
        name: text(Key::PracticeName)?,
        consent_level: ConsentLevel::parse(&level)
            .map_err(|_| StorageError::corrupt("setting", "value", Key::ConsentLevel.code()))?,
        time_zone: text(Key::PracticeTimeZone)?,
        password_policy: text(Key::PasswordPolicy)?,
        upload_limit_bytes: u64::from(number(Key::UploadLimitMib)?) << 20,
        idle_minutes: number(Key::SessionIdleMinutes)?,
        absolute_hours: number(Key::SessionAbsoluteHours)?,
    })
}
