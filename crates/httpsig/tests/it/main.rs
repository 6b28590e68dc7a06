//! The profile from outside: what partners may send, and what attackers try.

#![expect(
    clippy::unwrap_used,
    reason = "test helpers fail loudly; the lint sees only functions marked as tests"
)]

mod attacks;
mod junk;

use http::{HeaderMap, HeaderName, HeaderValue};
use httpsig::{Params, Request, Response, SigError, SigningKey, Verified, VerifyingKey};

pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const URI: &str = "https://node.example/api/v1/orders/ord_1/answers";
pub(crate) const BODY: &[u8] = br#"{"type":"answer.v1","lines":[{"code":"H10"}]}"#;
pub(crate) const PARAMS: Params<'static> =
    Params { keyid: "ZALT/2026", nonce: "b7f0c1", created: NOW, expires: NOW + 300 };

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// The bank's key 1 and the clearing centre's key 2 are in force.
pub(crate) fn resolve(keyid: &str) -> Option<VerifyingKey> {
    match keyid {
        "ZALT/2026" => Some(key(1).verifying_key()),
        "DCC/1" => Some(key(2).verifying_key()),
        _ => None,
    }
}

/// A message that tests take apart.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) method: &'static str,
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Post {
    pub(crate) fn unsigned() -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        Self { method: "POST", uri: URI.to_owned(), headers, body: BODY.to_vec() }
    }
    pub(crate) fn signed() -> Self {
        Self::unsigned().sign(&PARAMS)
    }
    pub(crate) fn get() -> Self {
        let bare = Self { method: "GET", uri: URI.to_owned(), headers: HeaderMap::new(), body: vec![] };
        bare.sign(&PARAMS)
    }
    pub(crate) fn sign(mut self, params: &Params<'_>) -> Self {
        let added = httpsig::sign_request(&key(1), &self.view(), params).unwrap();
        self.headers.extend(added);
        self
    }
    pub(crate) fn view(&self) -> Request<'_> {
        Request { method: self.method, target_uri: &self.uri, headers: &self.headers, body: &self.body }
    }
    pub(crate) fn verify(&self, now: i64) -> Result<Verified, SigError> {
        httpsig::verify_request(&self.view(), resolve, now)
    }
    pub(crate) fn field(&self, name: &'static str) -> String {
        self.headers.get(name).unwrap().to_str().unwrap().to_owned()
    }
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    pub(crate) fn code(&self) -> Result<(), &'static str> {
        self.verify(NOW).map(drop).map_err(|e| e.code())
    }
}

#[test]
fn honest_messages_pass() {
    let expected =
        Verified { keyid: "ZALT/2026".into(), nonce: "b7f0c1".into(), created: NOW, expires: NOW + 300 };
    assert_eq!(Post::signed().verify(NOW), Ok(expected.clone()));
    assert_eq!(Post::get().verify(NOW), Ok(expected.clone()));

    let post = Post::unsigned();
    let response = Response { status: 200, headers: &post.headers, body: BODY };
    let mut headers = post.headers.clone();
    headers.extend(httpsig::sign_response(&key(1), &response, &PARAMS).unwrap());
    let sent = Response { headers: &headers, ..response };
    assert_eq!(httpsig::verify_response(&sent, resolve, NOW), Ok(expected));
    for changed in [
        Response { status: 201, ..sent },
        Response { body: b"{}", ..sent },
        Response { headers: &post.headers, ..sent },
    ] {
        assert!(httpsig::verify_response(&changed, resolve, NOW).is_err(), "{changed:?}");
    }
}

/// What goes over the wire, byte for byte: partners have written code against it. The Python package
/// `http-message-signatures` 3.0.0 verifies these fields.
#[test]
fn the_fields_as_sent() {
    let post = Post::signed();
    assert_eq!(
        post.field("signature-input"),
        "qorgan=(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\");created=1800000000;\
         expires=1800000300;nonce=\"b7f0c1\";keyid=\"ZALT/2026\";tag=\"qorgan-v1\""
    );
    assert_eq!(post.field("content-digest"), httpsig::content_digest(BODY));
    assert_eq!(
        post.field("signature"),
        "qorgan=:j1gOLYWFL4W6CubkLXYczs9KlfMQg/sWacM9RE4nIMDxzqulyOaz6zIL8LEpIBGs46LfVgUIJm9/8Jfq91MLDg==:"
    );
    assert_eq!(post.headers.len(), 4);
    assert_eq!(Post::get().headers.len(), 2);
}

#[test]
fn the_window_of_time() {
    let post = Post::signed();
    for (now, expected) in [
        (NOW - 60, Ok(())),
        (NOW - 61, Err("signature.from_the_future")),
        (NOW + 300, Ok(())),
        (NOW + 301, Err("signature.expired")),
        (i64::MAX, Err("signature.expired")),
        (i64::MIN, Err("signature.from_the_future")),
    ] {
        assert_eq!(post.verify(now).map(drop).map_err(|e| e.code()), expected, "{now}");
    }
}

#[test]
fn nothing_is_signed_that_would_be_refused() {
    let post = Post::unsigned();
    let code = |post: &Post, params: &Params<'_>| {
        httpsig::sign_request(&key(1), &post.view(), params).map(drop).map_err(|e| e.code())
    };
    let long = "x".repeat(129);
    for (params, expected) in [
        (PARAMS, Ok(())),
        (Params { expires: NOW + 301, ..PARAMS }, Err("signature.lifetime")),
        (Params { expires: NOW, ..PARAMS }, Err("signature.lifetime")),
        (Params { created: -1, expires: 1, ..PARAMS }, Err("signature.lifetime")),
        (Params { created: i64::MIN, expires: i64::MAX, ..PARAMS }, Err("signature.lifetime")),
        (Params { nonce: "", ..PARAMS }, Err("signature.parameter")),
        (Params { nonce: &long, ..PARAMS }, Err("signature.parameter")),
        (Params { nonce: "қ", ..PARAMS }, Err("signature.parameter")),
        (Params { keyid: "a\nb", ..PARAMS }, Err("signature.parameter")),
    ] {
        assert_eq!(code(&post, &params), expected, "{params:?}");
    }
    let mut untyped = Post::unsigned();
    untyped.headers.clear();
    assert_eq!(code(&untyped, &PARAMS), Err("signature.component"));
    assert_eq!(
        code(&Post { uri: "/relative".into(), ..Post::unsigned() }, &PARAMS),
        Err("signature.component")
    );
    assert_eq!(code(&Post { method: "PO ST", ..Post::unsigned() }, &PARAMS), Err("signature.component"));
}
