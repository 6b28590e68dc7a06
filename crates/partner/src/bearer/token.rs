//! A bearer token (RFC 6750): which institution, by which of its keys it was asked for, until when, under a keyed hash. It is
//! good for minutes and dies with the key. Nothing is stored: whoever holds the node's keys can tell a right one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Timestamp;
use sha2::{Digest as _, Sha256};
use vault::Vault;

use crate::model::PartnerId;

/// How long a token is good, seconds.
pub const GOOD_SECS: i64 = 600;
/// The first byte: how the rest is laid out.
const LAYOUT: u8 = 1;
const PAYLOAD: usize = 33;
const MAC: usize = 16;

/// The mark of a key inside a token.
pub type KeyMark = [u8; 8];

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// Whose it is.
    pub partner: PartnerId,
    /// By which key it was asked for.
    pub key: KeyMark,
    /// Until when it is good, wall time in seconds.
    pub expires: i64,
}

/// The mark of a key: of its public half, so that a key of the same name is another one.
#[must_use]
pub fn mark(public_key: &[u8]) -> KeyMark {
    let mut mark = [0; 8];
    mark.iter_mut().zip(Sha256::digest(public_key)).for_each(|(to, from)| *to = from);
    mark
}

fn mac(vault: &Vault, payload: &[u8]) -> [u8; MAC] {
    let mut mac = [0; MAC];
    mac.iter_mut()
        .zip(vault.blind("partner.bearer", &hex::encode(payload)))
        .for_each(|(to, from)| *to = from);
    mac
}

/// A token that says so.
#[must_use]
pub fn mint(vault: &Vault, claims: Claims) -> String {
    let mut bytes = vec![LAYOUT];
    bytes.extend(claims.partner.uuid().as_bytes());
    bytes.extend(claims.key);
    bytes.extend(claims.expires.to_be_bytes());
    let mac = mac(vault, &bytes);
    bytes.extend(mac);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a token says, if this node, or one with the same keys, has made it and it is good at a moment.
#[must_use]
pub fn read(vault: &Vault, token: &str, now: Timestamp) -> Option<Claims> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|b| b.len() == PAYLOAD + MAC)?;
    let (payload, given) = bytes.split_at_checked(PAYLOAD)?;
    // Compared without telling by its time how much of it was right.
    let differing = mac(vault, payload).iter().zip(given).fold(0, |differing, (a, b)| differing | (a ^ b));
    let (&layout, rest) = payload.split_first()?;
    if differing != 0 || layout != LAYOUT {
        return None;
    }
    let (partner, rest) = rest.split_first_chunk::<16>()?;
    let (key, rest) = rest.split_first_chunk::<8>()?;
    let expires = i64::from_be_bytes(*rest.first_chunk::<8>()?);
    let claims =
        Claims { partner: PartnerId::from_uuid(uuid::Uuid::from_bytes(*partner)), key: *key, expires };
    (now.as_secs() < expires).then_some(claims)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn vault(key: u8) -> Vault {
        Vault::from_key_bytes([key; 32])
    }

    fn claims() -> Claims {
        Claims { partner: PartnerId::from_uuid(Uuid::from_u128(7)), key: mark(b"a key"), expires: 1_000 }
    }

    #[test]
    fn says_what_was_minted_until_it_is_over() {
        let token = mint(&vault(1), claims());
        assert_eq!(read(&vault(1), &token, Timestamp::from_secs(999)), Some(claims()));
        assert_eq!(read(&vault(1), &token, Timestamp::from_secs(1_000)), None);
        assert_eq!(read(&vault(2), &token, Timestamp::from_secs(1)), None, "another node's");
    }

    proptest! {
        /// Nobody makes one by changing another, or out of nothing.
        #[test]
        fn no_other_token_is_read(at in 0_usize..66, with in "[A-Za-z0-9_-]", other in "\\PC{0,80}") {
            let token = mint(&vault(1), claims());
            let mut changed = token.clone();
            changed.replace_range(at..=at, &with);
            if changed != token {
                prop_assert_eq!(read(&vault(1), &changed, Timestamp::from_secs(1)), None);
            }
            prop_assert_eq!(read(&vault(1), &other, Timestamp::from_secs(1)), None);
        }
    }
}
