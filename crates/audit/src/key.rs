//! The secret that the database does not hold.
//!
//! Hashes alone prove nothing, because they can all be recomputed after an edit. Everything the
//! verifier relies on is therefore also authenticated with a key kept outside the database.

use std::fmt;

use cutis_domain::{Digest, Secret};
use hmac::digest::KeyInit as _;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

type HmacSha256 = Hmac<Sha256>;

/// Thirty-two secret bytes of this installation, kept outside the database and erased on drop.
#[derive(Clone)]
pub struct TrailKey(Secret<[u8; 32]>);

impl TrailKey {
    /// The key with these bytes, which must be unpredictable.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// Authenticates a leaf at its place.
    pub(crate) fn leaf_mac(&self, sequence: u64, leaf_hash: &[u8; 32]) -> [u8; 32] {
        self.leaf(sequence, leaf_hash).finalize().into_bytes().into()
    }

    /// Whether a leaf at this place carries the right code; takes the same time either way.
    pub(crate) fn leaf_is_ours(&self, sequence: u64, leaf_hash: &[u8; 32], mac: &[u8; 32]) -> bool {
        self.leaf(sequence, leaf_hash).verify_slice(mac).is_ok()
    }

    /// Authenticates the tip of the tree.
    pub(crate) fn head_mac(&self, size: u64, root: &[u8; 32]) -> [u8; 32] {
        self.tip(size, root).finalize().into_bytes().into()
    }

    /// Whether a tip carries the right code.
    pub(crate) fn head_is_ours(&self, size: u64, root: &[u8; 32], mac: &[u8; 32]) -> bool {
        self.tip(size, root).verify_slice(mac).is_ok()
    }

    /// Authenticates what a row is after a unit of work. Keyed and not a bare digest: details of a
    /// person have little entropy, and a digest that outlives them could be tried against guesses.
    pub(crate) fn attest(&self, table: &str, row: i64, digest: &Digest) -> [u8; 32] {
        self.row("cutis/attest/v1", table, row, digest.as_bytes())
            .finalize()
            .into_bytes()
            .into()
    }

    /// Whether a row with this digest is the one attested.
    pub fn is_attested(&self, table: &str, row: i64, digest: &Digest, mac: &[u8; 32]) -> bool {
        self.row("cutis/attest/v1", table, row, digest.as_bytes())
            .verify_slice(mac)
            .is_ok()
    }

    /// The code for a row that is written too often for events of its own, such as when a session
    /// was last seen; kept in the row itself. Detects a change by hand, but not that an earlier value was restored
    /// together with its code.
    pub fn row_mac(&self, table: &str, row: i64, content: &[u8]) -> [u8; 32] {
        self.row("cutis/row/v1", table, row, content)
            .finalize()
            .into_bytes()
            .into()
    }

    /// Whether `mac` is what [`Self::row_mac`] gives; takes the same time either way.
    pub fn row_is_ours(&self, table: &str, row: i64, content: &[u8], mac: &[u8; 32]) -> bool {
        self.row("cutis/row/v1", table, row, content)
            .verify_slice(mac)
            .is_ok()
    }

    fn leaf(&self, sequence: u64, leaf_hash: &[u8; 32]) -> HmacSha256 {
        self.begin("cutis/entry/v1")
            .chain_update(sequence.to_be_bytes())
            .chain_update(leaf_hash)
    }

    fn tip(&self, size: u64, root: &[u8; 32]) -> HmacSha256 {
        self.begin("cutis/head/v1")
            .chain_update(size.to_be_bytes())
            .chain_update(root)
    }

    fn row(&self, purpose: &str, table: &str, row: i64, content: &[u8]) -> HmacSha256 {
        let length = u64::try_from(table.len()).unwrap_or(u64::MAX);
        self.begin(purpose)
            .chain_update(length.to_be_bytes())
            .chain_update(table)
            .chain_update(row.to_be_bytes())
            .chain_update(content)
    }

    fn begin(&self, purpose: &str) -> HmacSha256 {
        // HMAC fills a short key with zeros up to its block of 64 bytes; doing so here gives a key
        // of the exact size, which cannot be refused.
        let mut block = Zeroizing::new([0; 64]);
        if let Some((head, _)) = block.split_first_chunk_mut() {
            *head = *self.0.expose();
        }
        HmacSha256::new((&*block).into()).chain_update(purpose)
    }
}

impl fmt::Debug for TrailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrailKey([secret])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against another implementation of HMAC-SHA256, so that the padding above is right.
    #[test]
    fn codes_are_plain_hmac_sha256() {
        let secret = [0x5a; 32];
        let key = TrailKey::from_bytes(secret);
        let other = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &secret);

        let mut message = b"cutis/entry/v1".to_vec();
        message.extend_from_slice(&17u64.to_be_bytes());
        message.extend_from_slice(&[7; 32]);
        assert_eq!(
            key.leaf_mac(17, &[7; 32]),
            ring::hmac::sign(&other, &message).as_ref()
        );

        let mut message = b"cutis/head/v1".to_vec();
        message.extend_from_slice(&40u64.to_be_bytes());
        message.extend_from_slice(&[8; 32]);
        assert_eq!(
            key.head_mac(40, &[8; 32]),
            ring::hmac::sign(&other, &message).as_ref()
        );
    }

    #[test]
    fn a_code_belongs_to_one_place() {
        let key = TrailKey::from_bytes([1; 32]);
        let mac = key.row_mac("session_seen", 4, b"x");
        assert!(key.row_is_ours("session_seen", 4, b"x", &mac));
        assert!(!key.row_is_ours("session_seen", 5, b"x", &mac));
        assert!(!key.row_is_ours("session_see", 4, b"x", &mac));
        assert!(!key.row_is_ours("session_seen", 4, b"y", &mac));
        assert!(!TrailKey::from_bytes([2; 32]).row_is_ours("session_seen", 4, b"x", &mac));
        let digest = Digest::from_bytes([3; 32]);
        assert_ne!(
            key.attest("patients", 4, &digest),
            key.row_mac("patients", 4, digest.as_bytes())
        );
        assert_eq!(format!("{key:?}"), "TrailKey([secret])");
    }
}
