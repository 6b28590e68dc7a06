//! What a partner is.

use kernel::{Lang, Localised, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::agreement::Terms;

kernel::id_kind!(
    /// A partner institution.
    PartnerKind, PartnerId, "ptn"
);

/// What a partner can be on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerRole {
    /// Carries the order out: bank, wallet, exchange, operator.
    Executor,
    /// Passes orders on and answers back: the national antifraud centre.
    AntifraudCentre,
}

impl PartnerRole {
    /// As written in columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Executor => "executor",
            Self::AntifraudCentre => "antifraud_centre",
        }
    }
    /// Reads [`PartnerRole::as_str`]; unknown words are executors, the role with fewer rights.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text == "antifraud_centre" { Self::AntifraudCentre } else { Self::Executor }
    }
}

/// In which messages an institution is asked about money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// The messages of the partner API.
    #[default]
    Json,
    /// ISO 20022 where it has a message; else those of the partner API.
    Iso20022,
    /// A signed file in a folder that both reach.
    FileDrop,
    /// A message that an officer sends from the office's own mail.
    EmailExport,
    /// Paper.
    Letter,
}

impl Protocol {
    /// As written in columns and agreements.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Iso20022 => "iso20022",
            Self::FileDrop => "file_drop",
            Self::EmailExport => "email_export",
            Self::Letter => "letter",
        }
    }
    /// Reads [`Protocol::as_str`]; any other word is the partner API's, which everybody has.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "iso20022" => Self::Iso20022,
            "file_drop" => Self::FileDrop,
            "email_export" => Self::EmailExport,
            "letter" => Self::Letter,
            _ => Self::Json,
        }
    }
}

/// How far an institution takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Trial orders alone reach it. It signs in, calls the API, keeps keys.
    #[default]
    Test,
    /// Orders are routed to it.
    Live,
}

impl Mode {
    /// As written in columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
    /// Reads [`Mode::as_str`]; an unknown word is the mode with fewer rights.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text == "live" { Self::Live } else { Self::Test }
    }
}

/// A partner institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Database key.
    pub id: PartnerId,
    /// Short code in messages.
    pub code: String,
    /// A kind of addressee, `bank`.
    pub kind: String,
    /// What it can be on a route.
    pub role: PartnerRole,
    /// Its name in each language.
    pub names: Localised,
    /// Institution codes inside an IBAN that are this partner's.
    pub iban_codes: Vec<String>,
    /// First six digits of cards that are this partner's.
    pub card_bins: Vec<String>,
    /// What it keeps beside accounts.
    pub keeps: Keeps,
    /// Where messages are posted; empty for a partner that only pulls.
    pub gateway_url: String,
    /// In which messages it is asked about money.
    pub protocol: Protocol,
    /// Whom to call when it is silent.
    pub duty_phone: String,
    /// Contact point, as agreed.
    pub contact: String,
    /// Whether it takes part at present.
    pub active: bool,
    /// Last day of its agreement, `2027-11-30`; empty where the agreement names none.
    pub until_day: String,
    /// Signed requests that it may send in a minute; `None`: as many as the profile says.
    pub requests_per_minute: Option<u32>,
    /// How far it takes part.
    pub mode: Mode,
    /// Who asked that it goes live, until a second administrator confirms: as [`kernel::Actor::label`].
    pub live_asked_by: Option<String>,
    /// Whether its signed requests must come by mutual TLS, too.
    pub mutual_tls: bool,
}

/// What an institution keeps beside accounts: by this it is found as the one to be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keeps {
    /// Beginnings of telephone numbers in E.164, `+7701`. A number may have been carried over to another
    /// operator since: that one's answer says so.
    pub phone_prefixes: Vec<String>,
    /// Host names and ends of host names: what a platform serves, a hoster hosts, a registrar registers.
    pub hosts: Vec<String>,
    /// Whether it keeps accounts that people are known by: a messenger, a network.
    pub handles: bool,
    /// Beginnings of the numbers of its SIM cards (ICCID), `8977001`.
    pub sim_prefixes: Vec<String>,
    /// Networks whose addresses it gives out or hosts, in CIDR notation (RFC 4632): `203.0.113.0/24`.
    pub networks: Vec<String>,
    /// Whether it runs a store of applications.
    pub apps: bool,
    /// Codes of registers of the country that it keeps and takes messages for: `kui`.
    pub registers: Vec<String>,
    /// Codes of bodies to which cases are referred and in whose name it answers: `afm`.
    pub bodies: Vec<String>,
}

impl Partner {
    /// Whether orders may be routed to it: it takes part, and not on trial.
    #[must_use]
    pub fn takes_orders(&self) -> bool {
        self.active && self.mode == Mode::Live
    }
    /// As an agreement file would write it, as far as the institution itself says. Its key is none of that.
    #[must_use]
    pub fn as_entry(&self) -> Institution {
        let delivery = match self.protocol {
            Protocol::FileDrop | Protocol::EmailExport | Protocol::Letter => self.protocol.as_str(),
            Protocol::Json | Protocol::Iso20022 if self.gateway_url.is_empty() => "pull",
            Protocol::Iso20022 => "iso20022",
            Protocol::Json => "push",
        };
        Institution {
            code: self.code.clone(),
            kind: self.kind.clone(),
            role: self.role,
            names: self.names.clone(),
            iban_code: self.iban_codes.first().cloned(),
            card_bins: self.card_bins.clone(),
            keeps: self.keeps.clone(),
            delivery: delivery.to_owned(),
            gateway: self.gateway_url.clone(),
            public_key: String::new(),
            keyid: String::new(),
            duty_phone: self.duty_phone.clone(),
            contact: Contact { name: self.contact.clone(), ..Contact::default() },
            agreement: Terms {
                until: self.until_day.clone(),
                requests_per_minute: self.requests_per_minute,
                mutual_tls: self.mutual_tls,
                ..Terms::default()
            },
        }
    }
    /// The name in `lang`.
    #[must_use]
    pub fn name(&self, lang: &Lang) -> &str {
        self.names.get(lang)
    }
}

/// A key by which a partner signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerKey {
    /// Whose it is.
    pub partner: PartnerId,
    /// `CODE/NAME`.
    pub keyid: String,
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// Set once it must no longer be believed.
    pub revoked_at: Option<Timestamp>,
    /// Who added it and it waits for a second person: label of the actor. A key that waits is not believed.
    pub awaits: Option<String>,
}

impl PartnerKey {
    /// Whether what it signs is believed now.
    #[must_use]
    pub const fn is_believed(&self) -> bool {
        self.revoked_at.is_none() && self.awaits.is_none()
    }
}

/// One institution of an agreement file (`qorgan partner import FILE`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Short code, 3 to 12 capitals and digits.
    pub code: String,
    /// Kind of institution.
    pub kind: String,
    /// `executor` or `antifraud_centre`.
    #[serde(default = "executor")]
    pub role: PartnerRole,
    /// Names by language tag.
    pub names: Localised,
    /// Institution code inside an IBAN, if it keeps IBAN accounts.
    #[serde(default)]
    pub iban_code: Option<String>,
    /// First six digits of its cards.
    #[serde(default)]
    pub card_bins: Vec<String>,
    /// What it keeps beside accounts.
    #[serde(default)]
    pub keeps: Keeps,
    /// `push`: messages are posted; `iso20022`: too, about money as ISO 20022; `pull`: it only reads its inbox.
    #[serde(default)]
    pub delivery: String,
    /// Where messages are posted; empty to pull only.
    #[serde(default)]
    pub gateway: String,
    /// Ed25519 public key, base64.
    pub public_key: String,
    /// `CODE/NAME`.
    pub keyid: String,
    /// Duty phone.
    #[serde(default)]
    pub duty_phone: String,
    /// Contact point.
    #[serde(default)]
    pub contact: Contact,
    /// On what terms it takes part.
    #[serde(default)]
    pub agreement: Terms,
}

/// A contact point of an agreement file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Whom to ask for.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// Mail.
    pub email: String,
}

impl Contact {
    /// In one line.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = [&self.name, &self.phone, &self.email];
        parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

const fn executor() -> PartnerRole {
    PartnerRole::Executor
}

/// An agreement file: the institutions of one country.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Country {
    /// Its institutions.
    pub institutions: Vec<Institution>,
}

/// Raw form of an id, for actors and records.
#[must_use]
pub fn raw(id: PartnerId) -> Uuid {
    id.uuid()
}
