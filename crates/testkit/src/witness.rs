//! Keepers of the trail's end outside the database.

use std::sync::{Arc, Mutex, PoisonError};

use cutis_audit::Head;
use cutis_storage::{Beginnings, Witness};

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NullWitness;

impl Witness for NullWitness {
    fn note(&mut self, _head: &Head, _trail: &dyn Beginnings) {}
}

/// Keeps every head it was told of, in memory. Clones share what they keep.
#[derive(Debug, Clone, Default)]
pub struct MemoryWitness(Arc<Mutex<Vec<Head>>>);

impl MemoryWitness {
    /// Every head, oldest first.
    pub fn heads(&self) -> Vec<Head> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest head.
    pub fn newest(&self) -> Option<Head> {
        self.heads().pop()
    }
}

impl Witness for MemoryWitness {
    fn note(&mut self, head: &Head, _trail: &dyn Beginnings) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(head.clone());
    }
}
