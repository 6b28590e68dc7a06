//! Checkpoints (C2SP `tlog-checkpoint`): what the log says of itself and signs.

use std::fmt;

use crate::hash::Hash;
use crate::note::{Note, NoteError};
use crate::vkey::{NoteSigner, NoteVerifier};

/// Size and root of a log at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log, `qorgan.example/log`. Not empty, no line end.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root of the tree of that size.
    pub root: Hash,
}

/// Why a note is no checkpoint of this log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not origin, size and root, one a line.
    #[error("this is no checkpoint")]
    Form,
    /// A checkpoint of another log.
    #[error("this is a checkpoint of another log")]
    Origin,
    /// The note is none, or not signed as it must be.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The checkpoint as a note signed by the log. The key's name should be the origin.
    ///
    /// # Errors
    /// If the origin is empty or has a control character in it.
    pub fn sign(&self, signer: &NoteSigner) -> Result<Note, CheckpointError> {
        if self.origin.is_empty() || self.origin.chars().any(char::is_control) {
            return Err(CheckpointError::Form);
        }
        Ok(Note::sign(&self.to_string(), signer)?)
    }

    /// Reads the text of a note. Extension lines are refused: nobody could audit them.
    ///
    /// # Errors
    /// If it is no checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(CheckpointError::Form)?.split('\n').collect();
        let [origin, size, root] = lines.as_slice() else { return Err(CheckpointError::Form) };
        let canonical = *size == "0" || (!size.starts_with('0') && size.bytes().all(|b| b.is_ascii_digit()));
        if origin.is_empty() || !canonical {
            return Err(CheckpointError::Form);
        }
        Ok(Self {
            origin: (*origin).to_owned(),
            size: size.parse().map_err(|_| CheckpointError::Form)?,
            root: Hash::parse(root).ok_or(CheckpointError::Form)?,
        })
    }

    /// Opens a signed checkpoint of the log `origin`: signatures first, then the text.
    ///
    /// # Errors
    /// If the note is not signed by one of `known`, is no checkpoint, or one of another log.
    pub fn open(note: &str, origin: &str, known: &[NoteVerifier]) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(known)?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin == origin { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)
    }
}
