//! Keys as text: the raw 32 bytes in standard base64, as partners paste them into a form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{SigningKey, VerifyingKey};

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 32 bytes in canonical standard base64 (44 characters with padding).
    #[error("a key is 32 bytes in standard base64 with padding")]
    Encoding,
    /// Not a point of the curve, or one of the few points with which anybody can sign.
    #[error("this is no Ed25519 public key, or a weak one")]
    Unusable,
}

fn bytes(text: &str) -> Result<[u8; 32], KeyError> {
    let raw = STANDARD.decode(text.trim()).map_err(|_| KeyError::Encoding)?;
    raw.try_into().map_err(|_| KeyError::Encoding)
}

/// Reads a public key (RFC 8032, 32 bytes) from base64. White space around it is forgiven.
///
/// # Errors
/// If the text is not such a key, or the key is weak (small order).
pub fn public_key_from_text(text: &str) -> Result<VerifyingKey, KeyError> {
    let key = VerifyingKey::from_bytes(&bytes(text)?).map_err(|_| KeyError::Unusable)?;
    if key.is_weak() { Err(KeyError::Unusable) } else { Ok(key) }
}

/// A public key as base64 of its 32 bytes.
#[must_use]
pub fn public_key_text(key: &VerifyingKey) -> String {
    STANDARD.encode(key.as_bytes())
}

/// Reads a private key from base64 of its 32-byte seed.
///
/// # Errors
/// If the text is not 32 bytes of base64.
pub fn seed_from_text(text: &str) -> Result<SigningKey, KeyError> {
    bytes(text).map(|seed| SigningKey::from_bytes(&seed))
}

/// A private key as base64 of its seed. The caller answers for where the text goes.
#[must_use]
pub fn seed_text(key: &SigningKey) -> String {
    STANDARD.encode(key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_survive_as_text(seed: [u8; 32]) {
            let key = SigningKey::from_bytes(&seed);
            prop_assert_eq!(seed_from_text(&seed_text(&key)).unwrap().to_bytes(), seed);
            prop_assert_eq!(public_key_from_text(&public_key_text(&key.verifying_key())), Ok(key.verifying_key()));
        }
        #[test]
        fn junk_is_no_key(text in ".{0,60}") {
            let _ = public_key_from_text(&text);
            let _ = seed_from_text(&text);
        }
    }

    #[test]
    fn weak_short_and_misspelt_keys_are_refused() {
        let small_order = STANDARD.encode({
            let mut point = [0_u8; 32];
            point[0] = 1;
            point
        });
        for (text, why) in [
            (small_order.as_str(), KeyError::Unusable),
            ("", KeyError::Encoding),
            ("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0b", KeyError::Encoding),
            ("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs", KeyError::Encoding),
            ("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bt=", KeyError::Encoding),
            ("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs=", KeyError::Encoding),
        ] {
            assert_eq!(public_key_from_text(text), Err(why), "{text}");
        }
    }
}
