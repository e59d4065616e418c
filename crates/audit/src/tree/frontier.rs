//! The right edge of a tree: all that appending needs.

use crate::tree::{Hash, empty_root, node_hash};

/// The roots of the complete subtrees of a tree of this size, largest first: one for each 1 bit of the size, so at most
/// 64.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

/// Stored bytes that are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored edge of the tree is damaged: {length} bytes do not fit its size")]
pub struct FrontierError {
    length: usize,
}

impl Frontier {
    /// The frontier of a tree without leaves.
    pub const fn new() -> Self {
        Self {
            size: 0,
            hashes: Vec::new(),
        }
    }

    /// How many leaves the tree has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The subtrees' roots, largest first.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Appends a leaf, given its hash.
    pub fn push(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        // Each trailing one-bit of the size is a complete subtree as large as what `hash` covers.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.hashes.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut smaller = self.hashes.iter().rev();
        smaller.next().map_or_else(empty_root, |last| {
            smaller.fold(*last, |right, left| node_hash(left, &right))
        })
    }

    /// Eight bytes of size, most significant first, then the hashes in order.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.hashes.iter().flatten());
        bytes
    }

    /// Reads back what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the length does not fit the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let refused = FrontierError { length: bytes.len() };
        let (size, rest) = bytes.split_first_chunk().ok_or(refused)?;
        let size = u64::from_be_bytes(*size);
        let (hashes, left_over) = rest.as_chunks::<32>();
        let expected = usize::try_from(size.count_ones()).map_err(|_| refused)?;
        if hashes.len() == expected && left_over.is_empty() {
            Ok(Self {
                size,
                hashes: hashes.to_vec(),
            })
        } else {
            Err(refused)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{leaf_hash, root_of};

    #[test]
    fn agrees_with_the_definition_at_every_size() {
        let mut frontier = Frontier::new();
        let mut leaves = Vec::new();
        for size in 0..=300u64 {
            assert_eq!(frontier.size(), size);
            assert_eq!(frontier.root(), root_of(&leaves), "size {size}");
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier.clone()));
            let leaf = leaf_hash(&size.to_be_bytes());
            frontier.push(leaf);
            leaves.push(leaf);
        }
    }

    #[test]
    fn other_lengths_are_no_frontier() {
        let mut frontier = Frontier::new();
        (0..7u8).for_each(|n| frontier.push(leaf_hash(&[n])));
        let bytes = frontier.to_bytes();
        for length in 0..bytes.len() {
            assert!(Frontier::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert!(Frontier::from_bytes(&longer).is_err());
    }
}
