//! What a sound trail says, and the comparison of the database's rows with it.

use std::collections::BTreeMap;

use cutis_domain::{Digest, Timestamp};

use crate::key::TrailKey;
use crate::tree::Hash;
use crate::verify::fault::{Fault, Faults, RowFault};
use crate::wire::{StoredBefore, StoredRow};

/// What a row's newest attestation is; nothing when it was deleted.
type Attested = Option<[u8; 32]>;

/// Collects the newest attestation per row: 32 bytes and a few, whatever the number of events.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    tables: BTreeMap<String, BTreeMap<i64, Attested>>,
    faults: Faults,
}

impl Rows {
    /// Takes what an event says of a row, and compares what it was with what was said last.
    pub(crate) fn note(&mut self, sequence: u64, stored: &StoredRow) {
        let StoredRow {
            table,
            row,
            before,
            after,
        } = stored;
        let rows = if let Some(rows) = self.tables.get_mut(table) {
            rows
        } else {
            self.tables.entry(table.clone()).or_default()
        };
        let last = rows.insert(*row, *after).flatten();
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
}

/// A trail without fault, and what it says of rows.
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
    /// Rows that were changed by other means than the program before an event touched them: such a
    /// change shows for good, whatever the row is now.
    pub const fn row_faults(&self) -> &Faults {
        &self.rows.faults
    }

    /// Every row the trail has ever said something about, by table and number, with the code of
    /// its newest state; nothing for a deleted row.
    pub fn expected_rows(&self) -> impl Iterator<Item = (&str, i64, Option<&[u8; 32]>)> {
        self.rows.tables.iter().flat_map(|(table, rows)| {
            rows.iter()
                .map(move |(row, mac)| (table.as_str(), *row, mac.as_ref()))
        })
    }

    /// Begins comparing the database's rows with the trail. Every row of every attested table has
    /// to be shown to [`RowCheck::seen`], in any order. Begins with the faults found so far.
    pub fn check_rows(self, key: &TrailKey) -> RowCheck {
        RowCheck {
            key: key.clone(),
            rows: self.rows.tables,
            seen: 0,
            faults: self.rows.faults,
        }
    }
}

/// Compares rows one by one and keeps every fault.
#[derive(Debug)]
pub struct RowCheck {
    key: TrailKey,
    /// What has not been seen yet.
    rows: BTreeMap<String, BTreeMap<i64, Attested>>,
    seen: u64,
    faults: Faults,
}

impl RowCheck {
    /// Shows a row that is there, with what [`crate::digest_row`] gives for it now.
    pub fn seen(&mut self, table: &str, row: i64, digest: &Digest) {
        self.seen = self.seen.saturating_add(1);
        // Taken out, so that what remains at the end has not been seen.
        let attested = self
            .rows
            .get_mut(table)
            .and_then(|rows| rows.remove(&row))
            .flatten();
        let kind = match attested {
            Some(mac) if self.key.is_attested(table, row, digest, &mac) => return,
            Some(_) => RowFault::Changed,
            None => RowFault::Inserted,
        };
        self.faults.add(now(table.to_owned(), row, kind));
    }

    /// Ends the comparison and answers how many rows were seen.
    ///
    /// # Errors
    /// The rows that an event met changed, then those shown that differ, then those that should have
    /// been shown.
    pub fn finish(mut self) -> Result<u64, Faults> {
        for (table, rows) in self.rows {
            for (row, _) in rows.into_iter().filter(|(_, mac)| mac.is_some()) {
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
