//! The signature itself: its bits, its length, its writing, its label, its other half.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};

use super::{BANK, Message, Stand};

/// The order of the group, little endian (RFC 8032, 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// `bytes` with `times` the order added to their second half: loosely the same signature.
fn malleable(bytes: &[u8], times: u8) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..times {
        let mut carry = 0_u16;
        for (s, l) in out[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*s) + u16::from(l) + carry;
            *s = u8::try_from(sum & 0xff).unwrap();
            carry = sum >> 8;
        }
    }
    out
}

fn forms(honest: &Message) -> Vec<(String, String)> {
    let bytes = honest.signature();
    let text = STANDARD.encode(&bytes);
    let broken = format!("{} {}", &text[..40], &text[40..]);
    let last = text.len() - 3;
    let stray = format!("{}{}", &text[..last], if text.as_bytes()[last] == b'g' { "h==" } else { "B==" });
    let forms = [
        ("for URLs", format!("qorgan=:{}:", URL_SAFE.encode(&bytes))),
        ("without padding", format!("qorgan=:{}:", STANDARD_NO_PAD.encode(&bytes))),
        ("padded twice", format!("qorgan=:{text}==:")),
        ("with a blank", format!("qorgan=:{broken}:")),
        ("with stray bits", format!("qorgan=:{stray}:")),
        ("in small letters", format!("qorgan=:{}:", text.to_lowercase())),
        ("as text", format!("qorgan=\"{text}\"")),
        ("as a token", format!("qorgan={}", text.replace(['=', '+'], ""))),
        ("as a list", format!("qorgan=(:{text}:)")),
        ("with a parameter", format!("qorgan=:{text}:;x=1")),
        ("without a colon in front", format!("qorgan={text}:")),
        ("without a colon behind", format!("qorgan=:{text}")),
        ("with two colons", format!("qorgan=::{text}::")),
        ("twice in one field", format!("qorgan=:{text}:, qorgan=:{text}:")),
        ("with a comma behind", format!("qorgan=:{text}:,")),
        ("with junk behind", format!("qorgan=:{text}: x")),
        ("with a semicolon behind", format!("qorgan=:{text}:;")),
        ("under another label", format!("other=:{text}:")),
        ("under a label in capitals", format!("QORGAN=:{text}:")),
        ("under a longer label", format!("qorgan2=:{text}:")),
        ("without a label", format!(":{text}:")),
        ("with a blank before the sign", format!("qorgan =:{text}:")),
        ("with a blank behind the sign", format!("qorgan= :{text}:")),
        ("as hexadecimal", format!("qorgan=:{}:", hex::encode(&bytes))),
        ("as a number", "qorgan=1".to_owned()),
        ("as a boolean", "qorgan".to_owned()),
        ("empty", String::new()),
        ("of nothing", "qorgan=::".to_owned()),
        ("beyond ASCII", format!("qorgan=:{text}:ұ")),
    ];
    forms.into_iter().map(|(name, form)| (format!("written {name}"), form)).collect()
}

pub async fn all(stand: &Stand) {
    let honest = stand.answer();
    let bytes = honest.signature();
    let mut attacks: Vec<(String, Message)> = Vec::new();
    for bit in (0..512).step_by(5) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        attacks.push((format!("bit {bit}"), honest.clone().signed_with(&flipped)));
    }
    for length in 0..64 {
        attacks.push((format!("{length} bytes"), honest.clone().signed_with(&bytes[..length])));
    }
    for more in [1, 32, 64, 512] {
        let longer: Vec<u8> = bytes.iter().copied().chain(std::iter::repeat_n(0, more)).collect();
        attacks.push((format!("{more} bytes more"), honest.clone().signed_with(&longer)));
    }
    for times in 1..=15 {
        attacks.push((format!("S + {times} L"), honest.clone().signed_with(&malleable(&bytes, times))));
    }
    let (mut turned, mut backwards) = (bytes.clone(), bytes.clone());
    turned.rotate_left(32);
    backwards.reverse();
    for (name, other) in
        [("halves turned", turned), ("backwards", backwards), ("zeros", vec![0; 64]), ("ones", vec![255; 64])]
    {
        attacks.push((name.to_owned(), honest.clone().signed_with(&other)));
    }
    let strangers =
        [stand.answer(), stand.look(), stand.signed_as(stand.unsigned_answer(), "ZALT", "ZALT/1")];
    for (n, other) in strangers.iter().enumerate() {
        attacks.push((format!("of another message ({n})"), honest.clone().signed_with(&other.signature())));
    }
    for (name, form) in forms(&honest) {
        attacks.push((name, honest.clone().with("signature", &form)));
    }
    stand.refuse("signature bytes", Some(honest), attacks).await;
    labels(stand).await;
}

/// Several labels, several lines.
async fn labels(stand: &Stand) {
    let honest = stand.answer();
    let (input, signature) = (honest.field("signature-input"), honest.field("signature"));
    let foreign = "ttrp=(\"@authority\");created=1;keyid=\"proxy/1\"";
    let second = input.replacen("qorgan=", "second=", 1);
    let (with, and, without) = (Message::with, Message::and, Message::without);
    let h = || honest.clone();
    let attacks = [
        ("no signature", without(h(), "signature")),
        ("no input", without(h(), "signature-input")),
        ("neither", without(without(h(), "signature"), "signature-input")),
        ("the input twice, one line", with(h(), "signature-input", &format!("{input}, {input}"))),
        ("the input twice, two lines", and(h(), "signature-input", &input)),
        ("the signature on two lines", and(h(), "signature", &signature)),
        ("two of ours by tag", with(h(), "signature-input", &format!("{input}, {second}"))),
        ("two of ours on two lines", and(h(), "signature-input", &second)),
        (
            "two of ours, both signed",
            and(
                and(h(), "signature-input", &second),
                "signature",
                &signature.replacen("qorgan=", "second=", 1),
            ),
        ),
        ("only a foreign one", with(h(), "signature-input", foreign)),
        ("a foreign item", with(h(), "signature-input", &format!("{input}, ttrp=1"))),
        ("a foreign flag", with(h(), "signature-input", &format!("ttrp, {input}"))),
        ("label in capitals", with(h(), "signature-input", &input.replacen("qorgan=", "QORGAN=", 1))),
        ("label with a digit in front", with(h(), "signature-input", &format!("1{input}"))),
        ("label left out", with(h(), "signature-input", &honest.input())),
        ("label of another", with(h(), "signature-input", &second)),
        ("comma in front", with(h(), "signature-input", &format!(",{input}"))),
        ("comma behind", with(h(), "signature-input", &format!("{input},"))),
        ("two commas", with(h(), "signature-input", &format!("{input},, {foreign}"))),
        ("junk behind", with(h(), "signature-input", &format!("{input} x"))),
        ("beyond ASCII", with(h(), "signature-input", &format!("{input};қ=1"))),
        ("thirty-three labels", {
            let many: Vec<String> = (0..33).map(|n| format!("l{n}=()")).collect();
            with(h(), "signature-input", &format!("{}, {input}", many.join(", ")))
        }),
        ("an input of nine thousand bytes", {
            with(h(), "signature-input", &format!("long=(\"{}\"), {input}", "x".repeat(9_000)))
        }),
        ("a signature of nine thousand bytes", {
            with(h(), "signature", &format!("{signature}, long=:{}:", "AAAA".repeat(2_300)))
        }),
    ];
    let attacks = attacks.into_iter().map(|(name, m)| (name.to_owned(), m)).collect();
    assert_eq!(honest.field("signature-input").matches(BANK).count(), 1);
    stand.refuse("labels and lines", Some(honest), attacks).await;
}
