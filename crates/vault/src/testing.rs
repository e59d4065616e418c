//! What the tests of this crate share.

use std::sync::atomic::{AtomicU64, Ordering};

use cutis_domain::Entropy;
use cutis_domain::entropy::Purpose;
use ring::digest;

/// Bytes that look random and are the same in every run.
#[derive(Debug, Default)]
pub(crate) struct Counted(AtomicU64);

impl Counted {
    pub(crate) fn from(seed: u64) -> Self {
        Self(AtomicU64::new(seed << 32))
    }
}

impl Entropy for Counted {
    fn fill(&self, _purpose: Purpose, buffer: &mut [u8]) {
        for block in buffer.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let digest = digest::digest(&digest::SHA256, &count.to_be_bytes());
            block.copy_from_slice(&digest.as_ref()[..block.len()]);
        }
    }
}
