//! Messages and the signature base (RFC 9421, section 2): the text that is signed.

use http::HeaderMap;

use crate::error::SigError;
use crate::sf::{Bare, Item, Parameters, encode_list, encode_text};

/// A request to sign or to verify.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method, in capitals as it goes over the wire.
    pub method: &'a str,
    /// The absolute URI that the client asked for, `https://host/path?query`. A server makes it from its own
    /// public address and the request line (see [`target_uri`]), never from the `Host` field.
    pub target_uri: &'a str,
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// The whole body, empty if there is none.
    pub body: &'a [u8],
}

/// A response to sign or to verify.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// The parameters of a signature to make.
#[derive(Debug, Clone, Copy)]
pub struct Params<'a> {
    /// `CODE/NAME`: the institution's code and the name of one of its keys.
    pub keyid: &'a str,
    /// Unique for a day under this `keyid`, 1 to 128 printable ASCII characters.
    pub nonce: &'a str,
    /// When the signature is made: wall clock, seconds since 1970, never scaled.
    pub created: i64,
    /// Until when it may be taken, at most 300 s after `created`.
    pub expires: i64,
}

/// The `"@target-uri"` of a request at a server whose public address is `public_base`, from the path and query of
/// the request line. `None` if the two do not make an absolute URI.
#[must_use]
pub fn target_uri(public_base: &str, path_and_query: &str) -> Option<String> {
    let base = public_base.strip_suffix('/').unwrap_or(public_base);
    let uri = format!("{base}{path_and_query}");
    (path_and_query.starts_with('/') && Target::new(&uri).is_ok()).then_some(uri)
}

/// The start line, the part of a message in which requests and responses differ.
pub(crate) enum Start<'a> {
    Request { method: &'a str, target_uri: &'a str },
    Response { status: u16 },
}

/// What the signature base is computed from.
pub(crate) struct Source<'a> {
    pub start: Start<'a>,
    pub headers: &'a HeaderMap,
}

impl Source<'_> {
    /// The value of one component (RFC 9421, sections 2.1 and 2.2).
    fn component(&self, name: &str) -> Result<String, SigError> {
        let unknown = || SigError::Component(name.to_owned());
        match (&self.start, name) {
            (Start::Request { method, .. }, "@method") => {
                let token =
                    !method.is_empty() && method.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
                token.then(|| (*method).to_owned()).ok_or_else(unknown)
            }
            (Start::Response { status }, "@status") => {
                (100..1000).contains(status).then(|| status.to_string()).ok_or_else(unknown)
            }
            (Start::Request { target_uri, .. }, _) if name.starts_with('@') => {
                let target = Target::new(target_uri)?;
                match name {
                    "@target-uri" => Ok((*target_uri).to_owned()),
                    "@scheme" => Ok(target.scheme),
                    "@authority" => Ok(target.authority),
                    "@path" => Ok(target.path),
                    "@query" => Ok(target.query),
                    _ => Err(unknown()),
                }
            }
            _ if name.starts_with('@') => Err(unknown()),
            // Names of fields are written small in components; `HeaderMap` would fold the case away.
            _ if name.bytes().any(|b| b.is_ascii_uppercase()) => Err(unknown()),
            _ => field_value(self.headers, name)?.ok_or_else(unknown),
        }
    }

    /// The signature base for these components and parameters (RFC 9421, section 2.5).
    pub(crate) fn signature_base(&self, covered: &[Item], params: &Parameters) -> Result<String, SigError> {
        let malformed = SigError::Malformed {
            field: "signature-input",
            reason: "a component or parameter is not plain text",
        };
        let mut out = String::new();
        for (i, item) in covered.iter().enumerate() {
            let (Bare::Text(name), true) = (&item.value, item.params.is_empty()) else {
                return Err(malformed);
            };
            if covered.iter().take(i).any(|earlier| earlier == item) {
                return Err(SigError::Malformed {
                    field: "signature-input",
                    reason: "a component is covered twice",
                });
            }
            let quoted = encode_text(name).ok_or_else(|| malformed.clone())?;
            out.push_str(&format!("{quoted}: {}\n", self.component(name)?));
        }
        let list = encode_list(covered, params).ok_or(malformed)?;
        out.push_str(&format!("\"@signature-params\": {list}"));
        Ok(out)
    }
}

/// The value of a field that may occur once, without white space at its ends; `None` if it is absent.
///
/// RFC 9421 would join repeated lines with commas. Whoever reads the message reads the first or the last of them,
/// so a repeated line that is covered by a signature is refused.
pub(crate) fn field_value(headers: &HeaderMap, name: &str) -> Result<Option<String>, SigError> {
    let refused = || SigError::Component(name.to_owned());
    let mut lines = headers.get_all(name).iter();
    let Some(value) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(refused());
    }
    // `to_str` passes printable ASCII and tabs only.
    let text = value.to_str().map_err(|_| refused())?;
    Ok(Some(text.trim_matches([' ', '\t']).to_owned()))
}

/// The parts of an absolute URI, normalised as RFC 9421, section 2.2, says.
struct Target {
    scheme: String,
    authority: String,
    path: String,
    query: String,
}

impl Target {
    fn new(text: &str) -> Result<Self, SigError> {
        let refused = || SigError::Component("@target-uri".to_owned());
        // Spaces and line ends would let one text read as two lines of the base; a fragment never goes to a server.
        if text.len() > 8 * 1024 || !text.bytes().all(|b| (0x21..=0x7e).contains(&b)) || text.contains('#') {
            return Err(refused());
        }
        let uri: http::Uri = text.parse().map_err(|_| refused())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refused());
        };
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return Err(refused()),
        };
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(refused());
        }
        let host = authority.host().to_ascii_lowercase();
        let authority = match authority.port_u16() {
            Some(port) if port != default_port => format!("{host}:{port}"),
            _ => host,
        };
        let query = format!("?{}", uri.query().unwrap_or_default());
        Ok(Self { scheme, authority, path: uri.path().to_owned(), query })
    }
}

#[cfg(test)]
#[path = "base_tests.rs"]
mod tests;
