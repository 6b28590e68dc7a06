//! `Content-Digest` (RFC 9530) with SHA-256.

use http::HeaderMap;
use sha2::{Digest as _, Sha256};

use crate::error::SigError;
use crate::sf::{Bare, Member, encode_bytes, parse_dictionary};

pub(crate) const FIELD: &str = "content-digest";

/// The value of the `Content-Digest` field for `body`: `sha-256=:…:`.
#[must_use]
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256={}", encode_bytes(&Sha256::digest(body)))
}

/// Checks `body` against the field's `sha-256` member. Digests of other algorithms may stand beside it.
pub(crate) fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), SigError> {
    let text = crate::base::field_value(headers, FIELD)?.ok_or(SigError::DigestMissing)?;
    let members = parse_dictionary(&text).map_err(|reason| SigError::Malformed { field: FIELD, reason })?;
    let (_, member) = members.iter().find(|(key, _)| key == "sha-256").ok_or(SigError::DigestMissing)?;
    match member {
        Member::Item(item) if item.params.is_empty() => match &item.value {
            Bare::Bytes(told) if told.as_slice() == Sha256::digest(body).as_slice() => Ok(()),
            Bare::Bytes(_) => Err(SigError::DigestMismatch),
            _ => Err(SigError::Malformed { field: FIELD, reason: "`sha-256` is not a byte sequence" }),
        },
        _ => Err(SigError::Malformed { field: FIELD, reason: "`sha-256` is not a bare byte sequence" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    /// RFC 9530, appendices B.1 (content with a line feed) and D (no content).
    #[test]
    fn published_examples() {
        assert_eq!(
            content_digest(b"{\"hello\": \"world\"}\n"),
            "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
        );
        assert_eq!(content_digest(b""), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
    }

    #[test]
    fn what_the_field_may_say() {
        let good = content_digest(b"x");
        let check_value = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(FIELD, HeaderValue::from_str(value).unwrap());
            check(&headers, b"x").map_err(|e| e.code())
        };
        assert_eq!(check_value(&good), Ok(()));
        assert_eq!(check_value(&format!("md5=:AAAA:, {good}")), Ok(()));
        assert_eq!(check_value(&content_digest(b"y")), Err("digest.mismatch"));
        assert_eq!(check_value("sha-512=:AAAA:"), Err("digest.missing"));
        assert_eq!(check_value("sha-256=:AAAA:"), Err("digest.mismatch"));
        assert_eq!(check_value("sha-256"), Err("signature.malformed"));
        assert_eq!(check_value("sha-256=(:AAAA:)"), Err("signature.malformed"));
        assert_eq!(check_value(&format!("{good};x=1")), Err("signature.malformed"));
        assert_eq!(check_value(&format!("{good}, {good}")), Err("signature.malformed"));
        assert_eq!(check_value(&format!("{good},")), Err("signature.malformed"));
        assert_eq!(check_value(""), Err("digest.missing"));
        assert_eq!(check(&HeaderMap::new(), b"x").map_err(|e| e.code()), Err("digest.missing"));
    }
}
