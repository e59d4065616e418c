//! Receiving one file: hashed as it comes, bounded by its limit, in memory that was set aside for it
//! before its first byte was read.

use bytes::{Bytes, BytesMut};
use cutis_domain::Digest;
use sha2::{Digest as _, Sha256};

use super::fair::{Busy, Fair, Holder, Share};
use super::memory::MOST_DERIVED;

/// Why a file was not taken in to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeRefusal {
    /// Larger than the practice allows (I2).
    #[error("the file is larger than {limit_mib} MiB, the most this practice takes")]
    TooLarge {
        /// The limit in mebibytes.
        limit_mib: u32,
    },
    /// Longer than its request said that it would be.
    #[error("the file is longer than its request announced")]
    Longer,
}

/// A file being received.
#[derive(Debug)]
pub struct Intake {
    /// Gone once the file was refused.
    share: Option<Share>,
    /// The most bytes that its share was measured for.
    most: u64,
    limit_mib: u32,
    hasher: Sha256,
    content: BytesMut,
}

/// A file received to its end.
#[derive(Debug)]
pub struct Received {
    /// Its bytes.
    pub content: Bytes,
    /// Their SHA-256.
    pub sha256: Digest,
    /// Keeps its share of the memory until the file is dealt with.
    pub(crate) _share: Option<Share>,
}

impl Intake {
    /// Sets the whole file's memory aside, waiting for it if need be: `declared` bytes, if the request
    /// said how long it is, or the limit. All at once, so that no file waits with a part of it in hand.
    /// Nothing is allocated by it (C27).
    ///
    /// # Errors
    /// [`Busy`] when there was none in time.
    pub(crate) async fn begin(
        files: &Fair,
        holder: Holder,
        limit_mib: u32,
        declared: Option<u64>,
    ) -> Result<Self, Busy> {
        let limit = u64::from(limit_mib) << 20;
        let most = declared.map_or(limit, |declared| declared.min(limit));
        let share = files.acquire(holder, most.saturating_add(MOST_DERIVED)).await?;
        Ok(Self {
            share: Some(share),
            most,
            limit_mib,
            hasher: Sha256::new(),
            content: BytesMut::new(),
        })
    }

    /// Takes the next piece. Memory grows by what has arrived, never by what was announced (C27). A
    /// refused file is forgotten at once, and its memory given back.
    ///
    /// # Errors
    /// When the file is larger than its limit, or than its request announced.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), IntakeRefusal> {
        let length = u64::try_from(self.content.len().saturating_add(piece.len())).unwrap_or(u64::MAX);
        if length > self.most || self.share.is_none() {
            self.content = BytesMut::new();
            self.share = None;
            let limit_mib = self.limit_mib;
            return Err(if length > u64::from(limit_mib) << 20 {
                IntakeRefusal::TooLarge { limit_mib }
            } else {
                IntakeRefusal::Longer
            });
        }
        self.hasher.update(piece);
        self.content.extend_from_slice(piece);
        Ok(())
    }

    /// The whole file. It keeps what it needs of its share.
    pub fn finish(self) -> Received {
        let sha256: [u8; 32] = self.hasher.finalize().into();
        let length = u64::try_from(self.content.len()).unwrap_or(u64::MAX);
        let mut share = self.share;
        if let Some(share) = &mut share {
            share.shrink_to(length.saturating_add(MOST_DERIVED));
        }
        Received {
            content: self.content.freeze(),
            sha256: Digest::from_bytes(sha256),
            _share: share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Shared;
    use super::*;
    use cutis_domain::{Caller, Clinician, Scope};

    fn holder(number: u8) -> Holder {
        let id = format!("018f3c5e-7b1a-7c3d-9a4b-0000000000{number:02x}");
        let scope = Scope::assertion(id.parse().expect("an id"));
        Holder::from(&Clinician::assertion(scope, Caller::system()))
    }

    /// I2: a file over the limit is refused while it is still arriving, and its memory is free again.
    #[tokio::test]
    async fn a_file_over_its_limit_is_refused() {
        let shared = Shared::new(1);
        let mut intake = Intake::begin(&shared.files, holder(1), 256, None)
            .await
            .expect("room");
        assert_eq!(intake.push(&vec![0; 256 << 20]), Ok(()));
        assert_eq!(intake.push(&[0]), Err(IntakeRefusal::TooLarge { limit_mib: 256 }));
        Intake::begin(&shared.files, holder(1), 256, None)
            .await
            .expect("room again");
    }

    #[tokio::test]
    async fn a_file_longer_than_announced_is_refused() {
        let shared = Shared::new(1);
        let mut intake = Intake::begin(&shared.files, holder(1), 16, Some(4))
            .await
            .expect("room");
        assert_eq!(intake.push(b"four"), Ok(()));
        assert_eq!(intake.push(b"!"), Err(IntakeRefusal::Longer));
    }

    /// Issue 6, point 6: three files of the largest size, each taken in bit by bit, all end; today's
    /// budget stood still for ever once each held a part.
    #[tokio::test(start_paused = true)]
    async fn three_of_the_largest_files_at_once_all_end() {
        let shared = Shared::new(1);
        let receive = async |number| {
            let mut intake = Intake::begin(&shared.files, holder(number), 256, None).await?;
            for _ in 0..64 {
                intake.push(&[7; 4096]).expect("within its limit");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            Ok::<_, Busy>(intake.finish().content.len())
        };
        let ended = tokio::join!(receive(1), receive(2), receive(3));
        assert_eq!(ended, (Ok(64 * 4096), Ok(64 * 4096), Ok(64 * 4096)));
    }

    /// Issue 6, point 6: one account with sixty files that never end leaves room for another's.
    #[tokio::test(start_paused = true)]
    async fn sixty_endless_files_of_one_account_leave_room() {
        let shared = Shared::new(1);
        let mut endless = Vec::new();
        for _ in 0..60 {
            if let Ok(Ok(intake)) = tokio::time::timeout(
                std::time::Duration::from_millis(1),
                Intake::begin(&shared.files, holder(1), 16, None),
            )
            .await
            {
                endless.push(intake);
            }
        }
        assert!(!endless.is_empty() && endless.len() < 60, "{}", endless.len());
        let before = tokio::time::Instant::now();
        Intake::begin(&shared.files, holder(2), 256, None)
            .await
            .expect("room");
        assert_eq!(before.elapsed(), std::time::Duration::ZERO, "at once");
    }
}
