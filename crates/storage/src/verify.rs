//! `cutis audit verify`: the trail, the rows it attests and the structure around them (U4).

use cutis_audit::TrailKey;
use cutis_audit::verify::{Faults, Report, Verifier, Witness};

use crate::Store;
use crate::backend::{Backend, Evidence, IndexRow, KeyedRow};
use crate::error::{ErrorKind, StorageError};

/// What an intact database was found to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailReport {
    /// Events in the trail.
    pub events: u64,
    /// Rows outside the trail that were compared with what the trail attests.
    pub rows: u64,
}

/// What verification found.
#[derive(Debug)]
pub enum TrailVerdict {
    /// Nothing was changed.
    Intact(TrailReport),
    /// What is wrong, in words: the first bad place of the trail or the database, or every row that was
    /// changed by other means than the program, one a line (a hundred at most, and how many more).
    Broken(String),
}

impl Store {
    /// Verifies the trail against the stored end, the heads kept outside, and every row.
    ///
    /// # Errors
    /// When the database cannot be read; a changed one is a verdict, not an error.
    pub async fn verify_trail(&self, outside: Vec<Witness>) -> Result<TrailVerdict, StorageError> {
        match self
            .examine(move |evidence, key| verdict(evidence, key, outside))
            .await?
        {
            // A row that makes no sense names its place as well as any other fault.
            Err(error) if error.kind() == ErrorKind::Corrupt => Ok(TrailVerdict::Broken(error.to_string())),
            verdict => verdict,
        }
    }
}

/// The same over a backend that was not started: for looking at a database that nothing may change.
///
/// # Errors
/// As [`Store::verify_trail`].
pub fn verify_unopened(
    backend: &dyn Backend,
    key: &TrailKey,
    outside: Vec<Witness>,
) -> Result<TrailVerdict, StorageError> {
    let (mut outside, mut found) = (Some(outside), None);
    backend.examine(&mut |evidence| {
        found = Some(verdict(evidence, key, outside.take().unwrap_or_default()));
    })?;
    match found {
        Some(Err(error)) if error.kind() == ErrorKind::Corrupt => Ok(TrailVerdict::Broken(error.to_string())),
        Some(verdict) => verdict,
        None => Err(StorageError::new(
            ErrorKind::Unavailable,
            "the database provided no snapshot",
        )),
    }
}

/// What verification finds in a snapshot; [`Store::verify_trail`] over one of its own.
///
/// # Errors
/// When the database cannot be read.
pub fn verdict(
    evidence: &dyn Evidence,
    key: &TrailKey,
    outside: Vec<Witness>,
) -> Result<TrailVerdict, StorageError> {
    if let Some(fault) = evidence.structure_fault()? {
        return Ok(TrailVerdict::Broken(fault));
    }
    let report = match walk(evidence, key, outside)? {
        Ok(report) => report,
        Err(fault) => return Ok(TrailVerdict::Broken(fault)),
    };
    let strays = evidence.stray_index_rows()?;
    if strays > 0 {
        return Ok(TrailVerdict::Broken(format!(
            "{strays} rows of the trail's index belong to no event"
        )));
    }
    let keyed = keyed_faults(evidence, key)?;
    let events = report.events;
    let mut rows = report.check_rows(key);
    evidence.attested_rows(&mut |table, row, digest| rows.seen(table, row, &digest))?;
    let rows = rows.finish();
    Ok(match (rows, keyed) {
        (Ok(rows), None) => TrailVerdict::Intact(TrailReport { events, rows }),
        (Ok(_), Some(keyed)) => TrailVerdict::Broken(keyed),
        (Err(faults), None) => TrailVerdict::Broken(faults.to_string()),
        (Err(faults), Some(keyed)) => TrailVerdict::Broken(format!("{faults}\n{keyed}")),
    })
}

type Walked = Result<Report, String>;

fn walk(evidence: &dyn Evidence, key: &TrailKey, outside: Vec<Witness>) -> Result<Walked, StorageError> {
    let mut verifier = Verifier::new(key).expecting(outside);
    let (mut fault, mut last_day) = (None, 0);
    evidence.leaves(&mut |stored| {
        last_day = stored.leaf.day;
        match verifier.push(&stored.leaf) {
            Err(found) => fault = Some(found.to_string()),
            Ok(record) if stored.index.as_ref() != Some(&IndexRow::of(&record)) => {
                let sequence = stored.leaf.sequence;
                fault = Some(format!(
                    "event {sequence}: its searchable columns do not say what the event says"
                ));
            }
            Ok(_) => {}
        }
        fault.is_none()
    })?;
    if let Some(fault) = fault {
        return Ok(Err(fault));
    }
    let stored = evidence.stored_tail()?;
    if stored.as_ref().is_some_and(|(tail, _)| tail.last_day != last_day) {
        return Ok(Err(
            "the stored end of the trail has a different day than its newest event".to_owned(),
        ));
    }
    let (head, frontier) = (
        stored.as_ref().map(|(_, head)| head),
        stored.as_ref().map(|(tail, _)| &tail.frontier),
    );
    Ok(verifier.finish(head, frontier).map_err(|fault| fault.to_string()))
}

/// The rows whose own keyed digest is not theirs: the first of them, and how many more.
fn keyed_faults(evidence: &dyn Evidence, key: &TrailKey) -> Result<Option<String>, StorageError> {
    let (mut listed, mut count) = (Vec::new(), 0_usize);
    evidence.keyed_rows(&mut |row| {
        let KeyedRow {
            table,
            row,
            content,
            mac,
        } = row;
        if !mac.is_some_and(|mac| key.row_is_ours(table, row, &content, &mac)) {
            count = count.saturating_add(1);
            if listed.len() < Faults::LISTED {
                listed.push(format!(
                    "row {row} of table {table} does not carry this program's code"
                ));
            }
        }
    })?;
    let more = count.saturating_sub(listed.len());
    if more > 0 {
        listed.push(format!("and {more} more rows"));
    }
    Ok((count > 0).then(|| listed.join("\n")))
}
