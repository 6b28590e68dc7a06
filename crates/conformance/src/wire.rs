//! Answers as docs/partner-api describes them, written from that page alone. Everything stays text here: each field
//! is judged by itself, so that one unreadable field hides no other fault.

use serde::{Deserialize, Serialize};

/// `{"amount": "620000.00", "currency": "KZT"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Decimal text.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

impl Amount {
    /// From hundredths.
    #[must_use]
    pub fn of(minor: i64, currency: &str) -> Self {
        Self { amount: format!("{}.{:02}", minor / 100, minor % 100), currency: currency.to_owned() }
    }

    /// Hundredths, zero included; `None` for another currency, a sign, a separator, an exponent, thousandths.
    #[must_use]
    pub fn minor(&self, currency: &str) -> Option<i64> {
        if self.currency == currency { minor(&self.amount) } else { None }
    }
}

/// Reads decimal text as hundredths.
#[must_use]
pub fn minor(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 15) || !digits(part, 2) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

/// An account by what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// `iban`, `account`, `card`, `phone`, `wallet_btc`, …
    pub kind: String,
    /// The name.
    pub value: String,
}

/// Whose something is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the page")]
pub struct Holder {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub role: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub last_name: Option<String>,
    #[serde(default)]
    pub first_name: Option<String>,
    #[serde(default)]
    pub middle_name: Option<String>,
    #[serde(default)]
    pub iin: Option<String>,
    #[serde(default)]
    pub bin: Option<String>,
    #[serde(default)]
    pub birth_date: Option<String>,
    #[serde(default)]
    pub phones: Option<Vec<String>>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub devices: Option<Vec<String>>,
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub until: Option<String>,
}

/// One line of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the page's table of codes")]
pub struct Line {
    pub code: String,
    #[serde(default)]
    pub amount: Option<Amount>,
    #[serde(default)]
    pub balance_before: Option<Amount>,
    #[serde(default)]
    pub stood_before: Option<Amount>,
    #[serde(default)]
    pub at: Option<String>,
    #[serde(default)]
    pub institution: Option<String>,
    #[serde(default)]
    pub account: Option<Named>,
    #[serde(default)]
    pub reference: Option<String>,
    #[serde(default)]
    pub terminal: Option<String>,
    #[serde(default)]
    pub camera_until: Option<String>,
    #[serde(default)]
    pub until: Option<String>,
    #[serde(default)]
    pub told_at: Option<String>,
    #[serde(default)]
    pub merchant: Option<String>,
    #[serde(default)]
    pub holders: Option<Vec<Holder>>,
    #[serde(default)]
    pub text: Option<String>,
}

/// `answer.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Always `answer.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Idempotency key.
    pub answer_id: String,
    /// The order.
    pub order_id: String,
    /// Who acted.
    pub executor: String,
    /// About what; left out only where `A00` acknowledges the whole order.
    #[serde(default)]
    pub object_id: Option<String>,
    /// When.
    pub at: String,
    /// What.
    pub lines: Vec<Line>,
}

impl Answer {
    /// Its codes, for a sentence.
    #[must_use]
    pub fn codes(&self) -> String {
        self.lines.iter().map(|l| clip(&l.code, 16)).collect::<Vec<_>>().join(", ")
    }
}

/// At most `most` characters of what a stranger wrote, without anything that a terminal would obey.
#[must_use]
pub fn clip(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_decimals() {
        for (text, expected) in [
            ("620000.00", Some(62_000_000)),
            ("1.2", Some(120)),
            ("5", Some(500)),
            ("0.00", Some(0)),
            ("-5", None),
            ("+5", None),
            ("1.234", None),
            ("1 000", None),
            ("1,5", None),
            ("5e3", None),
            ("", None),
            (".5", None),
            ("5.", None),
            ("9999999999999999", None),
        ] {
            assert_eq!(minor(text), expected, "{text}");
        }
        assert_eq!(Amount::of(12_305, "KZT").amount, "123.05");
        assert_eq!(Amount::of(5, "KZT").minor("USD"), None);
    }

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(clip("a\u{1b}[2Jb\nc", 6), "a [2Jb");
    }
}
