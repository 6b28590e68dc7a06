//! Data keys and the sealing of single fields.
//!
//! A sealed value is `version (1) | nonce (24) | ciphertext | tag (16)` by XChaCha20-Poly1305
//! (draft-irtf-cfrg-xchacha-03). Its 192-bit nonces may be drawn at random for any number of fields. The
//! version names the key it was sealed under, so that keys can be changed without a flag day.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kernel::{Entropy, Personal, Secret, Timestamp};
use uuid::Uuid;

use crate::VaultError;
use crate::keys::KEY_BYTES;

/// The only key version so far. It stands in front of every ciphertext and is authenticated with it.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
/// Domain labels: a wrapped key can never be taken for a sealed field, nor the other way round.
const KEY_LABEL: &[u8] = b"qorgan/subject-key";
const FIELD_LABEL: &[u8] = b"qorgan/field";

/// One person's data key, open in memory (wiped when dropped) and wrapped for the database.
#[derive(Clone)]
pub struct SubjectKey {
    subject: Uuid,
    key: Secret<[u8; KEY_BYTES]>,
    wrapped: Vec<u8>,
    created_at: Timestamp,
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectKey({})", self.subject)
    }
}

impl SubjectKey {
    pub(crate) fn generate(
        master: &Secret<[u8; KEY_BYTES]>,
        entropy: &Entropy,
        subject: Uuid,
        created_at: Timestamp,
    ) -> Self {
        let key = Secret::new(entropy.bytes::<KEY_BYTES>());
        let wrapped = encrypt(master, entropy, &key_aad(subject), key.expose());
        Self { subject, key, wrapped, created_at }
    }

    pub(crate) fn unwrap(
        master: &Secret<[u8; KEY_BYTES]>,
        subject: Uuid,
        wrapped: Vec<u8>,
        created_at: Timestamp,
    ) -> Result<Self, VaultError> {
        let plain = decrypt(master, &key_aad(subject), &wrapped, || VaultError::Wrapped(subject))?;
        let plain = Secret::new(plain);
        let key = <[u8; KEY_BYTES]>::try_from(plain.expose().as_slice())
            .map_err(|_| VaultError::Wrapped(subject))?;
        Ok(Self { subject, key: Secret::new(key), wrapped, created_at })
    }

    /// Whose key this is.
    #[must_use]
    pub fn subject(&self) -> Uuid {
        self.subject
    }

    pub(crate) fn wrapped(&self) -> &[u8] {
        &self.wrapped
    }

    pub(crate) fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Seals one field of this subject. The same text sealed twice gives two different values.
    #[must_use]
    pub fn seal(&self, entropy: &Entropy, field: &str, plain: &str) -> Vec<u8> {
        self.seal_bytes(entropy, field, plain.as_bytes())
    }

    /// Seals bytes that are no text: a part of a file.
    #[must_use]
    pub fn seal_bytes(&self, entropy: &Entropy, field: &str, plain: &[u8]) -> Vec<u8> {
        encrypt(&self.key, entropy, &field_aad(self.subject, field), plain)
    }

    /// Opens one field of this subject.
    ///
    /// # Errors
    /// The value was sealed for another subject, field or key, was changed, or names an unknown key version.
    pub fn open(&self, field: &str, cipher: &[u8]) -> Result<Personal<String>, VaultError> {
        let plain = self.open_bytes(field, cipher)?;
        String::from_utf8(plain).map(Personal::new).map_err(|_| VaultError::Sealed(field.to_owned()))
    }

    /// Opens what [`SubjectKey::seal_bytes`] sealed.
    ///
    /// # Errors
    /// As [`SubjectKey::open`].
    pub fn open_bytes(&self, field: &str, cipher: &[u8]) -> Result<Vec<u8>, VaultError> {
        let refused = || VaultError::Sealed(field.to_owned());
        decrypt(&self.key, &field_aad(self.subject, field), cipher, refused)
    }
}

fn key_aad(subject: Uuid) -> Vec<u8> {
    aad(KEY_LABEL, subject, b"")
}

fn field_aad(subject: Uuid, field: &str) -> Vec<u8> {
    aad(FIELD_LABEL, subject, field.as_bytes())
}

/// Label, version and subject have fixed lengths, so the parts cannot run into each other.
fn aad(label: &[u8], subject: Uuid, name: &[u8]) -> Vec<u8> {
    [label, &[VERSION], subject.as_bytes(), name].concat()
}

fn encrypt(key: &Secret<[u8; KEY_BYTES]>, entropy: &Entropy, aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = entropy.bytes::<NONCE_BYTES>();
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    #[expect(clippy::expect_used, reason = "fails only above 256 GiB, where no text in memory can be")]
    let sealed =
        cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad }).expect("text is under 256 GiB");
    [&[VERSION], nonce.as_slice(), &sealed].concat()
}

fn decrypt(
    key: &Secret<[u8; KEY_BYTES]>,
    aad: &[u8],
    sealed: &[u8],
    refused: impl Fn() -> VaultError,
) -> Result<Vec<u8>, VaultError> {
    let (version, rest) = sealed.split_first().ok_or_else(&refused)?;
    if *version != VERSION {
        return Err(VaultError::Version(*version));
    }
    let (nonce, msg) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(&refused)?;
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad }).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use kernel::Purpose;
    use proptest::prelude::*;

    use super::*;
    use crate::Vault;

    fn subject(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn opened(key: &SubjectKey, field: &str, cipher: &[u8]) -> Option<String> {
        key.open(field, cipher).ok().map(|p| p.into_inner(Purpose::Operate))
    }

    proptest! {
        #[test]
        fn round_trip(seed: u64, field in "[a-z_]{0,12}", text in ".{0,300}") {
            let entropy = Entropy::seeded(seed);
            let key = Vault::from_key_bytes(entropy.bytes()).new_subject(&entropy, subject(1));
            let sealed = key.seal(&entropy, &field, &text);
            prop_assert_eq!(sealed.len(), 1 + 24 + text.len() + 16);
            prop_assert_eq!(opened(&key, &field, &sealed), Some(text));
        }

        #[test]
        fn one_changed_bit_is_refused(seed: u64, text in ".{0,40}", at: prop::sample::Index, bit in 0..8_u32) {
            let entropy = Entropy::seeded(seed);
            let key = Vault::from_key_bytes([1; 32]).new_subject(&entropy, subject(1));
            let mut sealed = key.seal(&entropy, "name", &text);
            let i = at.index(sealed.len());
            sealed[i] ^= 1 << bit;
            prop_assert!(key.open("name", &sealed).is_err());
        }

        #[test]
        fn junk_never_opens_nor_panics(junk in proptest::collection::vec(any::<u8>(), 0..120)) {
            let key = Vault::from_key_bytes([1; 32]).new_subject(&Entropy::seeded(1), subject(1));
            prop_assert!(key.open("name", &junk).is_err());
            prop_assert!(SubjectKey::unwrap(&Secret::new([1; 32]), subject(1), junk, Timestamp::default()).is_err());
        }
    }

    #[test]
    fn another_field_subject_or_master_is_refused() {
        let entropy = Entropy::seeded(5);
        let vault = Vault::from_key_bytes([1; 32]);
        let key = vault.new_subject(&entropy, subject(1));
        let sealed = key.seal(&entropy, "phone", "+77010000001");
        assert!(matches!(key.open("name", &sealed), Err(VaultError::Sealed(f)) if f == "name"));
        // The same data key under another subject's id: only the authenticated subject tells them apart.
        let thief = SubjectKey { subject: subject(2), ..key.clone() };
        assert!(thief.open("phone", &sealed).is_err());
        assert!(vault.new_subject(&entropy, subject(1)).open("phone", &sealed).is_err());

        let again = |v: &Vault, s| SubjectKey::unwrap(v.wrap_key(), s, key.wrapped.clone(), key.created_at);
        assert_eq!(opened(&again(&vault, subject(1)).unwrap(), "phone", &sealed).unwrap(), "+77010000001");
        assert!(matches!(again(&vault, subject(2)), Err(VaultError::Wrapped(_))));
        assert!(matches!(again(&Vault::from_key_bytes([2; 32]), subject(1)), Err(VaultError::Wrapped(_))));
    }

    #[test]
    fn a_later_key_version_is_named() {
        let entropy = Entropy::seeded(5);
        let key = Vault::from_key_bytes([1; 32]).new_subject(&entropy, subject(1));
        let mut sealed = key.seal(&entropy, "phone", "x");
        sealed[0] = 2;
        assert!(matches!(key.open("phone", &sealed), Err(VaultError::Version(2))));
    }

    #[test]
    fn equal_texts_do_not_look_equal() {
        let entropy = Entropy::seeded(5);
        let key = Vault::from_key_bytes([1; 32]).new_subject(&entropy, subject(1));
        assert_ne!(key.seal(&entropy, "name", "x"), key.seal(&entropy, "name", "x"));
    }

    #[test]
    fn opens_what_the_first_release_sealed() {
        // A fixed vector: if this fails, existing databases no longer open.
        let key = SubjectKey {
            subject: subject(1),
            key: Secret::new([9; 32]),
            wrapped: Vec::new(),
            created_at: Timestamp::default(),
        };
        let sealed = "019a3744504560639ec670b7a17d492b273e077b0a96bef58bec7f8f47e51cd7eb0d3cda1a81cd4a24720a42edbc238a1d";
        let sealed = hex::decode(sealed).unwrap();
        assert_eq!(opened(&key, "name", &sealed).unwrap(), "Әсел");
    }

    #[test]
    fn keys_do_not_print() {
        let key = Vault::from_key_bytes([1; 32]).new_subject(&Entropy::seeded(1), subject(1));
        assert_eq!(format!("{key:?}"), "SubjectKey(00000000-0000-0000-0000-000000000001)");
    }
}
