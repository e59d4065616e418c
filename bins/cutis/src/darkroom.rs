//! The parent side of decoding: at most one worker process a core, replaced when one dies (C31).

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use cutis_media::worker::{HEAD_BYTES, Head, Job, Response, encode_request_head};
use cutis_media::{Derived, Full, Limits, Refusal};
use cutis_records::Darkroom;
use cutis_records::images::darkroom::{DarkroomError, Developing};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;

/// How long one picture may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a picture waits for a worker.
const QUEUE_PATIENCE: Duration = Duration::from_mins(1);
/// The longest answer: a 200-megapixel picture as PNG, with room.
const MOST_ANSWER: u64 = 1 << 30;
/// Jobs after which a worker is replaced, so that its allowance of processor time never runs out.
const JOBS: u32 = 64;

/// Worker processes of this same program.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    places: Semaphore,
    idle: Mutex<Vec<Worker>>,
}

#[derive(Debug)]
struct Worker {
    // Dropped first, which ends the process's input; `kill_on_drop` does the rest.
    input: ChildStdin,
    output: ChildStdout,
    _process: Child,
    jobs: u32,
}

impl Workers {
    /// Workers that are `program media-worker`, as many as there are cores.
    pub fn new(program: PathBuf) -> Arc<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        Arc::new(Self {
            program,
            places: Semaphore::new(cores),
            idle: Mutex::new(Vec::new()),
        })
    }

    fn hire(&self) -> std::io::Result<Worker> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(worker) = idle {
            return Ok(worker);
        }
        let mut process = Command::new(&self.program)
            .arg("media-worker")
            .env_clear()
            // Each arena reserves address space, of which a worker has little.
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let missing = || std::io::Error::other("a worker has no input or output");
        let (input, output) = process
            .stdin
            .take()
            .zip(process.stdout.take())
            .ok_or_else(missing)?;
        Ok(Worker {
            input,
            output,
            _process: process,
            jobs: 0,
        })
    }

    async fn develop(&self, job: Job, picture: &Bytes, limits: &Limits) -> Result<Response, DarkroomError> {
        let waiting = tokio::time::timeout(QUEUE_PATIENCE, self.places.acquire()).await;
        let Ok(Ok(_place)) = waiting else {
            return Err(DarkroomError::Busy);
        };
        let mut worker = self.hire().map_err(|error| {
            tracing::error!(%error, "no image worker can be started");
            DarkroomError::Busy
        })?;
        // A worker that failed is dropped, and with it the process; the next picture gets a new one.
        match tokio::time::timeout(PATIENCE, worker.answer(job, picture, limits)).await {
            Ok(Ok(response)) => {
                if worker.jobs < JOBS {
                    self.idle
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(worker);
                }
                Ok(response)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "an image worker ended; the file it looked at is refused");
                Ok(Response::Refused(Refusal::STOPPED))
            }
            Err(_) => {
                tracing::warn!("an image worker took too long; the file it looked at is refused");
                Ok(Response::Refused(Refusal::STOPPED))
            }
        }
    }
}

impl Worker {
    async fn answer(&mut self, job: Job, picture: &Bytes, limits: &Limits) -> anyhow::Result<Response> {
        self.jobs = self.jobs.saturating_add(1);
        let length = u64::try_from(picture.len())?;
        self.input
            .write_all(&encode_request_head(job, limits, length))
            .await?;
        self.input.write_all(picture).await?;
        self.input.flush().await?;
        let mut head = [0; HEAD_BYTES];
        self.output.read_exact(&mut head).await?;
        let head = Head::parse(&head, MOST_ANSWER)?;
        let mut body = Vec::new();
        // Grows with what arrives, not with what was announced.
        (&mut self.output)
            .take(head.body_length())
            .read_to_end(&mut body)
            .await?;
        Ok(head.response(&body)?)
    }
}

impl Darkroom for Workers {
    fn derive(&self, original: Bytes, limits: Limits) -> Developing<'_, Derived> {
        Box::pin(async move {
            match self.develop(Job::Derive, &original, &limits).await? {
                Response::Derived(derived) => Ok(derived),
                Response::Refused(refusal) => Err(refusal.into()),
                Response::Full(_) | Response::Inspected(_) => Err(Refusal::STOPPED.into()),
            }
        })
    }

    fn full(&self, original: Bytes, limits: Limits) -> Developing<'_, Full> {
        Box::pin(async move {
            match self.develop(Job::Full, &original, &limits).await? {
                Response::Full(full) => Ok(full),
                Response::Refused(refusal) => Err(refusal.into()),
                Response::Derived(_) | Response::Inspected(_) => Err(Refusal::STOPPED.into()),
            }
        })
    }
}
