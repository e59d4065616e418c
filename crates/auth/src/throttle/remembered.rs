//! Failures that are counted in memory: against addresses, and against unknown names. An anonymous request must not
//! write (A8 without a flood), so these are stored once a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::Timestamp;
use cutis_storage::port::ThrottleRow;

use super::Policy;

/// The maximum number of keys that are remembered, about 200 bytes each. Each costs a stranger one password check, of
/// which a machine does a few per second, and an address gets ten in a quarter of an hour.
const CAPACITY: usize = 16_384;
/// How many are kept, the newest, when there are more.
const KEPT: usize = CAPACITY / 8 * 7;

#[derive(Debug, Clone, Copy)]
struct Held {
    row: ThrottleRow,
    /// Whether the database holds something older.
    unsaved: bool,
}

/// Failures by key, in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Remembered(Arc<Mutex<HashMap<String, Held>>>);

impl Remembered {
    fn held(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The failures of a key.
    pub(crate) fn get(&self, key: &str) -> Option<ThrottleRow> {
        self.held().get(key).map(|held| held.row)
    }

    /// Takes over what the database has for a key, unless more is known here.
    pub(crate) fn learn(&self, key: &str, stored: Option<ThrottleRow>) {
        let Some(row) = stored else { return };
        let mut held = self.held();
        if !held.contains_key(key) {
            make_room(&mut held);
            held.insert(key.to_owned(), Held { row, unsaved: false });
        }
    }

    /// Counts one more failure.
    pub(crate) fn fail(&self, key: &str, policy: Policy, now: Timestamp) {
        let mut held = self.held();
        let before = held.get(key).map(|held| held.row);
        if before.is_none() {
            make_room(&mut held);
        }
        let row = policy.next(before, now);
        held.insert(key.to_owned(), Held { row, unsaved: true });
    }

    /// Forgets a key.
    pub(crate) fn forget(&self, key: &str) {
        self.held().remove(key);
    }

    /// At most `most` rows that the database should have: those that make somebody wait, worst first.
    pub(crate) fn unsaved(&self, most: usize) -> Vec<(String, ThrottleRow)> {
        let mut rows: Vec<_> = self
            .held()
            .iter()
            .filter(|(_, held)| held.unsaved && held.row.locked_until.is_some())
            .map(|(key, held)| (key.clone(), held.row))
            .collect();
        rows.sort_by_key(|(_, row)| std::cmp::Reverse((row.failures, row.last_failure_at)));
        rows.truncate(most);
        rows
    }

    /// Notes that the database has these.
    pub(crate) fn saved(&self, rows: &[(String, ThrottleRow)]) {
        let mut held = self.held();
        for (key, row) in rows {
            if let Some(held) = held.get_mut(key)
                && held.row == *row
            {
                held.unsaved = false;
            }
        }
    }
}

/// Forgets the oldest once there are too many.
fn make_room(held: &mut HashMap<String, Held>) {
    if held.len() < CAPACITY {
        return;
    }
    let mut times: Vec<Timestamp> = held.values().map(|held| held.row.last_failure_at).collect();
    times.sort_unstable();
    if let Some(oldest) = times.get(CAPACITY.saturating_sub(KEPT)).copied() {
        held.retain(|_, held| held.row.last_failure_at > oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::EPOCH.plus_seconds(1_000_000 + seconds)
    }

    /// Issue 6, 5: what strangers make grow in memory is bounded, and the newest failures stay.
    #[test]
    fn memory_is_bounded() {
        let remembered = Remembered::default();
        for number in 0..40_000 {
            remembered.fail(&format!("address:{number}"), Policy::ADDRESS, at(number));
        }
        assert!(remembered.held().len() <= CAPACITY);
        assert!(remembered.get("address:39999").is_some());
        assert!(remembered.get("address:0").is_none());
        // At one instant too: then nothing is newer than the rest, and all of it goes.
        for number in 0..40_000 {
            remembered.fail(&format!("unknown:{number}"), Policy::ACCOUNT, at(50_000));
        }
        assert!(remembered.held().len() <= CAPACITY);
    }

    /// Only rows that make somebody wait are worth a write, a few at a time, the worst first.
    #[test]
    fn few_rows_are_saved_and_once() {
        let remembered = Remembered::default();
        for (key, failures) in [("a", 4), ("b", 5), ("c", 12)] {
            for _ in 0..failures {
                remembered.fail(key, Policy::ADDRESS, at(0));
            }
        }
        let rows = remembered.unsaved(8);
        let keys: Vec<&str> = rows.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["c", "b"]);
        assert_eq!(remembered.unsaved(1).len(), 1);
        remembered.fail("b", Policy::ADDRESS, at(1));
        remembered.saved(&rows);
        let keys: Vec<String> = remembered.unsaved(8).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["b"], "it failed again meanwhile");
    }

    /// After a restart the database's rows count, and what is known here counts more.
    #[test]
    fn the_database_is_learnt_from() {
        let remembered = Remembered::default();
        let stored = (0..9).fold(None, |row, _| Some(Policy::ADDRESS.next(row, at(0))));
        remembered.learn("a", stored);
        remembered.fail("a", Policy::ADDRESS, at(1));
        assert_eq!(remembered.get("a").map(|row| row.failures), Some(10));
        remembered.learn("a", stored);
        assert_eq!(remembered.get("a").map(|row| row.failures), Some(10));
    }
}
