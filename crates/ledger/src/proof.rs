//! Proofs of inclusion and of consistency (RFC 9162, sections 2.1.3 and 2.1.4).

use crate::hash::{EMPTY_ROOT, Hash, node_hash};

/// Where the hashes of complete subtrees come from: memory, tiles, a database.
pub trait Nodes {
    /// Why a hash could not be had.
    type Error;
    /// The root of the complete subtree over the leaves `index << level .. (index + 1) << level`.
    ///
    /// # Errors
    /// If the source cannot say.
    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index lies outside the tree, or the older tree is larger than the newer.
    #[error("the position or size is out of range")]
    Range,
    /// Too few or too many hashes for these sizes.
    #[error("the proof has the wrong length")]
    Length,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// The largest power of two below `n`, for `n` of at least 2.
const fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The root over the leaves `from..to`. `from` must be a multiple of the largest power of two below the width, as it is
/// for all ranges that come up in proofs.
///
/// # Errors
/// If the source fails.
pub fn range_hash<N: Nodes>(nodes: &N, from: u64, to: u64) -> Result<Hash, N::Error> {
    if to <= from {
        return Ok(EMPTY_ROOT);
    }
    let mut parts = Vec::new();
    let mut at = from;
    while at < to {
        // The largest complete subtree that begins here and fits.
        let mut level = 63 - (to - at).leading_zeros();
        if at != 0 {
            level = level.min(at.trailing_zeros());
        }
        parts.push(nodes.node(level, at >> level)?);
        at += 1 << level;
    }
    Ok(parts.into_iter().rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT))
}

/// Proves that the leaf `index` is in the tree of `size` leaves: the siblings on the way up, lowest first.
///
/// # Errors
/// If the source fails. A leaf outside the tree gives an empty proof, which does not verify.
pub fn prove_inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let mut siblings = Vec::new();
    if index >= size {
        return Ok(siblings);
    }
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            siblings.push(range_hash(nodes, middle, to)?);
            to = middle;
        } else {
            siblings.push(range_hash(nodes, from, middle)?);
            from = middle;
        }
    }
    siblings.reverse();
    Ok(siblings)
}

/// Checks that `leaf` is the leaf `index` of the tree with this size and root. Size and root must come from one signed
/// checkpoint: the proof by itself does not tell a tree from one a little larger with the same root.
///
/// # Errors
/// If it is not, or the proof is no proof.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range);
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            // A right border node without a right sibling goes up unchanged.
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    match (last, hash == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Proves that the tree of `old` leaves is the beginning of the tree of `new` leaves. Nothing is to be proved, and the
/// proof is empty, if the older is empty or of equal size.
///
/// # Errors
/// If the source fails.
pub fn prove_consistency<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Vec<Hash>, N::Error> {
    let mut proof = Vec::new();
    if old == 0 || old >= new {
        return Ok(proof);
    }
    let (mut from, mut to) = (0, new);
    // Where the older tree is itself a complete subtree of the newer, the verifier knows its root.
    let mut known = true;
    while old != to {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(range_hash(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range_hash(nodes, from, middle)?);
            from = middle;
            known = false;
        }
    }
    if !known {
        proof.push(range_hash(nodes, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the tree `(old, old_root)` is the beginning of the tree `(new, new_root)`.
///
/// # Errors
/// If it is not, or the proof is no proof.
pub fn verify_consistency(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Range);
    }
    if old == 0 || old == new {
        let roots = if old == 0 { *old_root == EMPTY_ROOT } else { old_root == new_root };
        return match (proof.is_empty(), roots) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    let mut hashes = proof.iter();
    let first = if old.is_power_of_two() { old_root } else { hashes.next().ok_or(ProofError::Length)? };
    let shift = (old - 1).trailing_ones();
    let (mut at, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut older, mut newer) = (*first, *first);
    for hash in hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at % 2 == 1 || at == last {
            older = node_hash(hash, &older);
            newer = node_hash(hash, &newer);
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            newer = node_hash(&newer, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    match (last, older == *old_root && newer == *new_root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}
