//! The connections of one account. Each account has a lock of its own, so that what one does holds up no other; under it
//! nothing is written as JSON.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::entry::Field;
use cutis_domain::{EntryId, PatientId};
use cutis_live::{Feed, Mark, Missed};
use tokio::sync::{Notify, Semaphore};

use super::kinds::Notice;
use super::other::{ConnectionId, Other};
use super::outbox::Outbox;
use super::said::Said;

/// Edits and openings of one account that are being stored or recorded at a time. All accounts share one writer, which
/// takes what comes in its order: so many at most are ahead of another account's.
const WRITES: usize = 4;

/// How many different changes are told at once to a client that missed them; with more it fetches everything again. Far fewer than
/// may wait for it.
const TOLD_AT_ONCE: usize = 64;

#[derive(Debug)]
pub(super) struct Account {
    state: Mutex<State>,
    pub(super) writes: Arc<Semaphore>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) feed: Feed<Notice>,
    pub(super) listeners: HashMap<ConnectionId, Listener>,
}

#[derive(Debug)]
pub(super) struct Listener {
    pub(super) outbox: Outbox,
    pub(super) news: Arc<News>,
    /// The program, by its own account.
    pub(super) device: Option<Arc<str>>,
    pub(super) patients: HashSet<PatientId>,
    pub(super) entries: HashMap<EntryId, Option<Field>>,
    /// Visits of which it has not been told yet who has them open now.
    stale: VecDeque<EntryId>,
    /// Where the account's changes stood a while ago, and some time later. Whatever the page fetched before it asked to watch a
    /// patient, it fetched after the first of them.
    pub(super) stood: (Mark, Mark),
}

/// Whether there is something new of who has visits open.
#[derive(Debug, Default)]
pub(super) struct News {
    is_there: AtomicBool,
    came: Notify,
}

impl News {
    /// Waits for some. They stay until they are told.
    pub(super) async fn wait(&self) {
        while !self.is_there.load(Ordering::Acquire) {
            self.came.notified().await;
        }
    }

    fn come(&self) {
        self.is_there.store(true, Ordering::Release);
        self.came.notify_one();
    }
}

impl Listener {
    pub(super) fn new(outbox: Outbox, news: Arc<News>, device: Option<Arc<str>>, mark: Mark) -> Self {
        Self {
            outbox,
            news,
            device,
            patients: HashSet::new(),
            entries: HashMap::new(),
            stale: VecDeque::new(),
            stood: (mark, mark),
        }
    }
}

impl Account {
    pub(super) fn new(feed: Feed<Notice>) -> Self {
        Self {
            state: Mutex::new(State {
                feed,
                listeners: HashMap::new(),
            }),
            writes: Arc::new(Semaphore::new(WRITES)),
        }
    }

    /// What is changed under the lock is whole at each step, so a panic elsewhere leaves it right.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells a change to whom it concerns. Only one at a time may do this, so that the mark is still right when it is told.
    pub(super) fn tell(&self, notice: Notice) {
        let said = Said::changed(&notice, self.state().feed.next());
        let mut state = self.state();
        state.feed.push(notice);
        for listener in state.listeners.values() {
            let concerns = notice
                .patient
                .is_none_or(|patient| listener.patients.contains(&patient));
            if concerns {
                listener.outbox.say(said.clone());
            }
        }
    }

    /// Changes went by unseen: everybody fetches again what they show.
    pub(super) fn forget(&self) {
        let said = Said::resync(self.state().feed.next());
        let mut state = self.state();
        state.feed.forget();
        for listener in state.listeners.values() {
            listener.outbox.say(said.clone());
        }
    }

    /// Tells everybody else who has the visit open; they share what is said.
    pub(super) fn tell_text(
        &self,
        from: Option<ConnectionId>,
        entry: EntryId,
        say: impl FnOnce(Mark) -> Said,
    ) {
        let hears = |id: &ConnectionId, listener: &Listener| {
            Some(*id) != from && listener.entries.contains_key(&entry)
        };
        let mark = {
            let state = self.state();
            let is_heard = state.listeners.iter().any(|(id, it)| hears(id, it));
            is_heard.then(|| state.feed.mark())
        };
        // A change that is told meanwhile is told once more to a page that takes up at this mark; none is left out.
        let Some(said) = mark.map(say) else { return };
        for (id, listener) in &self.state().listeners {
            if hears(id, listener) {
                listener.outbox.say(said.clone());
            }
        }
    }

    /// Who has a visit open that this connection was not told of yet: the visit, and the others.
    pub(super) fn news(&self, of: ConnectionId) -> Option<(EntryId, Vec<Other>)> {
        let mut state = self.state();
        let listener = state.listeners.get_mut(&of)?;
        let entry = listener.stale.pop_front();
        listener
            .news
            .is_there
            .store(!listener.stale.is_empty(), Ordering::Release);
        let entry = entry.filter(|entry| listener.entries.contains_key(entry))?;
        let others = state.listeners.iter().filter(|(id, _)| **id != of);
        let others = others.filter_map(|(id, listener)| {
            Some(Other {
                connection: *id,
                device: listener.device.clone(),
                field: *listener.entries.get(&entry)?,
            })
        });
        Some((entry, others.collect()))
    }
}

impl State {
    /// What came after a mark and matters, each once, where it came last; `None` if that is not known, or too much to be told.
    pub(super) fn told_again(&self, mark: Mark, matters: impl Fn(&Notice) -> bool) -> Option<Vec<Notice>> {
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

    /// Who has the visit open, or where their cursor is, changed: those who have it open are told when their turn comes, of
    /// how it is then.
    pub(super) fn touch(&mut self, entry: EntryId) {
        for listener in self.listeners.values_mut() {
            if listener.entries.contains_key(&entry) && !listener.stale.contains(&entry) {
                listener.stale.push_back(entry);
                listener.news.come();
            }
        }
    }
}
