//! The open hash of a thing: what everybody who can name it can work out, so that it can be asked about without being named.

use sha2::{Digest as _, Sha256};

/// Bytes of a filter's salt.
pub const SALT: usize = 16;
/// Bytes of an open hash.
const LEN: usize = 16;

/// The open hash of a thing: half of SHA-256 over its kind and its canonical writing, each with its length before it. It has no
/// key: whoever can guess the thing can work it out, so it is never kept unsealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenHash([u8; LEN]);

impl OpenHash {
    /// Of a thing in its canonical writing.
    #[must_use]
    pub fn of(kind: &str, canonical: &str) -> Self {
        let mut hash = Sha256::new_with_prefix(b"qorgan.thing.v1");
        for part in [kind, canonical] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        let mut open = [0; LEN];
        open.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        Self(open)
    }
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; LEN]) -> Self {
        Self(bytes)
    }
    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }
    /// As a filter of this salt knows it.
    #[must_use]
    pub fn salted(&self, salt: &[u8; SALT]) -> u64 {
        let hash =
            Sha256::new_with_prefix(b"qorgan.filter.v1").chain_update(salt).chain_update(self.0).finalize();
        hash.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
    }
}
