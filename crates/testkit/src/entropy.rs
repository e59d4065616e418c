//! Randomness that is the same in every run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cutis_domain::Entropy;
use cutis_domain::entropy::Purpose;

/// A stream of bytes for each purpose, decided by the seed alone. Not random at all: for tests.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    streams: Mutex<BTreeMap<Purpose, u64>>,
}

impl SeededEntropy {
    /// Streams that this seed decides.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            streams: Mutex::new(BTreeMap::new()),
        }
    }
}

impl Default for SeededEntropy {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, purpose: Purpose, buffer: &mut [u8]) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let stream = match purpose {
            Purpose::Id => 1,
            Purpose::Secret => 2,
            Purpose::TrailSalt => 3,
        };
        let state = streams
            .entry(purpose)
            .or_insert_with(|| mix(self.seed ^ mix(stream)));
        for chunk in buffer.chunks_mut(8) {
            // SplitMix64 (public domain, Sebastiano Vigna).
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            chunk
                .iter_mut()
                .zip(mix(*state).to_be_bytes())
                .for_each(|(byte, random)| *byte = random);
        }
    }
}

const fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::entropy::bytes;

    #[test]
    fn one_more_draw_for_ids_shifts_no_salt() {
        let (one, other) = (SeededEntropy::new(7), SeededEntropy::new(7));
        assert_eq!(bytes::<16>(&one, Purpose::Id), bytes::<16>(&other, Purpose::Id));
        assert_ne!(
            bytes::<16>(&one, Purpose::Id),
            bytes::<16>(&SeededEntropy::new(8), Purpose::Id)
        );
        assert_eq!(
            bytes::<32>(&one, Purpose::TrailSalt),
            bytes::<32>(&other, Purpose::TrailSalt)
        );
        assert_ne!(bytes::<16>(&other, Purpose::Id), bytes::<16>(&other, Purpose::Id));
    }
}
