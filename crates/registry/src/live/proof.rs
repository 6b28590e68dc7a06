//! Proving one question inside its segment (RFC 9162, 2.1.3): whoever has the line, the path and the root in the record can
//! check it without seeing what anybody else asked.

use std::convert::Infallible;

use ledger::{Hash, Nodes, leaf_hash, node_hash, prove_inclusion};

use crate::store::SegmentRow;

/// What shows that a question stands in a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The question as it was written down.
    pub line: String,
    /// Its place in the segment.
    pub index: u64,
    /// How many questions the segment has.
    pub size: u64,
    /// The hashes beside it on the way up.
    pub path: Vec<Hash>,
}

/// The leaves of a segment.
struct Leaves(Vec<Hash>);

impl Nodes for Leaves {
    type Error = Infallible;
    fn node(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        if level == 0 {
            let at = usize::try_from(index).unwrap_or(usize::MAX);
            return Ok(self.0.get(at).copied().unwrap_or_else(|| leaf_hash(b"")));
        }
        Ok(node_hash(&self.node(level - 1, index * 2)?, &self.node(level - 1, index * 2 + 1)?))
    }
}

/// Proves the question with this number; `None` if the segment has no such one.
#[must_use]
pub fn prove(row: &SegmentRow, no: u64) -> Option<Proof> {
    let index = no.checked_sub(u64::try_from(row.start).ok()?)?;
    let lines: Vec<&[u8]> = row.body.split(|byte| *byte == b'\n').collect();
    let line = lines.get(usize::try_from(index).ok()?)?;
    let size = u64::try_from(lines.len()).ok()?;
    let leaves = Leaves(lines.iter().map(|line| leaf_hash(line)).collect());
    let Ok(path) = prove_inclusion(&leaves, index, size);
    Some(Proof { line: String::from_utf8_lossy(line).into_owned(), index, size, path })
}
