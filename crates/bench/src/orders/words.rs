//! What a simulated partner says: written from the published partner API, without the platform's own types.

use kernel::Timestamp;
use serde_json::{Value, json};

use super::ledger::Found;

/// Smallest units as decimal text.
pub(crate) fn amount(minor: i64) -> Value {
    json!({"amount": format!("{}.{:02}", minor / 100, minor % 100), "currency": "KZT"})
}

/// Decimal text of two places as smallest units.
pub(crate) fn minor(text: &str) -> Option<i64> {
    let (whole, cents) = text.split_once('.')?;
    if cents.len() != 2 {
        return None;
    }
    format!("{whole}{cents}").parse().ok()
}

/// One object of an order, as a bank reads it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) message: String,
    pub(crate) kind: String,
    pub(crate) order: String,
    pub(crate) object: String,
    pub(crate) account: String,
    pub(crate) cap: i64,
    pub(crate) expires_at: Option<Timestamp>,
    /// Part that a release frees, all if `None`.
    pub(crate) part: Option<i64>,
}

/// Reads a message of the platform.
pub(crate) fn read(body: &[u8]) -> Option<Asked> {
    let said: Value = serde_json::from_slice(body).ok()?;
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default()
    };
    let object = said.get("objects").and_then(|all| all.get(0));
    let sum = |value: Option<&Value>| minor(value?.get("amount")?.as_str()?);
    Some(Asked {
        message: text(&said, "message_id"),
        kind: text(&said, "type"),
        order: text(&said, "order_id"),
        object: object.map_or_else(|| text(&said, "object_id"), |o| text(o, "object_id")),
        account: object.map(|o| text(o, "value")).unwrap_or_default(),
        cap: object.and_then(|o| sum(o.get("cap"))).unwrap_or(0),
        expires_at: Timestamp::parse_rfc3339(&text(&said, "expires_at")),
        part: sum(said.get("amount")),
    })
}

/// Who says it, about what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) id: &'a str,
    pub(crate) order: &'a str,
    pub(crate) executor: &'a str,
    pub(crate) object: Option<&'a str>,
    pub(crate) at: Timestamp,
}

/// `answer.v1`.
pub(crate) fn answer(about: About<'_>, lines: &[Value]) -> Vec<u8> {
    let mut said = json!({
        "type": "answer.v1", "answer_id": about.id, "order_id": about.order, "executor": about.executor,
        "at": about.at.rfc3339(), "lines": lines, "text": null,
    });
    if let (Some(object), Some(members)) = (about.object, said.as_object_mut()) {
        members.insert("object_id".to_owned(), object.into());
    }
    said.to_string().into_bytes()
}

/// Where money moved to: institution and account.
pub(crate) type Away<'a> = (&'a str, &'a str);

/// The lines that say what was found, the sum held first.
pub(crate) fn lines(found: Found, cap: i64, away: Away<'_>, at: Timestamp) -> (i64, Vec<Value>) {
    let part = cap / 10 * 6;
    let at = at.rfc3339();
    let held = |minor: i64| {
        let code = if minor == cap { "H10" } else { "H11" };
        json!({"code": code, "amount": amount(minor), "at": at})
    };
    let spent = json!({"code": "M23", "amount": amount(cap - part), "at": at, "merchant": "Дүкен (ойдан шығарылған)"});
    let moved = |minor: i64| {
        json!({
            "code": "M21", "amount": amount(minor), "at": at, "institution": away.0,
            "account": {"kind": "iban", "value": away.1}, "reference": format!("ref-{}", away.1),
        })
    };
    match found {
        Found::All => (cap, vec![held(cap)]),
        Found::PartAndSpent => (part, vec![held(part), spent]),
        Found::PartAndMoved => (part, vec![held(part), moved(cap - part)]),
        Found::Moved => (0, vec![moved(cap)]),
        Found::Gone => (0, vec![json!({"code": "N33"})]),
    }
}

/// One line with a code and a time, and a sum where there is one.
pub(crate) fn line(code: &str, minor: Option<i64>, at: Timestamp) -> Value {
    match minor {
        Some(minor) => json!({"code": code, "amount": amount(minor), "at": at.rfc3339()}),
        None => json!({"code": code, "at": at.rfc3339()}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_as_they_are_written() {
        for n in [0, 1, 99, 100, 12_345_678] {
            let written = amount(n);
            assert_eq!(minor(written["amount"].as_str().unwrap()), Some(n));
        }
        assert_eq!(minor("1.5"), None);
    }

    #[test]
    fn nothing_of_the_sum_is_forgotten() {
        let at = Timestamp::from_secs(1_800_000_000);
        for found in [Found::All, Found::PartAndSpent, Found::PartAndMoved, Found::Moved] {
            let (held, said) = lines(found, 1_234_567, ("ZB02", "KZ00"), at);
            let sum: i64 = said.iter().map(|l| minor(l["amount"]["amount"].as_str().unwrap()).unwrap()).sum();
            assert_eq!(sum, 1_234_567, "{found:?}");
            assert!(held <= 1_234_567);
        }
    }
}
