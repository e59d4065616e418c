//! What can go wrong with blobs, in words that say what to do next.

use std::error::Error;
use std::io;

use cutis_vault::{SealError, VaultError};

use crate::BlobName;

/// Why a blob could not be kept or had.
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
    /// A range that reaches beyond the blob.
    #[error("the range reaches beyond the end of blob {0}")]
    OutOfRange(BlobName),
    /// The disk, or the account's share of it, is full. Nothing was stored.
    #[error("the disk that holds the pictures is full; make room and try again")]
    Full,
    /// The store answered with something else; worth trying again.
    #[error("cannot {doing}: the store of the pictures is not available")]
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
            if matches!(source, object_store::Error::NotFound { .. }) {
                Self::Missing(name)
            } else {
                Self::any(doing)(source)
            }
        }
    }

    /// An error of the store about reading a part of one blob. One without an operating system's
    /// reason means that the part is not there: the blob is shorter than it was or should be.
    pub(crate) fn part(doing: &'static str, name: BlobName) -> impl FnOnce(object_store::Error) -> Self {
        move |source| {
            let generic = matches!(source, object_store::Error::Generic { .. });
            if generic && reasons(&source).next().is_none() {
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
        Self::unavailable("seal a picture", error)
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
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
    .filter_map(<dyn Error>::downcast_ref)
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
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
