//! Whether a client sends too much.

use std::time::Duration;

/// Lets through so many at once, and so many a second for longer.
#[derive(Debug, Clone)]
pub struct Bucket {
    most: u32,
    per_second: u32,
    /// In thousandths of a message.
    level: u64,
    at: Duration,
}

impl Bucket {
    /// A full one. Time is counted from any fixed moment.
    pub fn new(most: u32, per_second: u32, now: Duration) -> Self {
        Self {
            most,
            per_second,
            level: u64::from(most) * 1_000,
            at: now,
        }
    }

    /// Takes one; says whether there was one.
    pub fn take(&mut self, now: Duration) -> bool {
        let passed = u64::try_from(now.saturating_sub(self.at).as_millis()).unwrap_or(u64::MAX);
        self.at = self.at.max(now);
        let refill = passed.saturating_mul(u64::from(self.per_second));
        self.level = self
            .level
            .saturating_add(refill)
            .min(u64::from(self.most) * 1_000);
        if self.level < 1_000 {
            return false;
        }
        self.level -= 1_000;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_refills_with_time_and_never_overflows() {
        let mut bucket = Bucket::new(3, 2, Duration::ZERO);
        let take =
            |bucket: &mut Bucket, at| (0..5).filter(|_| bucket.take(Duration::from_millis(at))).count();
        assert_eq!(take(&mut bucket, 0), 3);
        assert_eq!(take(&mut bucket, 499), 0);
        assert_eq!(take(&mut bucket, 500), 1);
        assert_eq!(take(&mut bucket, 400), 0);
        assert_eq!(take(&mut bucket, u64::MAX), 3);
    }
}
