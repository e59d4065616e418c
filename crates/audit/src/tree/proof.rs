//! Inclusion and consistency proofs (RFC 9162, sections 2.1.3 and 2.1.4).

use crate::tree::{Hash, empty_root, node_hash};

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The place or the earlier size is outside the tree.
    #[error("the proof is about a place outside the tree")]
    OutsideTree,
    /// Too few or too many hashes.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    WrongRoot,
}

/// The root over these leaf hashes, by the definition.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// The largest power of two below `length`, which must be at least 2.
fn split(length: usize) -> usize {
    length.div_ceil(2).next_power_of_two()
}

/// The hashes that lead from the leaf at `index` (from 0) to the root; `None` if there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    match leaves {
        [] => None,
        [_] => (index == 0).then(Vec::new),
        _ => {
            let middle = split(leaves.len());
            let (left, right) = leaves.split_at(middle);
            let (mut proof, sibling) = if index < middle {
                (inclusion_proof(left, index)?, right)
            } else {
                (inclusion_proof(right, index - middle)?, left)
            };
            proof.push(root_of(sibling));
            Some(proof)
        }
    }
}

/// The hashes that lead from the tree of the first `earlier` leaves to the whole tree; `None` if there are fewer
/// leaves, or if `earlier` is zero, which would prove nothing. Empty for the same tree.
pub fn consistency_proof(leaves: &[Hash], earlier: usize) -> Option<Vec<Hash>> {
    if earlier == 0 || earlier > leaves.len() {
        None
    } else if earlier == leaves.len() {
        Some(Vec::new())
    } else {
        Some(subproof(leaves, earlier, true))
    }
}

/// `known` says that the verifier already has the root of these leaves: it is the earlier tree.
fn subproof(leaves: &[Hash], earlier: usize, known: bool) -> Vec<Hash> {
    if earlier == leaves.len() {
        return if known { Vec::new() } else { vec![root_of(leaves)] };
    }
    let middle = split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut proof, sibling) = if earlier <= middle {
        (subproof(left, earlier, known), right)
    } else {
        (subproof(right, earlier - middle, false), left)
    };
    proof.push(root_of(sibling));
    proof
}

/// Checks that a leaf is at `index` (from 0) in the tree of this size and root.
///
/// # Errors
/// When it does not, or the proof is malformed.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf_hash: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutsideTree);
    }
    // The algorithm of section 2.1.3.2; `place` is fn and `last` is sn there.
    let (mut place, mut last, mut hash) = (index, size - 1, *leaf_hash);
    for step in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if place % 2 == 1 || place == last {
            hash = node_hash(step, &hash);
            while place.is_multiple_of(2) && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        place /= 2;
        last /= 2;
    }
    match (last, hash == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::WrongRoot),
        _ => Err(ProofError::WrongLength),
    }
}

/// Checks that the tree of size and root `later` begins with the leaves of the one `earlier`.
///
/// # Errors
/// When it does not, or the proof is malformed.
pub fn verify_consistency(
    earlier: (u64, &Hash),
    later: (u64, &Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    let ((first, first_root), (second, second_root)) = (earlier, later);
    // Every tree begins with no leaves; a proof of that would only look like one.
    if first == 0 || first > second {
        return Err(ProofError::OutsideTree);
    }
    if first == second {
        return match (proof.is_empty(), first_root == second_root) {
            (false, _) => Err(ProofError::WrongLength),
            (true, false) => Err(ProofError::WrongRoot),
            (true, true) => Ok(()),
        };
    }
    // The algorithm of section 2.1.4.2. A complete earlier tree is the first node of its own proof.
    let (start, steps) = if first.is_power_of_two() {
        (first_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::WrongLength)?
    };
    if steps.is_empty() {
        return Err(ProofError::WrongLength);
    }
    let ones = (first - 1).trailing_ones();
    let (mut place, mut last) = ((first - 1) >> ones, (second - 1) >> ones);
    let (mut first_hash, mut second_hash) = (*start, *start);
    for step in steps {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if place % 2 == 1 || place == last {
            first_hash = node_hash(step, &first_hash);
            second_hash = node_hash(step, &second_hash);
            while place.is_multiple_of(2) && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            second_hash = node_hash(&second_hash, step);
        }
        place /= 2;
        last /= 2;
    }
    if last != 0 {
        Err(ProofError::WrongLength)
    } else if first_hash == *first_root && second_hash == *second_root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;
    use crate::tree::leaf_hash;

    /// The roots of the eight standard inputs of RFC 6962 implementations.
    #[test]
    fn standard_roots() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let beginnings = [
            "6e340b9c", "fac54203", "aeb6bcfe", "d37ee418", "4e3bbb1f", "76e67dad", "ddb89be4", "5dc9da79",
        ];
        let leaves: Vec<Hash> = inputs.into_iter().map(leaf_hash).collect();
        for (count, beginning) in (1..).zip(beginnings) {
            assert!(
                HEXLOWER.encode(&root_of(&leaves[..count])).starts_with(beginning),
                "{count}"
            );
        }
        assert_eq!(
            HEXLOWER.encode(&root_of(&leaves)),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
        assert_eq!(
            HEXLOWER.encode(&root_of(&[])),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn own_proofs_hold_at_every_size_and_not_elsewhere() {
        let leaves: Vec<Hash> = (0..65u64).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        for size in 1..=leaves.len() {
            let tree = &leaves[..size];
            let (root, total) = (root_of(tree), u64::try_from(size).expect("small"));
            for index in 0..size {
                let place = u64::try_from(index).expect("small");
                let proof = inclusion_proof(tree, index).expect("inside");
                assert_eq!(
                    verify_inclusion(place, total, &tree[index], &proof, &root),
                    Ok(())
                );
                assert!(verify_inclusion(place, total, &leaf_hash(b"other"), &proof, &root).is_err());
                if size > 1 {
                    assert!(verify_inclusion(place, total, &tree[index], &proof[1..], &root).is_err());
                }
            }
            assert_eq!(inclusion_proof(tree, size), None);
            assert_eq!(consistency_proof(tree, 0), None);
            for earlier in 1..=size {
                let proof = consistency_proof(tree, earlier).expect("inside");
                let count = u64::try_from(earlier).expect("small");
                let old = root_of(&tree[..earlier]);
                assert_eq!(verify_consistency((count, &old), (total, &root), &proof), Ok(()));
                assert!(verify_consistency((count, &leaf_hash(b"x")), (total, &root), &proof).is_err());
            }
            assert_eq!(consistency_proof(tree, size + 1), None);
        }
    }
}
