//! A value that cannot be obtained without its events, and what a refusal leaves in the trail.

use crate::event::Event;

/// A value and at least one event that says how it came about (U3).
///
/// A unit of work commits only with one of these, so no change can forget its event.
#[derive(Debug, Clone)]
#[must_use = "a change commits only when its events are handed on"]
pub struct Audited<T> {
    value: T,
    first: Event,
    others: Vec<Event>,
}

impl<T> Audited<T> {
    /// A value and the event that belongs to it.
    pub const fn new(value: T, event: Event) -> Self {
        Self {
            value,
            first: event,
            others: Vec::new(),
        }
    }

    /// The same with one more event, after those already there.
    pub fn and(mut self, event: Event) -> Self {
        self.others.push(event);
        self
    }

    /// The same events with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Audited<U> {
        Audited {
            value: change(self.value),
            first: self.first,
            others: self.others,
        }
    }

    /// The value.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The value and its events in order, at least one.
    pub fn into_parts(self) -> (T, Vec<Event>) {
        let mut events = self.others;
        events.insert(0, self.first);
        (self.value, events)
    }
}

/// What an error leaves in the trail after the rollback (G7).
///
/// Without a default on purpose: every error type has to answer.
pub trait Denial {
    /// The event of this refusal or failure, or `None` if it leaves none.
    fn denial(&self) -> Option<Event>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Action;

    /// U3: at least one event by construction, and in the order given.
    #[test]
    fn events_keep_their_order() {
        let audited = Audited::new(7, Event::new(Action::PatientCreated))
            .and(Event::new(Action::EntryCreated))
            .and(Event::new(Action::ImageStored))
            .map(|number| number + 1);
        let (value, events) = audited.into_parts();
        assert_eq!(value, 8);
        let actions: Vec<Action> = events.iter().map(Event::action).collect();
        assert_eq!(
            actions,
            [Action::PatientCreated, Action::EntryCreated, Action::ImageStored]
        );
    }
}
