//! What verification can find, in words that name the place.

use std::fmt;

use cutis_domain::Timestamp;

use crate::wire::WireError;

/// The first bad place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An event is missing.
    #[error("event {sequence} is missing: event {next} comes in its place")]
    Missing {
        /// The event that should come.
        sequence: u64,
        /// The one that comes.
        next: u64,
    },
    /// An event comes too late.
    #[error("event {sequence} is out of order: it comes after event {after}")]
    OutOfOrder {
        /// The event that comes.
        sequence: u64,
        /// The one before it.
        after: u64,
    },
    /// The content was removed without a reason.
    #[error("event {sequence} was emptied, and no purge covers it")]
    Emptied {
        /// Which event.
        sequence: u64,
    },
    /// Content, salt or commitment changed.
    #[error("event {sequence}: its content was changed after it was recorded")]
    Content {
        /// Which event.
        sequence: u64,
    },
    /// A genuine-looking event in the place of another.
    #[error(
        "event {sequence} holds what was recorded as event {recorded_as}: events were removed, inserted or moved here"
    )]
    Moved {
        /// Where it is.
        sequence: u64,
        /// Where it belongs.
        recorded_as: u64,
    },
    /// An event that does not carry this installation's code.
    #[error("event {sequence} was not written by this installation, or was altered since")]
    Foreign {
        /// Which event.
        sequence: u64,
    },
    /// A genuine event that this program cannot read.
    #[error("event {sequence} cannot be read: {why}")]
    Unreadable {
        /// Which event.
        sequence: u64,
        /// What is wrong with it.
        why: WireError,
    },
    /// Class or day do not follow from the content.
    #[error("event {sequence}: its class or day contradicts its content")]
    Leaf {
        /// Which event.
        sequence: u64,
    },
    /// The trail is shorter than a statement says.
    #[error("the trail ends at event {ends_at}, but {source_name} has seen event {witnessed}{}", when(*at))]
    Truncated {
        /// The last event there is.
        ends_at: u64,
        /// The last event seen.
        witnessed: u64,
        /// The name of the statement's source.
        source_name: String,
        /// When.
        at: Option<Timestamp>,
    },
    /// The trail differs from what a statement says.
    #[error("the first {size} events are not those that {source_name} has seen{}", when(*at))]
    Forked {
        /// How many events were seen.
        size: u64,
        /// The name of the statement's source.
        source_name: String,
        /// When.
        at: Option<Timestamp>,
    },
    /// A head outside the database that is not ours.
    #[error("{source_name} was not written by this installation")]
    WitnessForged {
        /// Which.
        source_name: String,
    },
    /// No head beside the events.
    #[error("the head is missing from the database")]
    HeadMissing,
    /// A head that is not ours.
    #[error("the head stored in the database was not written by this installation")]
    HeadForged,
    /// An older head was restored, or events were added without a head.
    #[error("the head stored in the database stands at event {head}, but the trail goes on to event {trail}")]
    HeadBehind {
        /// The event at which the head is.
        head: u64,
        /// Where the trail ends.
        trail: u64,
    },
    /// A genuine head of another trail.
    #[error("the head stored in the database is not that of its {size} events")]
    HeadDiffers {
        /// How many events there are.
        size: u64,
    },
    /// The stored edge of the tree is wrong.
    #[error("the edge of the tree stored in the database is not that of its events")]
    FrontierDiffers,
    /// A row is not what the trail says, or was not when an event changed it.
    #[error("row {row} of table {table} {kind}{}", before_event(*before))]
    Row {
        /// In which table.
        table: String,
        /// Which row.
        row: i64,
        /// How it differs.
        kind: RowFault,
        /// The first event that found it so; `None` if no event has touched the row since.
        before: Option<u64>,
    },
}

/// Every row that was found to differ, the first of them listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    listed: Vec<Fault>,
    count: u64,
}

impl Faults {
    /// How many are listed; further ones are only counted. A person looks at a few and restores a backup.
    pub const LISTED: usize = 100;

    pub(crate) fn add(&mut self, fault: Fault) {
        self.count = self.count.saturating_add(1);
        if self.listed.len() < Self::LISTED {
            self.listed.push(fault);
        }
    }

    /// The faults of two parts of the rows together. As in one walk, those found by an event come first, in the order
    /// of events.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.listed.extend(other.listed);
        self.listed
            .sort_by_key(|fault| fault.sequence().unwrap_or(u64::MAX));
        self.listed.truncate(Self::LISTED);
        self.count = self.count.saturating_add(other.count);
        self
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many there are, listed or not.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The first [`Self::LISTED`] of them: those found by an event, in the order of events, then the others.
    pub fn listed(&self) -> &[Fault] {
        &self.listed
    }
}

impl fmt::Display for Faults {
    /// One line for each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.listed.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        let more = self
            .count
            .saturating_sub(u64::try_from(self.listed.len()).unwrap_or(u64::MAX));
        if more > 0 {
            write!(f, "\nand {more} more rows")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// How a row differs from what the trail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// Its content is different.
    #[error("was changed by something other than this program")]
    Changed,
    /// It does not exist.
    #[error("was removed by something other than this program")]
    Removed,
    /// The trail knows no such row.
    #[error("was inserted by something other than this program")]
    Inserted,
}

impl Fault {
    /// The place in the trail, counted from 1, where it stops being right, if the fault has one. For a truncated trail
    /// it is the place after its end.
    pub const fn sequence(&self) -> Option<u64> {
        match self {
            Self::Missing { sequence, .. }
            | Self::Emptied { sequence }
            | Self::Content { sequence }
            | Self::Moved { sequence, .. }
            | Self::Foreign { sequence }
            | Self::Unreadable { sequence, .. }
            | Self::Leaf { sequence } => Some(*sequence),
            Self::OutOfOrder { after: before, .. } | Self::Truncated { ends_at: before, .. } => {
                Some(before.saturating_add(1))
            }
            Self::Forked { size, .. } => Some(*size),
            Self::Row { before, .. } => *before,
            Self::WitnessForged { .. }
            | Self::HeadMissing
            | Self::HeadForged
            | Self::HeadBehind { .. }
            | Self::HeadDiffers { .. }
            | Self::FrontierDiffers => None,
        }
    }
}

fn before_event(sequence: Option<u64>) -> String {
    sequence
        .map(|sequence| format!(" before event {sequence}"))
        .unwrap_or_default()
}

fn when(at: Option<Timestamp>) -> String {
    at.map(|at| format!(" (on {at})")).unwrap_or_default()
}
