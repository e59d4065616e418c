//! Work done in the background: failures are written once their answers have left, and once a minute the counts kept in
//! memory are written and the disk is checked.

use std::sync::Arc;
use std::time::Duration;

use cutis_auth::Auth;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::disk::Disk;

const EVERY: Duration = Duration::from_mins(1);

/// How long a failure waits before it is written: longer than any answer takes to leave.
const APART: Duration = Duration::from_millis(100);

/// Keeps the books until it is closed.
#[derive(Debug)]
pub(crate) struct Books {
    stop: CancellationToken,
    keeping: JoinHandle<()>,
}

impl Books {
    /// Begins.
    pub(crate) fn keep(auth: Auth, disk: Arc<Disk>) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "serves no request; whoever stops the server closes the books and waits for that"
        )]
        let keeping = tokio::spawn(keep(auth, disk, stopped));
        Self { stop, keeping }
    }

    /// Stops after the write in progress; what remains is left to [`Auth::settle`].
    pub(crate) async fn close(&mut self) {
        self.stop.cancel();
        // It only panics if a part of it did, which the log has.
        drop((&mut self.keeping).await);
    }
}

async fn keep(auth: Auth, disk: Arc<Disk>, stop: CancellationToken) {
    let mut minute = interval(EVERY);
    minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            // Between two works only, so that nothing is written by half.
            () = stop.cancelled() => return,
            () = auth.something_waits() => {
                // The answer is on its way now; a commit beside it would show in its time (A8).
                tokio::time::sleep(APART).await;
                auth.write_failures().await;
            }
            _ = minute.tick() => {
                look(&disk).await;
                if let Err(error) = auth.settle().await {
                    tracing::warn!(%error, "counts kept in memory could not be saved; they stay in memory \
                        until they can be");
                }
            }
        }
    }
}

/// Looks at the disk; writing the reserve may take a moment.
async fn look(disk: &Arc<Disk>) {
    let disk = Arc::clone(disk);
    #[expect(
        clippy::disallowed_methods,
        reason = "one at a time, once a minute; no request waits for it"
    )]
    let looking = tokio::task::spawn_blocking(move || disk.look());
    drop(looking.await);
}
