//! A limit on costly work (C06): only so many tasks run at once and only so many wait; all others are told to try again
//! later.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::Semaphore;

/// How many tasks may wait for a lane.
const QUEUE: usize = 32;

/// Too much costly work is waiting already; try again in a second or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server is busy checking passwords; try again in a moment")]
pub struct Busy;

/// A bounded lane for work on blocking threads.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Running and waiting tasks.
    places: Arc<Semaphore>,
    /// Running tasks.
    tickets: Arc<Semaphore>,
}

impl Lane {
    /// A lane for this many cores: it leaves one of them to everything else, and uses at least one.
    pub fn for_cores(cores: NonZeroUsize) -> Self {
        Self::of_width(NonZeroUsize::new(cores.get() - 1).unwrap_or(NonZeroUsize::MIN))
    }

    /// A lane with room for this many at once.
    pub fn of_width(width: NonZeroUsize) -> Self {
        let width = width.get().min(Semaphore::MAX_PERMITS - QUEUE);
        Self {
            places: Arc::new(Semaphore::new(width + QUEUE)),
            tickets: Arc::new(Semaphore::new(width)),
        }
    }

    /// Runs work on a blocking thread once there is room.
    ///
    /// A caller that is dropped while waiting gives up its place; one that is dropped later does not stop the work,
    /// which occupies the lane until it is done.
    ///
    /// # Errors
    /// [`Busy`] when 32 wait already, or when the program is shutting down.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Busy)?;
        let ticket = Arc::clone(&self.tickets)
            .acquire_owned()
            .await
            .map_err(|_| Busy)?;
        let held = move || {
            let done = work();
            drop((ticket, place));
            done
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the bounded lane: a ticket is held"
        )]
        let running = tokio::task::spawn_blocking(held);
        match running.await {
            Ok(done) => Ok(done),
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            Err(_) => Err(Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn one() -> Lane {
        Lane::of_width(NonZeroUsize::MIN)
    }

    #[tokio::test]
    async fn work_is_done_and_answered() {
        assert_eq!(one().run(|| 6 * 7).await, Ok(42));
    }

    /// C06: one at work, 32 waiting, the next is refused at once; afterwards there is room again.
    #[tokio::test]
    async fn c06_overflow_is_busy() {
        let lane = one();
        let (go, wait) = mpsc::channel::<()>();
        let first = lane.run(move || wait.recv().is_ok());
        let mut first = std::pin::pin!(first);
        assert!(futures_poll(first.as_mut()).await.is_none(), "at work until told");
        let mut waiting: Vec<_> = (0..QUEUE)
            .map(|number| Box::pin(lane.run(move || number)))
            .collect();
        for job in &mut waiting {
            assert!(futures_poll(job.as_mut()).await.is_none(), "waits");
        }
        assert_eq!(lane.run(|| 0).await, Err(Busy));
        // One who goes away gives up the place.
        drop(waiting.pop());
        let mut newcomer = Box::pin(lane.run(|| 99));
        assert!(futures_poll(newcomer.as_mut()).await.is_none());
        go.send(()).expect("the first still waits");
        assert_eq!(first.await, Ok(true));
        for (number, job) in waiting.into_iter().enumerate() {
            assert_eq!(job.await, Ok(number));
        }
        assert_eq!(newcomer.await, Ok(99));
        assert_eq!(lane.run(|| 1).await, Ok(1));
    }

    #[test]
    fn a_core_is_left_to_the_rest() {
        let permits =
            |cores| NonZeroUsize::new(cores).map(|cores| Lane::for_cores(cores).tickets.available_permits());
        assert_eq!(permits(1), Some(1));
        assert_eq!(permits(2), Some(1));
        assert_eq!(permits(8), Some(7));
    }

    /// Polls once.
    async fn futures_poll<T>(mut future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match future.as_mut().poll(context) {
                std::task::Poll::Ready(done) => Some(done),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
