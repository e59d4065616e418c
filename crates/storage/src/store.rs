//! The handle that all callers hold: the async side of the database.

mod clinic;
mod practice;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use cutis_audit::{AuditLevel, Event, Head, TrailKey};
use cutis_domain::{Caller, Clinician, Clock, Entropy};
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::error::{ErrorKind, StorageError};
use crate::integrity::{Mismatch, Told};
use crate::lane::Lane;
use crate::recent::{Moment, Recent};
use crate::room::{self, DiskSpace, Room};
use crate::writer::{self, Answer, Group, Job, Keeper};
use crate::{Alarms, Backend, Committed, SystemView, Touch, Witness};

pub use clinic::{CheckError, Clinic};
pub use practice::Practice;

/// How many jobs may wait for the writer.
const QUEUE: usize = 1024;
/// How long a job waits for a place in the queue before it is refused.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many groups of changes a listener may lag behind before it is told that it missed some.
const TOLD: usize = 1024;

/// What a store is started with.
pub struct Settings {
    /// Authenticates the trail; kept outside the database.
    pub key: TrailKey,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Salts.
    pub entropy: Arc<dyn Entropy>,
    /// Keeps the trail's end outside the database.
    pub witness: Box<dyn Witness>,
    /// Called for each thing found to be changed by something other than this program, at most once an hour
    /// for each; from the writer's thread, so it must not wait for the store.
    pub on_integrity: Box<dyn Fn(&Mismatch) + Send>,
    /// Watches the disk.
    pub room: Arc<dyn Room>,
    /// Called once if a commit could not be made durable; the store refuses everything after that.
    pub on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

/// A database with a writer thread, a limit on readers, and a trail that nothing can bypass.
///
/// Cheap to clone. When the last clone is gone the writer finishes what has queued and ends.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Arc<dyn Backend>,
    lane: Lane,
    level: Recent<AuditLevel>,
    clock: Arc<dyn Clock>,
    key: TrailKey,
    alarms: Option<Arc<Alarms>>,
    halted: Arc<OnceLock<String>>,
    room: Arc<dyn Room>,
    committed: broadcast::Sender<Arc<[Committed]>>,
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // The writer only panics if a backend does; there is nobody left to tell.
            drop(thread.join());
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Inner {
    /// Now, as far as what may be remembered of what has no clinical content goes.
    fn moment(&self) -> Moment {
        Moment {
            version: self.backend.common_version(),
            at: self.clock.now(),
        }
    }
}

impl Store {
    /// Starts the writer thread over a backend.
    ///
    /// # Errors
    /// When the database cannot be opened for writing or no thread can be started.
    pub fn start(backend: Arc<dyn Backend>, settings: Settings) -> Result<Self, StorageError> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (opened, opening) = std::sync::mpsc::channel();
        let (key, halted) = (settings.key.clone(), Arc::new(OnceLock::new()));
        let (committed, _) = broadcast::channel(TOLD);
        let keeper = Keeper {
            key: settings.key,
            clock: Arc::clone(&settings.clock),
            entropy: settings.entropy,
            witness: settings.witness,
            room: Arc::clone(&settings.room),
            on_fatal: settings.on_fatal,
            on_integrity: settings.on_integrity,
            alarms: backend.alarms(),
            told: Told::default(),
            backend: Arc::clone(&backend),
            halted: Arc::clone(&halted),
            committed: committed.clone(),
        };
        let own = Arc::clone(&backend);
        let thread = std::thread::Builder::new()
            .name("cutis-writer".to_owned())
            .spawn(move || match own.open_writer() {
                Ok(writer) => {
                    if opened.send(Ok(())).is_ok() {
                        writer::run(writer, keeper, receiver);
                    }
                }
                Err(error) => drop(opened.send(Err(error))),
            })
            .map_err(|error| {
                StorageError::caused(ErrorKind::Unavailable, "could not start the writer thread", error)
            })?;
        opening.recv().map_err(|_| {
            StorageError::new(ErrorKind::Unavailable, "the writer thread ended immediately")
        })??;
        let lane = Lane::new(backend.readers());
        let inner = Inner {
            alarms: backend.alarms(),
            backend,
            lane,
            level: Recent::default(),
            clock: settings.clock,
            key,
            halted,
            room: settings.room,
            committed,
            queue: Some(sender),
            thread: Some(thread),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Whether there is room for changes, to be asked before something large begins.
    ///
    /// # Errors
    /// `Full` when there is not.
    pub fn takes_changes(&self) -> Result<(), StorageError> {
        room::for_changes(self.inner.room.as_ref())
    }

    /// The state of the disk.
    pub fn disk_space(&self) -> DiskSpace {
        self.inner.room.space()
    }

    /// Whether the database's structure allows changes; nothing is written to find out.
    ///
    /// # Errors
    /// `Tampered` when something else changed it so that every change is refused until that is undone; when reading
    /// failed.
    pub async fn structure_takes_changes(&self) -> Result<(), StorageError> {
        let ticket = self.inner.lane.ticket().await?;
        let found = self.inner.backend.structure_takes_changes();
        drop(ticket);
        self.tell().await;
        found
    }

    /// Reports that there was no room for a write outside the database.
    pub fn found_no_room(&self) {
        self.inner.room.found_none();
    }

    /// Access to clinical data: this clinician's own.
    pub const fn clinic<'a>(&'a self, by: &'a Clinician) -> Clinic<'a> {
        Clinic { store: self, by }
    }

    /// Access for changing what has no clinical content, by the caller named in the trail.
    pub const fn practice<'a>(&'a self, by: &'a Caller) -> Practice<'a> {
        Practice { store: self, by }
    }

    /// Reads what has no clinical content; leaves no event.
    ///
    /// # Errors
    /// Whatever `work` refuses with; a storage error when reading failed.
    pub async fn look_up<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&SystemView<'tx>) -> Result<T, E> + Send,
        T: Send,
        E: From<StorageError> + Send,
    {
        let ticket = self.inner.lane.ticket().await?;
        let (mut work, mut done) = (Some(work), None);
        self.inner
            .backend
            .read(&mut |snapshot| done = work.take().map(|work| work(&SystemView::new(snapshot.common()))))?;
        drop(ticket);
        self.tell().await;
        done.unwrap_or_else(|| Err(never_ran().into()))
    }

    /// As [`Store::look_up`], unless the same was read a moment ago and nothing without clinical content changed since. What
    /// something else changes in the file by hand is noticed up to a second later than by a look-up.
    ///
    /// # Errors
    /// When reading failed.
    pub async fn recent<T, F>(&self, kept: &Recent<T>, work: F) -> Result<T, StorageError>
    where
        F: for<'tx> FnOnce(&SystemView<'tx>) -> Result<T, StorageError> + Send,
        T: Clone + Send,
    {
        // Asked before the snapshot begins: what is committed later is read again.
        let now = self.inner.moment();
        if let Some(value) = kept.known(now) {
            return Ok(value);
        }
        let value = self.look_up(work).await?;
        kept.keep(now, &value);
        Ok(value)
    }

    /// Changes whenever something without clinical content may have been changed by this program or another that has the
    /// database open: accounts, sessions, settings. What was read while it had one value is what the database holds while
    /// it has that value. Ask before reading. `None` where that cannot be known: read again each time.
    pub fn common_version(&self) -> Option<u128> {
        self.inner.backend.common_version()
    }

    /// Records events that describe no change, such as a refusal found before any unit began.
    ///
    /// # Errors
    /// When they could not be made durable.
    pub async fn record(&self, by: &Caller, events: Vec<Event>) -> Result<(), StorageError> {
        let caller = by.clone();
        self.run(move |group| group.record(&caller, events)).await
    }

    /// Makes one of the unaudited writes.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub async fn touch(&self, touch: Touch) -> Result<(), StorageError> {
        self.run(move |group| group.touch(touch)).await
    }

    /// Stops confirming changes, permanently: something outside the database that changes depend on failed, and nobody
    /// knows what the disk holds. Changes in progress are undone, and the owner of the store is told, as after a commit
    /// that could not be made durable.
    pub async fn halt(&self, why: &str) {
        drop(self.inner.halted.set(why.to_owned()));
        // So that the writer notices now and not with the next change; it is refused like any other.
        drop(self.record(&Caller::system(), Vec::new()).await);
    }

    /// What is changed from now on, each group once it is durable. A listener that lags far behind is told that it missed
    /// some.
    pub fn changes(&self) -> broadcast::Receiver<Arc<[Committed]>> {
        self.inner.committed.subscribe()
    }

    /// The trail's stored end; `None` before the first event.
    ///
    /// # Errors
    /// When the database fails or the end cannot be read.
    pub async fn trail_head(&self) -> Result<Option<Head>, StorageError> {
        let stored = self.examine(|evidence, _| evidence.stored_tail()).await??;
        Ok(stored.map(|(_, head)| head))
    }

    pub(crate) async fn examine<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn crate::Evidence, &TrailKey) -> T + Send + 'static,
    ) -> Result<T, StorageError> {
        let (backend, key) = (Arc::clone(&self.inner.backend), self.inner.key.clone());
        let examined = move || {
            let (mut work, mut done) = (Some(work), None);
            backend.examine(&mut |evidence| done = work.take().map(|work| work(evidence, &key)))?;
            done.ok_or_else(never_ran)
        };
        self.inner.lane.run(examined).await?
    }

    /// Has findings of changes by something else reported and recorded before anything is answered. The writer's thread
    /// does that with each group; an empty job triggers it.
    async fn tell(&self) {
        if self.inner.alarms.as_ref().is_some_and(|alarms| alarms.pending()) {
            // If it cannot be recorded now, whoever looks after the program was told all the same.
            let told: Result<(), StorageError> = self.run(|_| Ok(())).await;
            drop(told);
        }
    }

    async fn run<T, E, W>(&self, work: W) -> Result<T, E>
    where
        W: FnOnce(&mut Group<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |group| -> Answer {
            let Ok(group) = group else {
                return Box::new(move |failed| drop(reply.send(Ok(Err(again(failed).into())))));
            };
            // A panic undoes its own unit only and goes on in whoever called.
            let done = catch_unwind(AssertUnwindSafe(|| work(group)));
            Box::new(move |failed| {
                let done = match failed {
                    Some(error) => Ok(Err(again(Some(error)).into())),
                    None => done,
                };
                // Nobody listens when the caller went away; the commit stands all the same.
                drop(reply.send(done));
            })
        });
        let gone = || {
            StorageError::new(
                ErrorKind::Unavailable,
                "the database no longer accepts changes; restart cutis",
            )
        };
        let queue = self.inner.queue.as_ref().ok_or_else(gone)?;
        match tokio::time::timeout(PATIENCE, queue.reserve()).await {
            Ok(Ok(place)) => place.send(job),
            Ok(Err(_)) => return Err(gone().into()),
            Err(_) => {
                return Err(StorageError::new(
                    ErrorKind::Busy,
                    "too many changes are waiting; try again soon",
                )
                .into());
            }
        }
        match answer.await {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(gone().into()),
        }
    }
}

fn never_ran() -> StorageError {
    StorageError::new(ErrorKind::Unavailable, "the database provided no snapshot")
}

/// The group's failure, for one of the units concerned.
fn again(error: Option<&StorageError>) -> StorageError {
    error.map_or_else(never_ran, |error| {
        StorageError::new(error.kind(), error.to_string())
    })
}
