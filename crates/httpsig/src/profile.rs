//! The partner profile: which components, which parameters, how long.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base::{Params, Request, Response, Source, Start};
use crate::digest::{self, content_digest};
use crate::error::SigError;
use crate::sf::{Bare, Item, Member, Parameters, encode_bytes, encode_list, parse_dictionary};

/// The application tag (RFC 9421, section 2.3) that tells our signatures from those of proxies.
pub const TAG: &str = "qorgan-v1";
/// The longest time from `created` to `expires`, seconds.
pub const MAX_LIFETIME_SECS: i64 = 300;
/// How far in the future `created` may lie because two clocks differ, seconds.
pub const MAX_CLOCK_SKEW_SECS: i64 = 60;
/// The longest `keyid` and `nonce`, characters.
const MAX_TEXT: usize = 128;
/// The label under which we sign. A verifier goes by the tag, labels may be renamed on the way.
const LABEL: &str = "qorgan";

const INPUT: &str = "signature-input";
const SIGNATURE: &str = "signature";
const BODYLESS: &[&str] = &["@method", "@target-uri"];
const REQUEST: &[&str] = &["@method", "@target-uri", "content-digest", "content-type"];
const RESPONSE: &[&str] = &["@status", "content-digest", "content-type"];

/// A signature that held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose key, `CODE/NAME`.
    pub keyid: String,
    /// The caller refuses it if it has seen it under this `keyid` within a day.
    pub nonce: String,
    /// When it was signed, seconds since 1970.
    pub created: i64,
    /// Until when it may be taken, seconds since 1970.
    pub expires: i64,
}

/// Signs a request. Gives the fields to add (`extend`) to its headers: `Signature-Input`, `Signature` and, unless it
/// is a `GET` without a body, `Content-Digest`. `Content-Type` must be there already.
///
/// # Errors
/// If a component cannot be computed or a parameter breaks the profile: what we would refuse we do not send.
pub fn sign_request(
    key: &SigningKey,
    request: &Request<'_>,
    params: &Params<'_>,
) -> Result<HeaderMap, SigError> {
    let start = Start::Request { method: request.method, target_uri: request.target_uri };
    let (covered, body) = demanded(request);
    sign(key, start, request.headers, covered, body, params)
}

/// Signs a response, as [`sign_request`] does. `Content-Type` must be there already.
///
/// # Errors
/// As [`sign_request`].
pub fn sign_response(
    key: &SigningKey,
    response: &Response<'_>,
    params: &Params<'_>,
) -> Result<HeaderMap, SigError> {
    let start = Start::Response { status: response.status };
    sign(key, start, response.headers, RESPONSE, Some(response.body), params)
}

/// Verifies a request at the wall-clock time `now` (seconds since 1970). `resolve` finds the public key in force for a
/// `keyid`; a revoked key is none.
///
/// The signature may cover more than the profile asks for, if it is a plain field or a derived component of RFC 9421
/// without parameters. The nonce's freshness is the caller's to check.
///
/// # Errors
/// Whatever keeps the message from being taken, see [`SigError`].
pub fn verify_request(
    request: &Request<'_>,
    resolve: impl Fn(&str) -> Option<VerifyingKey>,
    now: i64,
) -> Result<Verified, SigError> {
    let start = Start::Request { method: request.method, target_uri: request.target_uri };
    let (covered, body) = demanded(request);
    verify(&Source { start, headers: request.headers }, covered, body, resolve, now)
}

/// Verifies a response, as [`verify_request`] does.
///
/// The signature says nothing about the request that was answered: the caller compares the ids in the body with what it
/// asked.
///
/// # Errors
/// As [`verify_request`].
pub fn verify_response(
    response: &Response<'_>,
    resolve: impl Fn(&str) -> Option<VerifyingKey>,
    now: i64,
) -> Result<Verified, SigError> {
    let start = Start::Response { status: response.status };
    verify(&Source { start, headers: response.headers }, RESPONSE, Some(response.body), resolve, now)
}

/// The components a request must cover, and its body if it must be digested.
fn demanded<'a>(request: &Request<'a>) -> (&'static [&'static str], Option<&'a [u8]>) {
    if request.method == "GET" && request.body.is_empty() {
        (BODYLESS, None)
    } else {
        (REQUEST, Some(request.body))
    }
}

fn sign(
    key: &SigningKey,
    start: Start<'_>,
    headers: &HeaderMap,
    covered: &[&str],
    body: Option<&[u8]>,
    params: &Params<'_>,
) -> Result<HeaderMap, SigError> {
    lifetime(params.created, params.expires)?;
    let covered: Vec<Item> =
        covered.iter().map(|name| Item { value: Bare::Text((*name).to_owned()), params: vec![] }).collect();
    let params: Parameters = vec![
        ("created".to_owned(), Bare::Integer(params.created)),
        ("expires".to_owned(), Bare::Integer(params.expires)),
        ("nonce".to_owned(), short_text("nonce", params.nonce)?),
        ("keyid".to_owned(), short_text("keyid", params.keyid)?),
        ("tag".to_owned(), Bare::Text(TAG.to_owned())),
    ];
    let mut signed = headers.clone();
    let mut added = HeaderMap::new();
    if let Some(body) = body {
        let value = header_value(&content_digest(body))?;
        signed.insert(digest::FIELD, value.clone());
        added.insert(HeaderName::from_static(digest::FIELD), value);
    }
    let base = Source { start, headers: &signed }.signature_base(&covered, &params)?;
    let list = encode_list(&covered, &params).ok_or(SigError::Parameter("nonce".to_owned()))?;
    let signature = encode_bytes(&key.sign(base.as_bytes()).to_bytes());
    added.insert(HeaderName::from_static(INPUT), header_value(&format!("{LABEL}={list}"))?);
    added.insert(HeaderName::from_static(SIGNATURE), header_value(&format!("{LABEL}={signature}"))?);
    Ok(added)
}

fn header_value(text: &str) -> Result<HeaderValue, SigError> {
    HeaderValue::from_str(text).map_err(|_| SigError::Malformed { field: INPUT, reason: "not a field value" })
}

fn short_text(name: &str, text: &str) -> Result<Bare, SigError> {
    let good = (1..=MAX_TEXT).contains(&text.len()) && text.bytes().all(|b| (0x20..=0x7e).contains(&b));
    if good { Ok(Bare::Text(text.to_owned())) } else { Err(SigError::Parameter(name.to_owned())) }
}

fn lifetime(created: i64, expires: i64) -> Result<(), SigError> {
    let secs = expires.saturating_sub(created);
    if created >= 0 && (1..=MAX_LIFETIME_SECS).contains(&secs) {
        Ok(())
    } else {
        Err(SigError::Lifetime(secs))
    }
}

fn verify(
    source: &Source<'_>,
    demanded: &[&'static str],
    body: Option<&[u8]>,
    resolve: impl Fn(&str) -> Option<VerifyingKey>,
    now: i64,
) -> Result<Verified, SigError> {
    let (covered, params, signature) = ours(source.headers)?;
    for name in demanded {
        if !covered.iter().any(|item| item.params.is_empty() && item.value == Bare::Text((*name).to_owned()))
        {
            return Err(SigError::NotCovered(name));
        }
    }
    let verified = parameters(&params)?;
    if verified.created > now.saturating_add(MAX_CLOCK_SKEW_SECS) {
        return Err(SigError::FromTheFuture { created: verified.created, now });
    }
    if now > verified.expires {
        return Err(SigError::Expired { expires: verified.expires, now });
    }
    if let Some(body) = body {
        digest::check(source.headers, body)?;
    }
    let key = resolve(&verified.keyid).ok_or_else(|| SigError::UnknownKey(verified.keyid.clone()))?;
    let base = source.signature_base(&covered, &params)?;
    let signature = Signature::from_slice(&signature).map_err(|_| SigError::Invalid)?;
    // Strict: no weak keys and one form only of every signature, so that no two verifiers disagree.
    key.verify_strict(base.as_bytes(), &signature).map_err(|_| SigError::Invalid)?;
    Ok(verified)
}

/// Finds the one signature with our tag: covered components, parameters, signature bytes.
fn ours(headers: &HeaderMap) -> Result<(Vec<Item>, Parameters, Vec<u8>), SigError> {
    let tag = ("tag".to_owned(), Bare::Text(TAG.to_owned()));
    let mut found = None;
    for (label, member) in dictionary(headers, INPUT)? {
        match member {
            Member::List(covered, params) if params.contains(&tag) => {
                if found.replace((label, covered, params)).is_some() {
                    return Err(SigError::Ambiguous);
                }
            }
            Member::List(..) => {}
            Member::Item(_) => {
                return Err(SigError::Malformed { field: INPUT, reason: "a member is not a list" });
            }
        }
    }
    let (label, covered, params) = found.ok_or(SigError::Missing)?;
    let signatures = dictionary(headers, SIGNATURE)?;
    let (_, member) = signatures.into_iter().find(|(l, _)| *l == label).ok_or(SigError::Missing)?;
    match member {
        Member::Item(Item { value: Bare::Bytes(bytes), params: none }) if none.is_empty() => {
            Ok((covered, params, bytes))
        }
        _ => Err(SigError::Malformed { field: SIGNATURE, reason: "a signature is not a bare byte sequence" }),
    }
}

/// A dictionary field. It may stand on several lines, since proxies add signatures of their own.
fn dictionary(headers: &HeaderMap, field: &'static str) -> Result<Vec<(String, Member)>, SigError> {
    let mut lines = Vec::new();
    for value in headers.get_all(field) {
        lines.push(value.to_str().map_err(|_| SigError::Malformed { field, reason: "not ASCII" })?);
    }
    parse_dictionary(&lines.join(", ")).map_err(|reason| SigError::Malformed { field, reason })
}

/// Reads the parameters: all of ours, each of its type, no other. A parameter that nobody checks is one that two sides
/// may understand differently.
fn parameters(params: &Parameters) -> Result<Verified, SigError> {
    let wrong = |name: &str| SigError::Parameter(name.to_owned());
    let (mut created, mut expires, mut nonce, mut keyid) = (None, None, None, None);
    for (name, value) in params {
        match (name.as_str(), value) {
            ("created", Bare::Integer(secs)) => created = Some(*secs),
            ("expires", Bare::Integer(secs)) => expires = Some(*secs),
            ("nonce", Bare::Text(text)) if (1..=MAX_TEXT).contains(&text.len()) => nonce = Some(text.clone()),
            ("keyid", Bare::Text(text)) if (1..=MAX_TEXT).contains(&text.len()) => keyid = Some(text.clone()),
            ("alg", Bare::Text(text)) if text == "ed25519" => {}
            ("tag", Bare::Text(text)) if text == TAG => {}
            _ => return Err(wrong(name)),
        }
    }
    let verified = Verified {
        keyid: keyid.ok_or_else(|| wrong("keyid"))?,
        nonce: nonce.ok_or_else(|| wrong("nonce"))?,
        created: created.ok_or_else(|| wrong("created"))?,
        expires: expires.ok_or_else(|| wrong("expires"))?,
    };
    lifetime(verified.created, verified.expires)?;
    Ok(verified)
}
