//! One worker process, from its start to its one answer.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use cutis_blob::BlobError;
use cutis_media::Limits;
use cutis_media::worker::{HEAD_BYTES, Head, Job, ProtocolError, Response, encode_request_head};
use cutis_records::images::darkroom::Original;
use futures_util::TryStreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::confinement::{GREETING_BYTES, Reached};

/// How long a worker may take to confine itself; a busy host needs some milliseconds.
const START: Duration = Duration::from_secs(10);

/// A process that decodes one image. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Worker {
    // Dropped first, which ends the process's input; `kill_on_drop` does the rest.
    input: ChildStdin,
    output: ChildStdout,
    process: Child,
    reached: Option<Reached>,
}

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The original's bytes could not be read.
    Original(BlobError),
    /// The answer is longer than it may be.
    TooLong,
    /// The worker died or answered nonsense.
    Worker(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Worker(error.into())
    }
}

/// How a worker is started: with only the environment that its allocator needs, outside the practice's folders, and
/// with two pipes and nothing else. Public so that a test's own program starts the same way.
pub fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .arg("media-worker")
        .env_clear()
        // Each arena reserves address space, of which a worker has little.
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

impl Worker {
    pub(super) fn start(program: &Path) -> anyhow::Result<Self> {
        let mut process = command(program).spawn().context("a process cannot be started")?;
        let (input, output) = process
            .stdin
            .take()
            .zip(process.stdout.take())
            .context("a worker has no input or output")?;
        Ok(Self {
            input,
            output,
            process,
            reached: None,
        })
    }

    /// Waits until it is confined, and says how far. One that died meanwhile is an error.
    pub(super) async fn greeted(&mut self) -> anyhow::Result<Reached> {
        if let Some(status) = self.process.try_wait()? {
            anyhow::bail!("the decode worker ended by itself ({status})");
        }
        if let Some(reached) = self.reached {
            return Ok(reached);
        }
        let mut greeting = [0; GREETING_BYTES];
        tokio::time::timeout(START, self.output.read_exact(&mut greeting))
            .await
            .context("the decode worker did not become ready")?
            .context("the decode worker ended before it was ready")?;
        let reached =
            Reached::from_greeting(&greeting).context("the started process is not a decode worker")?;
        self.reached = Some(reached);
        Ok(reached)
    }

    /// Sends the job and the image, piece by piece.
    pub(super) async fn ask(
        &mut self,
        job: Job,
        original: &mut Original,
        limits: &Limits,
    ) -> Result<(), Failure> {
        let head = encode_request_head(job, limits, original.length);
        self.input.write_all(&head).await?;
        while let Some(piece) = original.pieces.try_next().await.map_err(Failure::Original)? {
            self.input.write_all(&piece).await?;
        }
        self.input.flush().await?;
        Ok(())
    }

    /// Reads its answer, of at most `most` bytes.
    pub(super) async fn answer(&mut self, most: u64) -> Result<Response, Failure> {
        let mut head = [0; HEAD_BYTES];
        self.output.read_exact(&mut head).await?;
        let head = match Head::parse(&head, most) {
            Err(ProtocolError::TooLong { .. }) => return Err(Failure::TooLong),
            parsed => parsed?,
        };
        let mut body = Vec::new();
        // Grows with what arrives, not with what was announced.
        (&mut self.output)
            .take(head.body_length())
            .read_to_end(&mut body)
            .await?;
        Ok(head.into_response(body)?)
    }
}
