//! What a run is made from, read and checked before the first byte goes out.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use httpsig::{VerifyingKey, public_key_from_text};

use crate::clock;
use crate::rules::{account_fits, kind_known, restricts};
use crate::wire::{Named, minor};

/// A run, resolved.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The endpoint's address without a slash at its end; messages go to `{url}/messages`.
    pub url: String,
    /// The institution's code.
    pub code: String,
    /// The name of its key, `CODE/NAME`.
    pub keyid: String,
    /// Its public key.
    pub key: VerifyingKey,
    /// Address under which the institution reaches the kit, without a slash at its end.
    pub public_url: String,
    /// What it is asked to do.
    pub measure: String,
    /// Things that it knows.
    pub known: Vec<Named>,
    /// A thing that it does not know.
    pub unknown: Named,
    /// ISO 4217.
    pub currency: String,
    /// The payment that came into the known account.
    pub payment: Payment,
    /// How long to wait for an answer.
    pub patience: Duration,
    /// How long to watch that nothing comes.
    pub quiet: Duration,
    /// After what time the order that is to lapse ends.
    pub term: Duration,
    /// How long the kit keeps silent where it plays a node that does not answer.
    pub silence: Duration,
    /// Whether orders about one thing follow each other, and never stand side by side.
    pub one_by_one: bool,
    /// How many objects the order has that names many.
    pub objects: usize,
}

/// The payment that makes the money on the known account disputed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// How much, hundredths.
    pub amount: i64,
    /// When, microseconds since 1970.
    pub at: i64,
    /// The bank's reference.
    pub reference: Option<String>,
}

impl Payment {
    /// Reads `AMOUNT@TIME` or `AMOUNT@TIME@REFERENCE`.
    ///
    /// # Errors
    /// A sentence that names the part.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let mut parts = text.splitn(3, '@');
        let amount = parts.next().and_then(minor).filter(|m| *m > 0);
        let amount =
            amount.with_context(|| format!("`{text}` does not begin with an amount such as 1000000.00"))?;
        let at = parts.next().and_then(clock::parse);
        let at = at.with_context(|| {
            format!("`{text}` has no time such as 2026-11-23T14:05:00+05:00 behind its first @")
        })?;
        Ok(Self { amount, at, reference: parts.next().map(str::to_owned) })
    }
}

impl Plan {
    /// The most that one order asks to hold: so many share one payment that each finds money. At least one whole unit.
    #[must_use]
    pub fn cap(&self) -> i64 {
        (self.payment.amount / 40 / 100 * 100).max(100)
    }

    /// The address of messages.
    #[must_use]
    pub fn messages(&self) -> String {
        format!("{}/messages", self.url)
    }
}

/// Reads `KIND:VALUE`; a bare value is an IBAN.
///
/// # Errors
/// A sentence, if orders name no such kind or the value is not of it.
pub fn thing(text: &str) -> anyhow::Result<Named> {
    // An address holds a colon itself; only a known kind before it is one.
    let (kind, value) = text.split_once(':').filter(|(kind, _)| kind_known(kind)).unwrap_or(("iban", text));
    let money =
        ["iban", "account", "card", "phone", "wallet_btc", "wallet_eth", "wallet_tron"].contains(&kind);
    ensure!(!value.is_empty() && value.len() <= 2_000, "`{text}` names nothing");
    ensure!(!money || account_fits(kind, value), "`{value}` is no {kind} in the writing of docs/partner-api");
    Ok(Named { kind: kind.to_owned(), value: value.to_owned() })
}

/// Reads a public key: base64 itself, or a file with it.
///
/// # Errors
/// A sentence, if it is neither.
pub fn public_key(text: &str) -> anyhow::Result<VerifyingKey> {
    if let Ok(key) = public_key_from_text(text) {
        return Ok(key);
    }
    let told = std::fs::read_to_string(text).with_context(|| {
        format!("`{text}` is neither a public key (base64 of 32 bytes) nor a file that can be read")
    })?;
    public_key_from_text(&told).with_context(|| format!("`{text}` holds no public key"))
}

/// Checks an endpoint's address and cuts the slash at its end off.
///
/// # Errors
/// A sentence that says what it is not.
pub fn endpoint(text: &str) -> anyhow::Result<String> {
    let url = url::Url::parse(text).with_context(|| format!("`{text}` is no address"))?;
    ensure!(
        url.scheme() != "https",
        "the kit speaks http:// only, as the node's own client does; reach `{text}` through a proxy on this machine"
    );
    ensure!(
        url.scheme() == "http" && url.has_host(),
        "`{text}` is no address of an endpoint (http://HOST[:PORT][/PATH])"
    );
    ensure!(
        url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none(),
        "`{text}` must have no user name, query or fragment"
    );
    Ok(text.trim_end_matches('/').to_owned())
}

/// Checks a measure: the kit plays with what can be ended, told of and put right.
///
/// # Errors
/// A sentence.
pub fn measure(text: &str) -> anyhow::Result<String> {
    ensure!(restricts(text), "`{text}` is no measure that restricts something; docs/partner-api lists them");
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(endpoint("http://127.0.0.1:8090/ZALT/").unwrap(), "http://127.0.0.1:8090/ZALT");
        for bad in [
            "https://bank.example",
            "ftp://x",
            "x",
            "http://u:p@x/",
            "http://x/?a=1",
            "http://x/#a",
            "file:///x",
        ] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn things_payments_keys_and_measures() {
        assert_eq!(thing("KZ938010000000000017").unwrap().kind, "iban");
        assert_eq!(thing("phone:+77000000101").unwrap().value, "+77000000101");
        assert_eq!(thing("url:http://x.example/a").unwrap().value, "http://x.example/a");
        for bad in ["KZ938010000000000018", "", "phone:12", "http://x.example"] {
            assert!(thing(bad).is_err(), "{bad}");
        }
        let payment = Payment::read("1000000.00@2026-11-23T14:05:00+05:00@ZP1@2").unwrap();
        assert_eq!((payment.amount, payment.reference.as_deref()), (100_000_000, Some("ZP1@2")));
        for bad in ["", "5", "5@yesterday", "0@2026-11-23T14:05:00+05:00", "-5@2026-11-23T14:05:00+05:00"] {
            assert!(Payment::read(bad).is_err(), "{bad}");
        }
        assert!(public_key("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=").is_ok());
        assert!(public_key("no such file").is_err());
        assert!(measure("hold").is_ok() && measure("disclosure").is_err() && measure("").is_err());
    }
}
