//! When another attempt may be checked (A8): growing delays after five failures, a lock of a quarter of an hour after
//! ten, never permanently. Pure: the row and the time are arguments.

pub(crate) mod in_flight;
pub(crate) mod key;
pub(crate) mod remembered;

use cutis_domain::Timestamp;
use cutis_storage::port::ThrottleRow;

/// How failures count against an account or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// From this failure on, the next attempt has to wait: 1 s, then twice as long each time.
    delay_from: u32,
    /// From this failure on, it has to wait for `lock_seconds`.
    lock_from: u32,
    /// The soft lock, in seconds; no wait is ever longer.
    lock_seconds: i64,
    /// After this many seconds without a failure, the count starts again.
    forget_seconds: i64,
}

impl Policy {
    /// Against an account. Failures are forgotten after a whole day, or with the right password: that leaves about a
    /// hundred guesses a day.
    pub const ACCOUNT: Self = Self {
        delay_from: 5,
        lock_from: 10,
        lock_seconds: 15 * 60,
        forget_seconds: 24 * 60 * 60,
    };

    /// Against an address, which many people may share: forgotten after an hour, because signing in does not clear it.
    pub const ADDRESS: Self = Self {
        forget_seconds: 60 * 60,
        ..Self::ACCOUNT
    };

    /// Against guessing the set-up code: delays up to about a minute, no lock.
    pub const SETUP_CODE: Self = Self {
        delay_from: 5,
        lock_from: 12,
        lock_seconds: 64,
        forget_seconds: 60 * 60,
    };

    /// The time before which a failure no longer counts: against an address, and against anything else.
    pub(crate) fn forgotten_before(now: Timestamp) -> (Timestamp, Timestamp) {
        (
            now.plus_seconds(-Self::ADDRESS.forget_seconds),
            now.plus_seconds(-Self::ACCOUNT.forget_seconds),
        )
    }

    /// How long an attempt after this many failures has to wait, in seconds.
    fn wait_after(&self, failures: u32) -> i64 {
        if failures >= self.lock_from {
            self.lock_seconds
        } else {
            match failures.checked_sub(self.delay_from) {
                None => 0,
                Some(step) => 1_i64.checked_shl(step).unwrap_or(i64::MAX).min(self.lock_seconds),
            }
        }
    }

    /// The row after one more failure at `now`.
    pub fn next(&self, row: Option<ThrottleRow>, now: Timestamp) -> ThrottleRow {
        let failures = self.remembered(row, now).saturating_add(1);
        let wait = self.wait_after(failures);
        let locked_until = (wait > 0).then(|| now.plus_seconds(wait));
        ThrottleRow {
            failures,
            last_failure_at: now,
            locked_until,
        }
    }

    /// Whether an attempt may be checked while `in_flight` earlier ones are not decided yet.
    ///
    /// Undecided attempts count as failures now: otherwise a whole burst would be checked before its first attempt was
    /// counted.
    pub fn gate(&self, row: Option<ThrottleRow>, in_flight: u32, now: Timestamp) -> Gate {
        let undecided = self.wait_after(self.remembered(row, now).saturating_add(in_flight));
        let wait = if in_flight > 0 { undecided } else { 0 };
        let wait = wait.max(self.remaining(row, now));
        if wait > 0 {
            Gate::Wait {
                seconds: u32::try_from(wait).unwrap_or(u32::MAX),
            }
        } else {
            Gate::Open
        }
    }

    fn remembered(&self, row: Option<ThrottleRow>, now: Timestamp) -> u32 {
        row.filter(|row| now.seconds_since(row.last_failure_at) < self.forget_seconds)
            .map_or(0, |row| row.failures)
    }

    /// Whole seconds until the row allows an attempt, rounded up; zero if it does now.
    fn remaining(&self, row: Option<ThrottleRow>, now: Timestamp) -> i64 {
        let Some(until) = row.and_then(|row| row.locked_until) else {
            return 0;
        };
        let micros = until.as_micros().saturating_sub(now.as_micros()).max(0);
        let seconds = micros.saturating_add(999_999).div_euclid(1_000_000);
        // Longer than any lock means that the clock was set back. A lock is never permanent.
        if seconds > self.lock_seconds { 0 } else { seconds }
    }
}

/// What to do with an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Check it.
    Open,
    /// Do not check it; it may be repeated after this many seconds.
    Wait {
        /// At least 1, at most the soft lock.
        seconds: u32,
    },
}

impl Gate {
    /// The stricter of two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Wait { seconds: one }, Self::Wait { seconds: two }) => Self::Wait {
                seconds: one.max(two),
            },
            (Self::Open, stricter) | (stricter, Self::Open) => stricter,
        }
    }
}

#[cfg(test)]
mod tests;
