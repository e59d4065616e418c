//! Where randomness comes from. There is one stream per purpose, so that one more draw for ids does not shift the salts
//! in a test.

use std::sync::Arc;

use uuid::Uuid;

use crate::time::Clock;

/// What a draw is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The random part of identifiers. Not secret.
    Id,
    /// Keys, cookie values, set-up codes: everything that must not be guessed.
    Secret,
    /// Salts of the audit trail's commitments.
    TrailSalt,
}

/// A source of random bytes. Production uses the operating system's; tests use seeded ones.
pub trait Entropy: Send + Sync {
    /// Fills `buffer`. A source that fails must stop the process rather than return weak bytes.
    fn fill(&self, purpose: Purpose, buffer: &mut [u8]);
}

/// `N` random bytes from a source.
pub fn bytes<const N: usize>(entropy: &dyn Entropy, purpose: Purpose) -> [u8; N] {
    let mut buffer = [0; N];
    entropy.fill(purpose, &mut buffer);
    buffer
}

/// Makes identifiers: UUID version 7 from an injected clock and source.
#[derive(Clone)]
pub struct Ids {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ids").finish_non_exhaustive()
    }
}

impl Ids {
    /// A maker of identifiers over this clock and source.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy }
    }

    /// A new identifier of any kind.
    pub fn make<T: From<Uuid>>(&self) -> T {
        let random: [u8; 10] = bytes(self.entropy.as_ref(), Purpose::Id);
        let millis = u64::try_from(self.clock.now().as_micros() / 1000).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
