//! Attempts that were allowed and are not decided yet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts undecided attempts by key, in memory: after a restart there are none.
#[derive(Debug, Clone, Default)]
pub(crate) struct InFlight {
    counts: Arc<Mutex<HashMap<String, u32>>>,
}

impl InFlight {
    /// Enters an attempt under every key; it leaves when the pass is dropped.
    ///
    /// Enter *before* reading the stored failures: then an attempt that is decided in between is
    /// counted twice at worst, and never missed.
    pub(crate) fn enter(&self, keys: Vec<String>) -> Pass {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let before = keys
            .iter()
            .map(|key| {
                let count = counts.entry(key.clone()).or_default();
                let before = *count;
                *count = count.saturating_add(1);
                before
            })
            .collect();
        drop(counts);
        Pass {
            keys,
            before,
            home: self.clone(),
        }
    }
}

impl InFlight {
    fn leave(&self, keys: &[String]) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some(count) = counts.get_mut(key) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    counts.remove(key);
                }
            }
        }
    }
}

/// One undecided attempt.
#[derive(Debug)]
pub(crate) struct Pass {
    keys: Vec<String>,
    before: Vec<u32>,
    home: InFlight,
}

impl Pass {
    /// Each key with the number of attempts that were undecided when this one arrived.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, u32)> {
        self.keys
            .iter()
            .map(String::as_str)
            .zip(self.before.iter().copied())
    }

    /// Leaves every key but those that `stays` names: the attempt is decided and counted under them.
    pub(crate) fn leave_all_but(&mut self, stays: impl Fn(&str) -> bool) {
        let keys = std::mem::take(&mut self.keys);
        let before = std::mem::take(&mut self.before);
        let mut left = Vec::new();
        for (key, before) in keys.into_iter().zip(before) {
            if stays(&key) {
                self.keys.push(key);
                self.before.push(before);
            } else {
                left.push(key);
            }
        }
        self.home.leave(&left);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.home.leave(&self.keys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C05: attempts are counted while undecided and leave nothing behind.
    #[test]
    fn c05_counts_while_undecided() {
        let home = InFlight::default();
        let keys = || vec!["a".to_owned(), "b".to_owned()];
        let before = |pass: &Pass| pass.counts().map(|(_, count)| count).collect::<Vec<_>>();
        let one = home.enter(keys());
        let two = home.enter(vec!["b".to_owned()]);
        let three = home.enter(keys());
        assert_eq!(before(&one), [0, 0]);
        assert_eq!(before(&two), [1]);
        assert_eq!(before(&three), [1, 2]);
        drop((one, two));
        assert_eq!(before(&home.enter(keys())), [1, 1]);
        drop(three);
        let mut four = home.enter(keys());
        four.leave_all_but(|key| key == "a");
        assert_eq!(before(&home.enter(keys())), [1, 0]);
        drop(four);
        assert!(home.counts.lock().is_ok_and(|counts| counts.is_empty()));
    }
}
