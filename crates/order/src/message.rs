//! Messages between the node and its partners, `name.vN`, as `docs/partner-api/README.md` has them.
//! Readers are tolerant: unknown fields are ignored, unknown codes kept.

use kernel::{Asset, Money, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::details::Details;
use crate::model::Client;

/// An amount: decimal text and currency code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Amount {
    /// Decimal text with a point, `620000.00`.
    pub amount: String,
    /// Currency or asset code.
    pub currency: String,
}

impl Amount {
    /// For a message.
    #[must_use]
    pub fn of(money: Money) -> Self {
        Self { amount: money.to_decimal(), currency: money.asset().code().to_owned() }
    }
    /// Reads it as an amount of `asset`, zero included. `None` for another currency, a sign, a separator, too
    /// many digits.
    #[must_use]
    pub fn read(&self, asset: Asset) -> Option<Money> {
        if self.currency != asset.code() {
            return None;
        }
        Money::from_decimal(&self.amount, asset).ok()
    }
}

/// An account, card or wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// `iban`, `account`, `card`, `phone`, `wallet_btc`, `wallet_eth`, `wallet_tron`.
    pub kind: String,
    /// Canonical form.
    pub value: String,
}

/// One line of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default, ToSchema)]
pub struct Line {
    /// Answer code of form F3.
    pub code: String,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// With H10 and H11: balance of the account just before the hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_before: Option<Amount>,
    /// What stood on the account just before the disputed money came. Given, the amounts of M20 to M25 are
    /// whole movements and the platform tells the disputed part, first in, first out; left out, they are
    /// taken as the disputed part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood_before: Option<Amount>,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Institution it went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// Account it went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The bank's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Cash machine or till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How long its pictures are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera_until: Option<String>,
    /// With K10: how long the data asked for are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// When the subscriber or holder was told, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<String>,
    /// How many other numbers the same subscriber has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_numbers: Option<u32>,
    /// Merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// Words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The partner's own code where none of ours fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_code: Option<String>,
}

/// `answer.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// `answer.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The partner's own key of this answer, 1 to 64 of letters, digits, `-_.`; kept for ever.
    pub answer_id: String,
    /// The order.
    pub order_id: String,
    /// The institution that acted.
    pub executor: String,
    /// The object; left out only where `A00` acknowledges the whole order.
    #[serde(default)]
    pub object_id: Option<String>,
    /// When it was so, RFC 3339.
    pub at: String,
    /// What happened.
    pub lines: Vec<Line>,
    /// Words.
    #[serde(default)]
    pub text: Option<String>,
}

/// The answer to an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recorded {
    /// `recorded`.
    pub status: String,
    /// The order's state now.
    pub order: String,
}

/// One step of a route in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteStep {
    /// 0 is the submitter.
    pub no: i64,
    /// `submitter`, `authority`, `executor`.
    pub role: String,
    /// Institution code.
    pub institution: String,
}

/// The law behind an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BasisRef {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// Id of the act in its register.
    pub act: String,
    /// Article.
    pub article: String,
    /// Short text by language.
    pub text: std::collections::BTreeMap<String, String>,
}

/// Who stands behind an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalRef {
    /// `standing` or `per_order`.
    pub kind: String,
    /// Id of the standing approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// The transfer that makes the money disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TriggerRef {
    /// How much moved by it.
    pub amount: Amount,
    /// When, RFC 3339.
    pub at: String,
    /// The bank's reference, if known.
    pub reference: Option<String>,
    /// Institution it came from.
    pub from_institution: Option<String>,
    /// Account it came from.
    pub from_account: Option<Account>,
    /// Who paid, by what the payer's institution knows its client; only in an order to that institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_client: Option<Client>,
    /// `in`: it came into the named account; `out`: it left it.
    pub direction: String,
}

/// One thing an order names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ObjectRef {
    /// `obj_…`.
    pub object_id: String,
    /// `iban`, `account`, `card`, `phone`, `wallet_btc`, `wallet_eth`, `wallet_tron`; `sim`, `imei`, `sender`;
    /// `url`, `domain`, `ip`, `app`, `advertisement`, `handle`; `material`, `person`.
    pub kind: String,
    /// Canonical form.
    pub value: String,
    /// The most that may be held or is to be returned; only where the measure is about money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Amount>,
    /// Position on the path.
    pub hop: i64,
    /// The object whose answer led here.
    pub parent_object: Option<String>,
    /// The transfer that makes the money disputed, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<TriggerRef>,
    /// What more the order says of this object, by measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
}

/// `order.v1`: what a partner's gateway and inbox receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderMessage {
    /// `order.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// There, and true, in trial orders to institutions in test mode: invented, nothing is to be done but to answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trial: bool,
    /// The same at every repetition.
    pub message_id: String,
    /// `ord_…`.
    pub order_id: String,
    /// What is asked: `hold`, `number_block`, `resource_restriction`, `disclosure`, …
    pub measure: String,
    /// Who passes it on to whom.
    pub route: Vec<RouteStep>,
    /// Who must carry it out.
    pub executor: String,
    /// The law behind it.
    pub basis: BasisRef,
    /// Who stands behind it.
    pub approval: ApprovalRef,
    /// Public number of the report.
    pub report: String,
    /// `normal` or `urgent`.
    pub priority: String,
    /// How much of the account it touches.
    pub scope: String,
    /// Why a wider scope is needed, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether wages, pensions and benefits stay usable.
    pub exempt_receipts: bool,
    /// What it names.
    pub objects: Vec<ObjectRef>,
    /// When it was asked.
    pub requested_at: String,
    /// By when receipt must be confirmed.
    pub ack_due: String,
    /// By when it must be answered.
    pub action_due: String,
    /// When it ends by itself.
    pub expires_at: String,
}

/// `release.v1`: a hold ends before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseMessage {
    /// `release.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same at every repetition.
    pub message_id: String,
    /// `ord_…`.
    pub order_id: String,
    /// `obj_…`.
    pub object_id: Option<String>,
    /// Who must carry it out.
    pub executor: String,
    /// `L61` by order, `L62` after the client's proof.
    pub code: String,
    /// The part that is freed; all if left out.
    pub amount: Option<Amount>,
    /// Why.
    pub reason: String,
    /// When it was ordered.
    pub at: String,
}

/// `reminder.v1`: an acknowledgement or answer is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReminderMessage {
    /// `reminder.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same at every repetition.
    pub message_id: String,
    /// `ord_…`.
    pub order_id: String,
    /// Who must carry it out.
    pub executor: String,
    /// What was due when.
    pub due: String,
}

/// `notice.v1`: what the holder of a restricted thing is to be told. The partner hands it over and answers `S10`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeMessage {
    /// `notice.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same at every repetition.
    pub message_id: String,
    /// `ord_…`.
    pub order_id: String,
    /// `obj_…`.
    pub object_id: String,
    /// Who must hand it over.
    pub executor: String,
    /// The text by language.
    pub text: std::collections::BTreeMap<String, String>,
    /// By when the holder must have it.
    pub due: String,
}

/// `correction.v1`: nothing stands against a thing any more. The partner puts its own records right and answers
/// `S20`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CorrectionMessage {
    /// `correction.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same at every repetition.
    pub message_id: String,
    /// The order through which the thing was received, `ord_…`.
    pub order_id: String,
    /// `obj_…`.
    pub object_id: String,
    /// Who must put it right.
    pub executor: String,
    /// When it was decided.
    pub at: String,
}

/// Any message of the node to a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Message {
    /// `order.v1`.
    Order(Box<OrderMessage>),
    /// `release.v1`.
    Release(ReleaseMessage),
    /// `notice.v1`; before the reminder, whose every field it has.
    Notice(NoticeMessage),
    /// `reminder.v1`.
    Reminder(ReminderMessage),
    /// `correction.v1`.
    Correction(CorrectionMessage),
}

/// Reads an RFC 3339 time of a message.
#[must_use]
pub fn time(text: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(text)
}
