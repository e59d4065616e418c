//! What an intact trail says, and the comparison of the database's rows with it.

use std::collections::BTreeMap;

use cutis_domain::{Digest, Timestamp};

use crate::key::TrailKey;
use crate::tree::Hash;
use crate::verify::fault::{Fault, Faults, RowFault};
use crate::wire::{StoredBefore, StoredRecord, StoredRow};

/// The newest attestation of a row.
type Attested = [u8; 32];

/// A fixed part of all rows: those whose table and number fall into one of several parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    number: u64,
    of: u64,
}

impl Part {
    /// Every row.
    pub const ALL: Self = Self { number: 0, of: 1 };

    /// A number of parts that together have every row exactly once.
    pub fn among(of: u32) -> impl Iterator<Item = Self> {
        let of = u64::from(of.max(1));
        (0..of).map(move |number| Self { number, of })
    }

    /// Whether a row is in it.
    pub fn has(self, table: &str, row: i64) -> bool {
        // FNV-1a. Spreads the rows that this program numbered; whoever adds rows by hand adds none to what is kept.
        let bytes = table.bytes().chain(row.to_le_bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        self.of <= 1 || (hash ^ (hash >> 32)) % self.of == self.number
    }
}

/// The newest attestation of each existing row of a part: a little more than 32 bytes each, whatever the number of
/// events, and never of more rows than allowed.
#[derive(Debug)]
pub(crate) struct Rows {
    part: Part,
    most: usize,
    held: usize,
    tables: BTreeMap<String, BTreeMap<i64, Attested>>,
    faults: Faults,
}

impl Rows {
    pub(crate) fn of(part: Part, most: usize) -> Self {
        Self {
            part,
            most,
            held: 0,
            tables: BTreeMap::new(),
            faults: Faults::default(),
        }
    }

    /// Whether there were no more rows than allowed. If there were more, the contents mean nothing.
    pub(crate) const fn fits(&self) -> bool {
        self.held <= self.most
    }

    /// Takes what an event says about a row, and compares its state before with the last recorded one.
    pub(crate) fn note(&mut self, sequence: u64, stored: &StoredRow) {
        let StoredRow {
            table,
            row,
            before,
            after,
        } = stored;
        if !self.fits() || !self.part.has(table, *row) {
            return;
        }
        let rows = if let Some(rows) = self.tables.get_mut(table) {
            rows
        } else {
            self.tables.entry(table.clone()).or_default()
        };
        let last = match after {
            Some(after) => rows.insert(*row, *after),
            None => rows.remove(row),
        };
        match (last, after) {
            (None, Some(_)) => self.held = self.held.saturating_add(1),
            (Some(_), None) => self.held = self.held.saturating_sub(1),
            (None, None) | (Some(_), Some(_)) => {}
        }
        if !self.fits() {
            self.tables.clear();
            return;
        }
        let kind = match (last, before) {
            (_, StoredBefore::Unsaid) | (None, StoredBefore::Nothing) => return,
            (Some(last), StoredBefore::Was(before)) if last == *before => return,
            (Some(_), StoredBefore::Was(_)) => RowFault::Changed,
            (Some(_), StoredBefore::Nothing) => RowFault::Removed,
            (None, StoredBefore::Was(_)) => RowFault::Inserted,
        };
        self.faults.add(Fault::Row {
            table: table.clone(),
            row: *row,
            kind,
            before: Some(sequence),
        });
    }

    fn check(self, key: &TrailKey) -> RowCheck {
        RowCheck {
            key: key.clone(),
            part: self.part,
            rows: self.tables,
            seen: 0,
            faults: self.faults,
        }
    }
}

/// Reads a verified trail again, for the rows of one part. It only takes what events say about rows: in the same
/// snapshot, the events are still verified.
#[derive(Debug)]
pub struct RowWalk(Rows);

impl RowWalk {
    /// A walk that keeps at most this many rows.
    pub fn new(part: Part, most: usize) -> Self {
        Self(Rows::of(part, most))
    }

    /// Takes what the next event says.
    pub fn note(&mut self, record: &StoredRecord) {
        for row in &record.state {
            self.0.note(record.sequence, row);
        }
    }

    /// Whether there were no more rows than can be kept. If there were, a walk over a smaller part is needed.
    pub const fn fits(&self) -> bool {
        self.0.fits()
    }

    /// As [`Report::check_rows`], for the rows of the part.
    pub fn check(self, key: &TrailKey) -> RowCheck {
        self.0.check(key)
    }
}

/// A trail without fault, and what it says about rows.
#[derive(Debug)]
pub struct Report {
    /// How many events it has.
    pub events: u64,
    /// The tree's root over them.
    pub root: Hash,
    /// The latest time among them.
    pub newest: Option<Timestamp>,
    /// How many witnesses agreed. None means that a rollback of the whole database, head included,
    /// could not have been noticed.
    pub witnesses: usize,
    pub(crate) rows: Rows,
}

impl Report {
    /// Rows that were changed by something other than the program before an event touched them: such a change remains
    /// visible permanently, whatever the row is now.
    pub const fn row_faults(&self) -> &Faults {
        &self.rows.faults
    }

    /// Every row that should exist, by table and number, with the code of its newest state.
    pub fn expected_rows(&self) -> impl Iterator<Item = (&str, i64, &[u8; 32])> {
        self.rows
            .tables
            .iter()
            .flat_map(|(table, rows)| rows.iter().map(move |(row, mac)| (table.as_str(), *row, mac)))
    }

    /// Whether the report includes what is said about rows. If there were more than allowed
    /// ([`super::Verifier::keeping`]), it does not, and a [`RowWalk`] for each of several parts is needed.
    pub const fn has_rows(&self) -> bool {
        self.rows.fits()
    }

    /// Begins comparing the database's rows with the trail. Every row of every attested table has
    /// to be shown to [`RowCheck::seen`], in any order. Begins with the faults found so far.
    pub fn check_rows(self, key: &TrailKey) -> RowCheck {
        self.rows.check(key)
    }
}

/// Compares rows one by one and keeps every fault.
#[derive(Debug)]
pub struct RowCheck {
    key: TrailKey,
    part: Part,
    /// What has not been seen yet.
    rows: BTreeMap<String, BTreeMap<i64, Attested>>,
    seen: u64,
    faults: Faults,
}

impl RowCheck {
    /// Shows an existing row, with what [`crate::digest_row`] gives for it now. A row of another part is ignored.
    pub fn seen(&mut self, table: &str, row: i64, digest: &Digest) {
        if !self.part.has(table, row) {
            return;
        }
        self.seen = self.seen.saturating_add(1);
        // Taken out, so that what remains at the end has not been seen.
        let attested = self.rows.get_mut(table).and_then(|rows| rows.remove(&row));
        let kind = match attested {
            Some(mac) if self.key.is_attested(table, row, digest, &mac) => return,
            Some(_) => RowFault::Changed,
            None => RowFault::Inserted,
        };
        self.faults.add(now(table.to_owned(), row, kind));
    }

    /// Ends the comparison and returns how many rows were seen.
    ///
    /// # Errors
    /// The rows that an event found changed, then those shown that differ, then those that should have been shown.
    pub fn finish(mut self) -> Result<u64, Faults> {
        for (table, rows) in self.rows {
            for row in rows.into_keys() {
                self.faults.add(now(table.clone(), row, RowFault::Removed));
            }
        }
        if self.faults.is_empty() {
            Ok(self.seen)
        } else {
            Err(self.faults)
        }
    }
}

/// A row that differs and that no event has touched since.
const fn now(table: String, row: i64, kind: RowFault) -> Fault {
    Fault::Row {
        table,
        row,
        kind,
        before: None,
    }
}
