//! Standard Webhooks 1.0.0: secrets, what is signed, the three headers, the body. Pure.
//!
//! The symmetric scheme `v1`: HMAC-SHA-256 (RFC 2104) over `id.timestamp.body`, base64. One secret an endpoint.
//! Signed is only that something waits; orders themselves are signed by RFC 9421, and nothing carries both.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Entropy, Secret, Timestamp};
use sha2::Sha256;
use zeroize::Zeroize as _;

use super::model::{NotificationId, Topic};

/// Names of the three headers.
pub const ID: &str = "webhook-id";
/// Seconds since 1970 at which this try was made.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Signatures, separated by blanks.
pub const SIGNATURE: &str = "webhook-signature";

/// What stands in front of a secret.
const PREFIX: &str = "whsec_";
/// Bytes of a secret that is drawn here; the standard asks for 24 to 64.
const DRAWN_BYTES: usize = 32;
/// Bytes that the standard admits.
const ADMITTED: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret of one endpoint. Does not print; wiped when dropped.
#[derive(Debug, Clone)]
pub struct SigningSecret(Secret<Vec<u8>>);

impl SigningSecret {
    /// A new one: 32 random bytes.
    #[must_use]
    pub fn draw(entropy: &Entropy) -> Self {
        Self(Secret::new(entropy.bytes::<DRAWN_BYTES>().to_vec()))
    }

    /// Reads `whsec_` and base64. `None` if it is not that, or not 24 to 64 bytes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        if !ADMITTED.contains(&bytes.len()) {
            bytes.zeroize();
            return None;
        }
        Some(Self(Secret::new(bytes)))
    }

    /// As it is handed over and sealed: `whsec_` and base64.
    #[must_use]
    pub fn text(&self) -> Secret<String> {
        Secret::new(format!("{PREFIX}{}", STANDARD.encode(self.0.expose())))
    }

    /// The signature of one try: `v1,` and base64. `id` must hold no full stop.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp_secs: i64, body: &[u8]) -> String {
        #[expect(
            clippy::expect_used,
            reason = "HMAC takes keys of any length: the error type is of the general trait"
        )]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose()).expect("hmac takes keys of any length");
        mac.update(id.as_bytes());
        mac.update(b".");
        mac.update(timestamp_secs.to_string().as_bytes());
        mac.update(b".");
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The header `webhook-signature`: one signature a secret, the newest secret's first.
#[must_use]
pub fn signatures<'a>(
    secrets: impl IntoIterator<Item = &'a SigningSecret>,
    id: &str,
    timestamp_secs: i64,
    body: &[u8],
) -> String {
    let all: Vec<String> = secrets.into_iter().map(|s| s.sign(id, timestamp_secs, body)).collect();
    all.join(" ")
}

/// What is posted: that something waits, where, and since when (`created`, wall time). It takes nothing else, so
/// that nothing of an order can get into it: not even which kind of message waits.
#[must_use]
pub fn body(topic: Topic, created: Timestamp) -> Vec<u8> {
    let kind = if topic == Topic::Test { "inbox.test.v1" } else { "inbox.waiting.v1" };
    format!(r#"{{"type":"{kind}","timestamp":"{created}","data":{{"inbox":"/api/v1/inbox"}}}}"#).into_bytes()
}

/// The headers of one try. `secrets` as in [`signatures`].
#[must_use]
pub fn headers<'a>(
    secrets: impl IntoIterator<Item = &'a SigningSecret>,
    id: NotificationId,
    at: Timestamp,
    body: &[u8],
) -> Vec<(&'static str, String)> {
    let (id, secs) = (id.to_string(), at.as_secs());
    let signature = signatures(secrets, &id, secs, body);
    vec![
        ("content-type", "application/json".to_owned()),
        (ID, id),
        (TIMESTAMP, secs.to_string()),
        (SIGNATURE, signature),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// The vector that the reference libraries of the standard test themselves with.
    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const BODY: &[u8] = br#"{"email":"test@example.com","username":"test_user"}"#;

    #[test]
    fn the_vector_of_the_standard() {
        let secret = SigningSecret::parse(SECRET).unwrap();
        let signature = secret.sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, BODY);
        assert_eq!(signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
        assert_eq!(secret.text().expose(), SECRET);
    }

    /// What partners are told to hold their code against.
    #[test]
    fn the_example_of_the_documentation_holds() {
        let page = include_str!("../../../../docs/partner-api/webhooks.md");
        let header = |name: &str| {
            let line = page.lines().find(|l| l.starts_with(&format!("{name}: "))).unwrap();
            line.split_once(": ").unwrap().1
        };
        let sent = page.lines().find(|l| l.starts_with('{')).unwrap();
        let created = sent.split('"').nth(7).and_then(Timestamp::parse_rfc3339).unwrap();
        assert_eq!(sent.as_bytes(), body(Topic::Order, created));
        let (secret, at) = (SigningSecret::parse(SECRET).unwrap(), header(TIMESTAMP).parse().unwrap());
        assert!(page.contains(SECRET));
        assert_eq!(header(SIGNATURE), secret.sign(header(ID), at, sent.as_bytes()));
    }

    #[test]
    fn the_newest_secret_stands_first() {
        let (old, new) = (SigningSecret::parse(SECRET).unwrap(), SigningSecret::draw(&Entropy::seeded(1)));
        let both = signatures([&new, &old], "ntf_1", 7, BODY);
        assert_eq!(both, format!("{} {}", new.sign("ntf_1", 7, BODY), old.sign("ntf_1", 7, BODY)));
        assert_ne!(new.sign("ntf_1", 7, BODY), old.sign("ntf_1", 7, BODY));
    }

    #[test]
    fn only_secrets_of_the_standard_are_read() {
        let of = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7_u8; bytes]));
        for bytes in [24, 32, 64] {
            assert!(SigningSecret::parse(&of(bytes)).is_some(), "{bytes}");
        }
        for text in [
            of(23),
            of(65),
            of(32).replace("whsec_", ""),
            of(32).replace('=', ""),
            format!("{} ", of(32)),
            of(32).to_uppercase(),
            "whsec_".to_owned(),
        ] {
            assert!(SigningSecret::parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let secret = SigningSecret::parse(SECRET).unwrap();
        assert_eq!(format!("{secret:?} {:?}", secret.text()), "SigningSecret([secret]) [secret]");
    }

    proptest! {
        /// Whatever is known of time and id, a body says one of two things, and its own time.
        #[test]
        fn a_body_is_one_of_two_sentences(micros in 0_i64..4_000_000_000_000_000, at in 0..Topic::ALL.len()) {
            let (topic, created) = (Topic::ALL[at], Timestamp::from_micros(micros));
            let text = String::from_utf8(body(topic, created)).unwrap();
            let kind = if topic == Topic::Test { "inbox.test.v1" } else { "inbox.waiting.v1" };
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let expected = serde_json::json!({
                "type": kind, "timestamp": created.rfc3339(), "data": {"inbox": "/api/v1/inbox"}
            });
            prop_assert_eq!(value, expected);
        }

        #[test]
        fn every_part_is_signed(id in "[a-z0-9_]{1,40}", at in 0_i64..4_000_000_000, body in ".{0,80}", other in ".{0,80}") {
            let secret = SigningSecret::draw(&Entropy::seeded(3));
            let signed = secret.sign(&id, at, body.as_bytes());
            prop_assert_ne!(&signed, &secret.sign(&id, at + 1, body.as_bytes()));
            prop_assert_ne!(&signed, &secret.sign(&format!("{id}x"), at, body.as_bytes()));
            prop_assert_eq!(signed == secret.sign(&id, at, other.as_bytes()), body == other);
        }

        #[test]
        fn headers_carry_no_full_stop_in_the_id(n: u128) {
            let secret = SigningSecret::draw(&Entropy::seeded(3));
            let id = NotificationId::from_uuid(Uuid::from_u128(n));
            let all = headers([&secret], id, Timestamp::from_secs(5), b"x");
            let value = |name| all.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap();
            prop_assert!(!value(ID).contains('.'));
            prop_assert_eq!(value(TIMESTAMP), "5");
            prop_assert_eq!(value(SIGNATURE), secret.sign(&id.to_string(), 5, b"x"));
        }
    }
}
