//! `cutis audit verify`: the trail, the rows it attests and the structure around them (U4).

use cutis_audit::TrailKey;
use cutis_audit::verify::{Report, Verifier, Witness};

use crate::Store;
use crate::backend::{Evidence, IndexRow};
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
            .examine(move |evidence, key| verify(evidence, key, outside))
            .await?
        {
            // A row that makes no sense names its place as well as any other fault.
            Err(error) if error.kind() == ErrorKind::Corrupt => Ok(TrailVerdict::Broken(error.to_string())),
            verdict => verdict,
        }
    }
}

fn verify(
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
    if let Some(fault) = keyed_fault(evidence, key)? {
        return Ok(TrailVerdict::Broken(fault));
    }
    let events = report.events;
    let mut rows = report.check_rows(key);
    evidence.attested_rows(&mut |table, row, digest| rows.seen(table, row, &digest))?;
    Ok(match rows.finish() {
        Ok(rows) => TrailVerdict::Intact(TrailReport { events, rows }),
        Err(fault) => TrailVerdict::Broken(fault.to_string()),
    })
}

type Walked = Result<Report, String>;

fn walk(evidence: &dyn Evidence, key: &TrailKey, outside: Vec<Witness>) -> Result<Walked, StorageError> {
    let mut verifier = Verifier::new(key).expecting(outside);
    let (mut fault, mut last_day) = (None, 0);
    evidence.entries(&mut |stored| {
        last_day = stored.entry.day;
        match verifier.push(&stored.entry) {
            Err(found) => fault = Some(found.to_string()),
            Ok(record) if stored.index.as_ref() != Some(&IndexRow::of(&record)) => {
                let sequence = stored.entry.sequence;
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
            "the stored end of the trail names another day than its newest event".to_owned(),
        ));
    }
    let (head, frontier) = (
        stored.as_ref().map(|(_, head)| head),
        stored.as_ref().map(|(tail, _)| &tail.frontier),
    );
    Ok(verifier.finish(head, frontier).map_err(|fault| fault.to_string()))
}

fn keyed_fault(evidence: &dyn Evidence, key: &TrailKey) -> Result<Option<String>, StorageError> {
    let mut fault = None;
    evidence.keyed_rows(&mut |row| {
        if fault.is_none() && !key.row_is_ours(row.table, row.row, &row.content, &row.mac) {
            fault = Some(format!(
                "row {} of table {} was changed by something other than this program",
                row.row, row.table
            ));
        }
    })?;
    Ok(fault)
}
