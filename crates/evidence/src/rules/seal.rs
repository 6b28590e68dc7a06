//! Hashes by which the record names what it must not tell.
//!
//! The seal of an exhibit is SHA-256 over the line `qorgan/exhibit/1`, a salt of 32 bytes, the SHA-256 of what was told when it was taken
//! in, and, of a file, its SHA-256, its BLAKE3 and its length in eight bytes, the greatest first. Words are named by SHA-256 over the
//! line `qorgan/words/1`, a salt of 16 bytes, and the SHA-256 of the words: every part has one length, so that none can be moved into
//! another. Whoever is shown the salt can check it; nobody else can guess.

use sha2::{Digest as _, Sha256};

const EXHIBIT: &[u8] = b"qorgan/exhibit/1\n";
const WORDS: &[u8] = b"qorgan/words/1\n";

/// The hashes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashes {
    /// SHA-256.
    pub sha256: [u8; 32],
    /// BLAKE3.
    pub blake3: [u8; 32],
    /// How many bytes.
    pub size_bytes: u64,
}

/// Takes hashes while a file comes.
#[derive(Debug, Clone, Default)]
pub struct Hashing {
    sha256: Sha256,
    blake3: blake3::Hasher,
    size_bytes: u64,
}

impl Hashing {
    /// The next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.blake3.update(bytes);
        self.size_bytes = self.size_bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }
    /// What they are now.
    #[must_use]
    pub fn hashes(&self) -> Hashes {
        Hashes {
            sha256: self.sha256.clone().finalize().into(),
            blake3: *self.blake3.finalize().as_bytes(),
            size_bytes: self.size_bytes,
        }
    }
}

/// The seal of an exhibit; a thing has no hashes.
#[must_use]
pub fn exhibit(salt: &[u8; 32], told: &[u8], hashes: Option<&Hashes>) -> [u8; 32] {
    let mut seal = Sha256::new_with_prefix(EXHIBIT);
    seal.update(salt);
    seal.update(Sha256::digest(told));
    if let Some(h) = hashes {
        seal.update(h.sha256);
        seal.update(h.blake3);
        seal.update(h.size_bytes.to_be_bytes());
    }
    seal.finalize().into()
}

/// What words are named by.
#[must_use]
pub fn words(salt: &[u8; 16], text: &str) -> [u8; 32] {
    let mut seal = Sha256::new_with_prefix(WORDS);
    seal.update(salt);
    seal.update(Sha256::digest(text.as_bytes()));
    seal.finalize().into()
}

/// Bytes as they are written: small hexadecimal digits, and exactly as many as there must be.
#[must_use]
pub fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let small = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    hex::decode(text).ok().filter(|_| small)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_have_one_writing() {
        assert_eq!(digits::<2>("00ff"), Some([0, 255]));
        for wrong in ["", "00", "00ff00", "00FF", "zz00", " 0ff", "00ff\n"] {
            assert_eq!(digits::<2>(wrong), None, "{wrong}");
        }
    }

    /// Packages of years hang on these bytes; the figures were computed by another program from the description above.
    #[test]
    fn the_form_never_changes() {
        let mut hashing = Hashing::default();
        hashing.update(b"ab");
        hashing.update(b"c");
        let hashes = hashing.hashes();
        assert_eq!(
            hex::encode(hashes.sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex::encode(hashes.blake3),
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
        );
        assert_eq!(
            hex::encode(exhibit(&[7; 32], b"{}", Some(&hashes))),
            "3d2cf3bd30ac0623a6f96bae4a5b5a7305d023d4b8c15f228b176e2e2561f65b"
        );
        assert_eq!(
            hex::encode(exhibit(&[7; 32], b"{}", None)),
            "dc39add460ef0425dcd64bee6bb9618e94e46bd1b1b4489fdce14faa69970988"
        );
        assert_eq!(
            hex::encode(words(&[7; 16], "сөз")),
            "55cd7b39258786002e839c4e50a0f9cf9f7c42c7b0a7a58950bc154b19425c47"
        );
    }
}
