//! Finding what nothing refers to: blobs whose row was never committed (a crash between put and commit,
//! I4), and temporary files of puts that never finished.
//!
//! A sweep is a plan first, so that it can be shown, counted and refused. What no row names is moved to
//! the quarantine, never deleted: that a name is not found proves nothing, because the database that was
//! asked may be the wrong one. Only what is older than a given instant is planned, and its age is checked again before
//! it is moved: a put of an equal content makes an orphan recent again, and its row may be about to be written. Choose
//! the instant well before the known names were read, an hour for instance.

use std::collections::HashSet;
use std::path::PathBuf;

use cutis_domain::Timestamp;
use futures_util::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;

use crate::{BlobError, BlobName, Blobs, Stored};

/// The number of orphans that crashes may leave in a small practice.
const FEW: u64 = 8;
/// Of a large practice's blobs, one in this many may be orphans.
const SHARE: u64 = 100;

/// What a sweep would move. Nothing is moved until it is [`Self::run`].
#[derive(Debug)]
#[must_use = "a plan moves nothing until it is run"]
pub struct SweepPlan {
    blobs: Blobs,
    older_than: Timestamp,
    orphans: Vec<Stored>,
    stored: u64,
    leftovers: Vec<PathBuf>,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sweep {
    /// Blobs without a row that were moved to the quarantine.
    pub orphans: u64,
    /// Their bytes in the store.
    pub bytes: u64,
    /// Temporary files that were removed.
    pub leftovers: u64,
}

impl Blobs {
    /// Plans to move every blob that is not among the `known` names, and to remove every temporary file, if
    /// last written before `older_than`.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn sweep(
        &self,
        known: &HashSet<BlobName>,
        older_than: Timestamp,
    ) -> Result<SweepPlan, BlobError> {
        let mut orphans = Vec::new();
        let mut count = 0;
        let mut stored = self.list().boxed();
        while let Some(blob) = stored.try_next().await? {
            count += 1;
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
            stored: count,
            leftovers,
        })
    }
}

impl SweepPlan {
    /// The blobs that would be moved.
    pub fn orphans(&self) -> &[Stored] {
        &self.orphans
    }

    /// How many blobs there are in all.
    pub fn stored(&self) -> u64 {
        self.stored
    }

    /// Whether more would be moved than crashes can explain: more than eight, and more than
    /// one in a hundred.
    pub fn is_suspicious(&self) -> bool {
        exceeds_share(u64::try_from(self.orphans.len()).unwrap_or(u64::MAX), self.stored)
    }

    /// How many temporary files would be removed.
    pub fn leftovers(&self) -> usize {
        self.leftovers.len()
    }

    /// Moves and removes what was planned and is still old; `now` is noted beside what is moved.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`]; what was moved until then stays in the quarantine.
    pub async fn run(self, now: Timestamp) -> Result<Sweep, BlobError> {
        let mut done = Sweep::default();
        for orphan in &self.orphans {
            // No put runs while this is held, so what is old now is not being put again.
            let _no_puts = self.blobs.sweeping.write().await;
            if self.still_old(orphan.name).await? && self.blobs.quarantine(*orphan, now).await? {
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
        match meta.map_err(BlobError::store("look for a photo", name)) {
            Ok(meta) => Ok(Timestamp::from_micros(meta.last_modified.timestamp_micros()) < self.older_than),
            Err(BlobError::Missing(_) | BlobError::NoFile { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Whether `found` of `all` are more than crashes explain.
pub fn exceeds_share(found: u64, all: u64) -> bool {
    found > FEW.max(all / SHARE)
}
