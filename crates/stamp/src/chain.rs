//! Certificates: what they may, by whom they were given, and signatures under their keys.

use std::time::Duration;

use cms::cert::CertificateChoices;
use cms::signed_data::SignedData;
use der::asn1::ObjectIdentifier;
use der::{Decode as _, Encode as _};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::error::StampError;

const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Longest way from a certificate to one that is believed.
const MOST_STEPS: usize = 4;
/// Smallest and largest RSA keys that are taken, bytes.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// By what something is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hashed {
    Sha256,
    Sha384,
    Sha512,
}

impl Hashed {
    /// By the name of the hash alone, or of a signature with it.
    pub(crate) fn by(oid: ObjectIdentifier) -> Option<Self> {
        match oid.to_string().as_str() {
            "2.16.840.1.101.3.4.2.1" | "1.2.840.10045.4.3.2" | "1.2.840.113549.1.1.11" => Some(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" | "1.2.840.10045.4.3.3" | "1.2.840.113549.1.1.12" => Some(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" | "1.2.840.10045.4.3.4" | "1.2.840.113549.1.1.13" => Some(Self::Sha512),
            _ => None,
        }
    }
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
    /// `DigestInfo` up to the hash (RFC 8017, 9.2, note 1).
    const fn prefix(self) -> [u8; 19] {
        let (all, no, length) = match self {
            Self::Sha256 => (0x31, 1, 0x20),
            Self::Sha384 => (0x41, 2, 0x30),
            Self::Sha512 => (0x51, 3, 0x40),
        };
        [0x30, all, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, no, 5, 0, 4, length]
    }
}

/// The certificates that a message brings.
pub(crate) fn certificates(signed: &SignedData) -> Vec<Certificate> {
    let all = signed.certificates.iter().flat_map(|set| set.0.iter());
    let plain = all.filter_map(|one| match one {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    });
    plain.take(10).collect()
}

fn extension(certificate: &Certificate, oid: ObjectIdentifier) -> Option<(bool, Vec<u8>)> {
    let all = certificate.tbs_certificate.extensions.as_ref()?;
    let found = all.iter().find(|e| e.extn_id == oid)?;
    Some((found.critical, found.extn_value.as_bytes().to_vec()))
}

/// For what its key is, if that is said.
fn usage(certificate: &Certificate) -> Result<Option<KeyUsage>, StampError> {
    let found = extension(certificate, KEY_USAGE);
    Ok(found.map(|(_, bytes)| KeyUsage::from_der(&bytes)).transpose()?)
}

/// Nothing in it must be understood that is not understood here (RFC 5280, 4.2).
fn is_understood(certificate: &Certificate) -> bool {
    let known = [EXTENDED_KEY_USAGE, BASIC_CONSTRAINTS, KEY_USAGE];
    let mut all = certificate.tbs_certificate.extensions.iter().flatten();
    all.all(|e| !e.critical || known.contains(&e.extn_id))
}

/// It stamps times, and nothing else (RFC 3161, 2.3): its key signs, and that alone.
pub(crate) fn may_stamp(certificate: &Certificate) -> Result<(), StampError> {
    let (critical, bytes) = extension(certificate, EXTENDED_KEY_USAGE).ok_or(StampError::Purpose)?;
    let purposes = ExtendedKeyUsage::from_der(&bytes)?;
    let signs = usage(certificate)?.is_none_or(|usage| {
        let signing = u32::from(usage.digital_signature()).saturating_add(u32::from(usage.non_repudiation()));
        let all: u32 = usage.0.into_iter().fold(0, |n, _| n.saturating_add(1));
        signing > 0 && signing == all
    });
    let right = critical && purposes.0 == [TIME_STAMPING] && signs && is_understood(certificate);
    if right { Ok(()) } else { Err(StampError::Purpose) }
}

fn valid_at(certificate: &Certificate, at: Duration) -> bool {
    let v = &certificate.tbs_certificate.validity;
    (v.not_before.to_unix_duration()..=v.not_after.to_unix_duration()).contains(&at)
}

/// Whether it may give certificates, with so many givers between it and the one at the end (RFC 5280, 4.2.1.9).
fn gives(certificate: &Certificate, below: usize) -> bool {
    let found = extension(certificate, BASIC_CONSTRAINTS);
    let constraints = found.and_then(|(_, bytes)| BasicConstraints::from_der(&bytes).ok());
    let deep = |b: BasicConstraints| b.path_len_constraint.is_none_or(|most| usize::from(most) >= below);
    let signs = usage(certificate).is_ok_and(|usage| usage.is_none_or(|usage| usage.key_cert_sign()));
    constraints.is_some_and(|b| b.ca && deep(b)) && signs && is_understood(certificate)
}

/// A way from the certificate to one that is believed, each given by the next and valid at that time.
pub(crate) fn leads_to(
    certificate: &Certificate,
    pool: &[Certificate],
    trusted: &[Certificate],
    at: Duration,
) -> Result<(), StampError> {
    let mut here = certificate;
    for below in 0..MOST_STEPS {
        if !valid_at(here, at) {
            return Err(StampError::Purpose);
        }
        if trusted.contains(here) {
            return Ok(());
        }
        let by = |c: &&Certificate| {
            c.tbs_certificate.subject == here.tbs_certificate.issuer
                && gives(c, below)
                && given_by(here, c).is_ok()
        };
        if let Some(root) = trusted.iter().find(by) {
            return if valid_at(root, at) { Ok(()) } else { Err(StampError::Purpose) };
        }
        here = pool.iter().filter(|c| *c != here).find(by).ok_or(StampError::Certificate)?;
    }
    Err(StampError::Certificate)
}

fn given_by(certificate: &Certificate, by: &Certificate) -> Result<(), StampError> {
    let signed = certificate.tbs_certificate.to_der()?;
    let key = &by.tbs_certificate.subject_public_key_info;
    let algorithm = (certificate.signature_algorithm.oid, None);
    signed_by(key, algorithm, &signed, certificate.signature.raw_bytes())
}

/// Whether `signature` is that key's of `bytes`. The hash is the signature algorithm's own; where it names none, the one beside it.
pub(crate) fn signed_by(
    key: &SubjectPublicKeyInfoOwned,
    (algorithm, beside): (ObjectIdentifier, Option<Hashed>),
    bytes: &[u8],
    signature: &[u8],
) -> Result<(), StampError> {
    let hashed = match Hashed::by(algorithm) {
        Some(hashed) => hashed,
        // Plain `rsaEncryption` and `ecPublicKey` stand where the hash is told beside them.
        None if algorithm == RSA_KEY || algorithm == EC_KEY => beside.ok_or(StampError::Algorithm)?,
        None => return Err(StampError::Algorithm),
    };
    let hash = hashed.of(bytes);
    let point = key.subject_public_key.raw_bytes();
    let wrong = |_| StampError::Signature;
    if key.algorithm.oid == RSA_KEY {
        let public = RsaPublicKey::from_pkcs1_der(point).map_err(|_| StampError::Certificate)?;
        if !RSA_BYTES.contains(&public.size()) {
            return Err(StampError::Algorithm);
        }
        let whole = [hashed.prefix().as_slice(), &hash].concat();
        return public
            .verify(Pkcs1v15Sign::new_unprefixed(), &whole, signature)
            .map_err(|_| StampError::Signature);
    }
    if key.algorithm.oid != EC_KEY {
        return Err(StampError::Algorithm);
    }
    let curve: Option<ObjectIdentifier> = key.algorithm.parameters.as_ref().and_then(|p| p.decode_as().ok());
    match curve {
        Some(P_256) => {
            let key =
                p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| StampError::Certificate)?;
            let signature = p256::ecdsa::Signature::from_der(signature).map_err(wrong)?;
            key.verify_prehash(&hash, &signature).map_err(wrong)
        }
        Some(P_384) => {
            let key =
                p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| StampError::Certificate)?;
            let signature = p384::ecdsa::Signature::from_der(signature).map_err(wrong)?;
            key.verify_prehash(&hash, &signature).map_err(wrong)
        }
        _ => Err(StampError::Algorithm),
    }
}
