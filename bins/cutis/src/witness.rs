//! The trail's end, kept outside the database (U4): 72 bytes that say how long the trail was.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cutis_audit::Head;
use cutis_storage::Witness;
use cutis_vault::durable;

/// Entries between two syncs of the file.
const SYNC_EVERY: u64 = 256;

/// Writes the newest head to a file after each commit.
///
/// Not synced each time: every entry authenticates itself, so a head that a power cut sets back only
/// shortens what a rollback can be noticed by. Every 256 entries, and at the end, it is.
#[derive(Debug)]
pub struct HeadFile {
    path: PathBuf,
    synced: u64,
    newest: Option<Head>,
}

impl HeadFile {
    /// Keeps heads in this file.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            synced: 0,
            newest: None,
        }
    }

    fn write(&mut self, head: &Head) -> std::io::Result<()> {
        // Another process (the command line beside a running server) may have got further.
        if read(&self.path)
            .ok()
            .flatten()
            .is_some_and(|stored| stored.size > head.size)
        {
            return Ok(());
        }
        if head.size >= self.synced.saturating_add(SYNC_EVERY) {
            durable::write(&self.path, &head.to_bytes(), durable::PRIVATE_FILE)?;
            self.synced = head.size;
            return Ok(());
        }
        let aside = self.path.with_extension("head-new");
        #[expect(
            clippy::disallowed_methods,
            reason = "deliberately not synced each time; see the type"
        )]
        std::fs::write(&aside, head.to_bytes())?;
        std::fs::rename(&aside, &self.path)
    }
}

impl Witness for HeadFile {
    fn note(&mut self, head: &Head) {
        if let Err(error) = self.write(head) {
            tracing::warn!(%error, "the trail's end could not be noted outside the database");
        }
        self.newest = Some(head.clone());
    }
}

impl Drop for HeadFile {
    fn drop(&mut self) {
        if let Some(head) = &self.newest
            && let Err(error) = durable::write(&self.path, &head.to_bytes(), durable::PRIVATE_FILE)
        {
            tracing::warn!(%error, "the trail's end could not be noted outside the database");
        }
    }
}

/// The head in a file; `None` when there is no file yet.
///
/// # Errors
/// When the file cannot be read or is not a head.
pub fn read(path: &Path) -> anyhow::Result<Option<Head>> {
    match std::fs::read(path) {
        Ok(bytes) => Head::from_bytes(&bytes)
            .map(Some)
            .with_context(|| format!("{} does not hold the end of a trail", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}
