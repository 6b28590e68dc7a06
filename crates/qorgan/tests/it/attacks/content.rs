//! What is signed about the content: body, digest, type.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Message, Stand};

/// Bodies that are not the one that was signed.
fn bodies(body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for at in (0..body.len()).step_by(3) {
        let mut other = body.to_vec();
        other[at] ^= 0x01;
        all.push((format!("byte {at} changed"), other));
    }
    for at in (0..body.len()).step_by(8) {
        all.push((format!("cut at {at}"), body[..at].to_vec()));
    }
    let text = String::from_utf8(body.to_vec()).unwrap();
    for (name, other) in [
        ("a blank in front", format!(" {text}")),
        ("a blank behind", format!("{text} ")),
        ("a line behind", format!("{text}\r\n")),
        ("a byte order mark", format!("\u{feff}{text}")),
        ("twice", format!("{text}{text}")),
        ("another code", text.replace("A00", "N33")),
        ("a field more", text.replacen('{', "{\"x\":1,", 1)),
        ("a field twice", text.replacen('{', "{\"type\":\"answer.v1\",", 1)),
        ("escaped", text.replace("A00", "\\u004100")),
        ("in a list", format!("[{text}]")),
        ("another body", "{}".to_owned()),
        ("no JSON", "кұпия".to_owned()),
    ] {
        all.push((name.to_owned(), other.into_bytes()));
    }
    all
}

fn with_body(honest: &Message, body: Vec<u8>) -> Message {
    Message { body, ..honest.clone() }
}

/// Digest fields that do not say what the body is, or not as they must.
fn digests(honest: &Message) -> Vec<(String, String)> {
    let good = honest.field("content-digest");
    let value = good.trim_start_matches("sha-256=").to_owned();
    let mut all: Vec<(String, String)> = Vec::new();
    for algorithm in [
        "sha-512",
        "md5",
        "sha",
        "unixsum",
        "unixcksum",
        "adler",
        "crc32c",
        "id-sha-256",
        "sha-384",
        "sha256",
        "sha_256",
    ] {
        all.push((format!("{algorithm} alone"), format!("{algorithm}={value}")));
        all.push((format!("{algorithm} beside a wrong one"), format!("{algorithm}={value}, sha-256=:AAAA:")));
        all.push((format!("{algorithm} in front"), format!("{algorithm}=:AAAA:, {good}")));
        all.push((format!("{algorithm} behind"), format!("{good}, {algorithm}=:AAAA:")));
    }
    let nothing = STANDARD.encode([0_u8; 32]);
    for (name, text) in [
        ("in capitals", format!("SHA-256={value}")),
        ("twice", format!("{good}, {good}")),
        ("with a parameter", format!("{good};x=1")),
        ("as text", format!("sha-256=\"{}\"", value.trim_matches(':'))),
        ("as a token", "sha-256=token".to_owned()),
        ("as a list", format!("sha-256=({value})")),
        ("without a value", "sha-256".to_owned()),
        ("of nothing", "sha-256=::".to_owned()),
        ("of zeros", format!("sha-256=:{nothing}:")),
        ("without padding", good.replace("=:", ":").replace("sha-256:", "sha-256=:")),
        ("in the old writing", format!("SHA-256={}", value.trim_matches(':'))),
        ("with a comma behind", format!("{good},")),
        ("with a comma in front", format!(",{good}")),
        ("empty", String::new()),
        ("beyond ASCII", format!("{good}, қ=1")),
        ("as a number", "sha-256=1".to_owned()),
        ("of nine thousand bytes", format!("{good}, x=:{}:", "AAAA".repeat(2_300))),
    ] {
        all.push((name.to_owned(), text));
    }
    all
}

pub async fn all(stand: &Stand) {
    let honest = stand.answer();
    let mut attacks: Vec<(String, Message)> =
        bodies(&honest.body).into_iter().map(|(name, body)| (name, with_body(&honest, body))).collect();
    for (name, body) in bodies(&honest.body) {
        let digest = httpsig::content_digest(&body);
        let told = with_body(&honest, body).with("content-digest", &digest);
        attacks.push((format!("{name}, and its digest told"), told));
    }
    stand.refuse("bodies", Some(honest), attacks).await;

    let honest = stand.answer();
    let mut attacks: Vec<(String, Message)> = digests(&honest)
        .into_iter()
        .map(|(name, text)| (format!("digest {name}"), honest.clone().with("content-digest", &text)))
        .collect();
    let good = honest.field("content-digest");
    attacks.push(("no digest".into(), honest.clone().without("content-digest")));
    attacks.push(("digest on two lines".into(), honest.clone().and("content-digest", &good)));
    for other in ["repr-digest", "digest", "want-content-digest"] {
        attacks.push((
            format!("{other} in its stead"),
            honest.clone().without("content-digest").with(other, &good),
        ));
    }
    stand.refuse("digests", Some(honest), attacks).await;
    types(stand).await;
}

async fn types(stand: &Stand) {
    let honest = stand.answer();
    let mut attacks: Vec<(String, Message)> = Vec::new();
    for kind in [
        "text/plain",
        "application/json; charset=utf-8",
        "application/json;",
        "application/JSON",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json, text/plain",
        "",
        "*/*",
        "қ/қ",
    ] {
        attacks.push((format!("type `{kind}`"), honest.clone().with("content-type", kind)));
    }
    attacks.push(("no type".into(), honest.clone().without("content-type")));
    attacks.push(("type on two lines".into(), honest.clone().and("content-type", "text/plain")));
    attacks.push(("the type twice".into(), honest.clone().and("content-type", "application/json")));
    let mut large = honest.clone();
    large.body = vec![b' '; partner::api::MAX_BODY + 1];
    attacks.push(("a body beyond the limit".into(), large.clone()));
    attacks.push(("the same, and its digest told".into(), {
        let digest = httpsig::content_digest(&large.body);
        large.with("content-digest", &digest)
    }));
    // Even its owner's signature does not make it smaller.
    let mut owned = stand.unsigned_answer();
    owned.body = vec![b' '; partner::api::MAX_BODY + 1];
    attacks.push(("a body beyond the limit, signed".into(), stand.signed_as(owned, super::BANK, "ZBEK/1")));
    stand.refuse("types and sizes", Some(honest), attacks).await;
}
