//! Keeps what belongs to a person unreadable to whoever steals the database, and forgets a person for good.
//!
//! Envelope encryption: a master key in a file of its own wraps one random data key per person (the
//! *subject*); the data key seals that person's fields one by one. Erasing a person by law means destroying
//! the one wrapped key: every ciphertext of theirs, in tables, log leaves, outbox bodies and exports, becomes
//! noise at once, while hashes over it stay valid.
//!
//! Equality without reading ([`Vault::blind`]) and card tokens ([`Vault::token`]) are keyed hashes under keys
//! of their own, derived from the same master key; none of these keys can be computed from another.
//!
//! # Architecture invariants
//! - The master key is never written anywhere but its file, and nothing here prints or serialises a key.
//! - No function gives back a plain text of another subject, field or key version than it was sealed for:
//!   all three are authenticated with the ciphertext.
//! - A forgotten subject stays forgotten: its row remains as a tombstone, so no second key can be stored.

mod envelope;
mod file;
mod keys;
mod store;

pub use envelope::SubjectKey;
pub use keys::Vault;
pub use store::{SLICE, ids};

use kernel::{Class, Coded};
use subtle::ConstantTimeEq as _;

/// Whether two hashes, tags or tokens are equal, in a time that does not tell where they differ.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Why the vault refuses.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The ciphertext was sealed for another subject, field or key, or was changed.
    #[error(
        "the sealed value of field `{0}` does not open: another subject, field or key, or it was changed"
    )]
    Sealed(String),
    /// The ciphertext names a key version that this program does not know.
    #[error("key version `{0}` is not known to this program")]
    Version(u8),
    /// A subject's wrapped key does not open under this master key.
    #[error("the data key of subject `{0}` does not open under this master key")]
    Wrapped(uuid::Uuid),
    /// The key file may be read by others than its owner.
    #[error("key file `{path}` has mode {mode:04o}; it must be readable by its owner alone (0600)")]
    OpenToOthers {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file is no regular file of 32 bytes.
    #[error("key file `{0}` is not a regular file of exactly 32 bytes")]
    NotAKey(String),
    /// The key file cannot be read or written.
    #[error("key file `{path}` cannot be used")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::DbError),
}

impl Coded for VaultError {
    fn class(&self) -> Class {
        match self {
            Self::Db(e) => e.class(),
            Self::Sealed(_)
            | Self::Version(_)
            | Self::Wrapped(_)
            | Self::OpenToOthers { .. }
            | Self::NotAKey(_)
            | Self::File { .. } => Class::Bug,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Sealed(_) => "vault.sealed",
            Self::Version(_) => "vault.version",
            Self::Wrapped(_) => "vault.wrapped",
            Self::OpenToOthers { .. } => "vault.open_to_others",
            Self::NotAKey(_) => "vault.not_a_key",
            Self::File { .. } => "vault.file",
            Self::Db(e) => e.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn equality() {
        for (a, b, same) in
            [("", "", true), ("ab", "ab", true), ("ab", "ac", false), ("ab", "abc", false), ("", "a", false)]
        {
            assert_eq!(equal(a.as_bytes(), b.as_bytes()), same, "{a} {b}");
        }
    }
}
