//! The master key and the keys derived from it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Entropy, Secret, WallClock};
use sha2::Sha256;
use uuid::Uuid;

use crate::envelope::SubjectKey;
use crate::{VaultError, file};

/// Length of every key here, in bytes.
pub(crate) const KEY_BYTES: usize = 32;
/// Bytes of a card token: 96 bits, so that a nation's cards do not collide.
const TOKEN_BYTES: usize = 12;

/// The keeper of personal data: wraps data keys, blinds values for comparison, makes card tokens.
/// Cheap to clone; all clones share one set of keys.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<Keys>,
    clock: WallClock,
}

/// One key per use, so that what is learnt about one use tells nothing about another.
struct Keys {
    wrap: Secret<[u8; KEY_BYTES]>,
    blind: Secret<[u8; KEY_BYTES]>,
    token: Secret<[u8; KEY_BYTES]>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A vault under this master key: 32 random bytes.
    #[must_use]
    pub fn from_key_bytes(master: [u8; KEY_BYTES]) -> Self {
        let master = Secret::new(master);
        let keys = Keys {
            wrap: expand(&master, "qorgan/v1/wrap"),
            blind: expand(&master, "qorgan/v1/blind"),
            token: expand(&master, "qorgan/v1/token"),
        };
        Self { keys: Arc::new(keys), clock: WallClock::system() }
    }

    /// Reads the master key from `path`, or makes a new one there (mode 0600) if the file is absent.
    ///
    /// # Errors
    /// The file is readable by group or world, is no regular file of 32 bytes, or cannot be used.
    pub fn open_or_create(path: impl AsRef<Path>, entropy: &Entropy) -> Result<Self, VaultError> {
        file::read_or_create(path.as_ref(), entropy).map(|key| Self::from_key_bytes(*key.expose()))
    }

    /// The same vault with another clock for `created_at` and `forgotten_at`: tests and simulations.
    #[must_use]
    pub fn with_clock(self, clock: WallClock) -> Self {
        Self { clock, ..self }
    }

    /// A fresh data key for a new subject. It counts only once [`Vault::store`] has written it.
    #[must_use]
    pub fn new_subject(&self, entropy: &Entropy, subject: Uuid) -> SubjectKey {
        SubjectKey::generate(&self.keys.wrap, entropy, subject, self.clock.now())
    }

    /// A keyed hash for equality of values that must not be readable: same kind and value, same hash. `kind`
    /// separates domains (`phone`, `iin`), so that equal texts of two kinds do not meet. Normalise before.
    #[must_use]
    pub fn blind(&self, kind: &str, value: &str) -> [u8; 32] {
        keyed_hash(&self.keys.blind, kind, value)
    }

    /// A short keyed token that stands for a card or another value that may not be kept whole:
    /// 24 hexadecimal digits. Without the key it cannot be found by trying all card numbers.
    #[must_use]
    pub fn token(&self, kind: &str, value: &str) -> String {
        let hash = keyed_hash(&self.keys.token, kind, value);
        hex::encode(hash).chars().take(2 * TOKEN_BYTES).collect()
    }

    pub(crate) fn wrap_key(&self) -> &Secret<[u8; KEY_BYTES]> {
        &self.keys.wrap
    }

    pub(crate) fn clock(&self) -> &WallClock {
        &self.clock
    }
}

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) over `parts`, one after the other.
fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(
        clippy::expect_used,
        reason = "HMAC takes keys of any length: the error type is of the general trait"
    )]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("hmac takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HKDF-Expand (RFC 5869 2.3) for one block. The extract step is for keys that are not uniform; ours is.
fn expand(master: &Secret<[u8; KEY_BYTES]>, label: &str) -> Secret<[u8; KEY_BYTES]> {
    Secret::new(hmac(master.expose(), &[label.as_bytes(), &[1]]))
}

/// The kind's length goes in front, so that (`a`, `bc`) and (`ab`, `c`) differ.
fn keyed_hash(key: &Secret<[u8; KEY_BYTES]>, kind: &str, value: &str) -> [u8; 32] {
    let length = u32::try_from(kind.len()).unwrap_or(u32::MAX).to_be_bytes();
    hmac(key.expose(), &[&length, kind.as_bytes(), value.as_bytes()])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        ::hex::decode(text).unwrap()
    }

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let long = [0xaa_u8; 131];
        for (key, data, mac) in [
            (
                &[0x0b_u8; 20][..],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &long,
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(hmac(key, &[data]).to_vec(), hex(mac));
        }
    }

    #[test]
    fn expansion_is_that_of_rfc_5869_case_1() {
        let prk = hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        let block = hmac(&prk, &[&hex("f0f1f2f3f4f5f6f7f8f9"), &[1]]);
        assert_eq!(block.to_vec(), hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    }

    #[test]
    fn each_use_has_a_key_of_its_own() {
        let vault = Vault::from_key_bytes([7; 32]);
        let all = [vault.keys.wrap.expose(), vault.keys.blind.expose(), vault.keys.token.expose(), &[7; 32]];
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn keys_do_not_print() {
        let vault = Vault::from_key_bytes([0x41; 32]);
        assert_eq!(format!("{vault:?}"), "Vault");
    }

    #[test]
    fn tokens_are_short_and_stable() {
        let vault = Vault::from_key_bytes([1; 32]);
        let token = vault.token("card", "4400430000001234");
        assert_eq!(token.len(), 24);
        assert!(token.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        assert_eq!(token, Vault::from_key_bytes([1; 32]).token("card", "4400430000001234"));
        assert_ne!(token, Vault::from_key_bytes([2; 32]).token("card", "4400430000001234"));
        assert_ne!(token.as_bytes(), &vault.blind("card", "4400430000001234")[..12]);
    }

    proptest! {
        #[test]
        fn blind_separates_kinds_and_values(a in "[a-z]{0,5}", b in ".{0,8}", c in "[a-z]{0,5}", d in ".{0,8}") {
            let vault = Vault::from_key_bytes([3; 32]);
            prop_assert_eq!(vault.blind(&a, &b) == vault.blind(&c, &d), a == c && b == d);
            prop_assert_eq!(vault.token(&a, &b) == vault.token(&c, &d), a == c && b == d);
        }
    }
}
