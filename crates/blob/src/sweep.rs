//! Finding and removing what nothing refers to: blobs whose row was never committed (a crash between
//! put and commit, I4), and temporary files of puts that never finished.
//!
//! A sweep is a plan first, so that it can be shown and counted. Only what is older than a given
//! instant is planned, and its age is looked at again before it is removed: a put of an equal content
//! makes an orphan young again, and its row may be on the way. Choose the instant well before the
//! known names were read, an hour for instance.

use std::collections::HashSet;
use std::path::PathBuf;

use cutis_domain::Timestamp;
use futures_util::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;

use crate::{BlobError, BlobName, Blobs, Stored};

/// What a sweep would remove. Nothing is removed until it is [`Self::run`].
#[derive(Debug)]
#[must_use = "a plan removes nothing until it is run"]
pub struct SweepPlan {
    blobs: Blobs,
    older_than: Timestamp,
    orphans: Vec<Stored>,
    leftovers: Vec<PathBuf>,
}

/// What a sweep removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sweep {
    /// Blobs without a row.
    pub orphans: u64,
    /// Their bytes in the store.
    pub bytes: u64,
    /// Temporary files.
    pub leftovers: u64,
}

impl Blobs {
    /// Plans the removal of every blob that is not among the `known` names, and of every temporary
    /// file, if last written before `older_than`.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn sweep(
        &self,
        known: &HashSet<BlobName>,
        older_than: Timestamp,
    ) -> Result<SweepPlan, BlobError> {
        let mut orphans = Vec::new();
        let mut stored = self.list().boxed();
        while let Some(blob) = stored.try_next().await? {
            if blob.modified < older_than && !known.contains(&blob.name) {
                orphans.push(blob);
            }
        }
        let leftovers = match &self.folder {
            Some(folder) => folder.leftovers(older_than).await?,
            None => Vec::new(),
        };
        Ok(SweepPlan {
            blobs: self.clone(),
            older_than,
            orphans,
            leftovers,
        })
    }
}

impl SweepPlan {
    /// The blobs that would be removed.
    pub fn orphans(&self) -> &[Stored] {
        &self.orphans
    }

    /// How many temporary files would be removed.
    pub fn leftovers(&self) -> usize {
        self.leftovers.len()
    }

    /// Removes what was planned and is still old.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`]; what was removed until then stays removed.
    pub async fn run(self) -> Result<Sweep, BlobError> {
        let mut done = Sweep::default();
        for orphan in &self.orphans {
            // No put runs while this is held, so what is old now is not being put again.
            let _no_puts = self.blobs.sweeping.write().await;
            if self.still_old(orphan.name).await? {
                self.blobs.remove_named(orphan.name).await?;
                done.orphans += 1;
                done.bytes += orphan.sealed_len;
            }
        }
        if let Some(folder) = &self.blobs.folder {
            for leftover in &self.leftovers {
                folder.remove_leftover(leftover).await?;
                done.leftovers += 1;
            }
        }
        Ok(done)
    }

    async fn still_old(&self, name: BlobName) -> Result<bool, BlobError> {
        let meta = self.blobs.store.head(&name.path()).await;
        match meta.map_err(BlobError::store("look for a picture", name)) {
            Ok(meta) => Ok(Timestamp::from_micros(meta.last_modified.timestamp_micros()) < self.older_than),
            Err(BlobError::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
