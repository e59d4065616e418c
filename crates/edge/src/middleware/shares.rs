//! A scarce resource, divided so that nobody can leave others with nothing.
//!
//! A holder may take as long as what it holds stays within a multiple of what is still free (a dynamic
//! threshold, as switches use for their buffers). Alone it gets much; as more come, each gets less; and
//! some is always left for the next. Strangers share a part of the whole, the rest is kept for people
//! who are signed in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::known::Pass;
use crate::listener::client_of;

/// How many times what is free a session, or an address with its sessions, may hold: alone, two thirds.
const SIGNED_IN: u64 = 2;

/// Who takes a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A stranger at this address.
    Stranger(IpAddr),
    /// A session that was valid a moment ago, used from this address.
    SignedIn(Pass, IpAddr),
}

/// Under what a holding is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Account {
    Strangers(IpAddr),
    Address(IpAddr),
    Session(Pass),
}

impl Holder {
    fn accounts(self) -> [Option<Account>; 2] {
        match self {
            Self::Stranger(address) => [Some(Account::Strangers(client_of(address))), None],
            Self::SignedIn(pass, address) => [
                Some(Account::Session(pass)),
                Some(Account::Address(client_of(address))),
            ],
        }
    }
}

/// The whole, and who holds how much of it.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    held: Arc<Mutex<Held>>,
    most: u64,
    most_strangers: u64,
}

#[derive(Debug, Default)]
struct Held {
    all: u64,
    strangers: u64,
    by: HashMap<Account, u64>,
}

/// What somebody holds. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Share {
    held: Arc<Mutex<Held>>,
    holder: Holder,
    amount: u64,
}

impl Shares {
    /// All free: `most` in all, of which strangers get `most_strangers` together.
    pub(super) fn new(most: u64, most_strangers: u64) -> Self {
        Self {
            held: Arc::default(),
            most,
            most_strangers: most_strangers.min(most),
        }
    }

    /// This much at once, or nothing.
    pub(super) fn take(&self, holder: Holder, amount: u64) -> Option<Share> {
        let mut held = lock(&self.held);
        let free = self.most.checked_sub(held.all)?;
        let (free, times) = match holder {
            Holder::Stranger(_) => (free.min(self.most_strangers.checked_sub(held.strangers)?), 1),
            Holder::SignedIn(..) => (free, SIGNED_IN),
        };
        let threshold = free.saturating_mul(times);
        let fits = holder.accounts().into_iter().flatten().all(|account| {
            let own = held.by.get(&account).copied().unwrap_or_default();
            own.saturating_add(amount) <= threshold
        });
        if amount > free || !fits {
            return None;
        }
        held.add(holder, amount);
        drop(held);
        Some(Share {
            held: Arc::clone(&self.held),
            holder,
            amount,
        })
    }
}

impl Held {
    fn add(&mut self, holder: Holder, amount: u64) {
        self.all = self.all.saturating_add(amount);
        if matches!(holder, Holder::Stranger(_)) {
            self.strangers = self.strangers.saturating_add(amount);
        }
        for account in holder.accounts().into_iter().flatten() {
            let own = self.by.entry(account).or_default();
            *own = own.saturating_add(amount);
        }
    }

    fn subtract(&mut self, holder: Holder, amount: u64) {
        self.all = self.all.saturating_sub(amount);
        if matches!(holder, Holder::Stranger(_)) {
            self.strangers = self.strangers.saturating_sub(amount);
        }
        for account in holder.accounts().into_iter().flatten() {
            let left = self
                .by
                .get(&account)
                .copied()
                .unwrap_or_default()
                .saturating_sub(amount);
            if left == 0 {
                self.by.remove(&account);
            } else {
                self.by.insert(account, left);
            }
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        lock(&self.held).subtract(self.holder, self.amount);
    }
}

/// Counting can't be interrupted half-way, so a panic elsewhere leaves the counts right.
fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(last: u8) -> Holder {
        Holder::Stranger(IpAddr::from([10, 0, 0, last]))
    }

    fn signed_in(session: u8, last: u8) -> Holder {
        Holder::SignedIn(Pass::of(&[session]), IpAddr::from([10, 0, 0, last]))
    }

    /// Takes single places until there is none for this holder.
    fn grab(shares: &Shares, holder: Holder) -> Vec<Share> {
        std::iter::from_fn(|| shares.take(holder, 1)).collect()
    }

    /// Issue 6, 4: with 256 places, strangers hold 128 at most and one address 64.
    #[test]
    fn strangers_leave_room_for_each_other_and_for_people_signed_in() {
        let shares = Shares::new(256, 128);
        let mut held: Vec<_> = (0..20).map(|last| grab(&shares, stranger(last))).collect();
        let counts: Vec<usize> = held.iter().map(Vec::len).collect();
        assert_eq!(
            counts.iter().take(4).copied().collect::<Vec<_>>(),
            [64, 32, 16, 8]
        );
        assert!(counts.iter().sum::<usize>() <= 128);
        // Whoever works in the practice has the other half, also at a stranger's address.
        assert_eq!(grab(&shares, signed_in(1, 0)).len(), 86);
        held.clear();
        assert_eq!(grab(&shares, stranger(99)).len(), 64);
        assert_eq!(lock(&shares.held).all, 0);
    }

    /// Two people who open a hundred thumbnails each at once get all of them.
    #[test]
    fn two_busy_sessions_fit_and_a_greedy_one_leaves_a_third() {
        let shares = Shares::new(256, 128);
        let greedy = grab(&shares, signed_in(1, 1));
        assert_eq!(greedy.len(), 171);
        assert!(shares.take(signed_in(2, 2), 1).is_some());
        drop(greedy);
        let hundred = |holder| (0..100).map_while(|_| shares.take(holder, 1)).collect::<Vec<_>>();
        let (one, two) = (hundred(signed_in(1, 1)), hundred(signed_in(2, 2)));
        assert_eq!((one.len(), two.len()), (100, 100));
    }

    /// Many sessions of one address don't get more than one of it would.
    #[test]
    fn an_address_with_many_sessions_is_bounded_as_a_whole() {
        let shares = Shares::new(256, 128);
        let held: Vec<_> = (0..50)
            .flat_map(|session| grab(&shares, signed_in(session, 1)))
            .collect();
        assert_eq!(held.len(), 171);
        assert!(shares.take(signed_in(99, 2), 1).is_some());
    }

    #[test]
    fn an_ipv6_network_is_one_stranger_and_nothing_is_remembered() {
        let shares = Shares::new(16, 8);
        let of = |text: &str| Holder::Stranger(text.parse().unwrap());
        let first = shares.take(of("fd00:1::1"), 4);
        assert!(first.is_some() && shares.take(of("fd00:1::2"), 1).is_none());
        assert!(shares.take(of("fd00:2::1"), 1).is_some());
        drop(first);
        assert!(lock(&shares.held).by.is_empty());
    }
}
