//! The database in memory: transactions and marks by copying the whole state.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cutis_audit::wire::{self, StoredRecord};
use cutis_audit::{Frontier, Head, Leaf, RowState};
use cutis_domain::account::{AccountProfile, AccountState, Roles};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{AccountId, Scope, Secret, Timestamp};
use cutis_storage::backend::{IndexRow, Tail};
use cutis_storage::error::Result;
use cutis_storage::port::{Session, SessionsTouch, ThrottleRow};
use cutis_storage::{
    Backend, CommonRead, CommonWrite, ErrorKind, Evidence, OwnedRead, OwnedWrite, Snapshot, StorageError,
    Transaction, Writer,
};

#[derive(Debug, Clone)]
pub(crate) struct HeldAccount {
    pub(crate) id: AccountId,
    pub(crate) profile: AccountProfile,
    pub(crate) roles: Roles,
    pub(crate) state: AccountState,
    pub(crate) password: Secret<String>,
    pub(crate) created_at: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) accounts: Vec<HeldAccount>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) throttles: BTreeMap<String, ThrottleRow>,
    pub(crate) settings: BTreeMap<Key, Setting>,
    pub(crate) records: Vec<StoredRecord>,
    pub(crate) touches: usize,
    /// Whether a commit finds no room.
    pub(crate) full: bool,
    common: u128,
    tail: Tail,
}

impl Default for State {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            sessions: Vec::new(),
            throttles: BTreeMap::new(),
            settings: BTreeMap::new(),
            records: Vec::new(),
            touches: 0,
            full: false,
            common: 0,
            tail: Tail {
                frontier: Frontier::new(),
                last_day: 0,
            },
        }
    }
}

/// What is committed.
pub(crate) struct Memory(pub(crate) Arc<Mutex<State>>);

struct MemoryWriter {
    committed: Arc<Mutex<State>>,
    working: State,
    marked: State,
}

impl Backend for Memory {
    fn open_writer(&self) -> Result<Box<dyn Writer>> {
        let committed = Arc::clone(&self.0);
        Ok(Box::new(MemoryWriter {
            committed,
            working: State::default(),
            marked: State::default(),
        }))
    }

    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<()> {
        let snapshot = self.0.lock().expect("not poisoned").clone();
        work(&snapshot);
        Ok(())
    }

    fn examine(&self, _: &mut dyn FnMut(&dyn Evidence)) -> Result<()> {
        Err(absent())
    }

    fn changed_common(&self) {
        self.0.lock().expect("not poisoned").common += 1;
    }

    fn common_version(&self) -> Option<u128> {
        Some(self.0.lock().expect("not poisoned").common)
    }

    fn readers(&self) -> usize {
        4
    }
}

impl Snapshot for State {
    fn owned<'s>(&'s self, _: &Scope) -> Box<dyn OwnedRead + 's> {
        panic!("nothing clinical is kept here")
    }

    fn common(&self) -> &dyn CommonRead {
        self
    }
}

impl Transaction for State {
    fn owned<'tx>(&'tx mut self, _: &Scope) -> Box<dyn OwnedWrite<'tx> + 'tx> {
        panic!("nothing clinical is kept here")
    }

    fn common(&mut self) -> &mut dyn CommonWrite {
        self
    }

    fn touches(&mut self) -> &mut dyn SessionsTouch {
        self
    }
}

impl Writer for MemoryWriter {
    fn begin(&mut self) -> Result<()> {
        self.working = self.committed.lock().expect("not poisoned").clone();
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        let mut committed = self.committed.lock().expect("not poisoned");
        if committed.full {
            return Err(StorageError::new(ErrorKind::Full, "the disk is full"));
        }
        *committed = self.working.clone();
        Ok(())
    }

    fn rollback(&mut self) {}

    fn mark(&mut self) -> Result<()> {
        self.marked = self.working.clone();
        Ok(())
    }

    fn keep(&mut self) -> Result<()> {
        Ok(())
    }

    fn undo(&mut self) -> Result<()> {
        self.working = self.marked.clone();
        Ok(())
    }

    fn transaction(&mut self) -> &mut dyn Transaction {
        &mut self.working
    }

    fn touched(&mut self) -> Result<Vec<RowState>> {
        Ok(Vec::new())
    }

    fn tail(&mut self) -> Result<Tail> {
        Ok(self.working.tail.clone())
    }

    fn append(&mut self, leaf: &Leaf, _: &IndexRow) -> Result<()> {
        let payload = leaf.payload.as_deref().expect("not purged");
        self.working
            .records
            .push(wire::decode(payload).expect("canonical"));
        Ok(())
    }

    fn set_tail(&mut self, tail: &Tail, _: &Head) -> Result<()> {
        self.working.tail = tail.clone();
        Ok(())
    }
}

/// Nothing clinical is kept here.
pub(super) fn absent() -> StorageError {
    StorageError::new(ErrorKind::Unavailable, "this database keeps nothing clinical")
}
