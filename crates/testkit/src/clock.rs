//! A clock that stands still until it is told otherwise.

use std::sync::atomic::{AtomicI64, Ordering};

use cutis_domain::{Clock, Timestamp};

/// A clock under a test's control. Share it as `Arc<FixedClock>`.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that says `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_micros()))
    }

    /// Says `at` from now on, which may be earlier.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }

    /// Moves by `seconds`, which may be negative, and says the new present.
    pub fn advance(&self, seconds: i64) -> Timestamp {
        let moved = self.now().plus_seconds(seconds);
        self.set(moved);
        moved
    }
}

impl Default for FixedClock {
    /// 2026-11-22T09:30:00Z.
    fn default() -> Self {
        Self::new(Timestamp::from_micros(1_795_339_800_000_000))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_and_moves() {
        let clock = FixedClock::default();
        assert_eq!(clock.now().to_string(), "2026-11-22T09:30:00Z");
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.advance(-60).to_string(), "2026-11-22T09:29:00Z");
    }
}
