//! What a folder needs beyond the store's own work: durable removals, and the temporary files that
//! a crash leaves, which the store neither lists nor addresses.

use std::io;
use std::path::{Path, PathBuf};

use cutis_domain::{Digest, Timestamp};
use cutis_vault::durable;
use tokio::fs;

use crate::{BlobError, BlobName};

const REMOVING: &str = "remove a photo";
const SWEEPING: &str = "sweep the photo folder";

/// The folder under a store.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Creates the folder and all folders in it, so that a put does not have to create and sync any.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        durable::create_dir(root)?;
        durable::create_children(root, folders())?;
        Ok(Self::at(root))
    }

    /// A folder as it is.
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the removal of a blob durable, which the store does not.
    pub(crate) async fn sync_parent(&self, name: BlobName) -> Result<(), BlobError> {
        let parent = self.root.join(name.folder());
        if cfg!(unix) {
            let folder = fs::File::open(&parent).await.map_err(BlobError::io(REMOVING))?;
            folder.sync_all().await.map_err(BlobError::io(REMOVING))?;
        }
        Ok(())
    }

    /// Temporary files of puts that never finished, last written before `older_than`.
    pub(crate) async fn leftovers(&self, older_than: Timestamp) -> Result<Vec<PathBuf>, BlobError> {
        let mut found = Vec::new();
        for folder in folders() {
            for file in entries(&self.root.join(folder)).await? {
                if is_temporary(&file) && modified(&file).await?.is_some_and(|at| at < older_than) {
                    found.push(file);
                }
            }
        }
        Ok(found)
    }

    /// Removes one of them; it need not exist any more.
    pub(crate) async fn remove_leftover(&self, path: &Path) -> Result<(), BlobError> {
        match fs::remove_file(path).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BlobError::io(SWEEPING)(error)),
            _ => Ok(()),
        }
    }
}

/// All folders that hold blobs.
fn folders() -> impl Iterator<Item = String> {
    (0..=u8::MAX).map(|first| format!("{first:02x}"))
}

async fn entries(path: &Path) -> Result<Vec<PathBuf>, BlobError> {
    let mut folder = match fs::read_dir(path).await {
        Ok(folder) => folder,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(BlobError::io(SWEEPING)(error)),
    };
    let mut found = Vec::new();
    while let Some(entry) = folder.next_entry().await.map_err(BlobError::io(SWEEPING))? {
        found.push(entry.path());
    }
    Ok(found)
}

async fn modified(path: &Path) -> Result<Option<Timestamp>, BlobError> {
    let metadata = match fs::symlink_metadata(path).await {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BlobError::io(SWEEPING)(error)),
    };
    let modified = metadata.modified().map_err(BlobError::io(SWEEPING))?;
    let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Some(Timestamp::from_micros(
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
    )))
}

/// The store's own form: the target's name, `#`, a number.
fn is_temporary(path: &Path) -> bool {
    name_of(path)
        .and_then(|name| name.split_once('#'))
        .is_some_and(|(target, number)| {
            target.parse::<Digest>().is_ok()
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        })
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_stores_own_temporary_files_are_recognised() {
        let name = "0a".repeat(32);
        assert!(is_temporary(Path::new(&format!("/x/{name}#1"))));
        assert!(is_temporary(Path::new(&format!("/x/{name}#12"))));
        for other in [
            name.clone(),
            format!("{name}#"),
            format!("{name}#x"),
            format!("{name}0#1"),
            "notes#1".to_owned(),
        ] {
            assert!(!is_temporary(Path::new(&other)), "{other}");
        }
    }
}
