//! Moving blobs to and from the quarantine.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use cutis_domain::Timestamp;
use cutis_vault::{PatientKey, durable};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::fs;

use super::{Quarantine, Twins};
use crate::listed::listed;
use crate::opened::Reading;
use crate::{BlobError, BlobName, Blobs, OpenBlob, Stored};

const MOVING: &str = "move a photo to or from the quarantine";

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

    /// Everything in the quarantine, in no order.
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
                relocate(&place(here, name), &place(there, name))
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
            Some((here, there)) => relocate(&place(there, name), &place(here, name)),
            None => copy_over(&quarantine.store, &self.store, name).await,
        }
    }

    /// Compares the two files of one name, one in its place and one in the quarantine: reads each to its end with the
    /// patient's key.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`], when one of them cannot be read at all.
    pub async fn compare(&self, key: &PatientKey, name: BlobName) -> Result<Twins, BlobError> {
        let Some(quarantine) = &self.quarantine else {
            return Ok(Twins::InPlace);
        };
        if is_sound(&self.store, key, name).await? {
            Ok(Twins::InPlace)
        } else if is_sound(&quarantine.store, key, name).await? {
            Ok(Twins::Aside)
        } else {
            Ok(Twins::Neither)
        }
    }

    /// Puts the quarantined file of this name into its place; what lay there is kept in the quarantine under another
    /// name, with a line that says when. `false` when there is nothing to exchange.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`]. A crash between the two moves leaves the place empty, and the blob is read from
    /// the quarantine.
    pub async fn exchange(&self, name: BlobName, at: Timestamp) -> Result<bool, BlobError> {
        let Some(quarantine) = &self.quarantine else {
            return Ok(false);
        };
        let _no_puts = self.sweeping.write().await;
        let roots = self
            .folder
            .as_ref()
            .map(|folder| folder.root())
            .zip(quarantine.root.as_deref());
        let Some((here, there)) = roots else {
            return copy_over(&quarantine.store, &self.store, name).await;
        };
        if !place(there, name).exists() {
            return Ok(false);
        }
        let kept = (1..=9999_u32)
            .map(|number| place(there, name).with_extension(format!("replaced-{number}")))
            .find(|kept| !kept.exists());
        let Some(kept) = kept else { return Ok(false) };
        let note = format!(
            "{at} {name} was in the place of the file that opens; kept as {}",
            shown(&kept)
        );
        durable::append_line(&there.join("record.txt"), &note).map_err(BlobError::io(MOVING))?;
        if !relocate(&place(here, name), &kept)? {
            return Ok(false);
        }
        relocate(&place(there, name), &place(here, name))
    }

    /// Deletes a quarantined blob permanently; it need not exist any more.
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
            .map_err(BlobError::store("delete a quarantined photo", name))
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

/// Whether a blob can be read to its end. The name is part of what is authenticated, so another blob does not pass.
async fn is_sound(store: &Arc<dyn ObjectStore>, key: &PatientKey, name: BlobName) -> Result<bool, BlobError> {
    let read = async {
        let blob = OpenBlob::open(store, key, name, Reading::LEAN).await?;
        let mut pieces = std::pin::pin!(blob.stream(0..blob.len()));
        while pieces.try_next().await?.is_some() {}
        Ok(())
    };
    match read.await {
        Ok(()) => Ok(true),
        Err(
            BlobError::Missing(_)
            | BlobError::Damaged(_)
            | BlobError::NoFile { .. }
            | BlobError::OutOfRange(_),
        ) => Ok(false),
        Err(error) => Err(error),
    }
}

fn shown(path: &FilePath) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn place(root: &FilePath, name: BlobName) -> PathBuf {
    root.join(name.folder()).join(name.to_string())
}

/// Moves a file within one file system, durably; one that is in the target's place is left alone, unless both are
/// names of one file, which a crash half-way leaves.
fn relocate(from: &FilePath, to: &FilePath) -> Result<bool, BlobError> {
    durable::relocate(from, to).map_err(BlobError::io(MOVING))
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
