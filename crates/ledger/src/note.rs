//! Signed notes (C2SP `signed-note`): a text and lines of signatures below it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::vkey::{Cosigner, NoteSigner, NoteVerifier, good_name, seen_at};

/// The longest note taken, bytes: room for sixteen signatures of the largest assigned type.
const MAX_NOTE: usize = 128 * 1024;
/// Most signatures taken.
const MAX_SIGNATURES: usize = 64;

/// Why a text is no note, or a note not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not text, blank line, signature lines; or too long.
    #[error("this is no signed note")]
    Form,
    /// No signature of a key that we know.
    #[error("the note bears no signature of a known key")]
    Unknown,
    /// A known key's name and id stand on a signature that is not its.
    #[error("a signature under a known key's name does not hold")]
    Invalid,
}

/// One line of signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// The signature itself, whatever its type.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// Reads a line, with its line end or without.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        signature(line.strip_suffix('\n').unwrap_or(line))
    }
    /// When a witness says that it saw the text, seconds since 1970; `None` if the line is no witness's. Not to be believed before
    /// [`Note::verify`].
    #[must_use]
    pub fn seen_at(&self) -> Option<u64> {
        seen_at(&self.bytes).filter(|(_, rest)| rest.len() == 64).map(|(at, _)| at)
    }
}

/// The line with its line end.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = self.id.to_be_bytes().to_vec();
        all.extend_from_slice(&self.bytes);
        writeln!(f, "\u{2014} {} {}", self.name, STANDARD.encode(all))
    }
}

/// A text with signatures. Its text must not be believed before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Signs `text`, which must end with a line end and hold no other control characters.
    ///
    /// # Errors
    /// If it does not.
    pub fn sign(text: &str, signer: &NoteSigner) -> Result<Self, NoteError> {
        if !good_text(text) {
            return Err(NoteError::Form);
        }
        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        note.add(signer);
        Ok(note)
    }

    /// Adds one more signature.
    pub fn add(&mut self, signer: &NoteSigner) {
        let (name, id) = (signer.verifier().name().to_owned(), signer.verifier().id());
        self.signatures.push(NoteSignature { name, id, bytes: signer.sign(self.text.as_bytes()).to_vec() });
    }

    /// A witness says that it saw it, so many seconds since 1970.
    pub fn cosign(&mut self, cosigner: &Cosigner, at: u64) {
        let (name, id) = (cosigner.verifier().name().to_owned(), cosigner.verifier().id());
        let bytes = cosigner.sign(self.text.as_bytes(), at);
        self.signatures.push(NoteSignature { name, id, bytes });
    }

    /// Adds a signature that came from elsewhere, verified or not.
    pub fn push(&mut self, signature: NoteSignature) {
        self.signatures.push(signature);
    }

    /// Leaves the signatures under the names and ids of these keys, verified or not, and drops the others.
    pub fn retain(&mut self, keys: &[NoteVerifier]) {
        self.signatures.retain(|s| keys.iter().any(|key| key.name() == s.name && key.id() == s.id));
    }

    /// Reads a note.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        let blank = note.rfind("\n\n").ok_or(NoteError::Form)?;
        let (text, rest) = note.split_at(blank + 1);
        let lines = rest.strip_prefix('\n').and_then(|r| r.strip_suffix('\n')).ok_or(NoteError::Form)?;
        if note.len() > MAX_NOTE || !good_text(text) {
            return Err(NoteError::Form);
        }
        let signatures: Option<Vec<_>> = lines.split('\n').take(MAX_SIGNATURES + 1).map(signature).collect();
        let signatures = signatures.filter(|s| s.len() <= MAX_SIGNATURES).ok_or(NoteError::Form)?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, with its last line end.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The signatures, verified or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks the signatures of known keys; those of strangers are ignored. Gives the keys that signed.
    ///
    /// # Errors
    /// If no known key signed, or a signature under a known name and id does not hold.
    pub fn verify<'k>(&self, known: &'k [NoteVerifier]) -> Result<Vec<&'k NoteVerifier>, NoteError> {
        let mut held = Vec::new();
        for signature in &self.signatures {
            for key in known.iter().filter(|key| key.name() == signature.name && key.id() == signature.id) {
                if !key.verifies(self.text.as_bytes(), &signature.bytes) {
                    return Err(NoteError::Invalid);
                }
                if !held.contains(&key) {
                    held.push(key);
                }
            }
        }
        if held.is_empty() { Err(NoteError::Unknown) } else { Ok(held) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}

fn good_text(text: &str) -> bool {
    text.ends_with('\n') && !text.bytes().any(|b| b < 0x20 && b != b'\n')
}

fn signature(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, bytes) = bytes.split_first_chunk::<4>()?;
    let good = good_name(name) && !bytes.is_empty();
    good.then(|| NoteSignature { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
}
