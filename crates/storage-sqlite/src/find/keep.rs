//! What the writer does for what is derived.

use cutis_domain::Timestamp;
use rusqlite::params;

use super::merge::Merging;
use super::tokens::Tokens;
use super::{COMPLETE, Indexed, State, VERSION};
use crate::error::{Result, failed};
use crate::ports::Ports;
use crate::sql::{find as sql, transaction};

/// How many rows may be due: each search compares them, and folding many in at once costs less for each.
pub(crate) const DUE: i64 = 32;
/// How many due rows, and how many lines with a passed appointment, are done in one transaction that waits for them.
const AT_ONCE: i64 = 256;
/// How many rows are indexed in a transaction of its own, about a hundredth of a second.
const STEP: i64 = 200;

/// How far [`settle`] got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing is left to do.
    Whole,
    /// Appointments that have passed may be left, or the index may have another part.
    InPart,
}

/// Folds in what is due and moves appointments on, in the present transaction; `changed` tells whether rows of patients
/// may have become due in it. The transaction is somebody else's, and does not depend on this: what fails here is undone,
/// and the index is built again.
pub(crate) fn settle(ports: &Ports, now: Timestamp, changed: bool, merging: &mut Merging) -> Result<Settled> {
    let due = changed && ports.count(sql::HOW_MANY_DUE, [DUE])? >= DUE.unsigned_abs();
    let overdue = overdue(ports, now)?;
    if !due && overdue.is_empty() {
        return Ok(Settled::Whole);
    }
    ports.run(transaction::MARK, [])?;
    let done = move_on(ports, &overdue, now).and_then(|()| if due { fold_in(ports) } else { Ok(0) });
    merging.folded_in(done.as_ref().copied().unwrap_or(0));
    let all = done.is_ok() && !due && i64::try_from(overdue.len()).is_ok_and(|moved| moved < AT_ONCE);
    if done.is_err() {
        // SQLite may have given up the whole transaction; then whoever it belongs to has to know.
        ports.run(transaction::UNDO, [])?;
        ports.1.guard.doubt_index();
    }
    ports.run(transaction::KEEP, [])?;
    Ok(if all { Settled::Whole } else { Settled::InPart })
}

/// Lines that the present has left behind.
fn overdue(ports: &Ports, now: Timestamp) -> Result<Vec<i64>> {
    ports.all(sql::OVERDUE, params![now.as_micros(), AT_ONCE], |row| {
        row.get(0).map_err(failed)
    })
}

fn move_on(ports: &Ports, lines: &[i64], now: Timestamp) -> Result<()> {
    for line in lines {
        ports.run(sql::MOVE_ON, params![line, now.as_micros()])?;
    }
    Ok(())
}

/// Folds in what is due, or some of it, and gives how many rows.
fn fold_in(ports: &Ports) -> Result<u64> {
    let rows = ports.all(sql::SOME_DUE, [AT_ONCE], |row| {
        row.get::<_, i64>(0).map_err(failed)
    })?;
    for row in &rows {
        ports.run(sql::FORGET, [row])?;
        if let Some(patient) = ports.one(sql::INDEXED, [row], Indexed::read)? {
            add(ports, &patient)?;
        }
        ports.run(sql::NOT_DUE, [row])?;
    }
    ports.run(sql::FLUSH, [])?;
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

fn add(ports: &Ports, patient: &Indexed) -> Result<()> {
    let tokens = Tokens::of(ports.1.guard.key(), &patient.owner);
    let document = tokens.document(&patient.stored.searched());
    ports.run(sql::ADD, params![patient.row, document]).map(drop)
}

/// Doubts an index that says that it is complete and lacks patients, or does not find the first or the last that it has.
pub(crate) fn look_at_index(ports: &Ports) -> Result<()> {
    if State::read(ports)?.indexed() != COMPLETE {
        return Ok(());
    }
    let lacks = ports.count(sql::DOCUMENTS, [])? < ports.count(sql::LINES, [])?;
    if lacks || !finds(ports, sql::FIRST_DOCUMENT)? || !finds(ports, sql::LAST_DOCUMENT)? {
        ports.1.guard.doubt_index();
    }
    Ok(())
}

/// Whether the index finds a patient by every token of theirs. One whose tokens are due to change is not asked for.
fn finds(ports: &Ports, which: &'static str) -> Result<bool> {
    let row = ports.one(which, [], |row| row.get::<_, i64>(0).map_err(failed))?;
    let Some(patient) = ports.one(sql::INDEXED, [row], Indexed::read)? else {
        return Ok(true);
    };
    if ports.one(sql::IS_DUE, [row], |_| Ok(()))?.is_some() {
        return Ok(true);
    }
    let tokens = Tokens::of(ports.1.guard.key(), &patient.owner);
    let document = tokens.document(&patient.stored.searched());
    let every: Vec<&str> = document.split_ascii_whitespace().collect();
    Ok(ports.count(sql::IS_FOUND, params![every.join(" AND "), row])? > 0)
}

/// Whether the index has to be built, or built on, or an appointment has passed.
pub(crate) fn is_unfinished(ports: &Ports, now: Timestamp) -> Result<bool> {
    let state = State::read(ports)?;
    Ok(!overdue(ports, now)?.is_empty()
        || state.grams != VERSION
        || state.upto != COMPLETE
        || ports.1.guard.doubts_index())
}

/// Moves appointments on and builds the index on, in the present transaction: from the beginning if it was made by other rules or cannot be
/// trusted; then whoever calls may trust it once that is committed. Once it is complete, nothing is left to do.
pub(crate) fn build_on(ports: &Ports, now: Timestamp) -> Result<Built> {
    move_on(ports, &overdue(ports, now)?, now)?;
    let state = State::read(ports)?;
    if state.grams == VERSION && state.upto == COMPLETE && !ports.1.guard.doubts_index() {
        return Ok(Built::On);
    }
    if state.grams != VERSION || ports.1.guard.doubts_index() {
        ports.run(sql::EMPTY, [])?;
        ports.run(sql::NONE_DUE, [])?;
        ports.run(sql::SET_GRAMS, params![VERSION, 0])?;
        return Ok(Built::Anew);
    }
    let patients = ports.all(sql::NEXT_INDEXED, params![state.upto, STEP], Indexed::read)?;
    for patient in &patients {
        // A patient who was added or changed meanwhile may be there already.
        ports.run(sql::FORGET, [patient.row])?;
        add(ports, patient)?;
        ports.run(sql::NOT_DUE, [patient.row])?;
    }
    let full = i64::try_from(patients.len()).unwrap_or(i64::MAX) >= STEP;
    let upto = patients.last().filter(|_| full).map_or(COMPLETE, |last| last.row);
    ports.run(sql::SET_GRAMS, params![VERSION, upto])?;
    Ok(Built::On)
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Built {
    /// The index was emptied, and holds nothing that is wrong.
    Anew,
    /// Some rows were indexed.
    On,
}

/// Folds every name for the order of names if that was done by other rules, or never. At opening, in one transaction:
/// an order that is half of one rule and half of another would be wrong.
pub(crate) fn fold_names(ports: &Ports) -> Result<()> {
    if State::read(ports)?.names == VERSION {
        return Ok(());
    }
    let mut after = 0;
    loop {
        let patients = ports.all(sql::NEXT_INDEXED, params![after, AT_ONCE], Indexed::read)?;
        let Some(last) = patients.last() else { break };
        after = last.row;
        for patient in &patients {
            ports.run(sql::NAME, params![patient.row, patient.stored.name_key()])?;
        }
    }
    ports.run(sql::SET_NAMES, [VERSION]).map(drop)
}

/// Whether names have to be folded at opening.
pub(crate) fn names_are_due(ports: &Ports) -> Result<bool> {
    Ok(State::read(ports)?.names != VERSION)
}
