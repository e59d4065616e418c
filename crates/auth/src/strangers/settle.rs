//! Writing what was counted in memory.

use std::net::IpAddr;

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::principal::Actor;
use cutis_domain::{AccountId, Caller, Timestamp};
use cutis_storage::StorageError;

use super::{Counts, MOST_ROWS, Place, ROWS, Refused};
use crate::service::{Auth, Void};
use crate::throttle::{Policy, key};

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
    /// Waits until there is a failure to be written.
    pub async fn something_waits(&self) {
        self.strangers.waiting.notified().await;
    }

    /// Writes the waiting failures. What cannot be written now is counted and stays throttled.
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
    /// ends of sessions. To be called once a minute, before the trail's end is shown to anybody, and when
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
