//! Where blobs are kept that no row names. Nothing is deleted because something else is missing: a blob that seems to
//! belong to nothing is moved here, is still found when it is read, and is moved back as soon as a row names it. Only a
//! person empties the quarantine.

mod moves;

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::memory::InMemory;

use crate::BlobError;
use crate::ordinary::OrdinaryFiles;

/// A second store of the same kind as the one it serves.
pub(crate) struct Quarantine {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// Its folder; none for a store in memory.
    root: Option<PathBuf>,
}

impl Quarantine {
    pub(crate) fn folder(root: &FilePath) -> Result<Self, BlobError> {
        const DOING: &str = "open the quarantine";
        let store = OrdinaryFiles::at(root).map_err(BlobError::any(DOING))?;
        Ok(Self {
            store: Arc::new(store),
            root: Some(root.to_path_buf()),
        })
    }

    pub(crate) fn in_memory() -> Self {
        Self {
            store: Arc::new(InMemory::new()),
            root: None,
        }
    }
}

/// Which of two files of one name holds the blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twins {
    /// The one in its place.
    InPlace,
    /// Only the one in the quarantine.
    Aside,
    /// None.
    Neither,
}
