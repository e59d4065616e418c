//! Who is connected.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::{AccountId, EntryId};
use cutis_live::{Feed, Mark};
use cutis_records::outcome::Committed;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::account::Account;
use super::kinds::Notice;
use super::other::ConnectionId;
use super::said::Said;

/// How many changes of an account are remembered, for clients that were away for a moment.
const REMEMBERED: usize = 512;

/// How many may be connected, and how much may wait for them.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections in all.
    pub connections: usize,
    /// Connections of one account.
    pub connections_of_account: usize,
    /// Messages that wait for a client to read them; with one more, it is disconnected.
    pub queue: usize,
    /// Bytes that these may have together; with more, it is disconnected.
    pub queue_bytes: usize,
    /// Patients that one connection watches, and visits that it has open, each.
    pub watched: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            connections_of_account: 128,
            queue: 256,
            queue_bytes: 1024 * 1024,
            watched: 64,
        }
    }
}

/// All connections.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) run: u64,
    pub(super) limits: Limits,
    /// Held for a look-up only.
    rooms: Mutex<Rooms>,
}

#[derive(Debug, Default)]
struct Rooms {
    next: u64,
    connections: usize,
    accounts: HashMap<AccountId, Room>,
}

#[derive(Debug)]
struct Room {
    connections: usize,
    account: Arc<Account>,
}

impl Hub {
    pub(super) fn new(run: u64, limits: Limits) -> Self {
        Self {
            run,
            limits,
            rooms: Mutex::default(),
        }
    }

    /// What is changed under the lock is whole at each step, so a panic elsewhere leaves it right.
    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn account(&self, account: AccountId) -> Option<Arc<Account>> {
        self.rooms()
            .accounts
            .get(&account)
            .map(|room| Arc::clone(&room.account))
    }

    /// Takes a connection in, under a number of its own; `None` when there are too many.
    pub(super) fn place(&self, account: AccountId) -> Option<(ConnectionId, Arc<Account>)> {
        let limits = self.limits;
        let mut rooms = self.rooms();
        let own = rooms.accounts.get(&account).map_or(0, |room| room.connections);
        if rooms.connections >= limits.connections || own >= limits.connections_of_account {
            return None;
        }
        let id = ConnectionId(rooms.next);
        rooms.next = rooms.next.saturating_add(1);
        rooms.connections = rooms.connections.saturating_add(1);
        let room = rooms.accounts.entry(account).or_insert_with(|| Room {
            connections: 0,
            account: Arc::new(Account::new(Feed::new(self.run, REMEMBERED))),
        });
        room.connections = room.connections.saturating_add(1);
        Some((id, Arc::clone(&room.account)))
    }

    /// A connection has gone.
    pub(super) fn leave(&self, account: AccountId) {
        let mut rooms = self.rooms();
        rooms.connections = rooms.connections.saturating_sub(1);
        if let Some(room) = rooms.accounts.get_mut(&account) {
            room.connections = room.connections.saturating_sub(1);
        }
    }

    /// Tells what changes, until there is nothing more to come.
    pub(super) async fn follow(&self, mut changes: broadcast::Receiver<Arc<[Committed]>>) {
        loop {
            match changes.recv().await {
                Ok(committed) => self.tell(&committed),
                Err(RecvError::Lagged(_)) => self.forget(),
                Err(RecvError::Closed) => return,
            }
        }
    }

    pub(super) fn tell(&self, committed: &[Committed]) {
        for change in committed {
            // Nobody of an account that was never connected can ask what was missed.
            let Some(account) = self.account(change.account) else {
                continue;
            };
            if let Some(notice) = Notice::of(change) {
                account.tell(notice);
            }
        }
    }

    /// Changes went by unseen: everybody fetches again what they show.
    fn forget(&self) {
        let rooms = self.rooms();
        let accounts = rooms.accounts.values().map(|room| Arc::clone(&room.account));
        let accounts: Vec<_> = accounts.collect();
        drop(rooms);
        for account in accounts {
            account.forget();
        }
        tracing::warn!("live changes went by faster than they could be told; clients fetch again");
    }

    /// Tells every other connection that has the visit open.
    pub(super) fn tell_text(
        &self,
        account: AccountId,
        from: Option<ConnectionId>,
        entry: EntryId,
        say: impl FnOnce(Mark) -> Said,
    ) {
        if let Some(account) = self.account(account) {
            account.tell_text(from, entry, say);
        }
    }
}
