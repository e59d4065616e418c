//! Removing what a crash left in the blob store: blobs that no image names (I4).

use std::collections::HashSet;

use cutis_blob::Sweep;
use cutis_storage::StorageError;
use futures_util::TryStreamExt as _;

use super::ImageError;
use crate::Records;

/// An upload puts its blobs before its row, so a blob younger than this may belong to one under way.
const GRACE_SECONDS: i64 = 3600;

impl Records {
    /// Removes blobs that no image names and that are at least an hour old, and says what they were.
    ///
    /// # Errors
    /// When the store or the database fails.
    pub async fn sweep_orphans(&self) -> Result<Sweep, ImageError> {
        let old = self.clock.now().plus_seconds(-GRACE_SECONDS);
        let mut known = HashSet::new();
        let mut stored = std::pin::pin!(self.blobs.list());
        while let Some(blob) = stored.try_next().await? {
            let asked = self
                .store
                .look_up(|view| view.blob_name_known(blob.name.as_bytes()))
                .await;
            if asked.map_err(|error: StorageError| ImageError::from(error))? {
                known.insert(blob.name);
            }
        }
        Ok(self.blobs.sweep(&known, old).await?.run().await?)
    }
}
