//! Time stamps (RFC 3161): an authority outside says when something existed. What it is shown is a hash; what it answers is a CMS message
//! (RFC 5652) signed with a certificate that may stamp times and nothing else (RFC 3161, 2.3). Pure: no clock, no network.
//!
//! Taken are ECDSA on P-256 and P-384 and RSA with PKCS #1 v1.5, each with SHA-256, SHA-384 or SHA-512. RSA is only ever verified here:
//! the known weakness of the `rsa` crate concerns private keys.

mod chain;
mod error;

use std::time::Duration;

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Int, ObjectIdentifier, OctetString};
use der::{Any, DateTime, Decode as _, DecodePem as _, Encode as _, Tag, TagNumber, Tagged as _};
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::spki::AlgorithmIdentifier;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion};

pub use error::StampError;

use chain::Hashed;

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// Longest answer that is read, bytes.
pub const MOST_BYTES: usize = 64 * 1024;

/// What an authority is asked: to stamp this SHA-256. `nonce` comes back in its answer, so that no old one is taken for it.
///
/// # Errors
/// None that can happen: the encoder's.
pub fn request(hash: &[u8; 32], nonce: [u8; 8]) -> Result<Vec<u8>, StampError> {
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifier { oid: SHA_256, parameters: Some(Any::null()) },
            hashed_message: OctetString::new(hash.as_slice())?,
        },
        req_policy: None,
        nonce: Some(number(nonce)?),
        cert_req: true,
        extensions: None,
    };
    Ok(request.to_der()?)
}

/// A number that is not negative, in its shortest writing.
fn number(nonce: [u8; 8]) -> Result<Int, StampError> {
    let n = i64::from_be_bytes(nonce) & i64::MAX;
    let bytes = n.to_be_bytes();
    // A leading byte stays where the next would make it negative.
    let from = bytes.windows(2).take_while(|pair| matches!(pair, [0, next] if *next < 0x80)).count();
    Ok(Int::new(bytes.get(from..).unwrap_or(&bytes))?)
}

/// What an authority says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// When, microseconds since 1970.
    pub at_micros: i64,
    /// Its number for the stamp, hexadecimal.
    pub serial: String,
    /// Under which policy of its.
    pub policy: String,
    /// The name in its certificate.
    pub signer: String,
}

/// An authority, by the certificates that are believed: its own or those of who gave it.
#[derive(Debug, Clone)]
pub struct Authority {
    trusted: Vec<Certificate>,
}

impl Authority {
    /// Reads certificates, in PEM one after the other.
    ///
    /// # Errors
    /// None is there, or one does not read.
    pub fn from_pem(pem: &str) -> Result<Self, StampError> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        // One by one: the reader of whole chains does not bear an empty file.
        let blocks = pem.split_inclusive(END).filter_map(|part| part.get(part.find(BEGIN)?..));
        let read = |block: &str| Certificate::from_pem(block).map_err(|_| StampError::Certificate);
        let trusted = blocks.map(read).collect::<Result<Vec<_>, _>>()?;
        if trusted.is_empty() { Err(StampError::Certificate) } else { Ok(Self { trusted }) }
    }

    /// Whether an answer is this authority's stamp of that hash, and, where one was sent, with that nonce.
    ///
    /// # Errors
    /// Why not.
    pub fn check(
        &self,
        answer: &[u8],
        hash: &[u8; 32],
        nonce: Option<[u8; 8]>,
    ) -> Result<Stamped, StampError> {
        if answer.len() > MOST_BYTES {
            return Err(StampError::Form);
        }
        let answer = TimeStampResp::from_der(answer)?;
        let status = answer.status.status.to_der()?;
        // Granted, or granted with changes (RFC 3161, 2.4.2).
        if !matches!(status.last(), Some(0 | 1)) {
            return Err(StampError::Refused);
        }
        let token = answer.time_stamp_token.ok_or(StampError::Refused)?;
        let (signed, info, content) = opened(&token)?;
        let imprint = &info.message_imprint;
        if imprint.hash_algorithm.oid != SHA_256 || imprint.hashed_message.as_bytes() != hash {
            return Err(StampError::OtherHash);
        }
        if let Some(nonce) = nonce
            && info.nonce != Some(number(nonce)?)
        {
            return Err(StampError::Nonce);
        }
        let [signer] = signed.signer_infos.0.as_slice() else { return Err(StampError::Form) };
        let pool = chain::certificates(&signed);
        let certificate = signing(signer, pool.iter().chain(&self.trusted)).ok_or(StampError::Certificate)?;
        chain::may_stamp(certificate)?;
        chain::leads_to(certificate, &pool, &self.trusted, info.at)?;
        held(signer, &content, certificate)?;
        // Whom the authority says it is must be whom the certificate names (RFC 3161, 2.4.2).
        let subject = &certificate.tbs_certificate.subject;
        if info.tsa.is_some_and(|name| !matches!(name, GeneralName::DirectoryName(name) if name == *subject))
        {
            return Err(StampError::Certificate);
        }
        Ok(Stamped {
            at_micros: i64::try_from(info.at.as_micros()).map_err(|_| StampError::Form)?,
            serial: hex::encode(info.serial.as_bytes()),
            policy: info.policy.to_string(),
            signer: subject.to_string(),
        })
    }
}

/// What was signed, read.
fn opened(token: &ContentInfo) -> Result<(SignedData, Info, Vec<u8>), StampError> {
    if token.content_type != SIGNED_DATA {
        return Err(StampError::Form);
    }
    let signed: SignedData = token.content.decode_as()?;
    if signed.encap_content_info.econtent_type != TST_INFO {
        return Err(StampError::Form);
    }
    let content = signed.encap_content_info.econtent.as_ref().ok_or(StampError::Form)?;
    let content: OctetString = content.decode_as()?;
    let info = Info::read(content.as_bytes())?;
    Ok((signed, info, content.into_bytes()))
}

/// What an authority signs (`TSTInfo`, RFC 3161, 2.4.2), as far as it is looked at. Read by itself because times may have fractions of a
/// second here, which readers of certificates do not take.
struct Info {
    policy: ObjectIdentifier,
    message_imprint: MessageImprint,
    serial: Int,
    /// Since 1970.
    at: Duration,
    nonce: Option<Int>,
    tsa: Option<GeneralName>,
}

impl Info {
    fn read(bytes: &[u8]) -> Result<Self, StampError> {
        let all = Vec::<Any>::from_der(bytes)?;
        let [version, policy, imprint, serial, time, rest @ ..] = all.as_slice() else {
            return Err(StampError::Form);
        };
        if version.decode_as::<u8>()? != 1 || time.tag() != Tag::GeneralizedTime {
            return Err(StampError::Form);
        }
        let of = |tag: Tag| rest.iter().find(|one| one.tag() == tag);
        let tsa = Tag::ContextSpecific { constructed: true, number: TagNumber::N0 };
        Ok(Self {
            policy: policy.decode_as()?,
            message_imprint: imprint.decode_as()?,
            serial: serial.decode_as()?,
            at: moment(time.value()).ok_or(StampError::Form)?,
            nonce: of(Tag::Integer).map(Any::decode_as).transpose()?,
            tsa: of(tsa).map(|name| GeneralName::from_der(name.value())).transpose()?,
        })
    }
}

/// `20261130095959.25Z`: with seconds, in UTC, a fraction without a last nought (RFC 3161, 2.4.2).
fn moment(text: &[u8]) -> Option<Duration> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let good = fraction.is_none_or(|part| digits(part) && !part.is_empty() && !part.ends_with('0'));
    if whole.len() != 14 || !digits(whole) || !good {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize| part(from, from.checked_add(2)?).and_then(|n| u8::try_from(n).ok());
    let day = DateTime::new(part(0, 4)?, small(4)?, small(6)?, small(8)?, small(10)?, small(12)?).ok()?;
    let micros: String = fraction.unwrap_or_default().chars().chain("000000".chars()).take(6).collect();
    Some(day.unix_duration().saturating_add(Duration::from_micros(micros.parse().ok()?)))
}

/// The certificate that a signer names.
fn signing<'c>(
    signer: &SignerInfo,
    mut all: impl Iterator<Item = &'c Certificate>,
) -> Option<&'c Certificate> {
    match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(named) => all.find(|c| {
            c.tbs_certificate.issuer == named.issuer && c.tbs_certificate.serial_number == named.serial_number
        }),
        // Names of keys alone are no names of certificates (RFC 3161 asks for the certificate's own in an attribute).
        SignerIdentifier::SubjectKeyIdentifier(_) => None,
    }
}

/// The signed attribute that names the certificate, by its hash: under another certificate of the same key nothing is believed (RFC 5816).
/// The older one, which hashes with SHA-1, is not taken.
fn names(attribute: &Any, certificate: &Certificate) -> Option<()> {
    let whole: Vec<Any> = attribute.decode_as().ok()?;
    let all: Vec<Any> = whole.first()?.decode_as().ok()?;
    let first: Vec<Any> = all.first()?.decode_as().ok()?;
    let (by, hash) = match first.as_slice() {
        [hash, ..] if hash.tag() == Tag::OctetString => (Hashed::Sha256, hash),
        [by, hash, ..] => {
            let by: AlgorithmIdentifier<Any> = by.decode_as().ok()?;
            (Hashed::by(by.oid)?, hash)
        }
        _ => return None,
    };
    let hash: OctetString = hash.decode_as().ok()?;
    (hash.as_bytes() == by.of(&certificate.to_der().ok()?)).then_some(())
}

/// Whether the signature is that certificate's, of what was stamped.
fn held(signer: &SignerInfo, content: &[u8], certificate: &Certificate) -> Result<(), StampError> {
    let attributes = signer.signed_attrs.as_ref().ok_or(StampError::Form)?;
    let value = |oid: ObjectIdentifier| {
        let mut found = attributes.iter().filter(|a| a.oid == oid);
        let one = found.next().filter(|_| found.next().is_none())?;
        let [value] = one.values.as_slice() else { return None };
        Some(value)
    };
    let kind = value(CONTENT_TYPE).and_then(|v| v.decode_as::<ObjectIdentifier>().ok());
    let digest = value(MESSAGE_DIGEST).and_then(|v| v.decode_as::<OctetString>().ok());
    value(SIGNING_CERTIFICATE).and_then(|v| names(v, certificate)).ok_or(StampError::Certificate)?;
    let of_content = Hashed::by(signer.digest_alg.oid).ok_or(StampError::Algorithm)?;
    if kind != Some(TST_INFO)
        || digest.as_ref().map(OctetString::as_bytes) != Some(of_content.of(content).as_slice())
    {
        return Err(StampError::Signature);
    }
    // As a SET, not as the tagged part of the message (RFC 5652, 5.4).
    let signed = attributes.to_der()?;
    let key = &certificate.tbs_certificate.subject_public_key_info;
    let by = (signer.signature_algorithm.oid, Some(of_content));
    chain::signed_by(key, by, &signed, signer.signature.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_one_writing() {
        let second = Duration::from_secs(1_764_500_000);
        assert_eq!(moment(b"20251130105320Z"), Some(second));
        assert_eq!(moment(b"20251130105320.25Z"), Some(second + Duration::from_millis(250)));
        assert_eq!(moment(b"20251130105320.123456789Z"), Some(second + Duration::from_micros(123_456)));
        for wrong in [
            "20251130105320",
            "20251130105320.Z",
            "20251130105320.50Z",
            "202511301053Z",
            "20251330105320Z",
            "20251130105320+0500",
            "",
        ] {
            assert_eq!(moment(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
