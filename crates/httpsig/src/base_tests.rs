//! The signature base against RFC 9421.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _};
use http::HeaderValue;
use proptest::prelude::*;

use crate::keys::{public_key_from_text, seed_from_text};
use crate::sf::{Member, encode_bytes, parse_dictionary};

fn test_request_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "example.com"),
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

fn request<'a>(headers: &'a HeaderMap, target_uri: &'a str) -> Source<'a> {
    Source { start: Start::Request { method: "POST", target_uri }, headers }
}

fn list(text: &str) -> (Vec<Item>, Parameters) {
    match parse_dictionary(&format!("k={text}")).unwrap().remove(0).1 {
        Member::List(items, params) => (items, params),
        Member::Item(item) => panic!("not a list: {item:?}"),
    }
}

/// RFC 9421, appendix B.2.6, with the key of B.1.4 (`test-key-ed25519`): base, signature and verification.
#[test]
fn rfc_9421_appendix_b_2_6() {
    let headers = test_request_headers();
    let input = r#"("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#;
    let (covered, params) = list(input);
    let base = request(&headers, "https://example.com/foo?param=Value&Pet=dog")
        .signature_base(&covered, &params)
        .unwrap();
    let expected = [
        r#""date": Tue, 20 Apr 2021 02:07:55 GMT"#,
        r#""@method": POST"#,
        r#""@path": /foo"#,
        r#""@authority": example.com"#,
        r#""content-type": application/json"#,
        r#""content-length": 18"#,
        &format!("\"@signature-params\": {input}"),
    ]
    .join("\n");
    assert_eq!(base, expected);

    let key = seed_from_text("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=").unwrap();
    let public = public_key_from_text("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=").unwrap();
    assert_eq!(key.verifying_key(), public);
    let published =
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
    assert_eq!(encode_bytes(&key.sign(base.as_bytes()).to_bytes()), format!(":{published}:"));
    let signature = Signature::from_slice(&STANDARD.decode(published).unwrap()).unwrap();
    assert!(public.verify_strict(base.as_bytes(), &signature).is_ok());
}

/// RFC 9421, section 2.2: the derived components of a request.
#[test]
fn derived_components() {
    let headers = HeaderMap::new();
    let value = |uri: &str, name: &str| request(&headers, uri).component(name);
    let uri = "https://www.EXAMPLE.com:443/path/a%20b?param=value&foo=bar";
    for (name, expected) in [
        ("@method", "POST"),
        ("@target-uri", uri),
        ("@scheme", "https"),
        ("@authority", "www.example.com"),
        ("@path", "/path/a%20b"),
        ("@query", "?param=value&foo=bar"),
    ] {
        assert_eq!(value(uri, name), Ok(expected.to_owned()));
    }
    assert_eq!(value("http://h:8080", "@authority"), Ok("h:8080".to_owned()));
    assert_eq!(value("http://h:80", "@authority"), Ok("h".to_owned()));
    assert_eq!(value("http://h", "@path"), Ok("/".to_owned()));
    assert_eq!(value("http://h/x", "@query"), Ok("?".to_owned()));
    for name in ["@status", "@query-param", "@request-target", "@signature-params", "x-absent", "Date", ""] {
        assert!(value(uri, name).is_err(), "{name}");
    }
    let response = Source { start: Start::Response { status: 200 }, headers: &headers };
    assert_eq!(response.component("@status"), Ok("200".to_owned()));
    assert!(response.component("@method").is_err());
}

#[test]
fn target_uris() {
    let headers = HeaderMap::new();
    for bad in [
        "",
        "/path",
        "h:443",
        "ftp://h/x",
        "https://h/a b",
        "https://h/\n",
        "https://h/#f",
        "https://u@h/",
        "https:///x",
        "https://h/қ",
    ] {
        assert!(request(&headers, bad).component("@target-uri").is_err(), "{bad:?}");
    }
    assert_eq!(
        target_uri("https://node.example/", "/api/v1/x?y=1").as_deref(),
        Some("https://node.example/api/v1/x?y=1")
    );
    assert_eq!(target_uri("https://node.example", "/").as_deref(), Some("https://node.example/"));
    assert_eq!(target_uri("https://node.example", "evil.example/"), None);
    assert_eq!(target_uri("node.example", "/"), None);
}

#[test]
fn fields_that_could_be_read_in_two_ways() {
    let mut headers = HeaderMap::new();
    headers.append("x-two", HeaderValue::from_static("a"));
    headers.append("x-two", HeaderValue::from_static("b"));
    headers.insert("x-padded", HeaderValue::from_static(" \ta b\t "));
    headers.insert("x-bytes", HeaderValue::from_bytes(b"\xd2\x9b").unwrap());
    assert!(field_value(&headers, "x-two").is_err() && field_value(&headers, "x-bytes").is_err());
    assert_eq!(field_value(&headers, "x-padded"), Ok(Some("a b".to_owned())));
    let source = request(&headers, "https://h/");
    for twice_or_parametrised in
        [r#"("@method" "@method")"#, r#"("x-padded";sf)"#, r#"("@method";req)"#, "(tok)", "(1)"]
    {
        let (covered, params) = list(twice_or_parametrised);
        assert!(source.signature_base(&covered, &params).is_err(), "{twice_or_parametrised}");
    }
}

proptest! {
    #[test]
    fn no_target_breaks_the_lines_of_the_base(uri in "(https://h)?[ -~\n\r\t]{0,40}") {
        let headers = HeaderMap::new();
        let (covered, params) = list(r#"("@method" "@target-uri" "@path" "@query" "@authority")"#);
        if let Ok(base) = request(&headers, &uri).signature_base(&covered, &params) {
            prop_assert_eq!(base.lines().count(), 6);
        }
    }
}
