//! The mark of a thing, and what is sealed under it.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use sha2::{Digest as _, Sha256};

/// Bytes of a mark that name its heap.
pub const HEAP: usize = 2;
const NONCE: usize = 12;

/// What the key makes of a thing: 32 bytes that nobody can work out without the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark([u8; 32]);

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mark")
    }
}

impl Mark {
    pub(crate) fn of(output: &[u8]) -> Self {
        Self(Sha256::new_with_prefix(b"qorgan.mark.v1").chain_update(output).finalize().into())
    }
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// The heap in which it lies.
    #[must_use]
    pub fn heap(&self) -> [u8; HEAP] {
        [self.0[0], self.0[1]]
    }

    fn derived(&self, what: &[u8]) -> [u8; 32] {
        Sha256::new_with_prefix(what).chain_update(self.0).finalize().into()
    }

    /// By what the institution finds its own in the heap. It tells nothing of the rest of the mark.
    #[must_use]
    pub fn tag(&self) -> [u8; 16] {
        let mut tag = [0; 16];
        tag.iter_mut().zip(self.derived(b"qorgan.mark.tag")).for_each(|(to, from)| *to = from);
        tag
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.derived(b"qorgan.mark.key").into())
    }

    /// Seals what is told of the thing. `nonce` is drawn anew for each.
    ///
    /// # Errors
    /// More than the cipher takes: gigabytes.
    pub fn seal(&self, told: &[u8], nonce: [u8; NONCE]) -> Option<Vec<u8>> {
        let payload = Payload { msg: told, aad: &self.tag() };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed under this mark; `None` if it was under another, or changed.
    #[must_use]
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: &self.tag() }).ok()
    }
}
