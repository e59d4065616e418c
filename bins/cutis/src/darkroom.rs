//! The parent side of decoding (C31): one worker process for each image, so that no image that
//! takes one over can see another. Spare ones wait, confined and ready.

mod worker;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use cutis_media::worker::{Job, Response};
use cutis_media::{Derived, Full, Limits, Refusal, Turns};
use cutis_records::Darkroom;
use cutis_records::images::darkroom::{DarkroomError, Developing, MOST_DERIVED, Original};
use futures_util::stream;

use crate::confinement::Reached;
use worker::Worker;
pub use worker::command;

/// How long one image may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many workers may turn out to be dead before giving up: spare ones wait for hours, and a host
/// short of memory ends them first.
const TRIES: u32 = 8;
/// What an answer has besides its renditions: facts and lengths.
const FACTS: u64 = 64 * 1024;

/// Worker processes of this same program.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    places: usize,
    spare: Mutex<Vec<Worker>>,
}

impl Workers {
    /// Workers that are `program media-worker`, as many at a time as there are cores.
    pub fn new(program: PathBuf) -> Arc<Self> {
        Arc::new(Self {
            program,
            places: std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            spare: Mutex::new(Vec::new()),
        })
    }

    /// Starts the spare workers and says how far their confinement goes on this host.
    ///
    /// # Errors
    /// When none can be started.
    pub async fn prepare(&self) -> anyhow::Result<Reached> {
        let mut worker = Worker::start(&self.program)?;
        let reached = worker
            .greeted()
            .await
            .context("a decode worker cannot confine itself on this host")?;
        self.put_by(worker);
        self.restock();
        Ok(reached)
    }

    fn put_by(&self, worker: Worker) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < self.places {
            spare.push(worker);
        }
    }

    /// Starts as many as are missing. They confine themselves while images are being decoded.
    fn restock(&self) {
        let stocked = self.spare.lock().unwrap_or_else(PoisonError::into_inner).len();
        for _ in stocked..self.places {
            match Worker::start(&self.program) {
                Ok(worker) => self.put_by(worker),
                Err(error) => return tracing::warn!(%error, "no spare decode worker could be started"),
            }
        }
    }

    /// A worker that is alive and confined.
    async fn hire(&self) -> anyhow::Result<Worker> {
        let mut last = None;
        for _ in 0..TRIES {
            let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut worker = match spare {
                Some(worker) => worker,
                None => Worker::start(&self.program)?,
            };
            match worker.greeted().await {
                Ok(_) => return Ok(worker),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| anyhow::anyhow!("no worker was tried")))
    }

    async fn develop(
        &self,
        job: Job,
        mut original: Original,
        limits: &Limits,
        most: u64,
    ) -> Result<Response, DarkroomError> {
        let mut worker = self.hire().await.map_err(|error| {
            tracing::error!(error = %format_args!("{error:#}"), "no decode worker can be started");
            DarkroomError::Busy
        })?;
        let looking = async {
            worker.ask(job, &mut original, limits).await?;
            self.restock();
            worker.answer(most).await
        };
        // However it ends, the worker is dropped, and with it the process and all that it knew.
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(worker::Failure::Original(error))) => Err(error.into()),
            Ok(Err(worker::Failure::TooLong)) => Err(DarkroomError::TooLong),
            Ok(Err(worker::Failure::Worker(error))) => {
                tracing::warn!(error = %format_args!("{error:#}"), "a decode worker ended; its file is refused");
                Ok(Response::Refused(Refusal::STOPPED))
            }
            Err(_) => {
                tracing::warn!("a decode worker took too long; its file is refused");
                Ok(Response::Refused(Refusal::STOPPED))
            }
        }
    }
}

impl Darkroom for Workers {
    fn places(&self) -> usize {
        self.places
    }

    fn derive(&self, original: Bytes, limits: Limits, turns: Turns) -> Developing<'_, Derived> {
        Box::pin(async move {
            let original = Original {
                length: u64::try_from(original.len()).unwrap_or(u64::MAX),
                pieces: Box::pin(stream::iter([Ok(original)])),
            };
            let most = MOST_DERIVED.saturating_add(FACTS);
            match self.develop(Job::Derive(turns), original, &limits, most).await? {
                Response::Derived(derived) => Ok(derived),
                Response::Refused(refusal) => Err(refusal.into()),
                Response::Full(_) | Response::Inspected(_) => Err(Refusal::STOPPED.into()),
            }
        })
    }

    fn full(&self, original: Original, limits: Limits, turns: Turns, most: u64) -> Developing<'_, Full> {
        Box::pin(async move {
            let most = most.saturating_add(FACTS);
            match self.develop(Job::Full(turns), original, &limits, most).await? {
                Response::Full(full) => Ok(full),
                Response::Refused(refusal) => Err(refusal.into()),
                Response::Derived(_) | Response::Inspected(_) => Err(Refusal::STOPPED.into()),
            }
        })
    }
}
