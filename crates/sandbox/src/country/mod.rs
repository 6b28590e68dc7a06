//! The invented country: who takes part, and how they behave. `country.json` is what everybody may know and
//! the node imports; `keys.json` stays with the sandbox; `behaviours.toml` says who is slow, dead or lying.

mod behaviour;
mod keys;
mod make;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

pub use behaviour::{Behaviour, Behaviours};
pub use keys::Keys;
pub use make::{Init, country, init};

/// Files of a country's folder.
pub mod files {
    /// Public description, imported by the node.
    pub const COUNTRY: &str = "country.json";
    /// Private keys, mode 0600.
    pub const KEYS: &str = "keys.json";
    /// How each partner behaves.
    pub const BEHAVIOURS: &str = "behaviours.toml";
    /// Journal of what truly happened.
    pub const TRUTH: &str = "truth.jsonl";
    /// The last summary.
    pub const SUMMARY: &str = "summary.json";
}

/// What an institution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Holds accounts with IBANs and cards; runs cash machines.
    Bank,
    /// Accounts are phone numbers.
    #[serde(rename = "payment_organisation")]
    EWallet,
    /// Accounts are client numbers; money leaves to chains.
    #[serde(rename = "exchange")]
    CryptoExchange,
    /// Passes messages on between the submitter and the executors, and keeps the list of droppers.
    AntifraudCentre,
    /// Serves telephone numbers.
    Operator,
    /// Serves accounts and pages of people.
    Platform,
    /// Gives out addresses on the network.
    Provider,
    /// Keeps sites on its machines.
    Hoster,
    /// Registers domain names.
    Registrar,
    /// Restricts access to resources by law.
    MediaAuthority,
    /// Keeps a register of the country, or takes cases that are referred to it.
    StateBody,
}

impl Kind {
    /// Whether it keeps money.
    #[must_use]
    pub const fn keeps_money(self) -> bool {
        matches!(self, Self::Bank | Self::EWallet | Self::CryptoExchange)
    }
}

/// What an institution keeps beside accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keeps {
    /// Beginnings of its telephone numbers.
    pub phone_prefixes: Vec<String>,
    /// Ends of the host names that it serves or registers.
    pub hosts: Vec<String>,
    /// Whether it keeps names that people are known by.
    pub handles: bool,
    /// Beginnings of its SIM cards' numbers.
    pub sim_prefixes: Vec<String>,
    /// Networks whose addresses it gives out or hosts.
    pub networks: Vec<String>,
    /// Whether it runs a store of applications.
    pub apps: bool,
    /// Registers of the country that it keeps.
    pub registers: Vec<String>,
    /// Bodies to which cases are referred and in whose name it answers.
    pub bodies: Vec<String>,
}

/// What an institution does on the way of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Carries orders out.
    Executor,
    /// The authority in the middle.
    AntifraudCentre,
}

/// How messages reach an institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The node posts to the gateway.
    Push,
    /// The gateway answers 503 for ever; the institution reads its inbox.
    Pull,
}

/// Somebody to talk to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name of the desk.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// In the reserved domain `.example`.
    pub email: String,
}

/// One invented institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Four or five capital letters beginning with Z.
    pub code: String,
    /// Always true: nobody may take it for a real one.
    pub invented: bool,
    /// What it is.
    pub kind: Kind,
    /// What it does with an order.
    pub role: Role,
    /// Names by language, each saying that it is invented.
    pub names: BTreeMap<String, String>,
    /// Digits 5 to 7 of its IBANs, `null` where it has none.
    pub iban_code: Option<String>,
    /// First six digits of its cards.
    pub card_bins: Vec<String>,
    /// What it keeps beside accounts.
    #[serde(default)]
    pub keeps: Keeps,
    /// Where the node posts: `{gateway}/messages`.
    pub gateway: String,
    /// Push or pull.
    pub delivery: Delivery,
    /// Ed25519 public key, base64 of its 32 bytes.
    pub public_key: String,
    /// `CODE/NAME` of that key.
    pub keyid: String,
    /// Answered round the clock.
    pub duty_phone: String,
    /// Contact point.
    pub contact: Contact,
    /// What it has agreed with the node.
    #[serde(default)]
    pub agreement: Agreement,
}

/// What an institution has agreed with the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agreement {
    /// Signed requests in a minute of the wall clock.
    pub requests_per_minute: u32,
}

impl Default for Agreement {
    /// Many: office time may run sixty times faster here, and hundreds of reports come in a minute.
    fn default() -> Self {
        Self { requests_per_minute: 60_000 }
    }
}

/// `country.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// Always true.
    pub invented: bool,
    /// Of this file's shape.
    pub version: u32,
    /// The seed it was made from.
    pub seed: u64,
    /// ISO 4217.
    pub currency: String,
    /// Offset of its one time zone.
    pub utc_offset: String,
    /// The node that these institutions answer to.
    pub node: String,
    /// Where the institutions' gateways listen.
    pub listen: String,
    /// Where the ground truth can be asked.
    pub admin: String,
    /// Everybody.
    pub institutions: Vec<Institution>,
}

impl Country {
    /// Reads a country's folder.
    ///
    /// # Errors
    /// If the file is missing, is no such file, or names something that is not on loopback.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join(files::COUNTRY);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read `{}`; run `init` first", path.display()))?;
        let country: Self =
            serde_json::from_str(&text).with_context(|| format!("`{}` is not a country", path.display()))?;
        ensure!(country.invented, "`{}` is not marked as invented", path.display());
        require_loopback(&country.node)?;
        for institution in &country.institutions {
            require_loopback(&institution.gateway)?;
        }
        Ok(country)
    }

    /// The institution with `code`.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Institution> {
        self.institutions.iter().find(|i| i.code == code)
    }

    /// Those who carry orders out.
    pub fn executors(&self) -> impl Iterator<Item = &Institution> {
        self.institutions.iter().filter(|i| i.role == Role::Executor)
    }
}

/// Refuses every address that is not plain HTTP on loopback: the country never speaks to the outside.
///
/// # Errors
/// Names the address and what is wrong with it.
pub fn require_loopback(address: &str) -> anyhow::Result<url::Url> {
    let url = url::Url::parse(address).with_context(|| format!("`{address}` is not an address"))?;
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    ensure!(
        url.scheme() == "http" && loopback,
        "`{address}` is not on loopback; the simulated country speaks to nobody else"
    );
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback() {
        for good in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9/x", "http://127.9.9.9"] {
            assert!(require_loopback(good).is_ok(), "{good}");
        }
        for bad in [
            "http://10.0.0.1",
            "https://127.0.0.1",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "ftp://127.0.0.1",
            "nonsense",
            "http://0.0.0.0:1",
            "http://user@example.org#127.0.0.1",
        ] {
            assert!(require_loopback(bad).is_err(), "{bad}");
        }
    }
}
