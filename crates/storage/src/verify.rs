//! `cutis audit verify`: the trail, the rows it attests and the structure around them (U4).

use cutis_audit::verify::{Faults, Part, Report, RowWalk, Verifier, Witness};
use cutis_audit::{TrailKey, wire};

use crate::Store;
use crate::backend::{Backend, Evidence, IndexRow, KeyedRow};
use crate::error::{ErrorKind, StorageError};

/// The contents of an intact database.
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
    /// changed by something other than the program, one a line (a hundred at most, and how many more).
    Broken(String),
}

/// The progress of verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Every page of the file is checked; the progress of that is not known.
    Structure,
    /// How many of all events were verified, as far as the database says.
    Events {
        /// Verified.
        done: u64,
        /// The number of all events.
        all: u64,
    },
    /// How many rows were compared.
    Rows {
        /// Compared.
        done: u64,
    },
}

/// How many events or rows pass between two reports.
const TELL_EVERY: u64 = 1 << 12;

/// How verification is done.
pub struct Manner<'m> {
    most_rows: usize,
    tell: &'m mut dyn FnMut(Progress),
}

impl std::fmt::Debug for Manner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manner")
            .field("most_rows", &self.most_rows)
            .finish_non_exhaustive()
    }
}

impl<'m> Manner<'m> {
    /// The codes of this many rows are kept at once: 56 MiB. If there are more rows, the trail is read once more for
    /// each further part.
    const MOST_ROWS: usize = 1 << 20;

    /// The usual way, with reports of progress.
    pub const fn telling(tell: &'m mut dyn FnMut(Progress)) -> Self {
        Self {
            most_rows: Self::MOST_ROWS,
            tell,
        }
    }

    /// The same, keeping this many rows at once, at least one.
    #[must_use]
    pub fn keeping(mut self, most_rows: usize) -> Self {
        self.most_rows = most_rows.max(1);
        self
    }
}

impl Store {
    /// Verifies the trail against the stored end, the heads kept outside, and every row.
    ///
    /// # Errors
    /// When the database cannot be read; a changed database is a result, not an error.
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

/// The same over a backend that was not started: for reading a database that must not be changed.
///
/// # Errors
/// As [`Store::verify_trail`].
pub fn verify_unopened(
    backend: &dyn Backend,
    key: &TrailKey,
    outside: Vec<Witness>,
) -> Result<TrailVerdict, StorageError> {
    verify_in(backend, key, outside, Manner::telling(&mut |_| {}))
}

/// The same with these options.
///
/// # Errors
/// As [`Store::verify_trail`].
pub fn verify_in(
    backend: &dyn Backend,
    key: &TrailKey,
    outside: Vec<Witness>,
    mut manner: Manner<'_>,
) -> Result<TrailVerdict, StorageError> {
    let (mut outside, mut found) = (Some(outside), None);
    backend.examine(&mut |evidence| {
        let outside = outside.take().unwrap_or_default();
        found = Some(judged(evidence, key, outside, &mut manner));
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
    judged(evidence, key, outside, &mut Manner::telling(&mut |_| {}))
}

fn judged(
    evidence: &dyn Evidence,
    key: &TrailKey,
    outside: Vec<Witness>,
    manner: &mut Manner<'_>,
) -> Result<TrailVerdict, StorageError> {
    (manner.tell)(Progress::Structure);
    // What stopped mistakes may be gone together with what it would have stopped: both are told.
    let structure = evidence.structure_fault()?;
    let rest = judged_inside(evidence, key, outside, manner);
    match (structure, rest) {
        (None, rest) => rest,
        (Some(fault), Ok(TrailVerdict::Broken(more))) => Ok(TrailVerdict::Broken(format!("{fault}\n{more}"))),
        // Where a table is missing there is nothing to read.
        (Some(fault), _) => Ok(TrailVerdict::Broken(fault)),
    }
}

/// The faults in the tables, whatever their structure is.
fn judged_inside(
    evidence: &dyn Evidence,
    key: &TrailKey,
    outside: Vec<Witness>,
    manner: &mut Manner<'_>,
) -> Result<TrailVerdict, StorageError> {
    let report = match walk(evidence, key, outside, manner)? {
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
    let rows = compare(evidence, key, report, manner)?;
    Ok(match (rows, keyed) {
        (Ok(rows), None) => TrailVerdict::Intact(TrailReport { events, rows }),
        (Ok(_), Some(keyed)) => TrailVerdict::Broken(keyed),
        (Err(faults), None) => TrailVerdict::Broken(faults.to_string()),
        (Err(faults), Some(keyed)) => TrailVerdict::Broken(format!("{faults}\n{keyed}")),
    })
}

type Compared = Result<u64, Faults>;

/// Compares every row with what the trail says about it: at once, or part by part if there are more than can be kept.
fn compare(
    evidence: &dyn Evidence,
    key: &TrailKey,
    report: Report,
    manner: &mut Manner<'_>,
) -> Result<Compared, StorageError> {
    let events = report.events;
    if report.has_rows() {
        let mut check = report.check_rows(key);
        let mut done = 0;
        evidence.attested_rows(&mut |table, row, digest| {
            check.seen(table, row, &digest);
            done += 1;
            if done % TELL_EVERY == 0 {
                (manner.tell)(Progress::Rows { done });
            }
        })?;
        return Ok(check.finish());
    }
    let mut parts = 2_u32;
    loop {
        if let Some(compared) = compare_in(evidence, key, (parts, events), manner)? {
            return Ok(compared);
        }
        parts = parts.saturating_mul(2);
    }
}

/// Compares in this many parts; `None` if one of them has more rows than can be kept.
fn compare_in(
    evidence: &dyn Evidence,
    key: &TrailKey,
    (parts, events): (u32, u64),
    manner: &mut Manner<'_>,
) -> Result<Option<Compared>, StorageError> {
    let (mut rows, mut faults) = (0_u64, Faults::default());
    for part in Part::among(parts) {
        let mut walk = RowWalk::new(part, manner.most_rows);
        let mut unreadable = None;
        evidence.leaves(&mut |stored| {
            let sequence = stored.leaf.sequence;
            if sequence % TELL_EVERY == 0 {
                (manner.tell)(Progress::Events {
                    done: sequence,
                    all: events,
                });
            }
            // Most events touch no row, and need not be read for that.
            let payload = stored.leaf.payload.unwrap_or_default();
            if payload.windows(STATE.len()).any(|part| part == STATE) {
                match wire::decode(&payload) {
                    Ok(record) => walk.note(&record),
                    Err(_) => unreadable = Some(sequence),
                }
            }
            unreadable.is_none() && walk.fits()
        })?;
        if let Some(sequence) = unreadable {
            return Err(StorageError::corrupt("trail_entry", "payload", sequence));
        }
        if !walk.fits() {
            return Ok(None);
        }
        let mut check = walk.check(key);
        evidence.attested_rows(&mut |table, row, digest| check.seen(table, row, &digest))?;
        match check.finish() {
            Ok(seen) => rows = rows.saturating_add(seen),
            Err(found) => faults = faults.and(found),
        }
    }
    Ok(Some(if faults.is_empty() { Ok(rows) } else { Err(faults) }))
}

/// The member of an event that says what it did to rows.
const STATE: &[u8] = b"\"state\"";

type Walked = Result<Report, String>;

fn walk(
    evidence: &dyn Evidence,
    key: &TrailKey,
    outside: Vec<Witness>,
    manner: &mut Manner<'_>,
) -> Result<Walked, StorageError> {
    let mut verifier = Verifier::new(key).keeping(manner.most_rows).expecting(outside);
    // For telling only: what is wrong with it is said after the events.
    let all = evidence
        .stored_tail()
        .ok()
        .flatten()
        .map_or(0, |(_, head)| head.size);
    let (mut fault, mut last_day) = (None, 0);
    evidence.leaves(&mut |stored| {
        last_day = stored.leaf.day;
        if stored.leaf.sequence % TELL_EVERY == 0 {
            let done = stored.leaf.sequence;
            (manner.tell)(Progress::Events { done, all });
        }
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

/// The rows whose own keyed digest does not match: the first of them, and how many more.
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
