//! Removing what a crash left in the blob store: blobs that no image names (I4).

use cutis_storage::StorageError;

use super::ImageError;
use crate::Records;

impl Records {
    /// Removes blobs that no image names and that are at least an hour old; says how many.
    ///
    /// An upload puts its blobs before its row, so a younger blob may belong to one under way.
    ///
    /// # Errors
    /// When the store or the database fails.
    pub async fn sweep_orphans(&self) -> Result<usize, ImageError> {
        let hour_ago = self.clock.now().plus_seconds(-3600);
        let mut removed = 0_usize;
        for name in self.blobs.list_older_than(hour_ago).await? {
            let known = self.store.look_up(|view| view.blob_name_known(name.as_bytes())).await;
            if !known.map_err(|error: StorageError| ImageError::from(error))? {
                self.blobs.remove_named(&name).await?;
                removed = removed.saturating_add(1);
            }
        }
        Ok(removed)
    }
}
