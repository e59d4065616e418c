//! One's own end of a connection.

use std::sync::Arc;

use cutis_domain::entry::Field;
use cutis_domain::{AccountId, EntryId, PatientId};
use cutis_live::Mark;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::account::{Account, Listener, News};
use super::heard::Refusal;
use super::hub::Hub;
use super::kinds::Notice;
use super::other::ConnectionId;
use super::outbox::{Inbox, Outbox, outbox};
use super::said::Said;

/// Characters of a program's own name that others are told.
const DEVICE: usize = 120;

/// A place among the connections. Dropping it leaves.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) hub: Arc<Hub>,
    pub(super) account: Arc<Account>,
    pub(super) owner: AccountId,
    pub(super) id: ConnectionId,
    pub(super) outbox: Outbox,
    pub(super) news: Arc<News>,
    /// What is said to this connection.
    pub(super) inbox: Option<Inbox>,
    /// Whether it did not read fast enough.
    pub(super) is_slow: watch::Receiver<bool>,
}

impl Seat {
    /// Takes a place; `None` when there are too many connections.
    pub(super) fn take(hub: &Arc<Hub>, account: AccountId, device: Option<String>) -> Option<Self> {
        let (id, room) = hub.place(account)?;
        let (outbox, inbox, is_slow) = outbox(hub.limits.queue, hub.limits.queue_bytes);
        let news = Arc::<News>::default();
        let device = device.map(|device| device.chars().take(DEVICE).collect::<String>().into());
        let mut state = room.state();
        let mark = state.feed.mark();
        let listener = Listener::new(outbox.clone(), Arc::clone(&news), device, mark);
        state.listeners.insert(id, listener);
        drop(state);
        Some(Self {
            hub: Arc::clone(hub),
            account: room,
            owner: account,
            id,
            outbox,
            news,
            inbox: Some(inbox),
            is_slow,
        })
    }

    fn listener<T>(&self, work: impl FnOnce(&mut Listener) -> T) -> Option<T> {
        self.account.state().listeners.get_mut(&self.id).map(work)
    }

    /// Where the account's changes stand, and what this client missed since its mark; `None` if that is not known, or too much.
    pub(super) fn missed(&self, since: Option<Mark>) -> (Mark, Option<Vec<Notice>>) {
        let mut state = self.account.state();
        let missed = match since {
            // Whoever has seen nothing yet has missed nothing.
            None => Some(Vec::new()),
            Some(mark) => state.told_again(mark, |_| true),
        };
        let mark = state.feed.mark();
        if let Some(listener) = state.listeners.get_mut(&self.id) {
            listener.stood = (mark, mark);
        }
        (mark, missed)
    }

    /// Some time has passed: what the page fetched before the last time, it has watched since, or does not show.
    pub(super) fn time_passed(&self) {
        let mut state = self.account.state();
        let mark = state.feed.mark();
        if let Some(listener) = state.listeners.get_mut(&self.id) {
            listener.stood = (listener.stood.1, mark);
        }
    }

    /// Says something to oneself, behind what was said before.
    pub(super) fn say(&self, said: Said) {
        self.outbox.say(said);
    }

    pub(super) fn refuse(&self, refusal: &Refusal) {
        let Refusal {
            about,
            code,
            detail,
            field,
        } = refusal;
        self.say(Said::refused(about, code, detail, field.as_deref()));
    }

    /// Waits for one of the account's places at the store.
    pub(super) async fn may_write(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.account.writes).acquire_owned().await.ok()
    }

    /// Watches a patient from now on, says so, and tells what changed of the patient a moment before: the page may have fetched
    /// what it shows by then, and nobody has told it since. `false` when it watches too many.
    pub(super) fn watch(&self, patient: PatientId, watching: Said) -> bool {
        let Some((mark, missed)) = self.begin_to_watch(patient, watching) else {
            return false;
        };
        // What is told meanwhile is told once more at worst.
        match missed {
            Some(notices) => {
                for notice in &notices {
                    self.say(Said::changed(notice, mark));
                }
            }
            None => self.say(Said::resync(mark)),
        }
        true
    }

    fn begin_to_watch(&self, patient: PatientId, watching: Said) -> Option<(Mark, Option<Vec<Notice>>)> {
        let most = self.hub.limits.watched;
        let mut state = self.account.state();
        let listener = state.listeners.get_mut(&self.id)?;
        if listener.patients.len() >= most && !listener.patients.contains(&patient) {
            return None;
        }
        let is_new = listener.patients.insert(patient);
        let stood = listener.stood.0;
        self.outbox.say(watching);
        let missed = if is_new {
            state.told_again(stood, |notice| notice.patient == Some(patient))
        } else {
            Some(Vec::new())
        };
        Some((state.feed.mark(), missed))
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

    /// Everybody who has the visit open learns that this connection has, too.
    pub(super) fn show(&self, entry: EntryId) {
        self.account.state().touch(entry);
    }

    pub(super) fn leave(&self, entry: EntryId) {
        let left = self.listener(|listener| listener.entries.remove(&entry).is_some());
        if left == Some(true) {
            self.show(entry);
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
            self.show(entry);
        }
    }

    /// Says who has a visit open, if that is news; how it is now, whatever happened in between.
    pub(super) fn tell_presence(&self) {
        if let Some((entry, mut others)) = self.account.news(self.id) {
            others.sort_unstable_by_key(|other| other.connection);
            self.say(Said::presence(entry, &others));
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.account.state();
        let left = state.listeners.remove(&self.id);
        for entry in left.iter().flat_map(|listener| listener.entries.keys()) {
            state.touch(*entry);
        }
        drop(state);
        self.hub.leave(self.owner);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::super::hub::Limits;
    use super::*;

    fn hub() -> Arc<Hub> {
        Arc::new(Hub::new(1, Limits::default()))
    }

    fn account(number: u8) -> AccountId {
        AccountId::from_bytes([number; 16])
    }

    const VISIT: EntryId = EntryId::from_bytes([7; 16]);

    fn seats(hub: &Arc<Hub>, count: usize) -> Vec<Seat> {
        let device = || Some("x".repeat(300));
        let seats: Vec<_> = (0..count)
            .filter_map(|_| Seat::take(hub, account(1), device()))
            .collect();
        assert!(seats.iter().all(|seat| seat.open(VISIT)));
        for seat in &seats {
            seat.show(VISIT);
        }
        seats
    }

    fn said(seat: &mut Seat) -> Vec<Said> {
        let inbox = seat.inbox.as_mut().expect("its inbox");
        let mut all = Vec::new();
        while let Some(Some(said)) = inbox.next().now_or_never() {
            inbox.written(&said);
            all.push(said);
        }
        all
    }

    /// However often cursors move, nothing is said or kept for anybody until their turn comes; then once, as it is.
    #[test]
    fn many_moves_are_told_once_as_they_are_then() {
        let hub = hub();
        let mut seats = seats(&hub, 60);
        for _ in 0..40 {
            for seat in &seats {
                seat.point_at(VISIT, Some(Field::Title));
                seat.point_at(VISIT, Some(Field::Notes));
            }
        }
        assert!(seats.iter().all(|seat| seat.outbox.waiting() == 0));
        for seat in &seats {
            assert!(seat.news.wait().now_or_never().is_some());
            seat.tell_presence();
            // There is no more of it.
            assert!(seat.news.wait().now_or_never().is_none());
            seat.tell_presence();
        }
        for seat in &mut seats {
            let all = said(seat);
            let [Said::Text(text)] = all.as_slice() else {
                panic!("{all:?}")
            };
            assert_eq!(text.as_str().matches(r#""field":"notes""#).count(), 59);
            assert!(text.len() < 60 * 200, "names are cut: {}", text.len());
        }
        drop(seats.pop());
        assert!(seats[0].news.wait().now_or_never().is_some(), "somebody left");
    }

    /// What many are told is there once, however many have not read it.
    #[test]
    fn what_many_are_told_is_there_once() {
        let hub = hub();
        let mut seats = seats(&hub, 24);
        let mut times = 0;
        hub.tell_text(account(1), Some(seats[0].id), VISIT, |mark| {
            times += 1;
            Said::resync(mark)
        });
        assert_eq!(times, 1);
        assert_eq!(said(&mut seats[0]).len(), 0);
        let places: Vec<*const u8> = seats[1..]
            .iter_mut()
            .flat_map(said)
            .map(|said| match said {
                Said::Text(text) => text.as_str().as_ptr(),
                Said::Ask => panic!("a text was told"),
            })
            .collect();
        assert_eq!(places.len(), 23);
        assert!(places.iter().all(|place| *place == places[0]), "one copy");
    }

    /// An account's lock is no other's: what one account does, however long, holds up nobody else.
    #[test]
    fn accounts_do_not_wait_for_each_other() {
        let hub = hub();
        let anna = seats(&hub, 2);
        let held = anna[0].account.state();
        let mut ben = Seat::take(&hub, account(2), None).expect("a seat");
        assert!(ben.open(VISIT));
        ben.show(VISIT);
        ben.tell_presence();
        hub.tell_text(account(2), None, VISIT, Said::resync);
        assert_eq!(said(&mut ben).len(), 2);
        drop(ben);
        drop(held);
    }

    /// One account, over all its connections, has few places at the store; others do not wait for them.
    #[test]
    fn an_account_has_few_places_at_the_store() {
        let hub = hub();
        let anna = seats(&hub, 8);
        let mut held: Vec<_> = anna
            .iter()
            .filter_map(|seat| seat.may_write().now_or_never().flatten())
            .collect();
        assert_eq!(held.len(), 4);
        let ben = Seat::take(&hub, account(2), None).expect("a seat");
        assert!(ben.may_write().now_or_never().flatten().is_some());
        held.pop();
        assert!(anna[7].may_write().now_or_never().flatten().is_some());
    }
}
