//! A limit on blocking threads and read snapshots.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::{ErrorKind, Result, StorageError};

/// As many tickets as there are readers. A caller awaits one before it takes a thread or a connection, so that waiting
/// callers hold neither.
#[derive(Debug)]
pub(crate) struct Lane {
    tickets: Semaphore,
}

impl Lane {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            tickets: Semaphore::new(width),
        }
    }

    pub(crate) async fn ticket(&self) -> Result<SemaphorePermit<'_>> {
        self.tickets
            .acquire()
            .await
            .map_err(|_| StorageError::new(ErrorKind::Unavailable, "the program is shutting down"))
    }

    /// Runs work of unknown length on a blocking thread.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let _ticket = self.ticket().await?;
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the bounded lane: a ticket is held"
        )]
        let running = tokio::task::spawn_blocking(work);
        match running.await {
            Ok(value) => Ok(value),
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            Err(_) => Err(StorageError::new(
                ErrorKind::Unavailable,
                "the program is shutting down",
            )),
        }
    }
}
