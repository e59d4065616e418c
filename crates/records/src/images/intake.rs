//! Receiving one file: it is hashed as it arrives and bounded by its limit, and its memory was set aside before its
//! first byte was read.

use bytes::{Bytes, BytesMut};
use cutis_domain::Digest;
use sha2::{Digest as _, Sha256};
use tokio::time::{Duration, Instant};

use super::fair::{Busy, Fair, Holder, Share};
use super::memory::MOST_DERIVED;

/// While another account waits for memory, a file must arrive at a pace at which all of its memory would be released
/// within this time: 437 KiB/s for the largest, 8 KiB/s, which every body must keep, up to 4 MiB.
const GIVEN_BACK: Duration = Duration::from_mins(10);
/// Over which time the pace is measured.
const WINDOW: Duration = Duration::from_secs(15);

/// Why a file was not received to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeRefusal {
    /// Larger than the practice allows (I2).
    #[error("The file is larger than {limit_mib} MiB, the most this practice accepts.")]
    TooLarge {
        /// The limit in mebibytes.
        limit_mib: u32,
    },
    /// Longer than its request announced.
    #[error("The file is longer than its request announced.")]
    Longer,
    /// It arrived too slowly for the memory that it holds, while others waited for it.
    #[error("The file arrived too slowly while others waited for the memory that was set aside for it.")]
    HeldUp,
}

/// A file being received.
#[derive(Debug)]
pub struct Intake {
    /// `None` once the file was refused.
    share: Option<Share>,
    /// The maximum number of bytes for which its share was calculated.
    most: u64,
    limit_mib: u32,
    hasher: Sha256,
    content: BytesMut,
    /// When the present window of its pace began, and what arrived since.
    window: (Instant, u64),
}

/// A file received to its end.
#[derive(Debug)]
pub struct Received {
    /// Its bytes.
    pub content: Bytes,
    /// Their SHA-256.
    pub sha256: Digest,
    /// Keeps its share of the memory until the file has been processed.
    pub(crate) _share: Option<Share>,
}

impl Intake {
    /// Sets aside the memory for the whole file, waiting for it if necessary: `declared` bytes, if the request states
    /// its length, or the limit. All at once, so that no file waits while it holds a part. Nothing is allocated yet
    /// (C27).
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
            window: (Instant::now(), 0),
        })
    }

    /// Takes the next piece. Memory grows with what has arrived, never with what was announced (C27). A refused file is
    /// dropped at once, and its memory released.
    ///
    /// # Errors
    /// When the file is larger than its limit, or than its request announced, or holds up others.
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
        if self.holds_up(piece.len()) {
            self.content = BytesMut::new();
            self.share = None;
            return Err(IntakeRefusal::HeldUp);
        }
        self.hasher.update(piece);
        self.content.extend_from_slice(piece);
        Ok(())
    }

    /// Whether a window has ended in which too little arrived while another account waits for memory. If none does, a
    /// file may take as long as any body.
    fn holds_up(&mut self, arrived: usize) -> bool {
        let (since, bytes) = &mut self.window;
        *bytes = bytes.saturating_add(u64::try_from(arrived).unwrap_or(u64::MAX));
        let waited = since.elapsed();
        let Some(share) = self.share.as_ref().filter(|_| waited >= WINDOW) else {
            return false;
        };
        let due = u128::from(self.most).saturating_mul(waited.as_millis()) / GIVEN_BACK.as_millis();
        let slow = u128::from(*bytes) < due;
        self.window = (Instant::now(), 0);
        slow && share.is_wanted()
    }

    /// The whole file, with the part of its share that it needs.
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
    /// budget stood still forever once each held a part.
    #[tokio::test(start_paused = true)]
    async fn three_of_the_largest_files_at_once_all_end() {
        let shared = Shared::new(1);
        let receive = async |number| {
            let mut intake = Intake::begin(&shared.files, holder(number), 256, None).await?;
            for _ in 0..64 {
                intake.push(&[7; 4096]).expect("within its limit");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok::<_, Busy>(intake.finish().content.len())
        };
        let ended = tokio::join!(receive(1), receive(2), receive(3));
        assert_eq!(ended, (Ok(64 * 4096), Ok(64 * 4096), Ok(64 * 4096)));
    }

    /// A file of this many bytes that arrives at this pace, for at most two hours; how long until it was refused.
    async fn dribble(shared: &Shared, number: u8, mib: u64, bytes_a_second: usize) -> Option<Duration> {
        let (begun, piece) = (Instant::now(), vec![7; bytes_a_second]);
        let mut intake = Intake::begin(&shared.files, holder(number), 256, Some(mib << 20))
            .await
            .expect("room");
        while begun.elapsed() < Duration::from_hours(2) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            match intake.push(&piece) {
                Ok(()) => {}
                Err(IntakeRefusal::HeldUp) => return Some(begun.elapsed()),
                Err(_) => return None,
            }
        }
        None
    }

    /// Issue 6, point 6: two accounts whose largest files dribble, at the least pace that a body may have, used to hold
    /// all memory for files for nine hours. Now the first who needs some has it within a window.
    #[tokio::test(start_paused = true)]
    async fn files_that_dribble_give_way_to_who_waits() {
        let shared = Shared::new(1);
        let third = async {
            tokio::time::sleep(Duration::from_mins(30)).await;
            let before = Instant::now();
            let mut intake = Intake::begin(&shared.files, holder(3), 256, Some(8 << 20)).await?;
            let waited = before.elapsed();
            intake.push(&[7; 1000]).expect("within its limit");
            Ok::<_, Busy>(waited)
        };
        let (first, second, waited) = tokio::join!(
            dribble(&shared, 1, 256, 8192),
            dribble(&shared, 2, 256, 8192),
            third
        );
        assert!(waited.expect("served") <= Duration::from_secs(16), "{waited:?}");
        let refused = [first, second].into_iter().flatten().collect::<Vec<_>>();
        assert!(!refused.is_empty(), "one of them gave way");
        assert!(
            refused.iter().all(|at| *at >= Duration::from_mins(30)),
            "nobody before: {refused:?}"
        );
    }

    /// A file that goes on at the pace for its size keeps its memory, and so does a small one at the least pace: they
    /// are not who is in the way.
    #[tokio::test(start_paused = true)]
    async fn files_that_go_on_keep_their_memory() {
        let shared = Shared::new(1);
        let fast = async {
            let mut intake = Intake::begin(&shared.files, holder(1), 256, Some(256 << 20))
                .await
                .expect("room");
            for _ in 0..500 {
                tokio::time::sleep(Duration::from_secs(1)).await;
                intake.push(&vec![7; 512 * 1024])?;
            }
            Ok::<_, IntakeRefusal>(())
        };
        let small = async {
            let mut intake = Intake::begin(&shared.files, holder(2), 256, Some(1 << 20))
                .await
                .expect("room");
            for _ in 0..100 {
                tokio::time::sleep(Duration::from_secs(1)).await;
                intake.push(&[7; 8704])?;
            }
            Ok::<_, IntakeRefusal>(())
        };
        let waits = async {
            for number in 3..12 {
                drop(Intake::begin(&shared.files, holder(number), 256, None).await);
            }
        };
        let (fast, small, ()) = tokio::join!(fast, small, waits);
        assert_eq!((fast, small), (Ok(()), Ok(())));
    }

    /// Issue 6, point 6: one account with sixty files that never end leaves room for another's.
    #[tokio::test(start_paused = true)]
    async fn sixty_endless_files_of_one_account_leave_room() {
        let shared = Shared::new(1);
        let mut endless = Vec::new();
        for _ in 0..60 {
            if let Ok(Ok(intake)) = tokio::time::timeout(
                Duration::from_millis(1),
                Intake::begin(&shared.files, holder(1), 16, None),
            )
            .await
            {
                endless.push(intake);
            }
        }
        assert!(!endless.is_empty() && endless.len() < 60, "{}", endless.len());
        let before = Instant::now();
        Intake::begin(&shared.files, holder(2), 256, None)
            .await
            .expect("room");
        assert_eq!(before.elapsed(), Duration::ZERO, "at once");
    }
}
