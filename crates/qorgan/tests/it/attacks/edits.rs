//! What the signature covers and its parameters: changed after signing, and signed by the key's owner as they are.

use super::{BANK, Message, Stand};
use crate::country::key_of;

/// Parameters as they stand in an honest input.
const PARAMETERS: [&str; 5] = ["created", "expires", "nonce", "keyid", "tag"];
/// Components that must be covered.
const COVERED: [&str; 4] = ["@method", "@target-uri", "content-digest", "content-type"];

/// The value of a parameter, as written.
fn value<'a>(input: &'a str, name: &str) -> &'a str {
    let start = input.find(&format!(";{name}=")).unwrap() + name.len() + 2;
    let rest = &input[start..];
    rest.split(';').next().unwrap()
}

/// Edits that no honest signer makes: name, input; whether it is an attack when its owner signs it, too.
fn edits(input: &str, now: i64) -> Vec<(String, String, bool)> {
    let mut all = Vec::new();
    let mut add = |name: String, edited: String, signed_too: bool| all.push((name, edited, signed_too));
    for name in PARAMETERS {
        let told = value(input, name);
        let whole = format!(";{name}={told}");
        let other = |new: &str| input.replacen(&whole, &format!(";{name}={new}"), 1);
        add(format!("{name} left out"), input.replacen(&whole, "", 1), true);
        add(format!("{name} twice"), format!("{input}{whole}"), true);
        add(format!("{name} in capitals"), input.replacen(&whole, &whole.to_uppercase(), 1), true);
        add(format!("{name} without a value"), input.replacen(&whole, &format!(";{name}"), 1), true);
        add(format!("{name} empty"), other("\"\""), true);
        for (kind, new) in [
            ("a token", "token"),
            ("a boolean", "?1"),
            ("bytes", ":AAAA:"),
            ("a decimal", "1.5"),
            ("nothing", ""),
            ("a list", "(\"a\")"),
            ("an open string", "\"abc"),
            ("letters beyond ASCII", "\"құпия\""),
            ("an escape", "\"a\\n\""),
            ("two values", "\"a\" \"b\""),
            ("a long text", &format!("\"{}\"", "x".repeat(129))),
        ] {
            add(format!("{name} as {kind}"), other(new), true);
        }
        let quoted =
            if told.starts_with('"') { told.trim_matches('"').to_owned() } else { format!("\"{told}\"") };
        add(format!("{name} of the other kind"), other(&quoted), true);
        add(format!("{name} behind a blank"), input.replacen(&whole, &format!(" {whole}"), 1), true);
        add(format!("{name} behind a tab"), input.replacen(&whole, &format!("\t{whole}"), 1), true);
        add(format!("{name} with an x"), input.replacen(&whole, &format!("{whole};x-{name}=1"), 1), true);
    }
    let secs = |created: i64, expires: i64| {
        input
            .replacen(&format!("created={}", value(input, "created")), &format!("created={created}"), 1)
            .replacen(&format!("expires={}", value(input, "expires")), &format!("expires={expires}"), 1)
    };
    for (name, created, expires) in [
        ("expired a second ago", now - 200, now - 1),
        ("expired an hour ago", now - 3_800, now - 3_600),
        ("from the future", now + 61, now + 200),
        ("from the next year", now + 31_536_000, now + 31_536_300),
        ("301 seconds", now, now + 301),
        ("a day", now, now + 86_400),
        ("for ever", now, 999_999_999_999_999),
        ("no time", now, now),
        ("backwards", now, now - 1),
        ("since ever", 0, now + 10),
        ("before 1970", -300, -1),
        ("negative for long", -999_999_999_999_999, now),
    ] {
        add(name.to_owned(), secs(created, expires), true);
    }
    for digits in [16, 19, 30] {
        let new = "9".repeat(digits);
        add(format!("{digits} digits"), input.replacen(value(input, "expires"), &new, 1), true);
    }
    for alg in
        ["rsa-v1_5-sha256", "rsa-pss-sha512", "hmac-sha256", "ecdsa-p256-sha256", "ED25519", "none", ""]
    {
        add(format!("alg {alg}"), format!("{input};alg=\"{alg}\""), true);
    }
    add("alg as a token".into(), format!("{input};alg=ed25519"), true);
    add("alg told afterwards".into(), format!("{input};alg=\"ed25519\""), false);
    for tag in ["qorgan-v2", "qorgan", "QORGAN-V1", "qorgan-v1 ", " qorgan-v1", "app"] {
        add(format!("tag `{tag}`"), input.replacen("\"qorgan-v1\"", &format!("\"{tag}\""), 1), true);
    }
    add("another nonce".into(), input.replacen(value(input, "nonce"), "\"fresh\"", 1), false);
    let (head, tail) = input.split_once(')').unwrap();
    let mut turned: Vec<&str> = tail.split(';').filter(|p| !p.is_empty()).collect();
    turned.reverse();
    add("parameters turned round".into(), format!("{head});{}", turned.join(";")), false);
    covered(input, &mut add);
    all
}

/// The list of components.
fn covered(input: &str, add: &mut impl FnMut(String, String, bool)) {
    for name in COVERED {
        let quoted = format!("\"{name}\"");
        let other = |new: &str| input.replacen(&quoted, new, 1);
        add(
            format!("{name} not covered"),
            other("").replace("  ", " ").replace("( ", "(").replace(" )", ")"),
            true,
        );
        add(format!("{name} twice"), other(&format!("{quoted} {quoted}")), true);
        add(format!("{name} in capitals"), other(&quoted.to_uppercase()), true);
        add(format!("{name} as a token"), other(name), true);
        add(format!("{name} as bytes"), other(":AAAA:"), true);
        add(format!("{name} with a blank"), other(&format!("\"{name} \"")), true);
        add(format!("{name} glued to the next"), other(&format!("{quoted}\"date\"")), true);
        add(format!("{name} and a comma"), other(&format!("{quoted},")), true);
        for flag in ["sf", "bs", "req", "tr", "key=\"a\"", "name=\"a\""] {
            add(format!("{name};{flag}"), other(&format!("{quoted};{flag}")), true);
            add(format!("{name} and {name};{flag}"), other(&format!("{quoted} {quoted};{flag}")), true);
        }
        for instead in ["@path", "@query", "@authority", "@scheme", "@request-target", "host", "date", ""] {
            add(format!("{instead} instead of {name}"), other(&format!("\"{instead}\"")), true);
        }
    }
    for more in ["x-absent", "@status", "@signature-params", "@query-param", "signature-nothing", "@body"] {
        add(format!("{more} covered, too"), input.replacen('(', &format!("(\"{more}\" "), 1), true);
    }
    add(
        "components turned round".into(),
        {
            let (list, tail) = input.split_once(')').unwrap();
            let mut items: Vec<&str> = list.trim_start_matches('(').split(' ').collect();
            items.reverse();
            format!("({}){tail}", items.join(" "))
        },
        false,
    );
    add("nothing covered".into(), format!("(){}", input.split_once(')').unwrap().1), true);
    add("thirty-three covered".into(), input.replacen('(', &format!("({}", "\"date\" ".repeat(33)), 1), true);
    add("an open list".into(), input.replacen(')', "", 1), true);
    add("a list of lists".into(), input.replacen('(', "((", 1), true);
}

pub async fn all(stand: &Stand) {
    let (honest, key) = (stand.answer(), key_of(BANK));
    let all = edits(&honest.input(), stand.now());
    let after = |edited: &str| honest.clone().with("signature-input", &format!("qorgan={edited}"));
    let attacks = all.iter().map(|(name, edited, _)| (name.clone(), after(edited))).collect();
    stand.refuse("edited inputs", Some(honest.clone()), attacks).await;

    let honest = stand.answer();
    let again = |edited: &str| honest.clone().signed_again(&key, edited, stand.base_url());
    // Control: signed again over the honest input, it is honest; deterministic signatures make it the very same.
    assert_eq!(again(&honest.input()).headers, honest.headers);
    let attacks = edits(&honest.input(), stand.now())
        .into_iter()
        .filter(|(.., signed_too)| *signed_too)
        .map(|(name, edited, _)| (name, again(&edited)))
        .collect();
    stand.refuse("inputs signed against the profile", Some(honest.clone()), attacks).await;
    pairs(stand).await;
}

/// Two edits at a time.
async fn pairs(stand: &Stand) {
    let honest = stand.answer();
    let mut attacks: Vec<(String, Message)> = Vec::new();
    let one = edits(&honest.input(), stand.now());
    let entropy = kernel::Entropy::seeded(13);
    while attacks.len() < 100 {
        let (first, edited, _) =
            &one[usize::try_from(entropy.below(u64::try_from(one.len()).unwrap())).unwrap()];
        let place = usize::try_from(entropy.below(u64::try_from(edited.len()).unwrap())).unwrap();
        if !edited.is_char_boundary(place) || !edited.is_char_boundary(place + 1) {
            continue;
        }
        let mut twice = edited.clone();
        twice.remove(place);
        let name = format!("{first}, without byte {place}");
        if twice != honest.input() && attacks.iter().all(|(known, _)| *known != name) {
            attacks.push((name, honest.clone().with("signature-input", &format!("qorgan={twice}"))));
        }
    }
    stand.refuse("inputs edited twice", Some(honest), attacks).await;
}
