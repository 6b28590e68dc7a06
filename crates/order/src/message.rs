//! Messages between the node and its partners, `name.vN`, as `docs/partner-api/README.md` has them.
//! Readers are tolerant: unknown fields are ignored, unknown codes kept.

use kernel::{Asset, Money, Timestamp};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::described;
use crate::details::Details;
use crate::model::Client;

/// An amount: decimal text and currency code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Amount {
    /// Decimal text with a point, `620000.00`.
    #[schema(pattern = "^[0-9]{1,20}(\\.[0-9]{1,9})?$")]
    pub amount: String,
    /// Currency or asset code.
    #[schema(pattern = "^[A-Z0-9]{3,8}$")]
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

/// Whose the named account, number, card, wallet or name is. Fields that are not known are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default, ToSchema)]
pub struct HolderRef {
    /// `person` or `organisation`. Who trades in their own name is a person.
    #[schema(schema_with = described::holder_kind)]
    pub kind: String,
    /// `holder`, where nothing is said; `agent`, who may use it for the holder; `beneficiary`, who stands behind an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = described::holder_role)]
    pub role: Option<String>,
    /// The whole name, as the institution keeps it. Left out where it has the parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// Of a person: the family's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub last_name: Option<String>,
    /// Of a person: the given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub first_name: Option<String>,
    /// Of a person: the father's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub middle_name: Option<String>,
    /// Of a person: the individual identification number, with a right check digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]{12}$")]
    pub iin: Option<String>,
    /// Of an organisation: the business identification number, with a right check digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]{12}$")]
    pub bin: Option<String>,
    /// Of a person: the day of birth, `1990-05-17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub birth_date: Option<String>,
    /// Telephones, with the country's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 10)]
    pub phones: Option<Vec<String>>,
    /// The address, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// Where `device_log` was asked for: devices from which it was used, by IMEI or the application's own identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub devices: Option<Vec<String>>,
    /// Since which day it is theirs, `2024-02-29`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub from: Option<String>,
    /// Up to which day it was, or may be used by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub until: Option<String>,
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
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// Institution it went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 140)]
    pub institution: Option<String>,
    /// Account it went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The bank's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 140)]
    pub reference: Option<String>,
    /// Cash machine or till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 140)]
    pub terminal: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 140)]
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
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 2147483647)]
    pub other_numbers: Option<u32>,
    /// Merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub merchant: Option<String>,
    /// With D10 and D11, where `owner` was asked for: whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub holders: Option<Vec<HolderRef>>,
    /// Words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub text: Option<String>,
    /// The partner's own code where none of ours fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub native_code: Option<String>,
}

/// `answer.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// `answer.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = described::answer)]
    pub kind: String,
    /// The partner's own key of this answer, 1 to 64 of letters, digits, `-_.`; kept for ever.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,64}$")]
    pub answer_id: String,
    /// The order.
    #[schema(pattern = "^ord_[0-9a-f]{32}$")]
    pub order_id: String,
    /// The institution that acted.
    pub executor: String,
    /// The object; left out only where `A00` acknowledges the whole order.
    #[serde(default)]
    #[schema(pattern = "^obj_[0-9a-f]{32}$")]
    pub object_id: Option<String>,
    /// When it was so, RFC 3339.
    #[schema(format = DateTime)]
    pub at: String,
    /// What happened.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<Line>,
    /// Words.
    #[serde(default)]
    pub text: Option<String>,
}

/// The answer to an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recorded {
    /// `recorded`.
    #[schema(schema_with = described::recorded)]
    pub status: String,
    /// The order's state now.
    #[schema(schema_with = described::status)]
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
    #[schema(format = DateTime)]
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
    #[schema(pattern = "^obj_[0-9a-f]{32}$")]
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
    #[schema(schema_with = described::order)]
    pub kind: String,
    /// There, and true, in trial orders to institutions in test mode: invented, nothing is to be done but to answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trial: bool,
    /// The same at every repetition.
    #[schema(pattern = "^msg_[0-9a-f]{32}$")]
    pub message_id: String,
    /// `ord_…`.
    #[schema(pattern = "^ord_[0-9a-f]{32}$")]
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
    #[schema(format = DateTime)]
    pub requested_at: String,
    /// By when receipt must be confirmed.
    #[schema(format = DateTime)]
    pub ack_due: String,
    /// By when it must be answered.
    #[schema(format = DateTime)]
    pub action_due: String,
    /// When it ends by itself.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// `release.v1`: a hold ends before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseMessage {
    /// `release.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = described::release)]
    pub kind: String,
    /// The same at every repetition.
    #[schema(pattern = "^msg_[0-9a-f]{32}$")]
    pub message_id: String,
    /// `ord_…`.
    #[schema(pattern = "^ord_[0-9a-f]{32}$")]
    pub order_id: String,
    /// `obj_…`.
    #[schema(pattern = "^obj_[0-9a-f]{32}$")]
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
    #[schema(format = DateTime)]
    pub at: String,
}

/// `reminder.v1`: an acknowledgement or answer is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReminderMessage {
    /// `reminder.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = described::reminder)]
    pub kind: String,
    /// The same at every repetition.
    #[schema(pattern = "^msg_[0-9a-f]{32}$")]
    pub message_id: String,
    /// `ord_…`.
    #[schema(pattern = "^ord_[0-9a-f]{32}$")]
    pub order_id: String,
    /// Who must carry it out.
    pub executor: String,
    /// What was due when.
    #[schema(format = DateTime)]
    pub due: String,
}

/// `notice.v1`: what the holder of a restricted thing is to be told. The partner hands it over and answers `S10`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeMessage {
    /// `notice.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = described::notice)]
    pub kind: String,
    /// The same at every repetition.
    #[schema(pattern = "^msg_[0-9a-f]{32}$")]
    pub message_id: String,
    /// `ord_…`.
    #[schema(pattern = "^ord_[0-9a-f]{32}$")]
    pub order_id: String,
    /// `obj_…`.
    #[schema(pattern = "^obj_[0-9a-f]{32}$")]
    pub object_id: String,
    /// Who must hand it over.
    pub executor: String,
    /// The text by language.
    pub text: std::collections::BTreeMap<String, String>,
    /// By when the holder must have it.
    #[schema(format = DateTime)]
    pub due: String,
}

/// `correction.v1`: nothing stands against a thing any more. The partner puts its own records right and answers
/// `S20`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CorrectionMessage {
    /// `correction.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = described::correction)]
    pub kind: String,
    /// The same at every repetition.
    #[schema(pattern = "^msg_[0-9a-f]{32}$")]
    pub message_id: String,
    /// The order through which the thing was received, `ord_…`.
    #[schema(pattern = "^ord_[0-9a-f]{32}$")]
    pub order_id: String,
    /// `obj_…`.
    #[schema(pattern = "^obj_[0-9a-f]{32}$")]
    pub object_id: String,
    /// Who must put it right.
    pub executor: String,
    /// When it was decided.
    #[schema(format = DateTime)]
    pub at: String,
}

/// `clearance.v1`: of something the institution was told when it asked before a payment, and people have cleared it since. The
/// partner lets go whoever it stopped because of it; nothing is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClearanceMessage {
    /// `clearance.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = described::clearance)]
    pub kind: String,
    /// The same at every repetition.
    #[schema(pattern = "^msg_[0-9a-f]{32}$")]
    pub message_id: String,
    /// Who was told of it.
    pub executor: String,
    /// What was cleared.
    pub thing: ThingRef,
    /// When (office time).
    #[schema(format = DateTime)]
    pub at: String,
}

/// A thing that was cleared, as far as the office knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThingRef {
    /// What sort of thing, as in `/checks`.
    pub kind: String,
    /// What may be shown of it.
    pub masked: String,
    /// Its open hash, by which the partner finds it among its own; left out where none is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub hash: Option<String>,
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
    /// `clearance.v1`.
    Clearance(ClearanceMessage),
}

/// Reads a count. `202.0` is a whole number to JSON Schema and to all who write numbers by one type, so it is one here.
fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let Some(number) = Option::<serde_json::Number>::deserialize(from)? else { return Ok(None) };
    let text = number.to_string();
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    digits.parse().map(Some).map_err(|_| D::Error::custom(format!("`{number}` is not a count")))
}

/// Reads an RFC 3339 time of a message.
#[must_use]
pub fn time(text: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_however_they_are_written() {
        let read = |text: &str| {
            let line = format!(r#"{{"code": "B10", "other_numbers": {text}}}"#);
            serde_json::from_str::<Line>(&line).ok().map(|l| l.other_numbers)
        };
        for (text, want) in
            [("3", Some(3)), ("3.0", Some(3)), ("0.0", Some(0)), ("null", None), ("3e0", Some(3))]
        {
            assert_eq!(read(text), Some(want), "{text}");
        }
        for text in ["-1", "3.5", "4294967296", "1e30", "\"3\"", "true", "[]"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(serde_json::from_str::<Line>(r#"{"code": "B10"}"#).unwrap().other_numbers, None);
    }
}
