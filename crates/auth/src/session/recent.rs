//! Sessions that were read from the database a moment ago, with their account and the practice's limits, so that a page of
//! thumbnails does not read the same three rows forty times. What Cutis changes counts at once (C17), be it this program or
//! `cutis user` beside it: an entry is good only while nothing without clinical content has been committed since it was
//! read. What something else changed in the file is noticed within a second, as each entry is read again after that.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cutis_domain::Digest;
use cutis_domain::account::Account;
use cutis_storage::port::Session;

use super::Limits;

/// How long an entry is good although nothing changed.
const LONGEST: Duration = Duration::from_secs(1);
/// How many are remembered: more than a practice has devices.
const MOST: usize = 1024;

/// What the database says of one cookie.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) session: Session,
    pub(crate) account: Account,
    pub(crate) limits: Limits,
}

/// When something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// [`cutis_storage::Store::common_version`], asked before reading.
    pub(crate) version: Option<u128>,
    /// By the monotonic clock.
    pub(crate) at: Duration,
}

/// In memory only.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<HashMap<Digest, (Moment, Found)>>);

impl Recent {
    fn entries(&self) -> MutexGuard<'_, HashMap<Digest, (Moment, Found)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was read of this cookie, if it is still good.
    pub(crate) fn find(&self, cookie: &Digest, now: Moment) -> Option<Found> {
        let entries = self.entries();
        let (read, found) = entries.get(cookie)?;
        let good =
            now.version.is_some() && read.version == now.version && now.at.saturating_sub(read.at) < LONGEST;
        good.then(|| found.clone())
    }

    /// Remembers what was read. `then` is from before the reading.
    pub(crate) fn keep(&self, cookie: Digest, then: Moment, found: &Found) {
        let mut entries = self.entries();
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(cookie, (then, found.clone()));
    }

    /// As after the longest time that an entry is good for.
    #[cfg(test)]
    pub(crate) fn forget(&self) {
        self.entries().clear();
    }
}
