//! The tip of the tree, authenticated.

use crate::key::TrailKey;
use crate::tree::{Frontier, Hash};

/// The state of the trail: its size and root, with a code that only this installation can make.
///
/// Stored in the database with each group of leaves and, after the commit, in a file outside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of events.
    pub size: u64,
    /// The tree's root over them.
    pub root: Hash,
    /// `HMAC-SHA256(key, "cutis/head/v1" || size || root)`.
    pub mac: [u8; 32],
}

/// The head of the tree at this frontier.
pub fn head(key: &TrailKey, frontier: &Frontier) -> Head {
    let (size, root) = (frontier.size(), frontier.root());
    Head {
        size,
        root,
        mac: key.head_mac(size, &root),
    }
}

impl Head {
    /// Whether it was made by this installation.
    pub fn verify(&self, key: &TrailKey) -> bool {
        key.head_is_ours(self.size, &self.root, &self.mac)
    }

    /// Seventy-two bytes: size (most significant first), root, code.
    pub fn to_bytes(&self) -> [u8; 72] {
        let mut bytes = [0; 72];
        let parts = self
            .size
            .to_be_bytes()
            .into_iter()
            .chain(self.root)
            .chain(self.mac);
        bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        bytes
    }

    /// Reads back what [`Self::to_bytes`] wrote; `None` if the length is wrong. It can be trusted only after
    /// [`Self::verify`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk()?;
        let (root, rest) = rest.split_first_chunk()?;
        let mac = rest.try_into().ok()?;
        Some(Self {
            size: u64::from_be_bytes(*size),
            root: *root,
            mac,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::leaf_hash;

    #[test]
    fn only_the_key_makes_a_head() {
        let key = TrailKey::from_bytes([1; 32]);
        let mut frontier = Frontier::new();
        frontier.push(leaf_hash(b"x"));
        let made = head(&key, &frontier);
        assert!(made.verify(&key));
        assert!(!made.verify(&TrailKey::from_bytes([2; 32])));
        let bytes = made.to_bytes();
        assert!(!Head { size: 2, ..made }.verify(&key));
        assert_eq!(Head::from_bytes(&bytes).map(|head| head.to_bytes()), Some(bytes));
        assert_eq!(Head::from_bytes(&bytes[1..]), None);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !Head::from_bytes(&flipped).is_some_and(|head| head.verify(&key)),
                "bit {bit}"
            );
        }
    }
}
