//! What can go wrong with blobs, in words that say what to do next.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use cutis_vault::durable::Kind;
use cutis_vault::{SealError, VaultError};

use crate::BlobName;
use crate::ordinary::InPlace;

/// Why a blob could not be stored or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// There is no such blob.
    #[error("blob {0} is missing from the store; restore it from a backup")]
    Missing(BlobName),
    /// The blob fails its check: changed, cut, another's, sealed under another key, or of a version
    /// that this program does not know.
    #[error("blob {0} is damaged; restore it from a backup")]
    Damaged(BlobName),
    /// Something other than an ordinary file, such as a pipe or a folder, is in the blob's place. It was not opened.
    #[error("{} is not an ordinary file, but {}; move it away, and restore blob {name} from a backup", .path.display(), .kind.described())]
    NoFile {
        /// The blob.
        name: BlobName,
        /// Its place.
        path: PathBuf,
        /// What is there.
        kind: Kind,
    },
    /// A range that reaches beyond the blob.
    #[error("the range reaches beyond the end of blob {0}")]
    OutOfRange(BlobName),
    /// The disk, or the account's share of it, is full. Nothing was stored.
    #[error("the disk that holds the photos is full; make room and try again")]
    Full,
    /// The disk did not confirm that a blob is stored. Nobody knows what it holds now, and a second sync would report
    /// success without doing anything; so nothing is stored until the program is started again.
    #[error("the disk failed while a photo was made durable; check the disk, then start cutis again")]
    SyncFailed {
        /// The store's reason.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The store answered with something else; worth trying again.
    #[error("cannot {doing}: the photo store is not available")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// The store's reason.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl BlobError {
    /// An error of the operating system.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            if is_full(&source) {
                Self::Full
            } else {
                Self::unavailable(doing, source)
            }
        }
    }

    /// An error of the store about one blob.
    pub(crate) fn store(doing: &'static str, name: BlobName) -> impl FnOnce(object_store::Error) -> Self {
        move |source| {
            if let Some(InPlace { path, what }) = in_chain(&source) {
                Self::NoFile {
                    name,
                    path: path.clone(),
                    kind: what.0,
                }
            } else if matches!(source, object_store::Error::NotFound { .. }) {
                Self::Missing(name)
            } else {
                Self::any(doing)(source)
            }
        }
    }

    /// An error of the store about keeping one blob, in which a failed sync is told from all others.
    pub(crate) fn kept(doing: &'static str, name: BlobName) -> impl FnOnce(object_store::Error) -> Self {
        move |source| {
            if is_failed_sync(&source) {
                Self::SyncFailed {
                    source: Box::new(source),
                }
            } else {
                Self::store(doing, name)(source)
            }
        }
    }

    /// An error of the store about reading a part of one blob. One without an operating system's
    /// reason means that the part is not there: the blob is shorter than it was or should be.
    pub(crate) fn part(doing: &'static str, name: BlobName) -> impl FnOnce(object_store::Error) -> Self {
        move |source| {
            let generic = matches!(source, object_store::Error::Generic { .. });
            let none = in_chain::<InPlace>(&source).is_some();
            if generic && !none && reasons(&source).next().is_none() {
                Self::Damaged(name)
            } else {
                Self::store(doing, name)(source)
            }
        }
    }

    /// An error of the store about the store.
    pub(crate) fn any(doing: &'static str) -> impl FnOnce(object_store::Error) -> Self {
        move |source| {
            if reasons(&source).any(is_full) {
                Self::Full
            } else {
                Self::unavailable(doing, source)
            }
        }
    }

    /// An error of opening.
    pub(crate) fn seal(name: BlobName) -> impl FnOnce(SealError) -> Self {
        move |error| {
            if error == SealError::OutOfRange {
                Self::OutOfRange(name)
            } else {
                Self::Damaged(name)
            }
        }
    }

    /// An error of sealing.
    pub(crate) fn sealing(error: VaultError) -> Self {
        Self::unavailable("seal a photo", error)
    }

    fn unavailable(doing: &'static str, source: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable {
            doing,
            source: Box::new(source),
        }
    }
}

/// The operating system's errors in a chain of reasons.
fn reasons<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a io::Error> {
    chain(error).filter_map(<dyn Error>::downcast_ref)
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

fn in_chain<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(<dyn Error>::downcast_ref)
}

/// Whether a put failed while syncing. The library does not expose its reasons, so they are recognised by their text: a
/// file's sync, or the rename, which includes the folder's sync. A disk that answers "input or output error" to
/// anything else has failed as well.
fn is_failed_sync(error: &object_store::Error) -> bool {
    const EIO: i32 = 5;
    const WORDS: [&str; 2] = ["Unable to sync data to disk", "Unable to rename file"];
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(reason) = next {
        let said = reason.to_string();
        if WORDS.iter().any(|words| said.starts_with(words)) {
            return true;
        }
        next = reason.source();
    }
    reasons(error).any(|reason| cfg!(unix) && reason.raw_os_error() == Some(EIO))
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(source: io::Error) -> object_store::Error {
        object_store::Error::Generic {
            store: "test",
            source: source.into(),
        }
    }

    /// The texts by which a failed sync is recognised are the library's own; here the library produces them itself.
    #[tokio::test]
    async fn a_put_that_fails_at_its_last_step_is_a_failed_sync() {
        use object_store::{ObjectStore as _, PutMode};

        let dir = tempfile::tempdir().unwrap();
        let store = object_store::local::LocalFileSystem::new_with_prefix(dir.path())
            .unwrap()
            .with_fsync(true);
        let name = BlobName::from_bytes([0; 32]);
        // A folder in the target's place: everything goes well until the rename.
        std::fs::create_dir_all(dir.path().join(format!("00/{name}"))).unwrap();
        let refused = store
            .put_opts(&name.path(), "x".into(), PutMode::Overwrite.into())
            .await
            .unwrap_err();
        assert!(is_failed_sync(&refused), "{refused}");
        assert!(matches!(
            BlobError::kept("x", name)(generic(io::Error::from_raw_os_error(5))),
            BlobError::SyncFailed { .. }
        ));
        for other in [io::ErrorKind::PermissionDenied, io::ErrorKind::StorageFull] {
            assert!(!is_failed_sync(&generic(other.into())), "{other}");
        }
    }

    #[test]
    fn a_full_disk_is_recognised_however_deep_it_is_reported() {
        let name = BlobName::from_bytes([0; 32]);
        // 28 is ENOSPC and 122 EDQUOT on Linux.
        for source in [
            io::ErrorKind::StorageFull.into(),
            io::Error::from_raw_os_error(28),
            io::Error::from_raw_os_error(122),
        ] {
            let nested = io::Error::other(generic(source));
            assert!(matches!(
                BlobError::store("x", name)(generic(nested)),
                BlobError::Full
            ));
        }
        let other = BlobError::store("x", name)(generic(io::ErrorKind::PermissionDenied.into()));
        assert!(matches!(other, BlobError::Unavailable { .. }));
        assert!(matches!(
            BlobError::io("x")(io::ErrorKind::StorageFull.into()),
            BlobError::Full
        ));
    }
}
