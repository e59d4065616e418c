//! One writer of a stage at a time, and of two the later one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard, watch};

use super::Place;

/// Above how many slots those that nobody uses are cleared away.
const FEW: usize = 64;

/// Who is writing.
#[derive(Debug, Default)]
pub(super) struct Writers(Mutex<HashMap<Place, Weak<Slot>>>);

#[derive(Debug)]
struct Slot {
    turn: Arc<Turn<()>>,
    /// The number of the latest claim.
    latest: watch::Sender<u64>,
}

/// The right to write a stage, until it is dropped and what it began has ended.
#[derive(Debug)]
pub struct Claim {
    place: Place,
    number: u64,
    holding: Arc<Holding>,
}

/// A turn, and the slot that it is a turn of, which must stay the same while the turn goes on.
#[derive(Debug)]
pub(super) struct Holding {
    _turn: OwnedMutexGuard<()>,
    slot: Arc<Slot>,
}

/// Resolves once a later claim waits for the stage.
#[derive(Debug)]
pub struct Superseded {
    number: u64,
    latest: watch::Receiver<u64>,
}

impl Writers {
    pub(super) async fn claim(&self, place: Place) -> Claim {
        let slot = self.slot(place);
        let mut number = 0;
        slot.latest.send_modify(|latest| {
            *latest = latest.saturating_add(1);
            number = *latest;
        });
        let turn = Arc::clone(&slot.turn).lock_owned().await;
        Claim {
            place,
            number,
            holding: Arc::new(Holding { _turn: turn, slot }),
        }
    }

    pub(super) fn claim_idle(&self, place: Place) -> Option<Claim> {
        let slot = self.slot(place);
        let turn = Arc::clone(&slot.turn).try_lock_owned().ok()?;
        let number = *slot.latest.borrow();
        Some(Claim {
            place,
            number,
            holding: Arc::new(Holding { _turn: turn, slot }),
        })
    }

    fn slot(&self, place: Place) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(&place).and_then(Weak::upgrade) {
            return slot;
        }
        if slots.len() >= FEW {
            slots.retain(|_, slot| slot.strong_count() > 0);
        }
        let slot = Arc::new(Slot {
            turn: Arc::default(),
            latest: watch::Sender::new(0),
        });
        slots.insert(place, Arc::downgrade(&slot));
        slot
    }
}

impl Claim {
    /// Of which stage.
    pub fn place(&self) -> Place {
        self.place
    }

    /// To wait for a later claim.
    pub fn superseded(&self) -> Superseded {
        Superseded {
            number: self.number,
            latest: self.holding.slot.latest.subscribe(),
        }
    }

    /// Keeps the claim for as long as work that it began goes on.
    pub(super) fn held(&self) -> Arc<Holding> {
        Arc::clone(&self.holding)
    }
}

impl Superseded {
    /// Waits. Never resolves if nobody else wants the stage.
    pub async fn wait(&mut self) {
        let number = self.number;
        if self.latest.wait_for(|latest| *latest > number).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
