//! The write side: one transaction at a time, each unit a savepoint in it.

use std::sync::Arc;

use cutis_audit::compact::{self, Surroundings};
use cutis_audit::{Class, Frontier, Head, Leaf, RowState, head};
use cutis_domain::{PatientId, Timestamp};
use cutis_storage::backend::{IndexRow, Tail};
use cutis_storage::{ErrorKind, Mismatch, StorageError, Transaction, Writer};
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::attested::Touched;
use crate::error::{Result, failed, message, wrote_nothing};
use crate::evidence::PATIENT;
use crate::find::keep::{self, Built, Settled};
use crate::find::merge::Merging;
use crate::full;
use crate::guard::Guard;
use crate::ports::{Held, Ports, Watch, stored};
use crate::readers::{Newness, Readers};
use crate::sql::{evidence, pragmas, trail, transaction};
use crate::structure;
use crate::surroundings::Known;

/// The one connection that writes.
pub(crate) struct SqliteWriter {
    ports: Ports,
    touched: Touched,
    /// SQLite's mark of other connections' writes when it was last read.
    others: Option<i64>,
    /// The end of the trail as this writer knows it: its last commit, and what the current group adds.
    end: Option<[u8; 32]>,
    grown: Option<Grown>,
    /// The tail that this writer's last commit left, while nobody else has written since.
    tail: Option<Tail>,
    /// Whether the current group changed a row that the trail attests.
    changed: bool,
    /// Whether nothing was left to do when it was last looked: no index to build or to merge, no passed appointment.
    at_rest: bool,
    merging: Merging,
    /// Whether the transaction may only append to the trail.
    trail_only: bool,
    /// How the current unit is undone.
    mark: Mark,
    surroundings: Known,
    readers: Arc<Readers>,
    /// Commits until the log is looked at.
    until_log: u32,
}

/// After so many commits it is looked at how long the log is.
const LOOK_AT_LOG_EVERY: u32 = 16;

/// What the current group adds to the trail.
struct Grown {
    end: [u8; 32],
    tail: Tail,
}

/// How a unit is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The transaction holds nothing but the unit, and is given up with it. A savepoint would copy every page that the
    /// unit changes, and most groups have only one unit.
    Transaction,
    /// Units before it are kept: back to its savepoint.
    Savepoint,
}

impl SqliteWriter {
    pub(crate) fn new(connection: Connection, guard: &Arc<Guard>, readers: &Arc<Readers>) -> Result<Self> {
        let touched = Touched::watch(guard, &connection)?;
        let watch = Watch {
            guard: Arc::clone(guard),
            touched: Some(touched.clone()),
            newness: Newness::Newest,
        };
        let ports = Ports(Held::Own(connection), watch);
        // An index that cannot even be counted is doubted as well.
        if keep::look_at_index(&ports).is_err() {
            guard.doubt_index();
        }
        Ok(Self {
            ports,
            touched,
            others: None,
            end: None,
            grown: None,
            tail: None,
            changed: false,
            at_rest: false,
            merging: Merging::unknown(),
            trail_only: false,
            mark: Mark::Transaction,
            surroundings: Known::default(),
            readers: Arc::clone(readers),
            until_log: 0,
        })
    }

    fn number(&self, sql: &'static str) -> Result<Option<i64>> {
        self.ports.one(sql, [], |row| row.get(0).map_err(failed))
    }

    /// Checks what others may have done since the last group, if any other connection wrote.
    fn look_around(&mut self) -> Result<()> {
        let others = self.number(evidence::DATA_VERSION)?;
        if others.is_some() && others == self.others {
            return Ok(());
        }
        self.readers.changed();
        self.surroundings.forget();
        self.touched.doubt_settings();
        self.tail = None;
        self.at_rest = false;
        // A trigger of somebody else's would do its work inside ours, and the trail would attest it. What can do nothing
        // there, such as an index made for a report, is told and stops nobody.
        let (found, guard) = (structure::schema_fault(&self.ports)?, &self.ports.1.guard);
        let version = structure::version(&self.ports)?;
        guard.compared(version, found.clone().filter(Mismatch::stops_changes));
        match found {
            None => {}
            Some(mismatch) if mismatch.stops_changes() => return Err(guard.raise(mismatch)),
            Some(idle) => guard.alarms().raise(idle),
        }
        let end = self
            .ports
            .one(trail::END, [], |row| row.get::<_, [u8; 32]>(1).map_err(failed))?;
        if end != self.end {
            self.touched.forget();
            self.end = end;
        }
        self.others = others;
        Ok(())
    }

    /// Begins the transaction, or begins it again.
    fn start(&mut self) -> Result<()> {
        self.touched.rollback();
        self.touched.take_beyond_trail();
        self.grown = None;
        self.changed = false;
        self.mark = Mark::Transaction;
        // Temporary triggers always run, those of the file only where their work is looked at.
        self.triggers(!self.trail_only)?;
        self.ports.control(transaction::BEGIN_WRITING, [])?;
        if self.trail_only {
            // Its end becomes ours, and with it what another process may have written before.
            self.touched.forget();
            self.surroundings.forget();
            self.tail = None;
            return Ok(());
        }
        self.look_around().inspect_err(|_| self.rollback())
    }

    /// Has readers keep nothing while the log is long, so that it can be begun again.
    fn look_at_log(&mut self) {
        self.until_log = self.until_log.saturating_sub(1);
        if self.until_log > 0 && self.readers.may_keep() {
            return;
        }
        self.until_log = LOOK_AT_LOG_EVERY;
        let frames = self
            .ports
            .0
            .prepare_cached(pragmas::LOOK_AT_LOG)
            .and_then(|mut look| look.query_row([], |row| row.get::<_, i64>(1)));
        // Where it cannot be told how long it is, it may be long.
        self.readers
            .allow(frames.is_ok_and(|frames| frames < pragmas::LONG_LOG));
    }

    /// Merges parts of the index, if there are many; then there may be more to do.
    fn merge(&mut self) -> Result<bool> {
        let due = self.merging.is_due(&self.ports);
        self.at_rest = !matches!(due, Ok(true));
        if self.at_rest || self.begin().is_err() {
            return Ok(false);
        }
        if let Err(error) = self.merging.step(&self.ports) {
            self.rollback();
            self.merging.give_up();
            // A search may have met the same.
            if error.kind() == ErrorKind::Corrupt {
                self.ports.1.guard.doubt_index();
            }
            return Ok(false);
        }
        let done = self.commit_tended()?;
        if !done {
            self.merging.give_up();
        }
        Ok(done)
    }

    /// Commits what nobody waits for. False where there was no room for it: that stops nothing.
    fn commit_tended(&mut self) -> Result<bool> {
        let Err(error) = self.commit() else {
            return Ok(true);
        };
        self.rollback();
        let error = self.judge(error);
        if error.kind() == ErrorKind::Full {
            Ok(false)
        } else {
            Err(error)
        }
    }

    fn triggers(&self, run: bool) -> Result<()> {
        self.ports
            .0
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, run)
            .map(drop)
            .map_err(failed)
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        // Best effort: readers may still hold the log, and then the next start empties it.
        self.readers.end_all();
        drop(self.ports.0.query_row(pragmas::EMPTY_LOG, [], |_| Ok(())));
    }
}

impl Writer for SqliteWriter {
    fn begin(&mut self) -> Result<()> {
        self.trail_only = false;
        self.start()
    }

    fn begin_trail_only(&mut self) -> Result<()> {
        self.trail_only = true;
        self.start()
    }

    fn settle(&mut self, now: Timestamp) -> Result<()> {
        // No trigger runs in a transaction of the trail alone, and nothing that could be settled was done.
        if self.trail_only {
            return Ok(());
        }
        if keep::settle(&self.ports, now, self.changed, &mut self.merging)? == Settled::InPart {
            self.at_rest = false;
        }
        Ok(())
    }

    fn tend(&mut self, now: Timestamp) -> Result<bool> {
        // Each group settles what it leaves behind, so that nothing has to be looked for after every one of them.
        if self.at_rest && !self.ports.1.guard.doubts_index() {
            return Ok(false);
        }
        let unfinished = keep::is_unfinished(&self.ports, now);
        if matches!(unfinished, Ok(false)) {
            return self.merge();
        }
        self.at_rest = false;
        if unfinished.is_err() || self.begin().is_err() {
            return Ok(false);
        }
        self.merging = Merging::unknown();
        let Ok(built) = keep::build_on(&self.ports, now) else {
            self.rollback();
            return Ok(false);
        };
        let done = self.commit_tended()?;
        if done && built == Built::Anew {
            self.ports.1.guard.trust_index();
        }
        Ok(done)
    }

    fn commit(&mut self) -> Result<()> {
        let committed = self.ports.run(transaction::COMMIT, []);
        // Whether a commit that failed changed anything, nobody knows; and in one of the trail alone, nobody looked around.
        if self.touched.take_beyond_trail() || self.trail_only || committed.is_err() {
            self.readers.changed();
        } else {
            self.readers.grown();
        }
        if committed.is_err() {
            self.surroundings.forget();
        }
        committed?;
        if let Some(grown) = self.grown.take() {
            self.end = Some(grown.end);
            self.touched.commit(grown.tail.frontier.size());
            self.tail = Some(grown.tail);
        } else {
            // Without an event no attested row was touched.
            self.touched.rollback();
        }
        self.look_at_log();
        Ok(())
    }

    fn rollback(&mut self) {
        self.surroundings.forget();
        self.touched.rollback();
        self.grown = None;
        self.tail = None;
        // Only fails when there is nothing to give up.
        drop(self.ports.control(transaction::ROLLBACK, []));
    }

    fn judge(&self, error: StorageError) -> StorageError {
        if error.kind() == ErrorKind::Unavailable
            && wrote_nothing(&error)
            && self.ports.0.path().is_some_and(full::is_full)
        {
            return StorageError::caused(ErrorKind::Full, message(ErrorKind::Full), error);
        }
        error
    }

    fn mark(&mut self) -> Result<()> {
        self.touched.mark();
        match self.mark {
            Mark::Transaction => self.ports.in_transaction(),
            Mark::Savepoint => self.ports.run(transaction::MARK, []).map(|_| ()),
        }
    }

    fn keep(&mut self) -> Result<()> {
        match self.mark {
            Mark::Transaction => self.ports.in_transaction()?,
            Mark::Savepoint => self.ports.run(transaction::KEEP, []).map(|_| ())?,
        }
        self.mark = Mark::Savepoint;
        self.touched.keep();
        Ok(())
    }

    fn undo(&mut self) -> Result<()> {
        // One that SQLite gave up by itself found no room, which the whole group has to hear.
        self.ports.in_transaction()?;
        match self.mark {
            Mark::Transaction => {
                self.rollback();
                self.start()
            }
            Mark::Savepoint => {
                self.touched.mark();
                self.ports.run(transaction::UNDO, [])?;
                self.touched.mark();
                self.ports.run(transaction::KEEP, []).map(|_| ())
            }
        }
    }

    fn transaction(&mut self) -> &mut dyn Transaction {
        &mut self.ports
    }

    fn touched(&mut self) -> Result<Vec<RowState>> {
        let states = self.touched.states(&self.ports.0)?;
        self.changed |= !states.is_empty();
        Ok(states)
    }

    fn tail(&mut self) -> Result<Tail> {
        if let Some(tail) = &self.tail {
            return Ok(tail.clone());
        }
        let newest = self.ports.count(trail::NEWEST, [])?;
        let key = self.ports.1.guard.key();
        match self.ports.tail()? {
            // Only an end of ours is continued: its code, and the tree's edge that it is the root of.
            Some((tail, stored)) if tail.frontier.size() == newest && stored == head(key, &tail.frontier) => {
                Ok(tail)
            }
            None if newest == 0 => Ok(Tail {
                frontier: Frontier::new(),
                last_day: 0,
            }),
            _ => Err(StorageError::new(
                ErrorKind::Corrupt,
                "the end of the trail does not fit its events; run `cutis audit verify` and restore a backup",
            )),
        }
    }

    fn append(&mut self, leaf: &Leaf, index: &IndexRow) -> Result<()> {
        let seq = stored(leaf.sequence, "a sequence number")?;
        let payload = leaf.payload.as_deref();
        let surroundings = payload.and_then(Surroundings::of);
        let kept = payload.map(|payload| compact::compacted(payload, surroundings.as_ref()));
        let surroundings = match &surroundings {
            Some(surroundings) => Some(self.surroundings.number_of(surroundings, &self.ports)?),
            None => None,
        };
        self.ports.run(
            trail::APPEND,
            params![
                seq,
                leaf.class,
                leaf.day,
                leaf.commit,
                leaf.mac,
                leaf.salt,
                kept,
                surroundings
            ],
        )?;
        let (target_kind, target_id) = index.target.as_ref().map(|(kind, id)| (kind, id)).unzip();
        // The patient of the next column is not said twice.
        let target_id = target_id.filter(|id| {
            index.patient.as_ref() != Some(*id) || target_kind.is_none_or(|kind| kind != PATIENT)
        });
        self.ports.run(
            trail::APPEND_INDEX,
            params![
                stored(index.sequence, "a sequence number")?,
                Timestamp::parse(&index.at).map_err(|_| unfit())?.as_micros(),
                index.actor.as_deref().map(id_bytes).transpose()?,
                index.action,
                index.outcome,
                target_kind,
                target_id.map(|id| word_or_id(id)),
                index.patient.as_deref().map(id_bytes).transpose()?,
                index.address,
                Class::from_number(leaf.class).is_some_and(Class::is_security),
            ],
        )?;
        Ok(())
    }

    fn set_tail(&mut self, tail: &Tail, head: &Head) -> Result<()> {
        let values = params![
            tail.frontier.to_bytes(),
            tail.last_day,
            stored(head.size, "the trail's size")?,
            head.root,
            head.mac
        ];
        if self.ports.run(trail::MOVE_TAIL, values)? == 0 {
            self.ports.run(trail::FIRST_TAIL, values)?;
        }
        self.grown = Some(Grown {
            end: head.mac,
            tail: tail.clone(),
        });
        Ok(())
    }
}

fn unfit() -> StorageError {
    StorageError::new(ErrorKind::Conflict, "an event has no valid id or time")
}

fn id_bytes(id: &str) -> Result<[u8; 16]> {
    // Ids of every kind are written alike.
    let id: PatientId = id.parse().map_err(|_| unfit())?;
    Ok(*id.as_bytes())
}

/// An id as its bytes, and a word as itself.
fn word_or_id(text: &str) -> Value {
    id_bytes(text).map_or_else(|_| Value::Text(text.to_owned()), |id| Value::Blob(id.to_vec()))
}

#[cfg(test)]
mod tests;
