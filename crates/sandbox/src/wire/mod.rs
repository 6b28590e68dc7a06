//! The messages of the partner API as docs/partner-api describes them, written from that page alone.
//! Times stay text here: they are read where they matter, so that a partner does not refuse a message for a
//! field it never looks at.

pub mod checks;
pub mod openapi;

use serde::{Deserialize, Serialize};

use crate::money::{Minor, from_text, to_text};

/// `{"amount": "620000.00", "currency": "KZT"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Decimal text.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

impl Amount {
    /// Tenge from tiyn.
    #[must_use]
    pub fn kzt(minor: Minor) -> Self {
        Self { amount: to_text(minor), currency: "KZT".to_owned() }
    }
    /// Tiyn, if it is tenge and an amount.
    #[must_use]
    pub fn minor(&self) -> Option<Minor> {
        if self.currency == "KZT" { from_text(&self.amount) } else { None }
    }
}

/// An account by what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// `iban`, `account`, `card`, `phone`, `wallet_btc`, …
    pub kind: String,
    /// The name.
    pub value: String,
}

/// One step of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place, from 0.
    pub no: u32,
    /// `submitter`, `authority`, `executor`.
    pub role: String,
    /// Who.
    pub institution: String,
}

/// The payment that makes the money disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// How much.
    pub amount: Amount,
    /// When, as told.
    pub at: String,
    /// Its reference, where known.
    #[serde(default)]
    pub reference: Option<String>,
    /// Who sent it.
    #[serde(default)]
    pub from_institution: Option<String>,
    /// From which account. Kept as it came: one that cannot be read is nobody's, and no reason to refuse the message.
    #[serde(default)]
    pub from_account: Option<serde_json::Value>,
    /// Who paid, where this is their own institution.
    #[serde(default)]
    pub from_client: Option<Client>,
    /// `in` or `out`.
    pub direction: String,
}

/// Who paid, by what their own institution knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Client {
    /// Number of the person; this country's books have none.
    pub iin: Option<String>,
    /// E.164.
    pub phone: Option<String>,
}

/// One thing that an order names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its id.
    pub object_id: String,
    /// Kind of name.
    pub kind: String,
    /// The name.
    pub value: String,
    /// Most that may be held.
    #[serde(default)]
    pub cap: Option<Amount>,
    /// Which hop.
    #[serde(default)]
    pub hop: u32,
    /// The object whose answer led here.
    #[serde(default)]
    pub parent_object: Option<String>,
    /// The payment.
    #[serde(default)]
    pub trigger: Option<Trigger>,
    /// What more the order says, by measure. Kept as it came.
    #[serde(default)]
    pub details: Option<serde_json::Value>,
}

/// `order.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The same at every repetition.
    pub message_id: String,
    /// The order.
    pub order_id: String,
    /// `hold`, …
    pub measure: String,
    /// Who is asked through whom.
    pub route: Vec<Step>,
    /// Who carries it out.
    pub executor: String,
    /// What it names.
    pub objects: Vec<Object>,
    /// By when receipt is due.
    #[serde(default)]
    pub ack_due: Option<String>,
    /// By when the answer is due.
    #[serde(default)]
    pub action_due: Option<String>,
    /// When a hold ends by itself.
    pub expires_at: String,
}

/// `release.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The same at every repetition.
    pub message_id: String,
    /// The order.
    pub order_id: String,
    /// The object.
    pub object_id: String,
    /// Who holds.
    pub executor: String,
    /// `L61` or `L62`.
    pub code: String,
    /// How much, all if left out.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `reminder.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// The same at every repetition.
    pub message_id: String,
    /// The order.
    pub order_id: String,
    /// Who is late.
    pub executor: String,
}

/// `notice.v1` and `correction.v1`: something to hand over, or to put right, about one thing of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// The same at every repetition.
    pub message_id: String,
    /// The order.
    pub order_id: String,
    /// The object.
    pub object_id: String,
    /// Who does it.
    pub executor: String,
    /// The text for the holder by language; of a correction none.
    #[serde(default)]
    pub text: std::collections::BTreeMap<String, String>,
}

/// `clearance.v1`: people have cleared something that the institution was told of when it asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearance {
    /// The same at every repetition.
    pub message_id: String,
    /// Who was told.
    pub executor: String,
    /// What was cleared.
    pub thing: Cleared,
}

/// A thing that was cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// What sort of thing.
    pub kind: String,
    /// What may be shown of it.
    pub masked: String,
    /// The hash by which it is found among the institution's own.
    #[serde(default)]
    pub hash: Option<String>,
}

/// What the node sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Message {
    /// A demand.
    #[serde(rename = "order.v1")]
    Order(Order),
    /// The end of one.
    #[serde(rename = "release.v1")]
    Release(Release),
    /// Something is late.
    #[serde(rename = "reminder.v1")]
    Reminder(Reminder),
    /// The holder of a restricted thing is to be told.
    #[serde(rename = "notice.v1")]
    Notice(Errand),
    /// Nothing stands against a thing any more.
    #[serde(rename = "correction.v1")]
    Correction(Errand),
    /// Something that the institution was told of was cleared.
    #[serde(rename = "clearance.v1")]
    Clearance(Clearance),
}

impl Message {
    /// Its idempotency key.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Order(m) => &m.message_id,
            Self::Release(m) => &m.message_id,
            Self::Reminder(m) => &m.message_id,
            Self::Notice(m) | Self::Correction(m) => &m.message_id,
            Self::Clearance(m) => &m.message_id,
        }
    }
    /// Who shall act on it.
    #[must_use]
    pub fn executor(&self) -> &str {
        match self {
            Self::Order(m) => &m.executor,
            Self::Release(m) => &m.executor,
            Self::Reminder(m) => &m.executor,
            Self::Notice(m) | Self::Correction(m) => &m.executor,
            Self::Clearance(m) => &m.executor,
        }
    }
}

/// Whose something is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// `person` or `organisation`.
    pub kind: String,
    /// `agent`, `beneficiary`; the holder if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The whole name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The family's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The father's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// The person's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iin: Option<String>,
    /// The organisation's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Telephones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Devices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<String>,
    /// Since which day it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// One line of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// `A00`, `H11`, …
    pub code: String,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// What lay there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_before: Option<Amount>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Where to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// To which account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Named>,
    /// Of the transfer, or of another order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Cash machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Until when its pictures are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera_until: Option<String>,
    /// Until when data are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// When the subscriber was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<String>,
    /// Other numbers of the same subscriber.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_numbers: Option<u32>,
    /// Shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<Holder>,
    /// Words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Line {
    /// A bare code.
    #[must_use]
    pub fn code(code: &str) -> Self {
        Self { code: code.to_owned(), ..Self::default() }
    }
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
    /// Who answers.
    pub executor: String,
    /// About what; left out only where `A00` acknowledges the whole order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
    /// When, office time.
    pub at: String,
    /// What.
    pub lines: Vec<Line>,
    /// Words.
    #[serde(default)]
    pub text: Option<String>,
}

/// Who files a bank's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporter {
    /// Name.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// Where the client gave it.
    pub iin: Option<String>,
}

/// One payment of a bank's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPayment {
    /// How much.
    pub amount: Amount,
    /// When.
    pub at: String,
    /// Payer's institution.
    pub own_institution: String,
    /// Payer's account.
    pub own_account: Option<String>,
    /// To whom, where known.
    pub to: Option<Named>,
    /// Reference.
    pub reference: Option<String>,
}

/// `report.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Always `report.v1`.
    #[serde(rename = "type")]
    pub message: String,
    /// The bank's own number: idempotency key.
    pub external_id: String,
    /// Whether it is still going on.
    pub ongoing: bool,
    /// `money`, …
    pub kind: String,
    /// `kk` or `ru`.
    pub lang: String,
    /// The client.
    pub reporter: Reporter,
    /// In the client's words.
    pub story: String,
    /// What was paid.
    pub payments: Vec<ReportPayment>,
}

/// `GET /api/v1/clock`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Office time.
    pub office: String,
    /// Wall time.
    pub wall: String,
    /// Factor.
    pub factor: i64,
}

/// One key of the node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeKey {
    /// `CODE/NAME`.
    pub keyid: String,
    /// Base64 of 32 bytes.
    pub public_key: String,
}

/// `GET /api/v1/keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeKeys {
    /// Keys in force.
    pub keys: Vec<NodeKey>,
}

/// One message of the inbox. Kept as it came: a message that this side does not understand is no reason to
/// lose the others.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Laid {
    /// Its number.
    pub seq: i64,
    /// The message.
    pub message: serde_json::Value,
}

/// `GET /api/v1/inbox`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Inbox {
    /// New messages.
    pub messages: Vec<Laid>,
    /// Ask after this next time.
    pub next: i64,
}

/// The stable code of a problem document (RFC 9457).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// `order.unknown`, …
    pub code: String,
    /// In words.
    pub detail: String,
}

#[cfg(test)]
mod tests;
