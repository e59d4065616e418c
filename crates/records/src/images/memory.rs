//! The memory that all image bytes together may take: files being received, images being
//! rendered, answers being sent (issue 6; C27, C31).
//!
//! Two lanes, so that a thumbnail never waits behind a file of 256 MiB. What an answer holds travels
//! with its bytes, so it is released when they have left or their connection has ended, not before.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::fair::{Fair, Share, Terms};

const MIB: u64 = 1 << 20;

/// What the renditions of one file may take besides the file itself.
pub const MOST_DERIVED: u64 = 4 * MIB;
/// The largest full-size rendition that is made.
pub const MOST_FULL: u64 = cutis_media::limits::MOST_FULL_BYTES;
/// The most that one file needs: the largest that any practice allows, with its renditions.
const ONE_FILE: u64 = 256 * MIB + MOST_DERIVED;
/// What an original that is streamed needs: a piece on its way and one being opened, sealed and plain.
pub(crate) const STREAMING: u64 = 3 * cutis_blob::LEAN_PIECE;

/// For files being received and full-size renditions: two of the largest, from two accounts.
const FILES: Terms = Terms {
    whole: 2 * ONE_FILE,
    per_account: ONE_FILE,
    per_session: ONE_FILE,
    waiting: 16,
    patience: Duration::from_mins(1),
};
/// For answers: an eighth for an account, two thirds of that for a session.
const ANSWERS: Terms = Terms {
    whole: 96 * MIB,
    per_account: 12 * MIB,
    per_session: 8 * MIB,
    // A page of the pool has a hundred thumbnails, and a browser asks for all of them at once.
    waiting: 128,
    patience: Duration::from_secs(30),
};
/// For decoding images, one per worker. An account may have as many waiting as it can have uploads.
const fn looking(workers: u64) -> Terms {
    Terms {
        whole: workers,
        per_account: workers,
        per_session: workers,
        waiting: 16,
        patience: Duration::from_mins(1),
    }
}

/// The shared resources of image work.
#[derive(Debug)]
pub struct Shared {
    pub(crate) files: Fair,
    pub(crate) answers: Fair,
    pub(crate) workers: Fair,
}

impl Shared {
    /// Nothing is held yet; as many images are decoded at once as there are workers.
    pub fn new(workers: usize) -> Self {
        Self {
            files: Fair::new(FILES),
            answers: Fair::new(ANSWERS),
            workers: Fair::new(looking(u64::try_from(workers).unwrap_or(1).max(1))),
        }
    }
}

/// Bytes that keep their share of the memory until the last of them is gone, wherever they go: into a
/// body, from there into a connection's buffer.
pub(crate) fn held(bytes: impl AsRef<[u8]> + Send + 'static, share: Arc<Share>) -> Bytes {
    struct Held<T>(T, Arc<Share>);
    impl<T: AsRef<[u8]>> AsRef<[u8]> for Held<T> {
        fn as_ref(&self) -> &[u8] {
            let Self(bytes, _share) = self;
            bytes.as_ref()
        }
    }
    Bytes::from_owner(Held(bytes, share))
}
