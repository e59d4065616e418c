//! What was found, while reading or writing it, to differ from what this program wrote (U4).
//!
//! `cutis audit verify` compares everything on request. Rows that decide what a person may see or do carry a keyed
//! digest and are compared each time they are read; every row is compared, as far as this process knows it, just before
//! it is changed. An operation that finds a mismatch stops there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cutis_audit::{Action, Detail, Event};
use cutis_domain::Timestamp;

/// The maximum number of findings waiting to be reported.
const MOST_WAITING: usize = 256;
/// The maximum number of findings remembered as reported.
const MOST_TOLD: usize = 1024;
/// The same mismatch is reported again after this many seconds.
const TELL_AGAIN: i64 = 3600;

/// Something that differs from what this program wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mismatch {
    /// A row is not what this program wrote.
    Row {
        /// In which table.
        table: &'static str,
        /// Which row.
        row: i64,
    },
    /// A row that this program never removes is missing.
    Gone {
        /// From which table.
        table: &'static str,
    },
    /// The database's structure was changed.
    Structure {
        /// In words, naming the object.
        what: String,
    },
    /// Something was added to the structure, and everything else is as it should be.
    Added {
        /// `trigger`, `view`, `index` or `table`.
        kind: String,
        /// Its name, which is untrusted text.
        name: String,
        /// Whether it could act inside a write of ours, or make it fail, so that nothing may be changed while it
        /// exists.
        stops: bool,
    },
}

impl Mismatch {
    /// What a person should do about what was changed or removed.
    const RESTORE: &'static str =
        "Run `cutis audit verify` on the host to see everything that was changed, then restore a backup.";

    /// Whether no changes are possible while it exists.
    pub const fn stops_changes(&self) -> bool {
        matches!(self, Self::Structure { .. } | Self::Added { stops: true, .. })
    }

    /// What a person should do about it.
    pub fn remedy(&self) -> Cow<'static, str> {
        let Self::Added { kind, name, stops } = self else {
            return Self::RESTORE.into();
        };
        let effect = if *stops {
            "Until then nothing can be changed, and nobody can sign in."
        } else {
            "Until then Cutis works as usual."
        };
        let (kind, name) = (kind.to_uppercase(), name.replace('"', "\"\""));
        format!(
            "Find out who added it, then drop it on the host: open cutis.db with the program sqlite3 and run DROP \
             {kind} \"{name}\". {effect} Then run `cutis audit verify`."
        )
        .into()
    }

    /// What the trail records about it.
    pub fn event(&self) -> Event {
        let event = Event::new(Action::IntegrityMismatch).failed();
        match self {
            Self::Row { table, row } => event
                .detail(Detail::code("table", table))
                .detail(Detail::number("row", *row)),
            Self::Gone { table } => event
                .detail(Detail::code("table", table))
                .detail(Detail::code("reason", "row_gone")),
            // The object's name is somebody else's text and stays out of the trail (U2).
            Self::Structure { .. } | Self::Added { .. } => event.detail(Detail::code("reason", "structure")),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row { table, row } => write!(
                f,
                "row {row} of table {table} was changed by something other than this program"
            ),
            Self::Gone { table } => write!(
                f,
                "a row of table {table} was removed by something other than this program"
            ),
            Self::Structure { what } => write!(f, "{what}"),
            Self::Added { kind, name, .. } => {
                write!(f, "{kind} {name} was added to the database by something else")
            }
        }
    }
}

/// What a backend found and has not reported yet: each finding once, up to a maximum number.
#[derive(Debug, Default)]
pub struct Alarms {
    waiting: Mutex<BTreeSet<Mismatch>>,
    pending: AtomicBool,
}

impl Alarms {
    /// Adds one.
    pub fn raise(&self, mismatch: Mismatch) {
        let mut waiting = self.waiting();
        if waiting.len() < MOST_WAITING {
            waiting.insert(mismatch);
        }
        self.pending.store(true, Ordering::Release);
    }

    /// Whether there are any.
    pub fn pending(&self) -> bool {
        self.pending.load(Ordering::Acquire)
    }

    /// Takes them all.
    pub(crate) fn take(&self) -> BTreeSet<Mismatch> {
        let mut waiting = self.waiting();
        self.pending.store(false, Ordering::Release);
        std::mem::take(&mut *waiting)
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeSet<Mismatch>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was reported recently.
#[derive(Debug, Default)]
pub(crate) struct Told(BTreeMap<Mismatch, Timestamp>);

impl Told {
    /// Those of them that should be reported now.
    pub(crate) fn due(&mut self, found: BTreeSet<Mismatch>, now: Timestamp) -> Vec<Mismatch> {
        self.0
            .retain(|_, at| (0..TELL_AGAIN).contains(&now.seconds_since(*at)));
        let mut due = Vec::new();
        for mismatch in found {
            if !self.0.contains_key(&mismatch) && self.0.len() < MOST_TOLD {
                self.0.insert(mismatch.clone(), now);
                due.push(mismatch);
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 6, 2: at most one event for a row and hour, however often it is met, and a bound on all.
    #[test]
    fn one_mismatch_is_told_once_an_hour() {
        let (alarms, mut told) = (Alarms::default(), Told::default());
        let row = |row| Mismatch::Row {
            table: "session",
            row,
        };
        assert!(!alarms.pending());
        for _ in 0..3 {
            alarms.raise(row(1));
        }
        assert!(alarms.pending());
        let at = |seconds| Timestamp::EPOCH.plus_seconds(seconds);
        assert_eq!(told.due(alarms.take(), at(1_000_000)), [row(1)]);
        assert!(!alarms.pending());
        for (seconds, expected) in [(1_003_599, 0), (1_003_600, 1), (1_003_601, 0), (1_000_000, 1)] {
            alarms.raise(row(1));
            assert_eq!(told.due(alarms.take(), at(seconds)).len(), expected, "{seconds}");
        }
        for number in 0..2000 {
            alarms.raise(row(number));
        }
        assert_eq!(alarms.take().len(), MOST_WAITING);
        let flood = (0..5000).map(row).collect();
        assert!(told.due(flood, at(1_000_000)).len() < MOST_TOLD);
    }
}
