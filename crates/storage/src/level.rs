//! What the trail records (U1), read once for many reads of clinical data.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cutis_audit::AuditLevel;
use cutis_domain::Timestamp;
use cutis_domain::settings::Key;

use crate::error::{ErrorKind, Result, StorageError};
use crate::port::SettingsRead;

/// How long the level is good although nothing changed: what something else changed in the file is noticed after that.
const LONGEST: Duration = Duration::from_secs(1);

/// What the trail records. A setting that was changed by hand does not stop the recording: then everything is recorded.
pub(crate) fn level_of(ports: &(impl SettingsRead + ?Sized)) -> Result<AuditLevel> {
    let setting = match ports.setting(Key::AuditLevel) {
        Err(error) if error.kind() == ErrorKind::Tampered => return Ok(AuditLevel::Comprehensive),
        read => read?,
    };
    AuditLevel::parse(setting.value())
        .map_err(|_| StorageError::corrupt("setting", "value", setting.key().code()))
}

/// When the level was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// [`crate::Store::common_version`], asked before the snapshot began.
    pub(crate) version: Option<u128>,
    /// By the clock on the wall; where that is set back the level is read again.
    pub(crate) at: Timestamp,
}

/// The level as it was read a moment ago. A change by this program, or by another that has the database open, counts at
/// once.
#[derive(Debug, Default)]
pub(crate) struct RecentLevel(Mutex<Option<(Moment, AuditLevel)>>);

impl RecentLevel {
    /// The level, read from the snapshot unless it is known.
    pub(crate) fn of(&self, ports: &(impl SettingsRead + ?Sized), now: Moment) -> Result<AuditLevel> {
        if let Some(level) = self.known(now) {
            return Ok(level);
        }
        let level = level_of(ports)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, level));
        Ok(level)
    }

    fn known(&self, now: Moment) -> Option<AuditLevel> {
        let (then, level) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let age = now.at.as_micros().checked_sub(then.at.as_micros())?;
        let young = u128::try_from(age).is_ok_and(|age| age < LONGEST.as_micros());
        (now.version.is_some() && now.version == then.version && young).then_some(level)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use cutis_domain::settings::Setting;

    use super::*;

    /// A database of one setting, which counts how often it is read.
    struct Counted(Cell<u32>);

    impl SettingsRead for Counted {
        fn setting(&self, key: Key) -> Result<Setting> {
            self.0.set(self.0.get() + 1);
            Ok(Setting::default_of(key))
        }
    }

    fn moment(version: u128, micros: i64) -> Moment {
        Moment {
            version: Some(version),
            at: Timestamp::from_micros(micros),
        }
    }

    #[test]
    fn the_level_is_read_again_after_any_change_and_after_a_second() {
        let (recent, ports) = (RecentLevel::default(), Counted(Cell::new(0)));
        let reads = |now| {
            recent.of(&ports, now).expect("a level");
            ports.0.get()
        };
        assert_eq!(reads(moment(1, 5_000_000)), 1);
        assert_eq!(reads(moment(1, 5_999_999)), 1);
        assert_eq!(reads(moment(2, 5_999_999)), 2, "something was changed");
        assert_eq!(reads(moment(2, 6_999_999)), 3, "a second went by");
        assert_eq!(reads(moment(2, 6_999_998)), 4, "the clock was set back");
    }

    #[test]
    fn where_changes_cannot_be_heard_of_the_level_is_read_each_time() {
        let (recent, ports) = (RecentLevel::default(), Counted(Cell::new(0)));
        let deaf = Moment {
            version: None,
            ..moment(1, 1)
        };
        for _ in 0..3 {
            recent.of(&ports, deaf).expect("a level");
        }
        assert_eq!(ports.0.get(), 3);
    }
}
