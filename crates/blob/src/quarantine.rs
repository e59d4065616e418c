//! Where blobs wait that no row names. Nothing is deleted because something else is missing: a blob that
//! seems to belong to nobody is moved here, still found when it is read, and moved back as soon as a row
//! names it. Only a person empties the quarantine.

use std::io;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use cutis_domain::Timestamp;
use cutis_vault::durable;
use futures_util::{Stream, StreamExt, stream};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::fs;

use crate::blobs::listed;
use crate::{BlobError, BlobName, Blobs, Stored};

const MOVING: &str = "move a picture to or from the quarantine";

/// A second store of the same kind as the one it serves.
pub(crate) struct Quarantine {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// Its folder; none for a store in memory.
    root: Option<PathBuf>,
}

impl Quarantine {
    pub(crate) fn folder(root: &FilePath) -> Result<Self, BlobError> {
        const DOING: &str = "open the quarantine";
        let store = LocalFileSystem::new_with_prefix(root)
            .map_err(BlobError::any(DOING))?
            .with_fsync(true);
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

impl Blobs {
    /// The same store with a quarantine in this folder, which is made if it is missing. It must lie in
    /// the file system of the blobs.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    pub fn with_quarantine(mut self, root: &FilePath) -> Result<Self, BlobError> {
        durable::create_dir(root).map_err(BlobError::io("make the quarantine"))?;
        self.quarantine = Some(Arc::new(Quarantine::folder(root)?));
        Ok(self)
    }

    /// Everything that lies in the quarantine, in no order.
    pub fn list_quarantined(&self) -> impl Stream<Item = Result<Stored, BlobError>> + Send + use<> {
        match &self.quarantine {
            Some(quarantine) => listed(&quarantine.store).left_stream(),
            None => stream::empty().right_stream(),
        }
    }

    /// Moves a blob to the quarantine, durably, after noting there when and what; `false` when it is not there, or one of its name already
    /// lies in the quarantine. No put may run meanwhile: see [`crate::sweep`].
    pub(crate) async fn quarantine(&self, blob: Stored, at: Timestamp) -> Result<bool, BlobError> {
        let name = blob.name;
        let Some(quarantine) = &self.quarantine else {
            return Ok(false);
        };
        let roots = self
            .folder
            .as_ref()
            .map(|folder| folder.root())
            .zip(quarantine.root.as_deref());
        match roots {
            Some((here, there)) => {
                let note = format!("{at} {name} {} bytes", blob.sealed_len);
                durable::append_line(&there.join("record.txt"), &note).map_err(BlobError::io(MOVING))?;
                relocate(&place(here, name), &place(there, name)).await
            }
            None => copy_over(&self.store, &quarantine.store, name).await,
        }
    }

    /// Moves a blob back, durably; `false` when it is not in the quarantine, or there is another of its
    /// name outside.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn take_back(&self, name: BlobName) -> Result<bool, BlobError> {
        let Some(quarantine) = &self.quarantine else {
            return Ok(false);
        };
        let _no_puts = self.sweeping.write().await;
        let roots = self
            .folder
            .as_ref()
            .map(|folder| folder.root())
            .zip(quarantine.root.as_deref());
        match roots {
            Some((here, there)) => relocate(&place(there, name), &place(here, name)).await,
            None => copy_over(&quarantine.store, &self.store, name).await,
        }
    }

    /// Deletes a quarantined blob for good; one that is gone is fine.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn discard_quarantined(&self, name: BlobName) -> Result<(), BlobError> {
        let Some(quarantine) = &self.quarantine else {
            return Ok(());
        };
        match quarantine
            .store
            .delete(&name.path())
            .await
            .map_err(BlobError::store("delete a quarantined picture", name))
        {
            Ok(()) | Err(BlobError::Missing(_)) => {}
            Err(error) => return Err(error),
        }
        match quarantine.root.as_deref() {
            Some(root) => sync(&root.join(name.folder())).await,
            None => Ok(()),
        }
    }
}

fn place(root: &FilePath, name: BlobName) -> PathBuf {
    root.join(name.folder()).join(name.to_string())
}

/// Moves a file within one file system. The new name is durable before the old one goes, and what is
/// in the target's place is left alone.
async fn relocate(from: &FilePath, to: &FilePath) -> Result<bool, BlobError> {
    let doing = || BlobError::io(MOVING);
    if let Some(folder) = to.parent() {
        match fs::create_dir(folder).await {
            Ok(()) => sync(folder.parent().unwrap_or(folder)).await?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(doing()(error)),
        }
    }
    match fs::hard_link(from, to).await {
        Ok(()) => {}
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists
            ) =>
        {
            return Ok(false);
        }
        Err(error) => return Err(doing()(error)),
    }
    sync(to.parent().unwrap_or(to)).await?;
    fs::remove_file(from).await.map_err(doing())?;
    sync(from.parent().unwrap_or(from)).await?;
    Ok(true)
}

async fn sync(folder: &FilePath) -> Result<(), BlobError> {
    if cfg!(unix) {
        let folder = fs::File::open(folder).await.map_err(BlobError::io(MOVING))?;
        folder.sync_all().await.map_err(BlobError::io(MOVING))?;
    }
    Ok(())
}

async fn copy_over(
    from: &Arc<dyn ObjectStore>,
    to: &Arc<dyn ObjectStore>,
    name: BlobName,
) -> Result<bool, BlobError> {
    let doing = || BlobError::store(MOVING, name);
    let bytes = match from.get(&name.path()).await.map_err(doing()) {
        Ok(found) => found.bytes().await.map_err(doing())?,
        Err(BlobError::Missing(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    to.put(&name.path(), bytes.into()).await.map_err(doing())?;
    from.delete(&name.path()).await.map_err(doing())?;
    Ok(true)
}
