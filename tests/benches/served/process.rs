//! A server as a process of its own: what it costs is what the system says of it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::Context as _;
use cutis::host::SystemClock;
use cutis_tests::client::Place;
use serde_json::Value;

use crate::figures::Whose;

/// A server that is running; it ends with this value.
pub(super) struct Process {
    child: Child,
    /// Where it listens, and whom to trust.
    pub(super) place: Place,
}

impl Process {
    /// Starts a server that announces itself on its standard output as `{"url": "https://…:PORT"}`.
    pub(super) fn start(command: &mut Command, authority: &Path) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the server does not start")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line).context("the server did not announce itself")?;
        let port = ready["url"].as_str().and_then(|url| url.rsplit(':').next());
        let port = port.context("no url")?.parse()?;
        let place = Place::new(port, authority, Arc::new(SystemClock));
        Ok(Self { child, place })
    }

    /// Whose processor time it is.
    pub(super) fn whose(&self) -> Whose {
        Whose::Process(self.child.id())
    }

    /// Memory of the process in mebibytes: what it holds in RAM now, its workers not included.
    pub(super) fn resident(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = line.context("no VmRSS")?.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing is left to lose: both folders are thrown away.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
