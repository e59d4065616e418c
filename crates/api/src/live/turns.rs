//! Changes of one visit, one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use cutis_domain::EntryId;
use tokio::sync::{Mutex as Gate, OwnedMutexGuard};

/// The gates of visits that are being changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<EntryId, Weak<Gate<()>>>>>);

/// The right to change a visit. Dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "dropping it is what it is for")] OwnedMutexGuard<()>);

impl Turns {
    /// Waits for one's turn.
    pub(super) async fn take(&self, entry: EntryId) -> Turn {
        let gate = self.gate(entry);
        Turn(gate.lock_owned().await)
    }

    fn gate(&self, entry: EntryId) -> Arc<Gate<()>> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.get(&entry).and_then(Weak::upgrade) {
            return gate;
        }
        // Those that nobody waits at any more.
        gates.retain(|_, gate| gate.strong_count() > 0);
        let gate = Arc::new(Gate::new(()));
        gates.insert(entry, Arc::downgrade(&gate));
        gate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_visit_has_one_turn_and_nothing_is_kept() {
        let turns = Turns::default();
        let [one, other] = [1, 2].map(|number| EntryId::from_bytes([number; 16]));
        let first = turns.take(one).await;
        let elsewhere = turns.take(other).await;
        assert!(turns.gate(one).try_lock().is_err());
        drop(first);
        drop(turns.take(one).await);
        drop(elsewhere);
        drop(turns.take(one).await);
        assert_eq!(turns.0.lock().expect("whole").len(), 1);
    }
}
