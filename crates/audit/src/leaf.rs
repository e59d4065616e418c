//! What is stored per event, and how a record becomes one.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::key::TrailKey;
use crate::record::Record;
use crate::tree::{Frontier, Hash, leaf_hash};
use crate::wire::{self, StoredRecord};

/// One event as stored. Class, day and commitment form the leaf and are kept permanently; salt and payload can be
/// purged, after which nobody can tell or guess what the event said.
#[derive(Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its place, from 1, without gaps; the leaf's index plus one.
    pub sequence: u64,
    /// The retention class, 1 to 5, see [`crate::Class::number`].
    pub class: u8,
    /// Days since 1970-01-01 UTC; never less than the leaf before.
    pub day: u32,
    /// `SHA-256("cutis/commit/v1" || salt || payload)`.
    pub commit: [u8; 32],
    /// `HMAC-SHA256(key, "cutis/entry/v1" || sequence || leaf hash)`.
    pub mac: [u8; 32],
    /// Random, so that the commitment hides the payload; gone after a purge.
    pub salt: Option<[u8; 32]>,
    /// The exact bytes of [`crate::wire`]; gone after a purge.
    pub payload: Option<Vec<u8>>,
}

/// A record that does not belong at the end of this trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("event {found} cannot be recorded where event {expected} is due")]
pub struct SealError {
    expected: u64,
    found: u64,
}

impl Leaf {
    /// The leaf: what the tree is built over.
    pub fn leaf_bytes(&self) -> [u8; 38] {
        leaf_bytes(self.class, self.day, &self.commit)
    }

    /// The leaf's hash.
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.leaf_bytes())
    }

    /// What the leaf says, if this installation wrote it for its place and it was not changed since; otherwise `None`.
    /// Only the tree's root proves that it belongs to one trail with the others.
    pub fn read(&self, key: &TrailKey) -> Option<StoredRecord> {
        let payload = self.payload.as_deref()?;
        let sound = commitment(self.salt.as_ref()?, payload) == self.commit
            && key.leaf_is_ours(self.sequence, &self.leaf_hash(), &self.mac);
        wire::decode(payload)
            .ok()
            .filter(|record| sound && record.sequence == self.sequence)
    }
}

impl fmt::Debug for Leaf {
    /// Without the payload, which says who looked at whom (G11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaf")
            .field("sequence", &self.sequence)
            .field("class", &self.class)
            .field("day", &self.day)
            .field("payload_bytes", &self.payload.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

/// `0x01 || class || day (most significant first) || commitment`.
pub fn leaf_bytes(class: u8, day: u32, commit: &[u8; 32]) -> [u8; 38] {
    let mut leaf = [0; 38];
    let parts = [1, class]
        .into_iter()
        .chain(day.to_be_bytes())
        .chain(commit.iter().copied());
    leaf.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
    leaf
}

/// The commitment to a payload.
pub(crate) fn commitment(salt: &[u8; 32], payload: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"cutis/commit/v1")
        .chain_update(salt)
        .chain_update(payload)
        .finalize()
        .into()
}

/// Seals a record as the next leaf and moves the frontier past it.
///
/// `previous_day` is the day of the leaf before (0 for the first): a clock set back does not make
/// days decrease. `salt` must be fresh and random.
///
/// # Errors
/// When the record's sequence is not the next after this frontier, which is then unchanged.
pub fn seal(
    key: &TrailKey,
    frontier: &mut Frontier,
    previous_day: u32,
    record: &Record,
    salt: [u8; 32],
) -> Result<Leaf, SealError> {
    let expected = frontier.size().saturating_add(1);
    if record.sequence != expected {
        return Err(SealError {
            expected,
            found: record.sequence,
        });
    }
    let payload = wire::encode(key, record);
    let class = record.event.action().class().number();
    let day = record.at.as_days().max(previous_day);
    let commit = commitment(&salt, &payload);
    let hash = leaf_hash(&leaf_bytes(class, day, &commit));
    frontier.push(hash);
    let mac = key.leaf_mac(expected, &hash);
    Ok(Leaf {
        sequence: expected,
        class,
        day,
        commit,
        mac,
        salt: Some(salt),
        payload: Some(payload),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Action, Event};
    use cutis_domain::{Caller, Timestamp};

    fn record(sequence: u64, seconds: i64) -> Record {
        Record {
            sequence,
            at: Timestamp::EPOCH.plus_seconds(seconds),
            caller: Caller::system(),
            event: Event::new(Action::ServerStarted),
            state: Vec::new(),
        }
    }

    #[test]
    fn the_leaf_is_as_documented() {
        let leaf = leaf_bytes(4, 0x0102_0304, &[9; 32]);
        assert_eq!(leaf[..6], [1, 4, 1, 2, 3, 4]);
        assert_eq!(leaf[6..], [9; 32]);
    }

    /// C57: a clock set back does not make days decrease.
    #[test]
    fn days_never_decrease() {
        let key = TrailKey::from_bytes([1; 32]);
        let mut frontier = Frontier::new();
        let leaf = seal(&key, &mut frontier, 0, &record(1, 5 * 86_400), [0; 32]).expect("first");
        assert_eq!(leaf.day, 5);
        let leaf = seal(&key, &mut frontier, 5, &record(2, 3 * 86_400), [0; 32]).expect("second");
        assert_eq!(leaf.day, 5);
    }

    #[test]
    fn a_record_out_of_turn_is_not_sealed() {
        let key = TrailKey::from_bytes([1; 32]);
        let mut frontier = Frontier::new();
        for sequence in [0, 2, u64::MAX] {
            assert!(seal(&key, &mut frontier, 0, &record(sequence, 0), [0; 32]).is_err());
        }
        assert_eq!(frontier, Frontier::new());
    }
}
