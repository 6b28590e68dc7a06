//! The log against another implementation of RFC 9162, the published examples of C2SP, and all small sizes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test helpers fail loudly; the lint sees only functions marked as tests"
)]

mod notes;
mod proofs;
mod slips;
mod tiles;

use ledger::{Hash, Nodes, leaf_hash, node_hash};

/// Entry number `i` of every test log.
pub(crate) fn entry(i: u64) -> Vec<u8> {
    format!("record {i}").into_bytes()
}

pub(crate) fn leaves(n: u64) -> Vec<Hash> {
    (0..n).map(|i| leaf_hash(&entry(i))).collect()
}

/// All complete subtrees in memory.
pub(crate) struct Memory(Vec<Vec<Hash>>);

impl Memory {
    pub(crate) fn of(leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while levels.last().unwrap().len() > 1 {
            let below = levels.last().unwrap();
            levels.push(below.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect());
        }
        Self(levels)
    }
}

impl Nodes for Memory {
    type Error = String;
    fn node(&self, level: u32, index: u64) -> Result<Hash, String> {
        let level_hashes = self.0.get(usize::try_from(level).unwrap());
        let hash = level_hashes.and_then(|hashes| hashes.get(usize::try_from(index).unwrap()));
        hash.copied().ok_or_else(|| format!("no node {level}/{index}"))
    }
}
