//! The writer thread: group commit, each unit under its own mark, each with its events (U3, G5, G7).

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, OnceLock};

use cutis_audit::{AuditLevel, Audited, Denial, Event, Frontier, Head, Record, RowState, TrailKey, seal};
use cutis_domain::entropy::{self, Entropy, Purpose};
use cutis_domain::{Caller, Clock};
use tokio::sync::{broadcast, mpsc};

use crate::backend::{Backend, IndexRow, Tail, Writer};
use crate::committed::Committed;
use crate::error::{ErrorKind, Result, StorageError};
use crate::integrity::{Alarms, Mismatch, Told};
use crate::level::level_of;
use crate::standing::{Beginnings, Trail};
use crate::{Room, SystemUnit, Touch, Transaction};

/// The maximum number of units that share one commit.
const GROUP: usize = 64;

/// Is told the trail's end after each commit, and keeps it outside the database (U4).
pub trait Witness: Send {
    /// Notes that the trail ends here. Best effort: leaves are authenticated by themselves, and a witness that lags
    /// behind only makes a rollback harder to notice. It replaces what it already has only if `trail` begins with that.
    fn note(&mut self, head: &Head, trail: &dyn Beginnings);
}

/// What runs in a group; if the group could not begin, it is only told why.
pub(crate) type Job = Box<dyn FnOnce(std::result::Result<&mut Group<'_>, &StorageError>) -> Answer + Send>;
/// Called once the group has been committed or has failed, with the error if it failed.
pub(crate) type Answer = Box<dyn FnOnce(Option<&StorageError>)>;

/// The state of the writer thread.
pub(crate) struct Keeper {
    pub(crate) key: TrailKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) witness: Box<dyn Witness>,
    pub(crate) room: Arc<dyn Room>,
    pub(crate) on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
    pub(crate) on_integrity: Box<dyn Fn(&Mismatch) + Send>,
    pub(crate) alarms: Option<Arc<Alarms>>,
    pub(crate) told: Told,
    /// For reading the trail as it was committed.
    pub(crate) backend: Arc<dyn Backend>,
    /// Set when something outside the database failed, so that nothing may be confirmed any more.
    pub(crate) halted: Arc<OnceLock<String>>,
    /// Where changes are told once they are durable.
    pub(crate) committed: broadcast::Sender<Arc<[Committed]>>,
}

impl Keeper {
    fn refuse_when_halted(&self) -> Result<()> {
        match self.halted.get() {
            Some(why) => Err(StorageError::new(ErrorKind::Unavailable, why.clone())),
            None => Ok(()),
        }
    }
}

/// Runs until every sender is gone, or until the disk can no longer be trusted.
pub(crate) fn run(mut writer: Box<dyn Writer>, mut keeper: Keeper, mut queue: mpsc::Receiver<Job>) {
    let mut edge = None;
    // Whether something may be left to do while nothing waits.
    let mut unfinished = true;
    loop {
        let first = match queue.try_recv() {
            Ok(job) => job,
            Err(mpsc::error::TryRecvError::Disconnected) => return,
            Err(mpsc::error::TryRecvError::Empty) if unfinished => {
                match writer.tend(keeper.clock.now()) {
                    Ok(did) => unfinished = did,
                    Err(error) if is_fatal(&error) => {
                        queue.close();
                        (keeper.on_fatal)(&error);
                        return;
                    }
                    Err(_) => unfinished = false,
                }
                continue;
            }
            Err(mpsc::error::TryRecvError::Empty) => match queue.blocking_recv() {
                Some(job) => job,
                None => return,
            },
        };
        unfinished = true;
        let mut jobs = vec![first];
        while jobs.len() < GROUP {
            match queue.try_recv() {
                Ok(job) => jobs.push(job),
                Err(_) => break,
            }
        }
        keeper.room.make_way();
        let (answers, outcome) = run_group(writer.as_mut(), &keeper, jobs);
        let told = tell(writer.as_mut(), &mut keeper);
        let outcome = outcome.and_then(|head| told.map(|later| later.or(head)));
        match outcome {
            Ok(end) => {
                if let Some((head, frontier)) = end {
                    let trail = Trail::new(keeper.backend.as_ref(), &keeper.key, edge.as_ref());
                    keeper.witness.note(&head, &trail);
                    edge = Some(frontier);
                }
                for answer in answers {
                    answer(None);
                }
            }
            Err(error) => {
                let error = writer.judge(error);
                if error.kind() == ErrorKind::Full {
                    // Before the answers, so that whoever is refused finds the notice.
                    keeper.room.found_none();
                }
                for answer in answers {
                    answer(Some(&error));
                }
                if is_fatal(&error) {
                    queue.close();
                    (keeper.on_fatal)(&error);
                    return;
                }
            }
        }
    }
}

/// After a failed sync nobody knows what the disk holds: stop acknowledging at once.
fn is_fatal(error: &StorageError) -> bool {
    matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Unavailable)
}

/// Where a group left the trail.
type End = Option<(Head, Frontier)>;

fn run_group(writer: &mut dyn Writer, keeper: &Keeper, jobs: Vec<Job>) -> (Vec<Answer>, Result<End>) {
    if let Err(error) = writer.begin() {
        let answers = jobs.into_iter().map(|job| job(Err(&error))).collect();
        return (answers, Err(error));
    }
    let mut group = Group::new(writer, keeper);
    let answers: Vec<Answer> = jobs.into_iter().map(|job| job(Ok(&mut group))).collect();
    let changed_common = group.changed_common;
    let committed = std::mem::take(&mut group.committed);
    let outcome = keeper.refuse_when_halted().and_then(|()| group.finish());
    let outcome = outcome.and_then(|head| writer.settle(keeper.clock.now()).map(|()| head));
    let outcome = outcome.and_then(|head| writer.commit().map(|()| head));
    if outcome.is_err() {
        writer.rollback();
    }
    if changed_common {
        // After the commit, so that whoever finds the new version reads the new rows; before the answers, so that what was
        // acknowledged holds at once.
        keeper.backend.changed_common();
    }
    if outcome.is_ok() && !committed.is_empty() {
        // Nobody may be listening.
        drop(keeper.committed.send(committed.into()));
    }
    (answers, outcome)
}

/// Reports what was found changed by something else, and records it in a separate transaction, because the operation
/// that found it was refused. Fails only when the disk can no longer be trusted.
fn tell(writer: &mut dyn Writer, keeper: &mut Keeper) -> Result<End> {
    let Some(alarms) = keeper.alarms.as_ref().filter(|alarms| alarms.pending()) else {
        return Ok(None);
    };
    let due = keeper.told.due(alarms.take(), keeper.clock.now());
    for mismatch in &due {
        (keeper.on_integrity)(mismatch);
    }
    if due.is_empty() {
        return Ok(None);
    }
    let events = due.iter().map(Mismatch::event).collect();
    let begun = match writer.begin() {
        Err(error) if error.kind() == ErrorKind::Tampered => writer.begin_trail_only(),
        begun => begun,
    };
    if begun.is_err() {
        return Ok(None);
    }
    let mut group = Group::new(writer, keeper);
    let recorded = group.record(&Caller::system(), events);
    let Ok(head) = recorded.and_then(|()| group.finish()) else {
        writer.rollback();
        return Ok(None);
    };
    match writer.commit() {
        Ok(()) => Ok(head),
        Err(error) => {
            writer.rollback();
            match error.kind() {
                ErrorKind::Corrupt | ErrorKind::Unavailable => Err(error),
                ErrorKind::Busy | ErrorKind::Conflict | ErrorKind::Full | ErrorKind::Tampered => Ok(None),
            }
        }
    }
}

/// One transaction that several units share.
pub(crate) struct Group<'g> {
    writer: &'g mut dyn Writer,
    keeper: &'g Keeper,
    /// Where the trail stands, once a leaf was added.
    tail: Option<Tail>,
    /// Its state when the present unit began, in case that is undone.
    marked_tail: Option<Tail>,
    /// What the trail records; read before a unit's own work can change it.
    level: Option<AuditLevel>,
    /// Set when a unit could not be undone: then nothing of the group may be committed.
    broken: Option<StorageError>,
    /// Whether a unit had the ports that change what has no clinical content.
    changed_common: bool,
    /// What was changed, to be told once it is durable.
    committed: Vec<Committed>,
    /// How many of these there were when the present unit began.
    marked_committed: usize,
}

impl<'g> Group<'g> {
    fn new(writer: &'g mut dyn Writer, keeper: &'g Keeper) -> Self {
        Self {
            writer,
            keeper,
            tail: None,
            marked_tail: None,
            level: None,
            broken: None,
            changed_common: false,
            committed: Vec::new(),
            marked_committed: 0,
        }
    }

    /// Runs one unit: its changes, their events and the digests of the rows they touched are kept
    /// together or undone together. A refusal is recorded after its changes are undone (G7).
    pub(crate) fn attempt<T, E>(
        &mut self,
        caller: &Caller,
        work: impl FnOnce(&mut dyn Transaction) -> std::result::Result<Audited<T>, E>,
    ) -> std::result::Result<T, E>
    where
        E: From<StorageError> + Denial,
    {
        self.mark()?;
        let done = catch_unwind(AssertUnwindSafe(|| work(self.writer.transaction())));
        match done {
            Ok(Ok(audited)) => {
                let (value, events) = audited.into_parts();
                match self.record_and_keep(caller, events) {
                    Ok(()) => Ok(value),
                    Err(error) => {
                        self.undo();
                        Err(error.into())
                    }
                }
            }
            Ok(Err(error)) => {
                self.undo();
                if let Some(event) = error.denial() {
                    self.record(caller, vec![event])?;
                }
                Err(error)
            }
            Err(panic) => {
                self.undo();
                resume_unwind(panic)
            }
        }
    }

    /// Records events that describe no change: views and refusals.
    pub(crate) fn record(&mut self, caller: &Caller, events: Vec<Event>) -> Result<()> {
        self.mark()?;
        let recorded = self.record_and_keep(caller, events);
        if recorded.is_err() {
            self.undo();
        }
        recorded
    }

    /// The same for a unit over what has no clinical content.
    pub(crate) fn attempt_common<T, E>(
        &mut self,
        caller: &Caller,
        work: impl FnOnce(&mut SystemUnit<'_>) -> std::result::Result<Audited<T>, E>,
    ) -> std::result::Result<T, E>
    where
        E: From<StorageError> + Denial,
    {
        self.changed_common = true;
        self.attempt(caller, |transaction| {
            work(&mut SystemUnit::new(transaction.common()))
        })
    }

    /// Makes one of the unaudited writes.
    pub(crate) fn touch(&mut self, touch: Touch) -> Result<()> {
        self.changed_common = true;
        self.mark()?;
        let key = &self.keeper.key;
        let Touch::SessionSeen { session, at } = touch;
        let done = self
            .writer
            .transaction()
            .touches()
            .touch_session(session, at, &mut |table, row, content| {
                key.row_mac(table, row, content)
            })
            .and_then(|()| self.writer.keep());
        if done.is_err() {
            self.undo();
        }
        done
    }

    fn mark(&mut self) -> Result<()> {
        self.level()?;
        self.marked_tail.clone_from(&self.tail);
        self.marked_committed = self.committed.len();
        self.writer.mark()
    }

    fn undo(&mut self) {
        self.tail = self.marked_tail.take();
        self.committed.truncate(self.marked_committed);
        // Where undoing gave up the transaction, somebody else may have changed it before the next began.
        self.level = None;
        if let Err(error) = self.writer.undo() {
            self.broken = Some(error);
        }
    }

    fn record_and_keep(&mut self, caller: &Caller, mut events: Vec<Event>) -> Result<()> {
        let state = self.writer.touched()?;
        let level = self.level()?;
        // Told at every level: what the trail leaves out changed all the same.
        let told = events.iter().filter_map(|event| Committed::of(caller, event));
        self.committed.extend(told);
        events.retain(|event| event.action().is_kept_at(level));
        // At the essential level a change may have no event left; its rows are attested all the same.
        if events.is_empty() && !state.is_empty() {
            events.push(Event::new(cutis_audit::Action::StateAttested));
        }
        // A change of level counts for later events only, the next unit's among them (U1).
        if events
            .iter()
            .any(|event| event.action() == cutis_audit::Action::SettingChanged)
        {
            self.level = None;
        }
        let mut state = Some(state);
        let last = events.len().saturating_sub(1);
        for (index, event) in events.into_iter().enumerate() {
            let attested = if index == last {
                state.take().unwrap_or_default()
            } else {
                Vec::new()
            };
            self.append(caller, event, attested)?;
        }
        self.writer.keep()
    }

    fn level(&mut self) -> Result<AuditLevel> {
        if let Some(level) = self.level {
            return Ok(level);
        }
        let level = level_of(self.writer.transaction().common())?;
        self.level = Some(level);
        Ok(level)
    }

    fn append(&mut self, caller: &Caller, event: Event, state: Vec<RowState>) -> Result<()> {
        let mut tail = match self.tail.take() {
            Some(tail) => tail,
            None => self.writer.tail()?,
        };
        let record = Record {
            sequence: tail.frontier.size().saturating_add(1),
            at: self.keeper.clock.now(),
            caller: caller.clone(),
            event,
            state,
        };
        let salt = entropy::bytes(self.keeper.entropy.as_ref(), Purpose::TrailSalt);
        // On any failure the frontier must stay what the database says: work on a copy.
        let mut grown = tail.clone();
        let sealed = seal(
            &self.keeper.key,
            &mut grown.frontier,
            grown.last_day,
            &record,
            salt,
        );
        let appended = sealed.map_err(unwritable).and_then(|leaf| {
            grown.last_day = leaf.day;
            self.writer.append(&leaf, &IndexRow::of_record(&record))
        });
        if appended.is_ok() {
            tail = grown;
        }
        self.tail = Some(tail);
        appended
    }

    fn finish(self) -> Result<End> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let Some(tail) = self.tail else { return Ok(None) };
        let head = cutis_audit::head(&self.keeper.key, &tail.frontier);
        self.writer.set_tail(&tail, &head)?;
        Ok(Some((head, tail.frontier)))
    }
}

fn unwritable(error: impl std::error::Error + Send + Sync + 'static) -> StorageError {
    StorageError::caused(
        ErrorKind::Corrupt,
        "an event could not be written to the trail",
        error,
    )
}
