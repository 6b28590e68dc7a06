//! Messages that travel as files or by mail: signed as a DSSE envelope (Dead Simple Signing Envelope, version 1 of the
//! secure-systems-lab specification), so that whoever carries them cannot change them.
//!
//! What is signed is the pre-authentication encoding `DSSEv1 LEN(type) type LEN(body) body`: the type is under the signature,
//! too, and no byte of the payload is read before it is verified.

use app::App;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use kernel::Actor;
use serde::{Deserialize, Serialize};

use crate::service::PartnerError;
use crate::store;

/// Type of the payload: a message of the partner API.
pub const PAYLOAD_TYPE: &str = "application/vnd.qorgan.message.v1+json";
/// Largest envelope that is read.
pub const MAX_BYTES: usize = 512 * 1024;
/// Most signatures that are looked at.
const MAX_SIGNATURES: usize = 8;

/// An envelope as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<Signed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Signed {
    keyid: String,
    sig: String,
}

fn to_sign(payload_type: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), body.len()).into_bytes();
    out.extend_from_slice(body);
    out
}

/// An envelope around `body` under this node's key, as JSON.
#[must_use]
pub fn seal(app: &App, body: &[u8]) -> String {
    seal_with(&SigningKey::from_bytes(app.node.message_key.expose()), &app.node.keyid, body)
}

/// The payload of an envelope that `code` has signed with a valid key, and who that is.
///
/// # Errors
/// No envelope; another type; no valid signature of this institution.
pub async fn open(app: &App, code: &str, text: &[u8]) -> Result<(Actor, Vec<u8>), PartnerError> {
    let envelope: Option<Envelope> =
        (text.len() <= MAX_BYTES).then(|| serde_json::from_slice(text).ok()).flatten();
    let envelope = envelope.filter(|e| e.payload_type == PAYLOAD_TYPE).ok_or(PartnerError::Envelope)?;
    let body = STANDARD.decode(envelope.payload.trim()).map_err(|_| PartnerError::Envelope)?;
    for signed in envelope.signatures.iter().take(MAX_SIGNATURES) {
        let Ok(Ok(sig)) = STANDARD.decode(&signed.sig).map(|s| Signature::from_slice(&s)) else { continue };
        let (keyid, of) = (signed.keyid.clone(), code.to_owned());
        let known = app
            .db
            .read(move |tx| {
                let key = store::key(tx, &keyid)?.filter(crate::model::PartnerKey::is_believed);
                let partner = store::by_code(tx, &of)?.filter(|p| p.active);
                Ok::<_, PartnerError>(key.zip(partner).filter(|(k, p)| k.partner == p.id))
            })
            .await?;
        let Some((key, partner)) = known else { continue };
        let Ok(verifying) = VerifyingKey::from_bytes(&key.public_key) else { continue };
        if verifying.verify_strict(&to_sign(PAYLOAD_TYPE, &body), &sig).is_ok() {
            return Ok((Actor::institution(partner.id.uuid(), &partner.code), body));
        }
    }
    Err(PartnerError::UnknownKey)
}

/// An envelope as an institution makes it: for tests and for the tools of those who have no API.
#[must_use]
pub fn seal_with(key: &SigningKey, keyid: &str, body: &[u8]) -> String {
    let sig = key.sign(&to_sign(PAYLOAD_TYPE, body)).to_bytes();
    let envelope = Envelope {
        payload_type: PAYLOAD_TYPE.to_owned(),
        payload: STANDARD.encode(body),
        signatures: vec![Signed { keyid: keyid.to_owned(), sig: STANDARD.encode(sig) }],
    };
    serde_json::to_string(&envelope).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's own example of what is signed.
    #[test]
    fn what_is_signed() {
        let made = to_sign("http://example.com/HelloWorld", b"hello world");
        assert_eq!(made, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }
}
