//! What refused requests of strangers leave in the trail, without a commit for each: people without a password must not
//! be able to fill the disk.
//!
//! A failure against an existing account remains a separate event (A8); the throttle bounds how many
//! there are. It is written once its answer has left, so that the time of an answer never tells whether
//! the name exists. Everything else is counted, by address and account, and written once a minute.

mod settle;

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cutis_audit::Event;
use cutis_domain::{AccountId, Caller, Timestamp};
use tokio::sync::Notify;

use crate::throttle::in_flight::Pass;

/// The maximum number of addresses (with the account that was tried) that are counted separately in one round.
const PLACES: usize = 8;
/// The maximum number of failures waiting to be written; further ones are only counted.
const WAITING: usize = 256;
/// The maximum number of throttle rows that one round writes or removes.
const ROWS: usize = 64;
/// The maximum number of rows that the throttle stores.
pub(crate) const MOST_ROWS: u64 = 4_096;

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refused {
    /// A sign-in with an unknown name.
    UnknownName,
    /// An attempt that the throttle did not let through.
    Throttled,
    /// A set-up that was already done, or with a wrong code.
    SetUp,
    /// A failure against an account that could not be written as a separate event.
    Unwritten,
}

impl Refused {
    const fn code(self) -> &'static str {
        match self {
            Self::UnknownName => "unknown_name",
            Self::Throttled => "throttled",
            Self::SetUp => "set_up",
            Self::Unwritten => "unwritten",
        }
    }
}

/// Where refused requests come from, and which account they are against.
type Place = (Option<IpAddr>, Option<AccountId>);
type Counts = BTreeMap<Refused, u32>;

/// A failure against an existing account, waiting to be written.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) caller: Caller,
    pub(crate) account: AccountId,
    pub(crate) event: Event,
    /// Keeps it counted until it is written.
    pub(crate) pass: Pass,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Default)]
struct Book {
    since: Option<Timestamp>,
    places: BTreeMap<Place, Counts>,
    others: Counts,
    failures: VecDeque<Failure>,
}

impl Book {
    fn count(&mut self, place: Place, refused: Refused, times: u32) {
        let known = self.places.contains_key(&place) || self.places.len() < PLACES;
        let counts = if known {
            self.places.entry(place).or_default()
        } else {
            &mut self.others
        };
        let count = counts.entry(refused).or_default();
        *count = count.saturating_add(times);
    }
}

/// What strangers did that has not been written yet.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    book: Mutex<Book>,
    /// Locked during writing, so that one can wait until everything is written.
    turn: tokio::sync::Mutex<()>,
    waiting: Notify,
}

impl Strangers {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a refusal.
    pub(crate) fn count(
        &self,
        caller: &Caller,
        account: Option<AccountId>,
        refused: Refused,
        now: Timestamp,
    ) {
        let mut book = self.book();
        book.since.get_or_insert(now);
        book.count((caller.address.map(network), account), refused, 1);
    }

    /// Leaves a failure to be written soon.
    pub(crate) fn leave(&self, failure: Failure) {
        let mut book = self.book();
        if book.failures.len() < WAITING {
            book.failures.push_back(failure);
            drop(book);
            self.waiting.notify_one();
        } else {
            drop(book);
            let Failure {
                caller, account, at, ..
            } = failure;
            self.count(&caller, Some(account), Refused::Unwritten, at);
        }
    }
}

/// For IPv6, the first 64 bits, because the sender can choose the rest.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests;
