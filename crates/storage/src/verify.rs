//! `cutis audit verify`: the trail, the rows it attests and the structure around them (U4).

use cutis_audit::verify::{Fault, Report, Verifier};
use cutis_audit::{Head, TrailKey, wire};

use crate::backend::{Evidence, IndexRow};
use crate::error::StorageError;
use crate::Store;

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
    /// The first bad place, in words.
    Broken(String),
}

impl Store {
    /// Verifies the trail against the stored end, the heads kept outside, and every row.
    ///
    /// # Errors
    /// When the database cannot be read; a changed one is a verdict, not an error.
    pub async fn verify_trail(&self, outside: Vec<Head>) -> Result<TrailVerdict, StorageError> {
        self.examine(move |evidence, key| verify(evidence, key, &outside)).await?
    }
}

fn verify(evidence: &dyn Evidence, key: &TrailKey, outside: &[Head]) -> Result<TrailVerdict, StorageError> {
    if let Some(fault) = evidence.structure_fault()? {
        return Ok(TrailVerdict::Broken(fault));
    }
    let (report, verifier) = match walk(evidence, key, outside)? {
        Ok(verified) => verified,
        Err(fault) => return Ok(TrailVerdict::Broken(fault)),
    };
    let strays = evidence.stray_index_rows()?;
    if strays > 0 {
        return Ok(TrailVerdict::Broken(format!("{strays} rows of the trail's index belong to no event")));
    }
    if let Some(fault) = keyed_fault(evidence, key)? {
        return Ok(TrailVerdict::Broken(fault));
    }
    let mut expected = verifier.into_expected_rows();
    let (mut rows, mut fault) = (0_u64, None);
    evidence.attested_rows(&mut |table, row, digest| {
        rows = rows.saturating_add(1);
        let attested = expected.remove(table, row);
        if fault.is_none() && attested != Some(digest) {
            let what = if attested.is_some() { "was changed" } else { "was added" };
            fault = Some(format!("row {row} of table {table} {what} by something other than this program"));
        }
    })?;
    let fault = fault.or_else(|| {
        expected.first().map(|(table, row)| {
            format!("row {row} of table {table} was removed by something other than this program")
        })
    });
    Ok(fault.map_or(TrailVerdict::Intact(TrailReport { events: report.events, rows }), TrailVerdict::Broken))
}

type Walked = Result<(Report, Verifier), String>;

fn walk(evidence: &dyn Evidence, key: &TrailKey, outside: &[Head]) -> Result<Walked, StorageError> {
    let mut verifier = Verifier::new(key);
    let mut fault: Option<String> = None;
    evidence.entries(&mut |stored| {
        let sequence = stored.entry.sequence;
        if let Err(found) = verifier.push(&stored.entry) {
            fault = Some(found.to_string());
        } else if let Some(Ok(record)) = stored.entry.payload.as_deref().map(wire::decode) {
            if stored.index.as_ref() != Some(&IndexRow::of(&record)) {
                fault = Some(format!("event {sequence}: its searchable columns do not say what the event says"));
            }
        }
        fault.is_none()
    })?;
    if let Some(fault) = fault {
        return Ok(Err(fault));
    }
    let stored = evidence.stored_tail()?;
    let finished: Result<Report, Fault> =
        verifier.finish(stored.as_ref().map(|(tail, head)| (&tail.frontier, head)), outside);
    let last_day = verifier.last_day();
    Ok(match finished {
        Ok(_) if stored.as_ref().is_some_and(|(tail, _)| tail.last_day != last_day) => {
            Err("the stored end of the trail names another day than its newest event".to_owned())
        }
        Ok(report) => Ok((report, verifier)),
        Err(found) => Err(found.to_string()),
    })
}

fn keyed_fault(evidence: &dyn Evidence, key: &TrailKey) -> Result<Option<String>, StorageError> {
    let mut fault = None;
    evidence.keyed_rows(&mut |row| {
        if fault.is_none() && key.row_mac(row.table, row.row, &row.content) != row.mac {
            fault = Some(format!(
                "row {} of table {} was changed by something other than this program",
                row.row, row.table
            ));
        }
    })?;
    Ok(fault)
}
