//! The order of a list, and the stretches of an index that are read for it (P4).

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use cutis_domain::Timestamp;
use cutis_storage::port::{Order, PatientPosition, PatientSort, SortKey};
use rusqlite::types::Value;

use super::bound::{NONE_AFTER, NONE_BEFORE};

/// Follows every unique id and every name, and [`AFTER_NAMES`] too.
const AFTER_TEXT: &str = "\u{10ffff}\u{10ffff}";
/// Begins what patients without a name are sorted by.
const AFTER_NAMES: &str = "\u{10ffff}";
/// Follows every id, of which each has sixteen bytes.
const AFTER_IDS: [u8; 17] = [0xff; 17];

/// Which lines a stretch of an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    All,
    /// Those that have the value that the list is sorted by.
    With,
    /// Those that do not: they come last, from whichever end the list is read.
    Without,
}

/// A stretch of an index, behind a key and an id and up to another key.
pub(super) struct Stretch {
    holds: Holds,
    pub(super) key: Value,
    pub(super) id: Value,
    pub(super) until: Value,
}

/// The stretches of a sort's index in the order in which they are shown.
pub(super) fn stretches(sort: PatientSort, order: Order) -> Vec<Stretch> {
    let before = Vec::new;
    let behind = || AFTER_IDS.to_vec();
    let number = |holds, key, id, until| Stretch {
        holds,
        key: Value::Integer(key),
        id: Value::Blob(id),
        until: Value::Integer(until),
    };
    let text = |holds, key: &str, id, until: &str| Stretch {
        holds,
        key: Value::Text(key.to_owned()),
        id: Value::Blob(id),
        until: Value::Text(until.to_owned()),
    };
    match (sort, order) {
        (PatientSort::LastModified, Order::Ascending) => {
            vec![number(Holds::All, NONE_BEFORE, before(), NONE_AFTER)]
        }
        (PatientSort::LastModified | PatientSort::LastAppointment, Order::Descending) => {
            vec![number(Holds::All, NONE_AFTER, behind(), NONE_BEFORE)]
        }
        (PatientSort::LastAppointment, Order::Ascending) => vec![
            number(Holds::With, NONE_BEFORE, behind(), NONE_AFTER),
            number(Holds::Without, NONE_BEFORE, before(), NONE_BEFORE),
        ],
        (PatientSort::UniqueId | PatientSort::Name, Order::Ascending) => {
            vec![text(Holds::All, "", before(), AFTER_TEXT)]
        }
        (PatientSort::UniqueId, Order::Descending) => vec![text(Holds::All, AFTER_TEXT, behind(), "")],
        (PatientSort::Name, Order::Descending) => vec![
            text(Holds::With, AFTER_NAMES, before(), ""),
            text(Holds::Without, AFTER_TEXT, behind(), AFTER_NAMES),
        ],
    }
}

/// Whether the patient there has no value that the list is sorted by.
fn is_without(position: &PatientPosition) -> bool {
    match &position.key {
        // Nothing else that a list is sorted by is before all times.
        SortKey::Number(at) => *at == NONE_BEFORE,
        SortKey::Text(text) => text.starts_with(AFTER_NAMES),
    }
}

/// The order in which a list is shown.
pub(super) fn compared(left: &PatientPosition, right: &PatientPosition, order: Order) -> Ordering {
    is_without(left)
        .cmp(&is_without(right))
        .then_with(|| match order {
            Order::Ascending => left.cmp(right),
            Order::Descending => right.cmp(left),
        })
}

/// As statements bind it.
pub(super) fn value(key: &SortKey) -> Value {
    match key {
        SortKey::Number(number) => Value::Integer(*number),
        SortKey::Text(text) => Value::Text(text.clone()),
    }
}

impl Stretch {
    /// The part of it in which the last change lies within a range, so that no line is read before or behind that.
    pub(super) fn within(self, range: &RangeInclusive<Timestamp>, order: Order) -> Self {
        let (from, to) = (range.start().as_micros(), range.end().as_micros());
        let (Value::Integer(key), Value::Integer(until)) = (&self.key, &self.until) else {
            return self;
        };
        let (key, until) = (*key, *until);
        let number = Value::Integer;
        match order {
            Order::Ascending if key < from => Self {
                key: number(from),
                id: Value::Blob(Vec::new()),
                until: number(until.min(to)),
                ..self
            },
            Order::Ascending => Self {
                until: number(until.min(to)),
                ..self
            },
            Order::Descending if key > to => Self {
                key: number(to),
                id: Value::Blob(AFTER_IDS.to_vec()),
                until: number(until.max(from)),
                ..self
            },
            Order::Descending => Self {
                until: number(until.max(from)),
                ..self
            },
        }
    }

    /// The rest of it behind this position; nothing if it all comes before.
    pub(super) fn behind(self, position: &PatientPosition) -> Option<Self> {
        match (self.holds, is_without(position)) {
            (Holds::With, true) => None,
            (Holds::Without, false) => Some(self),
            (Holds::All, _) | (Holds::With, false) | (Holds::Without, true) => Some(Self {
                key: value(&position.key),
                id: Value::Blob(position.id.as_bytes().to_vec()),
                ..self
            }),
        }
    }
}
