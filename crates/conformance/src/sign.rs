//! The kit's key, right signatures, and wrong ones made with care: each wrong in one thing only, or a partner that
//! refuses it has shown nothing.

use std::path::Path;

use anyhow::Context as _;
use ed25519_dalek::Signer as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use httpsig::{SigningKey, TAG, content_digest, public_key_text, seed_from_text, seed_text};

use crate::clock;

/// How long a right signature is good for, seconds.
pub const FRESH_SECS: i64 = 240;
/// What a message must cover.
pub const COVERED: &[&str] = &["@method", "@target-uri", "content-digest", "content-type"];

/// A key with its name.
#[derive(Clone)]
pub struct Signer {
    /// `TEST/kit-…`: a name that belongs to this key alone, so that a partner never believes an old one.
    pub keyid: String,
    key: SigningKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.keyid)
    }
}

impl Signer {
    fn of(key: SigningKey) -> Self {
        let public = key.verifying_key();
        let name: String = hex::encode(public.as_bytes()).chars().take(8).collect();
        Self { keyid: format!("TEST/kit-{name}"), key }
    }

    /// A key for this run only.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn fresh() -> anyhow::Result<Self> {
        Ok(Self::of(SigningKey::from_bytes(&clock::random()?)))
    }

    /// The key in `path`; made and written, readable by its owner only, where there is none yet.
    ///
    /// # Errors
    /// If the file holds something else, or cannot be read or written.
    pub fn kept(path: &Path) -> anyhow::Result<Self> {
        if path.exists() {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let key = seed_from_text(&text)
                .with_context(|| format!("`{}` holds no private key", path.display()))?;
            return Ok(Self::of(key));
        }
        let made = Self::fresh()?;
        write_private(path, &seed_text(&made.key))
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(made)
    }

    /// The public key, base64 of its 32 bytes.
    #[must_use]
    pub fn public_text(&self) -> String {
        public_key_text(&self.key.verifying_key())
    }

    /// What a right signature of a `POST` of `body` to `url` is made of.
    #[must_use]
    pub fn right<'a>(&'a self, url: &'a str, body: &'a [u8], nonce: &'a str) -> Draft<'a> {
        let created = clock::now() / clock::SECOND;
        Draft {
            key: &self.key,
            keyid: &self.keyid,
            method: "POST",
            target: url,
            covered: COVERED,
            signed_body: body,
            sent_digest_of: body,
            created,
            expires: created + FRESH_SECS,
            nonce: Some(nonce),
            tag: TAG,
        }
    }

    /// Another key under the same name.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn impostor(&self) -> anyhow::Result<Self> {
        Ok(Self { keyid: self.keyid.clone(), ..Self::fresh()? })
    }
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, format!("{text}\n"))
}

/// Everything that a signature is made of, so that each part can be wrong by itself.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    pub(crate) key: &'a SigningKey,
    /// `keyid`.
    pub keyid: &'a str,
    /// `"@method"`.
    pub method: &'a str,
    /// `"@target-uri"`.
    pub target: &'a str,
    /// Covered components.
    pub covered: &'a [&'a str],
    /// The body whose digest is signed.
    pub signed_body: &'a [u8],
    /// The body whose digest is sent.
    pub sent_digest_of: &'a [u8],
    /// `created`, seconds.
    pub created: i64,
    /// `expires`, seconds.
    pub expires: i64,
    /// `nonce`.
    pub nonce: Option<&'a str>,
    /// `tag`.
    pub tag: &'a str,
}

impl Draft<'_> {
    /// The headers to send. Written by hand and not by `httpsig`, which refuses to make what it would refuse to take.
    ///
    /// # Errors
    /// If a part holds what no header may hold.
    pub fn headers(&self) -> anyhow::Result<HeaderMap> {
        let names: Vec<String> = self.covered.iter().map(|c| format!("\"{c}\"")).collect();
        let nonce = self.nonce.map(|n| format!(";nonce=\"{n}\"")).unwrap_or_default();
        let params = format!(
            "({});created={};expires={}{nonce};keyid=\"{}\";tag=\"{}\"",
            names.join(" "),
            self.created,
            self.expires,
            self.keyid,
            self.tag
        );
        let mut base = String::new();
        for component in self.covered {
            let value = match *component {
                "@method" => self.method.to_owned(),
                "@target-uri" => self.target.to_owned(),
                "content-digest" => content_digest(self.signed_body),
                _ => "application/json".to_owned(),
            };
            base.push_str(&format!("\"{component}\": {value}\n"));
        }
        base.push_str(&format!("\"@signature-params\": {params}"));
        let signature = self.key.sign(base.as_bytes()).to_bytes();
        let mut headers = unsigned(self.sent_digest_of)?;
        let value = format!("qorgan=:{}:", base64_of(&signature));
        headers.insert(
            HeaderName::from_static("signature-input"),
            HeaderValue::from_str(&format!("qorgan={params}"))?,
        );
        headers.insert(HeaderName::from_static("signature"), HeaderValue::from_str(&value)?);
        Ok(headers)
    }
}

/// The headers of a message without signature.
///
/// # Errors
/// Never in practice: a digest is a header's value.
pub fn unsigned(body: &[u8]) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HeaderName::from_static("content-digest"), HeaderValue::from_str(&content_digest(body))?);
    Ok(headers)
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use httpsig::{Request, SigError, verify_request};

    const URL: &str = "http://127.0.0.1:9/messages";

    fn verdict(signer: &Signer, headers: &HeaderMap, body: &[u8]) -> Result<String, SigError> {
        let request = Request { method: "POST", target_uri: URL, headers, body };
        let public = signer.key.verifying_key();
        let known = |keyid: &str| (keyid == signer.keyid).then_some(public);
        verify_request(&request, known, clock::now() / clock::SECOND).map(|v| v.nonce)
    }

    #[test]
    fn a_right_signature_holds_and_each_wrong_one_fails_in_its_own_way() {
        let signer = Signer::fresh().unwrap();
        let other = signer.impostor().unwrap();
        let right = signer.right(URL, b"{}", "n1");
        let now = right.created;
        assert_eq!(verdict(&signer, &right.headers().unwrap(), b"{}"), Ok("n1".to_owned()));
        let code = |draft: Draft<'_>, body: &[u8]| {
            verdict(&signer, &draft.headers().unwrap(), body).map_err(|e| e.code()).unwrap_err()
        };
        assert_eq!(code(Draft { key: &other.key, ..right.clone() }, b"{}"), "signature.invalid");
        assert_eq!(code(Draft { keyid: "TEST/no", ..right.clone() }, b"{}"), "signature.unknown_key");
        assert_eq!(code(right.clone(), b"{ }"), "digest.mismatch");
        assert_eq!(code(Draft { sent_digest_of: b"[]", ..right.clone() }, b"[]"), "signature.invalid");
        let short: &[&str] = &["@method", "@target-uri", "content-type"];
        assert_eq!(code(Draft { covered: short, ..right.clone() }, b"{}"), "signature.not_covered");
        assert_eq!(
            code(Draft { created: now - 700, expires: now - 400, ..right.clone() }, b"{}"),
            "signature.expired"
        );
        assert_eq!(
            code(Draft { created: now + 600, expires: now + 840, ..right.clone() }, b"{}"),
            "signature.from_the_future"
        );
        assert_eq!(code(Draft { expires: now + 3_600, ..right.clone() }, b"{}"), "signature.lifetime");
        assert_eq!(code(Draft { nonce: None, ..right.clone() }, b"{}"), "signature.parameter");
        assert_eq!(code(Draft { tag: "other-v1", ..right.clone() }, b"{}"), "signature.missing");
        assert_eq!(
            code(Draft { target: "http://127.0.0.1:9/x", ..right.clone() }, b"{}"),
            "signature.invalid"
        );
        assert_eq!(code(Draft { method: "PUT", ..right.clone() }, b"{}"), "signature.invalid");
        assert_eq!(verdict(&signer, &unsigned(b"{}").unwrap(), b"{}"), Err(SigError::Missing));
    }

    #[test]
    fn a_kept_key_is_the_same_again_and_its_name_belongs_to_it() {
        let path = std::env::temp_dir().join(format!("kit-key-{}", clock::token().unwrap()));
        let first = Signer::kept(&path).unwrap();
        let again = Signer::kept(&path).unwrap();
        assert_eq!((first.keyid.clone(), first.public_text()), (again.keyid.clone(), again.public_text()));
        assert_ne!(first.keyid, Signer::fresh().unwrap().keyid);
        std::fs::write(&path, "nonsense").unwrap();
        assert!(Signer::kept(&path).unwrap_err().to_string().contains("holds no private key"));
        std::fs::remove_file(&path).unwrap();
    }
}
