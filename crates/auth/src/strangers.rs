//! What the refused requests of strangers leave in the trail, without a commit for each: whoever knows no
//! password must not be able to fill the disk.
//!
//! A failure against an account that exists stays an event of its own (A8); the throttle bounds how many
//! there are. It is written once its answer has left, so that the time of an answer never tells whether
//! the name exists. Everything else is counted, by address and account, and written by the minute.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::principal::Actor;
use cutis_domain::{AccountId, Caller, Timestamp};
use cutis_storage::StorageError;
use tokio::sync::Notify;

use crate::service::{Auth, Void};
use crate::throttle::in_flight::Pass;
use crate::throttle::{Policy, key};

/// The most addresses (with the account that was tried) that are told apart in one round.
const PLACES: usize = 8;
/// Failures that wait to be written; one more is only counted.
const WAITING: usize = 256;
/// The most rows of the throttle that one round writes or removes.
const ROWS: usize = 64;
/// The most rows that the throttle keeps.
pub(crate) const MOST_ROWS: u64 = 4_096;

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refused {
    /// Sign-in under a name that belongs to nobody.
    UnknownName,
    /// An attempt that the throttle did not let through.
    Throttled,
    /// A set-up: done already, or a wrong code.
    SetUp,
    /// A failure against an account that could not be written as an event of its own.
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

/// Where refusals come from and against whom they go.
type Place = (Option<IpAddr>, Option<AccountId>);
type Counts = BTreeMap<Refused, u32>;

/// A failure against an account that exists, which waits to be written.
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

/// What strangers did and nobody wrote yet.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    book: Mutex<Book>,
    /// Held while somebody writes, so that "all is written" can be waited for.
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

/// Of IPv6 the first 64 bits: the rest is the sender's to choose.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn event(account: Option<AccountId>, counts: &Counts, seconds: i64) -> Event {
    let event = Event::new(Action::StrangersRefused)
        .refused()
        .detail(Detail::number("seconds", seconds));
    let event = counts.iter().fold(event, |event, (refused, count)| {
        event.detail(Detail::number(refused.code(), i64::from(*count)))
    });
    account.map_or(event.clone(), |account| event.target(Target::Account(account)))
}

const fn stranger(address: Option<IpAddr>) -> Caller {
    Caller {
        actor: Actor::Anonymous,
        session: None,
        address,
        agent: None,
        request: None,
    }
}

impl Auth {
    /// Waits until a failure was left to be written.
    pub async fn something_waits(&self) {
        self.strangers.waiting.notified().await;
    }

    /// Writes the failures that wait. What cannot be written now is counted and stays throttled.
    pub async fn write_failures(&self) {
        let _turn = self.strangers.turn.lock().await;
        self.drain().await;
    }

    async fn drain(&self) {
        loop {
            let next = self.strangers.book().failures.pop_front();
            let Some(failure) = next else { return };
            let (key, at) = (key::of_account(failure.account), failure.at);
            let event = failure.event.clone();
            let of_unit = key.clone();
            let written = self
                .store
                .practice(&failure.caller)
                .uphold::<_, Void, _>(move |unit| {
                    let row = unit.throttle(&of_unit)?;
                    unit.set_throttle(&of_unit, Some(Policy::ACCOUNT.next(row, at)))?;
                    Ok(Audited::new((), event))
                })
                .await;
            if written.is_err() {
                self.remembered.fail(&key, Policy::ACCOUNT, at);
                let account = Some(failure.account);
                self.strangers
                    .count(&failure.caller, account, Refused::Unwritten, at);
            }
            drop(failure.pass);
        }
    }

    /// Writes everything that is only in memory: failures, counts of refusals with the throttle's rows,
    /// ends of sessions. To be called by the minute, before the trail's end is shown to anybody, and when
    /// the program stops. What cannot be written stays in memory until the next time.
    ///
    /// # Errors
    /// When something could not be written.
    pub async fn settle(&self) -> Result<(), StorageError> {
        let _turn = self.strangers.turn.lock().await;
        self.drain().await;
        let sessions = self.settle_sessions().await;
        let refusals = self.write_counts().await;
        let rows = self.write_throttle().await;
        sessions.and(refusals).and(rows)
    }

    async fn write_counts(&self) -> Result<(), StorageError> {
        let (since, places, others) = {
            let mut book = self.strangers.book();
            let places = std::mem::take(&mut book.places);
            (book.since.take(), places, std::mem::take(&mut book.others))
        };
        let Some(since) = since else { return Ok(()) };
        let seconds = self.now().seconds_since(since).max(0);
        let others = (!others.is_empty()).then_some((None, others));
        let all = places
            .into_iter()
            .map(|(place, counts)| (Some(place), counts))
            .chain(others);
        let mut outcome = Ok(());
        for (place, counts) in all {
            let (address, account) = place.unwrap_or_default();
            if outcome.is_ok() {
                let events = vec![event(account, &counts, seconds)];
                outcome = self.store.record(&stranger(address), events).await;
            }
            if outcome.is_err() {
                self.put_back(since, place, counts);
            }
        }
        outcome
    }

    fn put_back(&self, since: Timestamp, place: Option<Place>, counts: Counts) {
        let mut book = self.strangers.book();
        book.since = Some(book.since.map_or(since, |now| now.min(since)));
        for (refused, times) in counts {
            if let Some(place) = place {
                book.count(place, refused, times);
            } else {
                let count = book.others.entry(refused).or_default();
                *count = count.saturating_add(times);
            }
        }
    }

    async fn write_throttle(&self) -> Result<(), StorageError> {
        let rows = self.remembered.unsaved(ROWS);
        if rows.is_empty() {
            return Ok(());
        }
        let (written, now) = (rows.clone(), self.now());
        let outcome = self
            .store
            .practice(&Caller::system())
            .uphold::<_, Void, _>(move |unit| {
                for (key, row) in &written {
                    let stored = unit.throttle(key)?;
                    if stored.is_none_or(|stored| stored.failures <= row.failures) {
                        unit.set_throttle(key, Some(*row))?;
                    }
                }
                unit.forget_throttles(Policy::forgotten_before(now), MOST_ROWS, ROWS)?;
                Ok(Audited::new((), Event::new(Action::StateAttested)))
            })
            .await;
        if Void::into_done(outcome)? {
            self.remembered.saved(&rows);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
