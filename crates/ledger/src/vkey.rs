//! Keys of signed notes (C2SP `signed-note`): a name, an id and an Ed25519 key. A log signs the text as it stands; a witness signs it with
//! the time at which it saw it (C2SP `tlog-cosignature`, the Ed25519 form).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Whose signatures a key makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// The text itself: a log.
    Text,
    /// The text and when it was seen: a witness.
    Seen,
}

impl Signs {
    /// The type byte of the specification.
    const fn byte(self) -> u8 {
        match self {
            Self::Text => 0x01,
            Self::Seen => 0x04,
        }
    }
}

/// What a witness signs: the text under a line with the time, seconds since 1970.
fn seen(text: &[u8], at: u64) -> Vec<u8> {
    [format!("cosignature/v1\ntime {at}\n").as_bytes(), text].concat()
}

/// Why a text is no verifier key or a name no key name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VkeyError {
    /// The name is empty or has a space or a plus in it.
    #[error("a key name is not empty and has neither spaces nor `+`")]
    Name,
    /// Not `NAME+ID+KEY`.
    #[error("a verifier key reads `NAME+ID+KEY`")]
    Form,
    /// The id is not the one that name and key give.
    #[error("the id of the verifier key does not fit its name and key")]
    Id,
    /// Not an Ed25519 key, or a weak one.
    #[error("the verifier key is not a usable ed25519 key")]
    Key,
}

pub(crate) fn good_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// The first four bytes of SHA-256 over name, line end, type and key.
fn key_id(name: &str, signs: Signs, key: &VerifyingKey) -> u32 {
    let digest = Sha256::new_with_prefix(name)
        .chain_update([b'\n', signs.byte()])
        .chain_update(key.as_bytes())
        .finalize();
    digest.iter().take(4).fold(0, |id, byte| id << 8 | u32::from(*byte))
}

/// Checks signatures of one key.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    id: u32,
    signs: Signs,
    key: VerifyingKey,
}

impl NoteVerifier {
    /// A verifier for a log of this name and key.
    ///
    /// # Errors
    /// If the name is no key name or the key is weak.
    pub fn new(name: &str, key: VerifyingKey) -> Result<Self, VkeyError> {
        Self::of(name, Signs::Text, key)
    }

    /// A verifier for a witness of this name and key.
    ///
    /// # Errors
    /// If the name is no key name or the key is weak.
    pub fn witness(name: &str, key: VerifyingKey) -> Result<Self, VkeyError> {
        Self::of(name, Signs::Seen, key)
    }

    fn of(name: &str, signs: Signs, key: VerifyingKey) -> Result<Self, VkeyError> {
        if !good_name(name) {
            return Err(VkeyError::Name);
        }
        // A point that could be written in two ways would give a key two ids.
        if key.is_weak() || key.to_edwards().compress().as_bytes() != key.as_bytes() {
            return Err(VkeyError::Key);
        }
        Ok(Self { name: name.to_owned(), id: key_id(name, signs, &key), signs, key })
    }

    /// Reads a verifier key, `NAME+ID+KEY`.
    ///
    /// # Errors
    /// If it is none, or of another type than Ed25519.
    pub fn parse(vkey: &str) -> Result<Self, VkeyError> {
        let mut parts = vkey.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VkeyError::Form);
        };
        let bytes = STANDARD.decode(key).map_err(|_| VkeyError::Form)?;
        let (byte, raw) = bytes.split_first().ok_or(VkeyError::Form)?;
        let known = [Signs::Text, Signs::Seen].into_iter().find(|signs| signs.byte() == *byte);
        let signs = known.ok_or(VkeyError::Key)?;
        let raw: &[u8; 32] = raw.try_into().map_err(|_| VkeyError::Key)?;
        let out = Self::of(name, signs, VerifyingKey::from_bytes(raw).map_err(|_| VkeyError::Key)?)?;
        if id == format!("{:08x}", out.id) { Ok(out) } else { Err(VkeyError::Id) }
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The key's id.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }
    /// Whose signatures it checks.
    #[must_use]
    pub const fn signs(&self) -> Signs {
        self.signs
    }
    /// Whether `signature` is this key's signature of `text`, strictly: 64 bytes of a log's, 72 of a witness's.
    #[must_use]
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        let held = |text: &[u8], signature: &[u8]| {
            Signature::from_slice(signature).is_ok_and(|s| self.key.verify_strict(text, &s).is_ok())
        };
        match self.signs {
            Signs::Text => held(text, signature),
            Signs::Seen => seen_at(signature).is_some_and(|(at, rest)| held(&seen(text, at), rest)),
        }
    }
}

/// When a witness says that it saw the text, and its signature. Never beyond what the specification takes.
pub(crate) fn seen_at(signature: &[u8]) -> Option<(u64, &[u8])> {
    let (at, rest) = signature.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*at), rest)).filter(|(at, _)| i64::try_from(*at).is_ok())
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![self.signs.byte()];
        typed.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(typed))
    }
}
impl fmt::Debug for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Signs notes with one key.
#[derive(Clone)]
pub struct NoteSigner {
    key: SigningKey,
    verifier: NoteVerifier,
}

impl NoteSigner {
    /// A signer under this name.
    ///
    /// # Errors
    /// If the name is no key name.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, VkeyError> {
        let verifier = NoteVerifier::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }
    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }
    /// The signature of `text`, 64 bytes.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.key.sign(text).to_bytes()
    }
}

/// Says of checkpoints that it saw them, with one key.
#[derive(Clone)]
pub struct Cosigner {
    key: SigningKey,
    verifier: NoteVerifier,
}

impl Cosigner {
    /// A witness under this name.
    ///
    /// # Errors
    /// If the name is no key name.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, VkeyError> {
        let verifier = NoteVerifier::witness(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }
    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }
    /// The signature of a note's text, seen `at` so many seconds since 1970: time and signature, 72 bytes.
    #[must_use]
    pub fn sign(&self, text: &[u8], at: u64) -> Vec<u8> {
        [at.to_be_bytes().as_slice(), &self.key.sign(&seen(text, at)).to_bytes()].concat()
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.verifier)
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier)
    }
}
