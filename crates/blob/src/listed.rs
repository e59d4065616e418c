//! What a store holds.

use std::sync::Arc;

use cutis_domain::Timestamp;
use futures_util::{Stream, TryStreamExt};
use object_store::ObjectStore;

use crate::{BlobError, BlobName};

/// What the store holds under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The blob's name.
    pub name: BlobName,
    /// Bytes in the store: the content's, 44 more, and 16 for each begun 64 KiB.
    pub sealed_len: u64,
    /// When it was last put, by the store's clock.
    pub modified: Timestamp,
}

/// Every blob in a store.
pub(crate) fn listed(
    store: &Arc<dyn ObjectStore>,
) -> impl Stream<Item = Result<Stored, BlobError>> + Send + use<> {
    store
        .list(None)
        .map_err(|error| BlobError::any("list the photos")(error))
        .try_filter_map(|meta| {
            let stored = BlobName::at(&meta.location).map(|name| Stored {
                name,
                sealed_len: meta.size,
                modified: Timestamp::from_micros(meta.last_modified.timestamp_micros()),
            });
            std::future::ready(Ok(stored))
        })
}
