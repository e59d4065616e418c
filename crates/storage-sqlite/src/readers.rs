//! Readers, which keep their snapshot while only the trail grows.
//!
//! SQLite drops all that a reader has of the file when it begins a transaction and anybody has committed since its last
//! one. Every recorded view is a commit, so each read would fetch, map and check its pages again. But a view adds to the
//! trail and changes nothing else: what an older snapshot shows of the records is still what the newest shows. So a
//! reader that was used goes back into the pool inside its transaction, and the next read goes on in it if nothing but the
//! trail has been changed since then.
//!
//! That is known from two numbers. `changes` counts the commits of this program's writer that changed anything else; it
//! is moved on before anybody is answered, so whoever was told of a change reads it. And a connection of its own, the
//! lookout, is asked for SQLite's mark of commits, whoever made them: it has to be the mark at which the snapshot began,
//! or the one that the writer found after it had only added to the trail. Another program could commit just between that
//! commit and the look at the mark; the writer notices that when it next begins, and nothing is kept for longer than
//! [`Options::kept_for`](crate::Options) anyway, which also keeps the log from growing behind an old snapshot.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use cutis_storage::{ErrorKind, StorageError};
use r2d2::{NopErrorHandler, Pool, PooledConnection};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::Connection;

use crate::connection;
use crate::error::{Result, failed};
use crate::sql::{evidence, transaction};

/// A connection lent by the pool.
pub(crate) type Lent = PooledConnection<SqliteConnectionManager>;

/// The readers of one database.
pub(crate) struct Readers {
    shared: Arc<Shared>,
    /// Ends kept snapshots that nobody uses any more.
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    path: PathBuf,
    pool: Pool<SqliteConnectionManager>,
    lookout: Mutex<Connection>,
    /// How long a snapshot is kept at most.
    longest: Duration,
    /// Set while nothing is kept because the log has to be begun again.
    paused: AtomicBool,
    changes: AtomicU64,
    /// The lookout's mark after the writer's last commit, if that only added to the trail.
    grown: AtomicI64,
    rounds: Mutex<Rounds>,
    wake: Condvar,
}

/// What the thread that ends snapshots waits for.
#[derive(Default)]
struct Rounds {
    any_kept: bool,
    over: bool,
}

/// The state of the file, as far as a reader can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    changes: u64,
    mark: i64,
}

/// The snapshot that a connection in the pool is in.
#[derive(Debug, Clone, Copy)]
struct Kept {
    position: Position,
    since: Instant,
}

/// How new a snapshot has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Newness {
    /// Everything that was committed.
    Newest,
    /// Everything but the trail, whose newest events may be missing.
    Records,
}

impl Readers {
    /// Opens this many readers of the database at `path`; none keeps a snapshot for longer than `longest`.
    pub(crate) fn open(path: &Path, count: u32, longest: Duration) -> Result<Self> {
        let shared = Arc::new(Shared {
            path: path.to_owned(),
            pool: pool(path, connection::readers(path), count)?,
            lookout: Mutex::new(connection::lookout(path)?),
            longest,
            paused: AtomicBool::new(false),
            changes: AtomicU64::new(0),
            grown: AtomicI64::new(-1),
            rounds: Mutex::default(),
            wake: Condvar::new(),
        });
        let its = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("cutis-readers".to_owned())
            .spawn(move || its.end_what_is_old())
            .map_err(|error| {
                let said = "could not start the thread that looks after readers";
                StorageError::caused(ErrorKind::Unavailable, said, error)
            })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// A reader inside a transaction, and what is to be dropped once it is back.
    pub(crate) fn lend(&self, newness: Newness) -> Result<(Lent, GivenBack)> {
        let mut lent = lend(&self.shared.path, &self.shared.pool)?;
        let now = self.shared.position()?;
        let kept = Lent::extensions(&lent).get::<Kept>().copied();
        let is_current = |kept| !lent.is_autocommit() && self.shared.is_current(&kept, now);
        if newness == Newness::Records && kept.is_some_and(is_current) {
            return Ok((lent, GivenBack(Arc::clone(&self.shared))));
        }
        end(&mut lent);
        begin(&lent)?;
        #[expect(clippy::disallowed_methods, reason = "a duration of this process alone")]
        let since = Instant::now();
        Lent::extensions_mut(&mut lent).insert(Kept { position: now, since });
        Ok((lent, GivenBack(Arc::clone(&self.shared))))
    }

    /// The writer has changed more than the trail, or cannot tell, or found that somebody else wrote. To be called after
    /// the commit and before anybody is told of it.
    pub(crate) fn changed(&self) {
        self.shared.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// The writer has committed, and only added to the trail.
    pub(crate) fn grown(&self) {
        match self.shared.mark() {
            Ok(mark) => self.shared.grown.store(mark, Ordering::SeqCst),
            Err(_) => self.changed(),
        }
    }

    /// Whether readers may keep their snapshots. SQLite begins its log again only in a moment in which nobody reads from it,
    /// and with snapshots that are kept there is none: while the log is long, none is.
    pub(crate) fn allow(&self, keeping: bool) {
        self.shared.paused.store(!keeping, Ordering::SeqCst);
        if !keeping {
            self.end_all();
        }
    }

    /// Whether they may.
    pub(crate) fn may_keep(&self) -> bool {
        self.shared.may_keep()
    }

    /// Ends the snapshots of all readers that are in the pool.
    pub(crate) fn end_all(&self) {
        self.shared.end_those(|_| true);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.shared.pool.max_size()
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.shared.rounds().over = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            // It has nothing left to say.
            drop(thread.join());
        }
    }
}

/// Has the snapshot ended later of a reader that was given back in it.
pub(crate) struct GivenBack(Arc<Shared>);

impl GivenBack {
    /// Whether the snapshot may be kept.
    pub(crate) fn may_keep(&self) -> bool {
        self.0.may_keep()
    }
}

impl Drop for GivenBack {
    fn drop(&mut self) {
        let mut rounds = self.0.rounds();
        if !rounds.any_kept {
            rounds.any_kept = true;
            self.0.wake.notify_one();
        }
    }
}

impl Shared {
    fn may_keep(&self) -> bool {
        !self.paused.load(Ordering::SeqCst)
    }

    fn rounds(&self) -> MutexGuard<'_, Rounds> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// SQLite's mark of commits, another one after each.
    fn mark(&self) -> Result<i64> {
        let lookout = self.lookout.lock().unwrap_or_else(PoisonError::into_inner);
        lookout
            .prepare_cached(evidence::DATA_VERSION)
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(failed)
    }

    fn position(&self) -> Result<Position> {
        // In this order: a change that is committed between the two is found by the next read at the latest.
        let changes = self.changes.load(Ordering::SeqCst);
        Ok(Position {
            changes,
            mark: self.mark()?,
        })
    }

    /// Whether nothing but the trail was changed since a snapshot began.
    fn is_current(&self, kept: &Kept, now: Position) -> bool {
        let same_mark = now.mark == kept.position.mark || now.mark == self.grown.load(Ordering::SeqCst);
        now.changes == kept.position.changes && same_mark && !self.is_old(kept)
    }

    fn is_old(&self, kept: &Kept) -> bool {
        kept.since.elapsed() >= self.longest
    }

    /// Ends what was kept for long enough, again and again while anything is kept.
    fn end_what_is_old(&self) {
        let mut rounds = self.rounds();
        while !rounds.over {
            if !rounds.any_kept {
                rounds = self.wake.wait(rounds).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (waited, _) = self
                .wake
                .wait_timeout_while(rounds, self.longest, |rounds| !rounds.over)
                .unwrap_or_else(PoisonError::into_inner);
            rounds = waited;
            // Whoever gives one back from here on says so again.
            rounds.any_kept = false;
            drop(rounds);
            let left = self.end_those(|kept| self.is_old(kept));
            rounds = self.rounds();
            rounds.any_kept |= left;
        }
    }

    /// Ends these snapshots of readers that are in the pool; returns whether others are left there.
    fn end_those(&self, which: impl Fn(&Kept) -> bool) -> bool {
        let (mut taken, mut left) = (Vec::new(), false);
        while let Some(mut lent) = self.pool.try_get() {
            match Lent::extensions(&lent).get::<Kept>() {
                Some(kept) if which(kept) => end(&mut lent),
                kept => left |= kept.is_some(),
            }
            taken.push(lent);
        }
        left
    }
}

fn begin(connection: &Connection) -> Result<()> {
    connection
        .prepare_cached(transaction::BEGIN_READING)
        .and_then(|mut statement| statement.execute([]))
        .map(drop)
        .map_err(failed)
}

/// Ends the transaction that a connection is in, if it is in one.
fn end(lent: &mut Lent) {
    Lent::extensions_mut(lent).remove::<Kept>();
    if !lent.is_autocommit() {
        // A reader that cannot end its transaction is of no use; the next to take it will say so.
        drop(
            lent.prepare_cached(transaction::ROLLBACK)
                .and_then(|mut statement| statement.execute([])),
        );
    }
}

/// Takes a connection of a pool.
pub(crate) fn lend(path: &Path, pool: &Pool<SqliteConnectionManager>) -> Result<Lent> {
    pool.get().map_err(|error| no_reader(path, error))
}

/// Opens this many connections.
pub(crate) fn pool(
    path: &Path,
    readers: SqliteConnectionManager,
    count: u32,
) -> Result<Pool<SqliteConnectionManager>> {
    Pool::builder()
        .max_size(count.clamp(1, 64))
        // All at once: none is opened behind anybody's back later.
        .min_idle(None)
        .max_lifetime(None)
        .idle_timeout(None)
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(5))
        .error_handler(Box::new(NopErrorHandler))
        .build(readers)
        .map_err(|error| no_reader(path, error))
}

fn no_reader(path: &Path, error: r2d2::Error) -> StorageError {
    let said = format!(
        "{} cannot be opened for reading: {error}. Nothing was changed. If the file is damaged, restore cutis.db from \
         the newest copy of the folder, then start again",
        path.display()
    );
    StorageError::caused(ErrorKind::Unavailable, said, error)
}

#[cfg(test)]
mod tests;
