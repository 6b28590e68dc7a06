//! What makes an agreement entry acceptable, and to whom an account belongs. Pure.

use base64::Engine as _;

use crate::model::{Institution, Partner};

/// Why an entry of an agreement file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The code is not 3 to 12 capitals and digits.
    #[error("`{0}` is not a partner code: 3 to 12 capital letters and digits")]
    Code(String),
    /// The key is not 32 bytes of base64, or no curve point.
    #[error("the public key of `{0}` is not an Ed25519 key in base64")]
    Key(String),
    /// The key id does not begin with the partner's own code.
    #[error("key id `{keyid}` must be `{code}/NAME`")]
    KeyId {
        /// The partner.
        code: String,
        /// What was given.
        keyid: String,
    },
    /// The gateway is no http(s) address.
    #[error("gateway `{0}` is not an http or https address")]
    Gateway(String),
}

/// Checks one entry and gives its public key.
///
/// # Errors
/// [`EntryError`] names the entry and what is wrong with it.
pub fn check(entry: &Institution) -> Result<[u8; 32], EntryError> {
    let code = entry.code.as_str();
    let code_ok =
        (3..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !code_ok {
        return Err(EntryError::Code(code.chars().take(40).collect()));
    }
    if entry.keyid.strip_prefix(code).and_then(|r| r.strip_prefix('/')).is_none_or(str::is_empty) {
        return Err(EntryError::KeyId { code: code.to_owned(), keyid: entry.keyid.clone() });
    }
    let gateway = entry.gateway.as_str();
    if !gateway.is_empty() && !gateway.starts_with("http://") && !gateway.starts_with("https://") {
        return Err(EntryError::Gateway(gateway.to_owned()));
    }
    let bad_key = || EntryError::Key(code.to_owned());
    let bytes = base64::engine::general_purpose::STANDARD.decode(&entry.public_key).map_err(|_| bad_key())?;
    let key: [u8; 32] = bytes.try_into().map_err(|_| bad_key())?;
    ed25519_dalek::VerifyingKey::from_bytes(&key).map_err(|_| bad_key())?;
    Ok(key)
}

/// Which of `partners` keeps the account: by the institution code inside an IBAN, or a card's first six
/// digits. `None` where the number does not say (a phone, a wallet, a foreign IBAN).
#[must_use]
pub fn keeper<'a>(partners: &'a [Partner], kind: &str, canonical: &str) -> Option<&'a Partner> {
    match kind {
        // ISO 13616: in Kazakhstan characters 5 to 7; other countries' agreements list what stands there.
        "iban" => {
            let rest = canonical.get(4..)?;
            partners.iter().find(|p| p.iban_codes.iter().any(|code| rest.starts_with(code.as_str())))
        }
        "card" => partners.iter().find(|p| p.card_bins.iter().any(|bin| canonical.starts_with(bin.as_str()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PartnerId, PartnerRole};
    use kernel::Localised;
    use uuid::Uuid;

    fn partner(code: &str, iban: &str, bin: &str) -> Partner {
        Partner {
            id: PartnerId::from_uuid(Uuid::nil()),
            code: code.into(),
            kind: "bank".into(),
            role: PartnerRole::Executor,
            names: Localised::default(),
            iban_codes: vec![iban.into()],
            card_bins: vec![bin.into()],
            gateway_url: String::new(),
            duty_phone: String::new(),
            contact: String::new(),
            active: true,
        }
    }

    #[test]
    fn the_keeper_of_an_account() {
        let all = [partner("ZALT", "991", "999101"), partner("ZBEK", "992", "999102")];
        let code = |kind, value| keeper(&all, kind, value).map(|p| p.code.as_str());
        assert_eq!(code("iban", "KZ00992A000000000001"), Some("ZBEK"));
        assert_eq!(code("iban", "KZ00125A000000000001"), None);
        assert_eq!(code("card", "9991011234"), Some("ZALT"));
        assert_eq!(code("phone", "+77010000000"), None);
        assert_eq!(code("iban", "KZ"), None);
    }

    fn entry() -> Institution {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        Institution {
            code: "ZALT".into(),
            kind: "bank".into(),
            role: PartnerRole::Executor,
            names: Localised::default(),
            iban_code: None,
            card_bins: vec![],
            gateway: String::new(),
            public_key: base64::engine::general_purpose::STANDARD.encode(key.as_bytes()),
            keyid: "ZALT/1".into(),
            duty_phone: String::new(),
            contact: crate::model::Contact::default(),
            delivery: String::new(),
        }
    }

    #[test]
    fn entries_are_checked() {
        assert!(check(&entry()).is_ok());
        assert!(matches!(check(&Institution { code: "z".into(), ..entry() }), Err(EntryError::Code(_))));
        assert!(matches!(
            check(&Institution { keyid: "ZBEK/1".into(), ..entry() }),
            Err(EntryError::KeyId { .. })
        ));
        assert!(matches!(
            check(&Institution { keyid: "ZALT/".into(), ..entry() }),
            Err(EntryError::KeyId { .. })
        ));
        assert!(matches!(
            check(&Institution { gateway: "ftp://x".into(), ..entry() }),
            Err(EntryError::Gateway(_))
        ));
        assert!(matches!(
            check(&Institution { public_key: "AAAA".into(), ..entry() }),
            Err(EntryError::Key(_))
        ));
    }
}
