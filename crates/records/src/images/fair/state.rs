//! Which accounts hold how much and which wait, under one lock.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use cutis_domain::AccountId;
use tokio::sync::oneshot;

use super::{Busy, Holder, Terms};

#[derive(Debug)]
pub(super) struct State {
    terms: Terms,
    free: u64,
    by_account: HashMap<AccountId, u64>,
    by_session: HashMap<Holder, u64>,
    /// Accounts with requests that wait; in the order of their turns.
    turns: VecDeque<AccountId>,
    queues: HashMap<AccountId, VecDeque<Request>>,
    next_ticket: u64,
}

#[derive(Debug)]
struct Request {
    ticket: u64,
    holder: Holder,
    amount: u64,
    granted: oneshot::Sender<()>,
}

/// The result of looking for the next turn.
enum Turn {
    /// No waiting request could be served, whatever becomes free.
    Nobody,
    /// The account at this place of the turns, and in its queue the request at that one.
    Serve(usize, usize),
    /// A request waits for more room than there is, and is not overtaken.
    NoRoom,
}

impl State {
    pub(super) fn new(terms: Terms) -> Self {
        Self {
            free: terms.whole,
            terms,
            by_account: HashMap::new(),
            by_session: HashMap::new(),
            turns: VecDeque::new(),
            queues: HashMap::new(),
            next_ticket: 0,
        }
    }

    /// Queues a request and serves the requests that can be served, perhaps this one.
    pub(super) fn ask(
        &mut self,
        holder: Holder,
        amount: u64,
        granted: oneshot::Sender<()>,
    ) -> Result<u64, Busy> {
        let most = self
            .terms
            .per_session
            .min(self.terms.per_account)
            .min(self.terms.whole);
        if amount > most {
            return Err(Busy);
        }
        let ticket = self.next_ticket;
        self.next_ticket = self.next_ticket.wrapping_add(1);
        let queue = self.queues.entry(holder.account).or_default();
        if queue.is_empty() {
            self.turns.push_back(holder.account);
        }
        queue.push_back(Request {
            ticket,
            holder,
            amount,
            granted,
        });
        self.serve();
        let waiting = self.queues.get(&holder.account).map_or(0, VecDeque::len);
        if waiting > self.terms.waiting && self.leave(ticket, holder) {
            self.serve();
            return Err(Busy);
        }
        Ok(ticket)
    }

    pub(super) fn waiting(&self) -> usize {
        self.queues.values().map(VecDeque::len).sum()
    }

    /// Whether another account waits for room, and not for its own share.
    pub(super) fn is_wanted_from(&self, account: AccountId) -> bool {
        let mut others = self.queues.iter().filter(|(other, _)| **other != account);
        others.any(|(_, queue)| queue.iter().any(|request| self.within_shares(request)))
    }

    /// A waiting request goes away; if it was served in the meantime, its share is released.
    pub(super) fn give_up(&mut self, ticket: u64, holder: Holder, amount: u64) {
        if self.leave(ticket, holder) {
            self.serve();
        } else {
            self.give_back(holder, amount);
        }
    }

    pub(super) fn give_back(&mut self, holder: Holder, amount: u64) {
        self.free = self.free.saturating_add(amount).min(self.terms.whole);
        lower(&mut self.by_account, holder.account, amount);
        lower(&mut self.by_session, holder, amount);
        self.serve();
    }

    /// Takes a request out of its queue; returns whether it was still there.
    fn leave(&mut self, ticket: u64, holder: Holder) -> bool {
        let Some(queue) = self.queues.get_mut(&holder.account) else {
            return false;
        };
        let before = queue.len();
        queue.retain(|request| request.ticket != ticket);
        let left = queue.len() < before;
        if queue.is_empty() {
            self.queues.remove(&holder.account);
            self.turns.retain(|account| *account != holder.account);
        }
        left
    }

    fn serve(&mut self) {
        while let Turn::Serve(turn, at) = self.next_turn() {
            let Some(account) = self.turns.remove(turn) else {
                return;
            };
            let Some(queue) = self.queues.get_mut(&account) else {
                continue;
            };
            let request = queue.remove(at);
            if queue.is_empty() {
                self.queues.remove(&account);
            } else {
                self.turns.push_back(account);
            }
            if let Some(Request {
                holder,
                amount,
                granted,
                ..
            }) = request
            {
                self.free = self.free.saturating_sub(amount);
                raise(&mut self.by_account, holder.account, amount);
                raise(&mut self.by_session, holder, amount);
                let heard = granted.send(());
                debug_assert!(heard.is_ok(), "whoever waits gives up under this lock only");
            }
        }
    }

    /// The first account in turn with a request within its shares. One without keeps its turn.
    fn next_turn(&self) -> Turn {
        let within = self.turns.iter().enumerate().find_map(|(turn, account)| {
            let queue = self.queues.get(account)?;
            let at = queue.iter().position(|request| self.within_shares(request))?;
            Some((turn, at, queue.get(at)?.amount))
        });
        match within {
            Some((turn, at, amount)) if amount <= self.free => Turn::Serve(turn, at),
            Some(_) => Turn::NoRoom,
            None => Turn::Nobody,
        }
    }

    fn within_shares(&self, request: &Request) -> bool {
        let fits = |held: Option<&u64>, most: u64| {
            held.copied().unwrap_or_default().saturating_add(request.amount) <= most
        };
        fits(
            self.by_account.get(&request.holder.account),
            self.terms.per_account,
        ) && fits(self.by_session.get(&request.holder), self.terms.per_session)
    }

    #[cfg(test)]
    pub(super) fn is_pristine(&self) -> bool {
        self.free == self.terms.whole
            && self.by_account.is_empty()
            && self.by_session.is_empty()
            && self.turns.is_empty()
            && self.queues.is_empty()
    }
}

fn raise<K: Eq + Hash>(held: &mut HashMap<K, u64>, whose: K, amount: u64) {
    let own = held.entry(whose).or_default();
    *own = own.saturating_add(amount);
}

/// Accounts that hold nothing are forgotten.
fn lower<K: Eq + Hash>(held: &mut HashMap<K, u64>, whose: K, amount: u64) {
    let left = held
        .get(&whose)
        .copied()
        .unwrap_or_default()
        .saturating_sub(amount);
    if left == 0 {
        held.remove(&whose);
    } else {
        held.insert(whose, left);
    }
}
