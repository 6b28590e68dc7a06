//! One row per trick. Each begins with an honest message and must end refused, with the code that says why.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, Verifier as _};
use http::{HeaderName, HeaderValue};
use httpsig::Params;

use crate::{BODY, NOW, PARAMS, Post, URI, key};

type Trick = fn(&mut Post);

const TRICKS: &[(&str, Trick, &str)] = &[
    ("body changed", |p| p.body.push(b' '), "digest.mismatch"),
    ("body removed", |p| p.body.clear(), "digest.mismatch"),
    (
        "body and digest changed",
        |p| {
            p.body.push(b' ');
            let digest = httpsig::content_digest(&p.body);
            p.set("content-digest", &digest);
        },
        "signature.invalid",
    ),
    ("method changed", |p| p.method = "PUT", "signature.invalid"),
    ("method in small letters", |p| p.method = "post", "signature.invalid"),
    (
        "turned into a GET without a body",
        |p| {
            p.method = "GET";
            p.body.clear();
        },
        "signature.invalid",
    ),
    ("other path", |p| p.uri = URI.replace("ord_1", "ord_2"), "signature.invalid"),
    ("other host", |p| p.uri = URI.replace("node", "evil"), "signature.invalid"),
    ("other scheme", |p| p.uri = URI.replace("https", "http"), "signature.invalid"),
    ("query added", |p| p.uri.push_str("?x=1"), "signature.invalid"),
    ("type changed", |p| p.set("content-type", "text/plain"), "signature.invalid"),
    ("type removed", |p| drop(p.headers.remove("content-type")), "signature.component"),
    (
        "type doubled",
        |p| {
            p.headers.append("content-type", HeaderValue::from_static("text/plain"));
        },
        "signature.component",
    ),
    ("digest removed", |p| drop(p.headers.remove("content-digest")), "digest.missing"),
    (
        "digest doubled",
        |p| {
            let digest = httpsig::content_digest(b"");
            p.headers.append("content-digest", HeaderValue::from_str(&digest).unwrap());
        },
        "signature.component",
    ),
    ("digest by another algorithm only", |p| p.set("content-digest", "md5=:AAAA:"), "digest.missing"),
    (
        "digest without its padding",
        |p| {
            let value = p.field("content-digest").replace("=:", ":").replace("sha-256:", "sha-256=:");
            p.set("content-digest", &value);
        },
        "signature.malformed",
    ),
    ("signature removed", |p| drop(p.headers.remove("signature")), "signature.missing"),
    ("input removed", |p| drop(p.headers.remove("signature-input")), "signature.missing"),
    (
        "both removed",
        |p| {
            p.headers.remove("signature");
            p.headers.remove("signature-input");
        },
        "signature.missing",
    ),
    (
        "signature of another message",
        |p| {
            let other = Post { body: b"{}".to_vec(), ..Post::unsigned() }.sign(&PARAMS);
            let value = other.field("signature");
            p.set("signature", &value);
        },
        "signature.invalid",
    ),
    ("signature cut short", |p| p.set("signature", "qorgan=:AAAA:"), "signature.invalid"),
    (
        "signature under another label",
        |p| {
            let value = p.field("signature").replace("qorgan=", "other=");
            p.set("signature", &value);
        },
        "signature.missing",
    ),
    ("signature as text", |p| p.set("signature", "qorgan=\"AAAA\""), "signature.malformed"),
    (
        "signature with a parameter",
        |p| {
            let value = p.field("signature") + ";x";
            p.set("signature", &value);
        },
        "signature.malformed",
    ),
    (
        "trailing junk behind the signature",
        |p| {
            let value = p.field("signature") + " x";
            p.set("signature", &value);
        },
        "signature.malformed",
    ),
    (
        "trailing comma behind the input",
        |p| {
            let value = p.field("signature-input") + ",";
            p.set("signature-input", &value);
        },
        "signature.malformed",
    ),
    (
        "label doubled",
        |p| {
            let value = p.field("signature-input");
            p.set("signature-input", &format!("{value}, {value}"));
        },
        "signature.malformed",
    ),
    (
        "a second signature with our tag",
        |p| {
            let value = p.field("signature-input");
            p.set("signature-input", &format!("{value}, second{}", value.strip_prefix("qorgan").unwrap()));
        },
        "signature.ambiguous",
    ),
    ("input that is no list", |p| p.set("signature-input", "qorgan=1"), "signature.malformed"),
    (
        "all-zero signature",
        |p| {
            let zeros = format!("qorgan=:{}==:", "A".repeat(86));
            p.set("signature", &zeros);
        },
        "signature.invalid",
    ),
];

/// Edits of the signature's parameters, all without the key: `(from, to, code)`.
const EDITS: &[(&str, &str, &str)] = &[
    ("created=1800000000", "created=1800000001", "signature.invalid"),
    ("created=1800000000", "created=1799999999", "signature.lifetime"),
    ("created=1800000000", "created=1800000061", "signature.from_the_future"),
    ("created=1800000000", "created=\"1800000000\"", "signature.parameter"),
    ("created=1800000000", "created=1800000000.0", "signature.parameter"),
    ("created=1800000000;", "", "signature.parameter"),
    ("created=1800000000;", "created=1800000000;created=1800000000;", "signature.malformed"),
    ("expires=1800000300", "expires=1800000301", "signature.lifetime"),
    ("expires=1800000300", "expires=1800000000", "signature.lifetime"),
    ("expires=1800000300;", "", "signature.parameter"),
    ("nonce=\"b7f0c1\"", "nonce=\"fresh\"", "signature.invalid"),
    ("nonce=\"b7f0c1\"", "nonce=\"\"", "signature.parameter"),
    ("nonce=\"b7f0c1\";", "", "signature.parameter"),
    ("keyid=\"ZALT/2026\"", "keyid=\"DCC/1\"", "signature.invalid"),
    ("keyid=\"ZALT/2026\"", "keyid=\"ZALT/2020\"", "signature.unknown_key"),
    ("keyid=\"ZALT/2026\";", "", "signature.parameter"),
    ("tag=\"qorgan-v1\"", "tag=\"qorgan-v2\"", "signature.missing"),
    ("tag=\"qorgan-v1\"", "tag=qorgan-v1", "signature.missing"),
    (";tag=\"qorgan-v1\"", "", "signature.missing"),
    (";tag", ";alg=\"rsa-v1_5-sha256\";tag", "signature.parameter"),
    (";tag", ";alg=\"ed25519\";tag", "signature.invalid"),
    (";tag", ";x=1;tag", "signature.parameter"),
    (" \"content-digest\"", "", "signature.not_covered"),
    (" \"content-type\"", "", "signature.not_covered"),
    ("\"@method\" ", "", "signature.not_covered"),
    (" \"@target-uri\"", "", "signature.not_covered"),
    ("\"@target-uri\"", "\"@path\"", "signature.not_covered"),
    ("\"@method\" ", "\"@method\";req ", "signature.not_covered"),
    ("\"@method\" ", "\"@method\" \"@method\" ", "signature.malformed"),
    ("\"@method\" ", "\"@method\" \"@method\";req ", "signature.malformed"),
    ("\"@method\" \"@target-uri\"", "\"@target-uri\" \"@method\"", "signature.invalid"),
    ("\"@method\" ", "\"@method\" \"x-absent\" ", "signature.component"),
    ("\"content-type\"", "\"Content-Type\"", "signature.not_covered"),
    ("\"@method\" ", "\"@method\",", "signature.malformed"),
];

#[test]
fn every_trick_is_refused() {
    for (name, trick, expected) in TRICKS {
        let mut post = Post::signed();
        trick(&mut post);
        assert_eq!(post.code(), Err(*expected), "{name}");
    }
}

#[test]
fn every_edit_of_the_parameters_is_refused() {
    for (from, to, expected) in EDITS {
        let mut post = Post::signed();
        let input = post.field("signature-input");
        let edited = input.replacen(from, to, 1);
        assert_ne!(edited, input, "`{from}` is not in the input");
        post.set("signature-input", &edited);
        assert_eq!(post.code(), Err(*expected), "{from} -> {to}");
    }
}

/// Every single bit of the signature counts, and the other half of a signature (`S + L`) does not pass either.
#[test]
fn signatures_have_one_form() {
    let post = Post::signed();
    let text = post.field("signature");
    let bytes = STANDARD.decode(text.trim_start_matches("qorgan=:").trim_end_matches(':')).unwrap();
    let put = |bytes: &[u8]| {
        let mut post = post.clone();
        post.set("signature", &format!("qorgan=:{}:", STANDARD.encode(bytes)));
        post.code()
    };
    assert_eq!(put(&bytes), Ok(()));
    for bit in 0..512 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(put(&flipped), Err("signature.invalid"), "bit {bit}");
    }
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut malleable = bytes.clone();
    let mut carry = 0_u16;
    for (s, l) in malleable[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*s) + u16::from(l) + carry;
        *s = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    assert_eq!(put(&malleable), Err("signature.invalid"));
}

/// A revoked or weak key signs nothing: with a key of small order anybody could sign anything.
#[test]
fn weak_and_revoked_keys() {
    let post = Post::signed();
    let refused = httpsig::verify_request(&post.view(), |_| None, NOW).unwrap_err();
    assert_eq!(refused.code(), "signature.unknown_key");
    let mut identity = [0_u8; 32];
    identity[0] = 1;
    let weak = httpsig::VerifyingKey::from_bytes(&identity).unwrap();
    let mut forged = post.clone();
    // R = identity, S = 0 verifies loosely under the identity as public key, whatever the message.
    let mut signature = [0_u8; 64];
    signature[0] = 1;
    assert!(weak.verify(b"whatever", &ed25519_dalek::Signature::from_bytes(&signature)).is_ok(), "control");
    let text = STANDARD.encode(signature);
    forged.set("signature", &format!("qorgan=:{text}:"));
    let refused = httpsig::verify_request(&forged.view(), |_| Some(weak), NOW).unwrap_err();
    assert_eq!(refused.code(), "signature.invalid");
}

/// A proxy may add its own signature, in front, behind or on a line of its own; ours is found by its tag.
#[test]
fn foreign_signatures_do_not_disturb() {
    let input =
        "ttrp=(\"@authority\" \"x\";sf);created=1800000000;keyid=\"proxy\";alg=\"ecdsa-p256-sha256\";w=0.5";
    let post = Post::signed();
    for (front, own_line) in [(true, false), (false, false), (false, true)] {
        let mut post = post.clone();
        for (field, foreign) in [("signature-input", input), ("signature", "ttrp=:AAAA:")] {
            let ours = post.field(field);
            if own_line {
                post.headers.append(HeaderName::from_static(field), HeaderValue::from_str(foreign).unwrap());
            } else {
                let both = if front { format!("{foreign}, {ours}") } else { format!("{ours},{foreign}") };
                post.set(field, &both);
            }
        }
        assert_eq!(post.code(), Ok(()), "{front} {own_line}");
    }
    let mut only_foreign = post.clone();
    only_foreign.set("signature-input", input);
    only_foreign.set("signature", "ttrp=:AAAA:");
    assert_eq!(only_foreign.code(), Err("signature.missing"));
}

/// Another library's order, label, spacing and extra coverage are as good as ours, if they are signed.
#[test]
fn other_writers_are_understood() {
    let mut post = Post::unsigned();
    let digest = httpsig::content_digest(BODY);
    post.set("content-digest", &digest);
    post.set("date", "Fri, 15 Jan 2027 08:00:00 GMT");
    let list = "(\"content-type\" \"date\" \"@authority\" \"content-digest\" \"@target-uri\" \"@method\")";
    let params = "keyid=\"ZALT/2026\";tag=\"qorgan-v1\";alg=\"ed25519\";nonce=\"n-1\";expires=1800000060;created=1800000000";
    let base = format!(
        "\"content-type\": application/json\n\"date\": Fri, 15 Jan 2027 08:00:00 GMT\n\"@authority\": node.example\n\
         \"content-digest\": {digest}\n\"@target-uri\": {URI}\n\"@method\": POST\n\"@signature-params\": {list};{params}"
    );
    let signature = STANDARD.encode(key(1).sign(base.as_bytes()).to_bytes());
    let loose = params.replace(';', "; ");
    post.set("signature-input", &format!("  sig1=( {} );  {loose} ", list.trim_matches(['(', ')'])));
    post.set("signature", &format!("sig1=:{signature}:"));
    assert_eq!(post.verify(NOW).map(|v| v.nonce), Ok("n-1".to_owned()));
    post.set("date", "Fri, 15 Jan 2027 08:00:01 GMT");
    assert_eq!(post.code(), Err("signature.invalid"));
}

/// The same request signed by the Python package `http-message-signatures` 3.0.0 with key 1.
#[test]
fn a_request_that_another_library_signed() {
    let mut post = Post::unsigned();
    post.set("content-digest", "sha-256=:TxLEKNAaQ2B+cW6/EzdqH3v3s8cklAj1WEVqQHcLqNI=:");
    post.set(
        "signature-input",
        "sig1=(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\");created=1800000000;keyid=\"ZALT/2026\";\
         alg=\"ed25519\";expires=1800000300;nonce=\"b7f0c1\";tag=\"qorgan-v1\"",
    );
    post.set(
        "signature",
        "sig1=:kzV7gTuzS9dgEqC6sFsiL/1uIbpLlSZ1yPSz6lgCWiEt74snpO/i73b1H742Z4PfxTxzb0KdI5hHhCyVOB0bBQ==:",
    );
    assert_eq!(post.code(), Ok(()));
}

/// A request's signature is none of a response, and the other way about.
#[test]
fn requests_and_responses_do_not_mix() {
    let post = Post::signed();
    let response = httpsig::Response { status: 200, headers: &post.headers, body: BODY };
    assert_eq!(
        httpsig::verify_response(&response, crate::resolve, NOW).unwrap_err().code(),
        "signature.not_covered"
    );
    let get = Post::get();
    let mut with_body = get.clone();
    with_body.body = BODY.to_vec();
    assert_eq!(with_body.code(), Err("signature.not_covered"));
    let replayed = Post::unsigned().sign(&Params { nonce: "same", ..PARAMS });
    assert_eq!(replayed.verify(NOW).unwrap().nonce, replayed.verify(NOW).unwrap().nonce);
}
