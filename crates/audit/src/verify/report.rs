//! What a sound trail says, and the comparison of the database's rows with it.

use std::collections::BTreeMap;

use cutis_domain::{Digest, Timestamp};

use crate::key::TrailKey;
use crate::tree::Hash;
use crate::verify::fault::{Fault, RowFault};

/// What a row's newest attestation is; nothing when it was deleted.
type Attested = Option<[u8; 32]>;

/// Collects the newest attestation per row: 32 bytes and a few, whatever the number of events.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    tables: BTreeMap<String, BTreeMap<i64, Attested>>,
}

impl Rows {
    pub(crate) fn note(&mut self, table: &str, row: i64, mac: Attested) {
        if let Some(rows) = self.tables.get_mut(table) {
            rows.insert(row, mac);
        } else {
            self.tables.entry(table.to_owned()).or_default().insert(row, mac);
        }
    }

    pub(crate) fn finish(self) -> BTreeMap<String, BTreeMap<i64, Attested>> {
        self.tables
    }
}

/// A trail without fault.
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
    pub(crate) rows: BTreeMap<String, BTreeMap<i64, Attested>>,
}

impl Report {
    /// Every row the trail has ever said something about, by table and number, with the code of
    /// its newest state; nothing for a deleted row.
    pub fn expected_rows(&self) -> impl Iterator<Item = (&str, i64, Option<&[u8; 32]>)> {
        self.rows.iter().flat_map(|(table, rows)| {
            rows.iter()
                .map(move |(row, mac)| (table.as_str(), *row, mac.as_ref()))
        })
    }

    /// Begins comparing the database's rows with the trail. Every row of every attested table has
    /// to be shown to [`RowCheck::seen`], in any order.
    pub fn check_rows(self, key: &TrailKey) -> RowCheck {
        RowCheck {
            key: key.clone(),
            rows: self.rows,
            seen: 0,
            fault: None,
        }
    }
}

/// Compares rows one by one and keeps the first fault.
#[derive(Debug)]
pub struct RowCheck {
    key: TrailKey,
    /// What has not been seen yet.
    rows: BTreeMap<String, BTreeMap<i64, Attested>>,
    seen: u64,
    fault: Option<Fault>,
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
        self.fault.get_or_insert_with(|| Fault::Row {
            table: table.to_owned(),
            row,
            kind,
        });
    }

    /// Ends the comparison and answers how many rows were seen.
    ///
    /// # Errors
    /// The first row shown that differs, else the first that should have been shown.
    pub fn finish(self) -> Result<u64, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let removed = self.rows.into_iter().find_map(|(table, rows)| {
            let row = rows.into_iter().find(|(_, mac)| mac.is_some());
            row.map(|(row, _)| Fault::Row {
                table,
                row,
                kind: RowFault::Removed,
            })
        });
        removed.map_or(Ok(self.seen), Err)
    }
}
