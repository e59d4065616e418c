//! Receiving one file: hashed as it comes, bounded by its limit and by what all files may hold in
//! memory together.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use cutis_domain::Digest;
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What all uploads together may hold in memory, in mebibytes: two of the largest allowed.
const BUDGET_MIB: u32 = 512;

/// The memory that uploads share. Whoever finds none waits before reading on, so a slow moment is
/// back-pressure, not growth.
#[derive(Debug)]
pub struct Budget {
    mebibytes: Arc<Semaphore>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            mebibytes: Arc::new(Semaphore::new(usize::try_from(BUDGET_MIB).unwrap_or(512))),
        }
    }
}

/// Why a file was not taken in to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeRefusal {
    /// Larger than the practice allows (I2).
    #[error("the file is larger than {limit_mib} MiB, the most this practice takes")]
    TooLarge {
        /// The limit in mebibytes.
        limit_mib: u32,
    },
    /// The program is shutting down.
    #[error("the program is shutting down")]
    Closing,
}

/// A file being received.
#[derive(Debug)]
pub struct Intake {
    budget: Arc<Semaphore>,
    held: Vec<OwnedSemaphorePermit>,
    reserved: u64,
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
    pub(crate) _held: Vec<OwnedSemaphorePermit>,
}

impl Budget {
    /// Begins to receive a file of at most `limit_mib` mebibytes.
    pub fn begin(&self, limit_mib: u32) -> Intake {
        Intake {
            budget: Arc::clone(&self.mebibytes),
            held: Vec::new(),
            reserved: 0,
            limit_mib,
            hasher: Sha256::new(),
            content: BytesMut::new(),
        }
    }
}

impl Intake {
    /// Takes the next piece. Memory grows by what has arrived, never by what was announced (C27).
    ///
    /// # Errors
    /// When the file is larger than its limit.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), IntakeRefusal> {
        let length = u64::try_from(self.content.len().saturating_add(piece.len())).unwrap_or(u64::MAX);
        if length > u64::from(self.limit_mib) << 20 {
            return Err(IntakeRefusal::TooLarge {
                limit_mib: self.limit_mib,
            });
        }
        while self.reserved < length {
            let one = Arc::clone(&self.budget)
                .acquire_owned()
                .await
                .map_err(|_| IntakeRefusal::Closing)?;
            self.held.push(one);
            self.reserved = self.reserved.saturating_add(1 << 20);
        }
        self.hasher.update(piece);
        self.content.extend_from_slice(piece);
        Ok(())
    }

    /// The whole file.
    pub fn finish(self) -> Received {
        let sha256: [u8; 32] = self.hasher.finalize().into();
        Received {
            content: self.content.freeze(),
            sha256: Digest::from_bytes(sha256),
            _held: self.held,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
        match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    /// I2: a file over the limit is refused while it is still arriving.
    #[test]
    fn a_file_over_its_limit_is_refused() {
        let mut intake = Budget::default().begin(1);
        assert_eq!(ready(intake.push(&vec![0; 1 << 20])), Some(Ok(())));
        assert_eq!(
            ready(intake.push(&[0])),
            Some(Err(IntakeRefusal::TooLarge { limit_mib: 1 }))
        );
    }

    /// C27: what all uploads hold is bounded; the next one waits.
    #[test]
    fn memory_is_shared_and_bounded() {
        let budget = Budget {
            mebibytes: Arc::new(Semaphore::new(1)),
        };
        let mut first = budget.begin(16);
        assert_eq!(ready(first.push(b"held")), Some(Ok(())));
        let mut second = budget.begin(16);
        assert_eq!(ready(second.push(b"waits")), None);
        drop(first.finish());
        assert_eq!(ready(second.push(b"goes on")), Some(Ok(())));
    }
}
