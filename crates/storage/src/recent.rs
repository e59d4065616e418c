//! What was read a moment ago of what has no clinical content, instead of reading it again for each request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cutis_domain::Timestamp;

/// How long it is good although nothing changed: what something else changed in the file is noticed after that.
const LONGEST: Duration = Duration::from_secs(1);

/// When something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// [`crate::Store::common_version`], asked before the snapshot began.
    pub(crate) version: Option<u128>,
    /// By the clock on the wall; where that is set back it is read again.
    pub(crate) at: Timestamp,
}

/// Something as it was read a moment ago, for at most a second. A change by this program, or by another that has the
/// database open, counts at once. Ask [`crate::Store::recent`].
#[derive(Debug)]
pub struct Recent<T>(Mutex<Option<(Moment, T)>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Recent<T> {
    /// What is known, unless it has to be read again.
    pub(crate) fn known(&self, now: Moment) -> Option<T> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (then, value) = known.as_ref()?;
        let age = now.at.as_micros().checked_sub(then.at.as_micros())?;
        let young = u128::try_from(age).is_ok_and(|age| age < LONGEST.as_micros());
        (now.version.is_some() && now.version == then.version && young).then(|| value.clone())
    }

    pub(crate) fn keep(&self, then: Moment, value: &T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((then, value.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(version: u128, micros: i64) -> Moment {
        Moment {
            version: Some(version),
            at: Timestamp::from_micros(micros),
        }
    }

    #[test]
    fn it_is_read_again_after_any_change_and_after_a_second() {
        let recent = Recent::default();
        assert_eq!(recent.known(moment(1, 5_000_000)), None);
        recent.keep(moment(1, 5_000_000), &"read");
        assert_eq!(recent.known(moment(1, 5_000_000)), Some("read"));
        assert_eq!(recent.known(moment(1, 5_999_999)), Some("read"));
        assert_eq!(recent.known(moment(2, 5_999_999)), None, "something was changed");
        assert_eq!(recent.known(moment(1, 6_000_000)), None, "a second went by");
        assert_eq!(recent.known(moment(1, 4_999_999)), None, "the clock was set back");
    }

    #[test]
    fn where_changes_cannot_be_heard_of_it_is_read_each_time() {
        let (recent, deaf) = (
            Recent::default(),
            Moment {
                version: None,
                ..moment(1, 1)
            },
        );
        recent.keep(deaf, &"read");
        assert_eq!(recent.known(deaf), None);
    }
}
