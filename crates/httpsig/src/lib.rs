//! HTTP message signatures with Ed25519 (RFC 9421) and content digests with SHA-256 (RFC 9530), in the one
//! profile that partners speak (`docs/partner-api`). Pure: no clock, no randomness, no network.
//!
//! A request with a body is signed over `"@method" "@target-uri" "content-digest" "content-type"`, a `GET`
//! without a body over `"@method" "@target-uri"`, a response over `"@status" "content-digest" "content-type"`.
//! The parameters `created`, `expires`, `nonce`, `keyid` and `tag="qorgan-v1"` are obligatory, `alg="ed25519"`
//! is optional, and there are no others.
//!
//! Deliberately absent: the memory of nonces. [`Verified::nonce`] goes to the caller, who must refuse a
//! `(keyid, nonce)` seen before, for a day and in the same transaction as the effect of the message.
//!
//! ```
//! use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
//! use httpsig::{Params, Request, public_key_text, seed_from_text, sign_request, verify_request};
//!
//! let key = seed_from_text("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=")?;
//! let mut headers = HeaderMap::new();
//! headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
//! let (method, target_uri, body) = ("POST", "https://node.example/api/v1/orders/x/answers", br#"{"type":"answer.v1"}"#);
//! let params = Params { keyid: "ZALT/2026", nonce: "b7f0c1", created: 1_800_000_000, expires: 1_800_000_300 };
//! let added = sign_request(&key, &Request { method, target_uri, headers: &headers, body }, &params)?;
//! headers.extend(added);
//!
//! let sent = Request { method, target_uri, headers: &headers, body };
//! let verified = verify_request(&sent, |keyid| (keyid == "ZALT/2026").then(|| key.verifying_key()), 1_800_000_010)?;
//! assert_eq!((verified.keyid.as_str(), verified.nonce.as_str()), ("ZALT/2026", "b7f0c1"));
//! assert_eq!(public_key_text(&key.verifying_key()), "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod base;
mod digest;
mod error;
mod keys;
mod profile;
mod sf;

pub use base::{Params, Request, Response, target_uri};
pub use digest::content_digest;
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use error::SigError;
pub use keys::{KeyError, public_key_from_text, public_key_text, seed_from_text, seed_text};
pub use profile::{
    MAX_CLOCK_SKEW_SECS, MAX_LIFETIME_SECS, TAG, Verified, sign_request, sign_response, verify_request,
    verify_response,
};
