//! Who is connected, what they look at, and what they are told.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::entry::Field;
use cutis_domain::{AccountId, EntryId, PatientId};
use cutis_live::{Feed, Mark, Missed};
use cutis_records::outcome::Committed;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};

use super::kinds::Notice;
use super::other::{ConnectionId, Other};
use super::said::Said;
use crate::wire_names::entry_field;

/// How many changes of an account are remembered, for clients that were away for a moment.
const REMEMBERED: usize = 512;
/// How many different changes are told at once to a client that missed them; with more it fetches everything again. Far fewer than
/// may wait for it.
const TOLD_AT_ONCE: usize = 64;

/// How many may be connected, and how much may wait for them.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections in all.
    pub connections: usize,
    /// Connections of one account.
    pub connections_of_account: usize,
    /// Messages that wait for a client to read them; with one more, it is disconnected.
    pub queue: usize,
    /// Patients that one connection watches, and visits that it has open, each.
    pub watched: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            connections_of_account: 128,
            queue: 256,
            watched: 64,
        }
    }
}

/// All connections.
#[derive(Debug)]
pub(super) struct Hub {
    run: u64,
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    connections: usize,
    accounts: HashMap<AccountId, Account>,
}

#[derive(Debug)]
struct Account {
    feed: Feed<Notice>,
    listeners: HashMap<ConnectionId, Listener>,
}

#[derive(Debug)]
struct Listener {
    outbox: mpsc::Sender<Said>,
    /// Set once a message found no room.
    is_slow: watch::Sender<bool>,
    device: Option<String>,
    patients: HashSet<PatientId>,
    entries: HashMap<EntryId, Option<Field>>,
    /// Where the account's changes stood a while ago, and some time later. Whatever the page fetched before it asked to watch a
    /// patient, it fetched after the first of them.
    stood: (Mark, Mark),
}

impl Listener {
    fn say(&self, said: Said) {
        if self.outbox.try_send(said).is_err() {
            self.is_slow.send_replace(true);
        }
    }
}

/// One's own end of a connection. Dropping it leaves.
#[derive(Debug)]
pub(super) struct Seat {
    hub: Arc<Hub>,
    account: AccountId,
    pub(super) id: ConnectionId,
    /// What is said to this connection.
    pub(super) inbox: Option<mpsc::Receiver<Said>>,
    /// Whether it did not read fast enough.
    pub(super) is_slow: watch::Receiver<bool>,
}

impl Hub {
    pub(super) fn new(run: u64, limits: Limits) -> Self {
        Self {
            run,
            limits,
            state: Mutex::default(),
        }
    }

    /// What is changed under the lock is whole at each step, so a panic elsewhere leaves it right.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection in; `None` when there are too many.
    pub(super) fn seat(self: &Arc<Self>, account: AccountId, device: Option<String>) -> Option<Seat> {
        let mut state = self.state();
        let own = state.accounts.get(&account).map_or(0, |it| it.listeners.len());
        if state.connections >= self.limits.connections || own >= self.limits.connections_of_account {
            return None;
        }
        let id = ConnectionId(state.next);
        state.next = state.next.saturating_add(1);
        state.connections = state.connections.saturating_add(1);
        let (outbox, inbox) = mpsc::channel(self.limits.queue);
        let (slow, is_slow) = watch::channel(false);
        let run = self.run;
        let account_state = state.accounts.entry(account).or_insert_with(|| Account {
            feed: Feed::new(run, REMEMBERED),
            listeners: HashMap::new(),
        });
        let listener = Listener {
            outbox,
            is_slow: slow,
            device,
            patients: HashSet::new(),
            entries: HashMap::new(),
            stood: (account_state.feed.mark(), account_state.feed.mark()),
        };
        account_state.listeners.insert(id, listener);
        drop(state);
        Some(Seat {
            hub: Arc::clone(self),
            account,
            id,
            inbox: Some(inbox),
            is_slow,
        })
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
        let mut state = self.state();
        for change in committed {
            // Nobody of an account that was never connected can ask what was missed.
            let Some(account) = state.accounts.get_mut(&change.account) else {
                continue;
            };
            let Some(notice) = Notice::of(change) else {
                continue;
            };
            let since = account.feed.push(notice);
            for listener in account.listeners.values() {
                let concerns = notice
                    .patient
                    .is_none_or(|patient| listener.patients.contains(&patient));
                if concerns {
                    listener.say(Said::changed(&notice, since));
                }
            }
        }
    }

    /// Changes went by unseen: everybody fetches again what they show.
    fn forget(&self) {
        for account in self.state().accounts.values_mut() {
            let since = account.feed.forget();
            for listener in account.listeners.values() {
                listener.say(Said::resync(since));
            }
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
        let state = self.state();
        let Some(account) = state.accounts.get(&account) else {
            return;
        };
        let mut told = None;
        let mut say = Some(say);
        for (id, listener) in &account.listeners {
            if Some(*id) != from && listener.entries.contains_key(&entry) {
                if let Some(say) = say.take() {
                    told = Some(say(account.feed.mark()));
                }
                if let Some(told) = &told {
                    listener.say(told.clone());
                }
            }
        }
    }
}

impl Account {
    /// What came after a mark and matters, each once, where it came last; `None` if that is not known, or too much to be told.
    fn told_again(&self, mark: Mark, matters: impl Fn(&Notice) -> bool) -> Option<Vec<Notice>> {
        let Missed::These(notices) = self.feed.since(mark) else {
            return None;
        };
        let mut told: Vec<Notice> = Vec::new();
        for notice in notices.into_iter().rev().filter(|notice| matters(notice)) {
            if !told.contains(notice) {
                if told.len() == TOLD_AT_ONCE {
                    return None;
                }
                told.push(*notice);
            }
        }
        told.reverse();
        Some(told)
    }

    /// Tells a connection what came of a patient after a mark.
    fn catch_up(&self, id: ConnectionId, mark: Mark, patient: PatientId) {
        let Some(listener) = self.listeners.get(&id) else {
            return;
        };
        let now = self.feed.mark();
        match self.told_again(mark, |notice| notice.patient == Some(patient)) {
            Some(notices) => {
                for notice in &notices {
                    listener.say(Said::changed(notice, now));
                }
            }
            None => listener.say(Said::resync(now)),
        }
    }

    fn others(&self, than: ConnectionId, entry: EntryId) -> Vec<Other> {
        let mut others: Vec<(ConnectionId, Other)> = self
            .listeners
            .iter()
            .filter(|(id, _)| **id != than)
            .filter_map(|(id, listener)| {
                let field = listener.entries.get(&entry)?;
                let other = Other {
                    connection: id.to_string(),
                    device: listener.device.clone(),
                    field: field.map(entry_field),
                };
                Some((*id, other))
            })
            .collect();
        others.sort_unstable_by_key(|(id, _)| *id);
        others.into_iter().map(|(_, other)| other).collect()
    }

    /// Tells everybody who has the visit open who else has.
    fn tell_presence(&self, entry: EntryId) {
        for (id, listener) in &self.listeners {
            if listener.entries.contains_key(&entry) {
                listener.say(Said::presence(entry, &self.others(*id, entry)));
            }
        }
    }
}

impl Seat {
    fn with<T>(&self, work: impl FnOnce(&mut Account) -> T) -> Option<T> {
        let mut state = self.hub.state();
        state.accounts.get_mut(&self.account).map(work)
    }

    fn listener<T>(&self, work: impl FnOnce(&mut Listener) -> T) -> Option<T> {
        self.with(|account| account.listeners.get_mut(&self.id).map(work))
            .flatten()
    }

    /// Where the account's changes stand, and what this client missed since its mark; `None` if that is not known, or too much.
    pub(super) fn missed(&self, since: Option<Mark>) -> (Mark, Option<Vec<Notice>>) {
        let found = self.with(|account| {
            let missed = match since {
                // Whoever has seen nothing yet has missed nothing.
                None => Some(Vec::new()),
                Some(mark) => account.told_again(mark, |_| true),
            };
            let mark = account.feed.mark();
            if let Some(listener) = account.listeners.get_mut(&self.id) {
                listener.stood = (mark, mark);
            }
            (mark, missed)
        });
        found.unwrap_or_else(|| (Feed::<Notice>::new(self.hub.run, 0).mark(), None))
    }

    /// Says something to oneself, behind what was said before.
    pub(super) fn say(&self, said: Said) {
        self.listener(|listener| listener.say(said));
    }

    /// Watches a patient from now on, says so, and tells what changed of the patient a moment before: the page may have fetched
    /// what it shows by then, and nobody has told it since. `false` when it watches too many.
    pub(super) fn watch(&self, patient: PatientId, watching: Said) -> bool {
        let most = self.hub.limits.watched;
        self.with(|account| {
            let Some(listener) = account.listeners.get_mut(&self.id) else {
                return false;
            };
            if listener.patients.len() >= most && !listener.patients.contains(&patient) {
                return false;
            }
            let is_new = listener.patients.insert(patient);
            let stood = listener.stood.0;
            listener.say(watching);
            if is_new {
                account.catch_up(self.id, stood, patient);
            }
            true
        })
        .unwrap_or_default()
    }

    /// Some time has passed: what the page fetched before the last time, it has watched since, or does not show.
    pub(super) fn time_passed(&self) {
        self.with(|account| {
            let mark = account.feed.mark();
            if let Some(listener) = account.listeners.get_mut(&self.id) {
                listener.stood = (listener.stood.1, mark);
            }
        });
    }

    pub(super) fn unwatch(&self, patient: PatientId) {
        self.listener(|listener| listener.patients.remove(&patient));
    }

    /// Has a visit open from now on; `false` when there are too many.
    pub(super) fn open(&self, entry: EntryId) -> bool {
        let most = self.hub.limits.watched;
        self.listener(|listener| {
            let fits = listener.entries.len() < most || listener.entries.contains_key(&entry);
            fits && {
                listener.entries.entry(entry).or_default();
                true
            }
        })
        .unwrap_or_default()
    }

    pub(super) fn has_open(&self, entry: EntryId) -> bool {
        self.listener(|listener| listener.entries.contains_key(&entry))
            .unwrap_or_default()
    }

    /// Tells everybody who has the visit open that this connection has, too, or has left.
    pub(super) fn tell_presence(&self, entry: EntryId) {
        self.with(|account| account.tell_presence(entry));
    }

    pub(super) fn leave(&self, entry: EntryId) {
        let left = self.listener(|listener| listener.entries.remove(&entry).is_some());
        if left == Some(true) {
            self.tell_presence(entry);
        }
    }

    /// Where the cursor is.
    pub(super) fn point_at(&self, entry: EntryId, field: Option<Field>) {
        let moved = self.listener(|listener| {
            let at = listener.entries.get_mut(&entry)?;
            let moved = *at != field;
            *at = field;
            Some(moved)
        });
        if moved.flatten() == Some(true) {
            self.tell_presence(entry);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.hub.state();
        let Some(account) = state.accounts.get_mut(&self.account) else {
            return;
        };
        let left = account.listeners.remove(&self.id);
        for entry in left.iter().flat_map(|listener| listener.entries.keys()) {
            account.tell_presence(*entry);
        }
        state.connections = state.connections.saturating_sub(usize::from(left.is_some()));
    }
}
