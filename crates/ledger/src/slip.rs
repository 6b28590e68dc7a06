//! Proof slips (C2SP `tlog-proof`): that one entry stands in a log, on one piece of paper.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::Hash;
use crate::note::{Note, NoteError};
use crate::proof::{ProofError, verify_inclusion};
use crate::vkey::NoteVerifier;

const FIRST: &str = "c2sp.org/tlog-proof@v1\n";
/// Most hashes on the way from a leaf to the root.
const MOST_HASHES: usize = 64;
/// Longest words beside a proof, bytes.
const MOST_EXTRA: usize = 4 * 1024;

/// That an entry stands at a place of a log which says so by a signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Words beside it, vouched for by nobody.
    pub extra: Option<Vec<u8>>,
    /// The entry's place, from 0.
    pub index: u64,
    /// The hashes from the leaf's sibling up.
    pub proof: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: Note,
}

/// Why a slip proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlipError {
    /// Not the lines of a slip, or not in the one form in which it is written.
    #[error("this is no proof slip")]
    Form,
    /// The checkpoint is none, or nobody known has signed it.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The note in it is none.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The proof does not lead to the checkpoint.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl Slip {
    /// Reads a slip. Only what [`Slip`] itself would write is one: no byte of it can be changed unseen.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(text: &str) -> Result<Self, SlipError> {
        let mut lines = text.strip_prefix(FIRST).ok_or(SlipError::Form)?;
        let mut line = || -> Option<&str> {
            let (line, rest) = lines.split_once('\n')?;
            lines = rest;
            Some(line)
        };
        let mut next = line().ok_or(SlipError::Form)?;
        let mut extra = None;
        if let Some(words) = next.strip_prefix("extra ") {
            extra = Some(STANDARD.decode(words).map_err(|_| SlipError::Form)?);
            next = line().ok_or(SlipError::Form)?;
        }
        let index = next.strip_prefix("index ").and_then(|n| n.parse().ok()).ok_or(SlipError::Form)?;
        let mut proof = Vec::new();
        loop {
            match line() {
                Some("") => break,
                Some(hash) if proof.len() < MOST_HASHES => {
                    proof.push(Hash::parse(hash).ok_or(SlipError::Form)?);
                }
                _ => return Err(SlipError::Form),
            }
        }
        let slip = Self { extra, index, proof, checkpoint: Note::parse(lines)? };
        let short = slip.extra.as_ref().is_none_or(|extra| extra.len() <= MOST_EXTRA);
        if short && slip.to_string() == text { Ok(slip) } else { Err(SlipError::Form) }
    }

    /// Checks that the entry with this leaf hash stands there, in the log `origin` whose key is among `known`. Gives the checkpoint and the
    /// keys that signed it.
    ///
    /// # Errors
    /// If it does not, or nobody known says so.
    pub fn verify<'k>(
        &self,
        leaf: &Hash,
        origin: &str,
        known: &'k [NoteVerifier],
    ) -> Result<(Checkpoint, Vec<&'k NoteVerifier>), SlipError> {
        let signed = self.checkpoint.verify(known)?;
        let checkpoint = Checkpoint::parse(self.checkpoint.text())?;
        if checkpoint.origin != origin || !signed.iter().any(|key| key.name() == origin) {
            return Err(CheckpointError::Origin.into());
        }
        verify_inclusion(leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)?;
        Ok((checkpoint, signed))
    }
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FIRST)?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.proof {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
