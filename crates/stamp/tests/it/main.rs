//! Stamps of an authority that nobody here wrote: `openssl ts`, with keys made for the test.

#![expect(clippy::unwrap_used, reason = "test helpers fail loudly")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use stamp::{Authority, StampError, request};

static FOLDERS: AtomicUsize = AtomicUsize::new(0);
const HASH: [u8; 32] = [0xab; 32];
const NONCE: [u8; 8] = [0x80, 0, 0, 0, 0, 0, 0, 0x85];

struct Place(PathBuf);
impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn openssl(at: &Path, arguments: &str) -> bool {
    let ran = Command::new("openssl").args(arguments.split_whitespace()).current_dir(at).output().unwrap();
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        unreachable!("openssl {arguments}: {said}");
    }
    true
}

const CONFIG: &str = "
[ tsa ]
default_tsa = one
[ one ]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384
accuracy = secs:1
ordering = yes
ess_cert_id_alg = sha256
tsa_name = yes
[ ca ]
basicConstraints = critical, CA:TRUE
[ no_ca ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, cRLSign
[ stamper ]
extendedKeyUsage = critical, timeStamping
[ server ]
extendedKeyUsage = critical, serverAuth
";

/// An authority with a key of its own, given by another.
#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
fn authority(key: &str, usage: &str) -> Option<Place> {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("NOT RUN: needs openssl");
        return None;
    }
    let nth = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let place = Place(std::env::temp_dir().join(format!("qorgan-stamp-{}-{nth}", std::process::id())));
    std::fs::create_dir_all(&place.0).unwrap();
    let at = &place.0;
    std::fs::write(at.join("tsa.cnf"), CONFIG).unwrap();
    std::fs::write(at.join("serial"), "01").unwrap();
    openssl(at, &format!("genpkey {key} -out ca.key"));
    openssl(
        at,
        "req -x509 -new -key ca.key -subj /CN=Invented-CA -days 30 -config tsa.cnf -extensions ca -out ca.pem -sha256",
    );
    openssl(at, &format!("genpkey {key} -out tsa.key"));
    openssl(at, "req -new -key tsa.key -subj /CN=Invented-TSA -config tsa.cnf -out tsa.csr");
    openssl(
        at,
        &format!(
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile tsa.cnf -extensions {usage} -out tsa.pem -sha256"
        ),
    );
    Some(place)
}

fn answered(at: &Path, question: &[u8]) -> Vec<u8> {
    std::fs::write(at.join("q.tsq"), question).unwrap();
    openssl(at, "ts -reply -config tsa.cnf -queryfile q.tsq -signer tsa.pem -inkey tsa.key -out a.tsr");
    std::fs::read(at.join("a.tsr")).unwrap()
}

fn believed(at: &Path, file: &str) -> Authority {
    Authority::from_pem(&std::fs::read_to_string(at.join(file)).unwrap()).unwrap()
}

const KEYS: [&str; 3] = [
    "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
    "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
];

#[test]
fn what_openssl_stamps_holds() {
    for key in KEYS {
        let Some(place) = authority(key, "stamper") else { return };
        let at = &place.0;
        let answer = answered(at, &request(&HASH, NONCE).unwrap());
        for file in ["ca.pem", "tsa.pem"] {
            let told = believed(at, file).check(&answer, &HASH, Some(NONCE)).unwrap();
            assert!(told.at_micros > 1_700_000_000_000_000, "{told:?}");
            assert_eq!((told.policy.as_str(), told.signer.as_str()), ("1.2.3.4.1", "CN=Invented-TSA"));
        }
        let by = believed(at, "ca.pem");
        assert_eq!(by.check(&answer, &[1; 32], None), Err(StampError::OtherHash));
        assert_eq!(by.check(&answer, &HASH, Some([1; 8])), Err(StampError::Nonce));
        let Some(other) = authority(key, "stamper") else { return };
        assert_eq!(believed(&other.0, "ca.pem").check(&answer, &HASH, None), Err(StampError::Certificate));
        // Each changed bit of it is found, or changes nothing that is believed: never another time or hash.
        let right = by.check(&answer, &HASH, None).unwrap();
        for place in (0..answer.len()).step_by(7) {
            let mut changed = answer.clone();
            if let Some(byte) = changed.get_mut(place) {
                *byte ^= 0x10;
            }
            if let Ok(told) = by.check(&changed, &HASH, None) {
                assert_eq!(told, right, "byte {place}");
            }
        }
        // The same judged by the program that made it.
        std::fs::write(at.join("a.tsr"), &answer).unwrap();
        let digest: String = HASH.iter().map(|b| format!("{b:02x}")).collect();
        assert!(openssl(at, &format!("ts -verify -digest {digest} -in a.tsr -CAfile ca.pem")));
    }
}

#[test]
fn a_certificate_for_something_else_stamps_nothing() {
    let Some(place) = authority(KEYS[0], "stamper") else { return };
    let answer = answered(&place.0, &request(&HASH, NONCE).unwrap());
    // A refusal, and what is no answer.
    assert_eq!(believed(&place.0, "ca.pem").check(b"", &HASH, None), Err(StampError::Form));
    assert!(believed(&place.0, "ca.pem").check(&answer[..answer.len() - 1], &HASH, None).is_err());
    let refused = answered(&place.0, b"\x30\x03\x02\x01\x01");
    assert_eq!(believed(&place.0, "ca.pem").check(&refused, &HASH, None), Err(StampError::Refused));
    assert!(
        Authority::from_pem("").is_err()
            && Authority::from_pem("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n").is_err()
    );
}

/// What must not be believed though openssl has stamped it, and what must.
#[test]
fn the_rules_are_held_one_by_one() {
    let change = |from: &str, to: &str| {
        let place = authority(KEYS[0], "stamper")?;
        let config = CONFIG.replace(from, to);
        assert_ne!(config, CONFIG);
        std::fs::write(place.0.join("tsa.cnf"), config).unwrap();
        let answer = answered(&place.0, &request(&HASH, NONCE).unwrap());
        Some((believed(&place.0, "ca.pem").check(&answer, &HASH, Some(NONCE)), place, answer))
    };
    // Fractions of a second are told; openssl never writes a last nought, so that some have none.
    let Some((told, place, answer)) = change("accuracy =", "clock_precision_digits = 3\naccuracy =") else {
        return;
    };
    assert!(told.is_ok(), "{told:?}");
    // One byte behind the answer.
    let longer = [answer.as_slice(), b"\0"].concat();
    assert_eq!(believed(&place.0, "ca.pem").check(&longer, &HASH, Some(NONCE)), Err(StampError::Form));
    // The certificate is named by SHA-1 alone.
    let Some((told, ..)) = change("ess_cert_id_alg = sha256", "ess_cert_id_alg = sha1") else { return };
    assert_eq!(told, Err(StampError::Certificate));
    // Without the authority's name in it.
    let Some((told, ..)) = change("tsa_name = yes", "tsa_name = no") else { return };
    assert!(told.is_ok(), "{told:?}");
    // Given by a key that is for something else: the same names and keys, another certificate.
    let Some((_, place, answer)) = change("accuracy = secs:1", "accuracy = secs:2") else { return };
    openssl(
        &place.0,
        "req -x509 -new -key ca.key -subj /CN=Invented-CA -days 30 -config tsa.cnf -extensions no_ca -out no.pem -sha256",
    );
    assert!(believed(&place.0, "ca.pem").check(&answer, &HASH, None).is_ok());
    assert_eq!(believed(&place.0, "no.pem").check(&answer, &HASH, None), Err(StampError::Certificate));
}

proptest! {
    #[test]
    fn every_nonce_is_a_number_in_its_shortest_writing(nonce: [u8; 8]) {
        let question = request(&HASH, nonce).unwrap();
        prop_assert!(question.len() < 90);
    }
    #[test]
    fn junk_is_no_answer(junk in proptest::collection::vec(any::<u8>(), 0..200)) {
        let Ok(by) = Authority::from_pem(include_str!("invented.pem")) else { unreachable!() };
        prop_assert!(by.check(&junk, &HASH, None).is_err());
    }
}
