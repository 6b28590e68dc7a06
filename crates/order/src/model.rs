//! What an order is.

use kernel::{Asset, Header, Money, Personal, Timestamp};
use profile::{Measure, Scope};
use report::{PaymentId, ReportId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::details::Details;

kernel::id_kind!(
    /// A demand to a partner.
    OrderKind, OrderId, "ord"
);
kernel::id_kind!(
    /// One thing an order names.
    ObjectKind, ObjectId, "obj"
);

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for approval.
    Drafted,
    /// On its way; nobody has confirmed it.
    Sent,
    /// The partner confirmed that it has it.
    Acknowledged,
    /// The partner said what became of the money.
    Answered,
    /// Ended by order before its time.
    Released,
    /// Ended by its own term.
    Lapsed,
    /// Taken back before it was sent.
    Cancelled,
}

impl Status {
    /// All of them, in the order of life.
    pub const ALL: [Self; 7] = [
        Self::Drafted,
        Self::Sent,
        Self::Acknowledged,
        Self::Answered,
        Self::Released,
        Self::Lapsed,
        Self::Cancelled,
    ];
    /// As in columns, messages and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::Answered => "answered",
            Self::Released => "released",
            Self::Lapsed => "lapsed",
            Self::Cancelled => "cancelled",
        }
    }
    /// Reads [`Status::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
    /// Whether the partner is bound by it now.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Acknowledged | Self::Answered)
    }
}

/// Declares the states of an object with their spelling.
macro_rules! states {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// What is known of one object.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ObjectState { $($(#[$doc])* $variant,)+ }

        impl ObjectState {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// As in columns and keys of texts.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
            /// Reads [`ObjectState::as_str`].
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|s| s.as_str() == text)
            }
        }
    };
}

states!(
    /// Asked, no word yet.
    Asked = "asked",
    /// All of the cap is held.
    Held = "held",
    /// A part is held.
    PartlyHeld = "partly_held",
    /// Held already under somebody else's request.
    HeldElsewhere = "held_elsewhere",
    /// Moved on; the next hop shows where to.
    Moved = "moved",
    /// Taken out in cash.
    Cash = "cash",
    /// Spent.
    Spent = "spent",
    /// Went abroad.
    Abroad = "abroad",
    /// No such account, transaction or client.
    NotFound = "not_found",
    /// Refused with a reason.
    Refused = "refused",
    /// The partner asks something.
    Question = "question",
    /// Carried out: blocked, restricted, stopped, listed.
    Done = "done",
    /// Carried out in part.
    PartlyDone = "partly_done",
    /// In force already under somebody else's demand.
    DoneElsewhere = "done_elsewhere",
    /// Whoever keeps the resource has removed it.
    Removed = "removed",
    /// The number has gone to another operator.
    Ported = "ported",
    /// It is served abroad.
    ServedAbroad = "served_abroad",
    /// The partner's own check did not confirm it.
    NotConfirmed = "not_confirmed",
    /// The data are kept.
    Kept = "kept",
    /// The data were handed over.
    Disclosed = "disclosed",
    /// A part of the data was handed over.
    PartlyDisclosed = "partly_disclosed",
    /// Nothing is kept any more.
    NothingKept = "nothing_kept",
    /// Ended by order.
    Released = "released",
    /// Ended by its term.
    Lapsed = "lapsed",
    /// Returned to the victim or the state.
    Returned = "returned",
);

impl ObjectState {
    /// Whether the partner still owes a word about it.
    #[must_use]
    pub const fn is_unanswered(self) -> bool {
        matches!(self, Self::Asked | Self::Question)
    }
    /// Whether something is restricted by it now.
    #[must_use]
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Held | Self::PartlyHeld | Self::Done | Self::PartlyDone | Self::Removed)
    }
    /// Whether the office's end of it decides its state: nothing has happened yet, or what has is in force.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.is_unanswered() || self.is_in_force()
    }
}

/// A demand to a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Database key.
    pub id: OrderId,
    /// The common header; its basis is the legal basis and its version.
    pub header: Header,
    /// The report it serves.
    pub report: ReportId,
    /// That report's public number.
    pub report_number: String,
    /// What is asked.
    pub measure: Measure,
    /// How much of the account it touches.
    pub scope: Scope,
    /// Code of the institution that must carry it out.
    pub executor: String,
    /// Code of the institution it is handed to: the executor, or the authority before it.
    pub gateway: String,
    /// 1 for the account that the victim paid into, counting up along the path; 0 for the victim's own bank.
    pub hop: i64,
    /// The most that may be held by it or must be returned, over all objects; nothing where it is not about money.
    pub cap: Money,
    /// When it was asked (office time).
    pub requested_at: Timestamp,
    /// By when receipt must be confirmed.
    pub ack_due: Timestamp,
    /// By when it must be answered.
    pub action_due: Timestamp,
    /// When it ends by itself, as it was asked: see [`Order::ends_at`].
    pub expires_at: Timestamp,
    /// When it ends if it was made to go on.
    pub extended_until: Option<Timestamp>,
    /// Where it stands.
    pub status: Status,
    /// Why it waits for a person, as a key of texts; empty where it does not.
    pub why_waiting: String,
    /// The standing approval that sent it, and its version.
    pub approval: Option<(Uuid, i64)>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When receipt was confirmed.
    pub acknowledged_at: Option<Timestamp>,
    /// When the first answer about the money came.
    pub answered_at: Option<Timestamp>,
    /// When its silence was escalated.
    pub escalated_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl Order {
    /// When it ends by itself as things are.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        self.extended_until.unwrap_or(self.expires_at)
    }
}

/// One thing an order names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Database key.
    pub id: ObjectId,
    /// Its order.
    pub order: OrderId,
    /// The report it serves, whose key seals its personal fields.
    pub report: ReportId,
    /// The payment it begins with; only on the first hop.
    pub payment: Option<PaymentId>,
    /// The object whose answer led here.
    pub parent: Option<ObjectId>,
    /// Kind of identifier.
    pub kind: String,
    /// What may be shown.
    pub masked: String,
    /// The most that may be held; nothing where the measure is not about money.
    pub cap: Money,
    /// What is known.
    pub state: ObjectState,
    /// How much is held now.
    pub held: Money,
    /// Since when.
    pub held_at: Option<Timestamp>,
    /// The most that the office leaves held after it ended or corrected the hold; `None` while it has not.
    pub keep: Option<Money>,
    /// When this was last changed.
    pub changed_at: Timestamp,
}

/// The transfer that makes the money disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// How much moved by it, smallest units.
    pub amount_minor: i64,
    /// Its asset.
    pub asset: Asset,
    /// When (office time).
    pub at: Timestamp,
    /// The bank's reference, if known.
    pub reference: Option<String>,
    /// Institution it came from.
    pub from_institution: Option<String>,
    /// Account it came from.
    pub from_account: Option<String>,
    /// By what the payer's institution knows who paid. Told to that institution alone.
    #[serde(default)]
    pub from_client: Option<Client>,
    /// `in`: it came into the named account; `out`: it left it.
    pub direction: Direction,
    /// Key of the answer line that led here, for the trail; empty on the first hop.
    #[serde(default)]
    pub because: String,
}

/// What a reporter left by which an institution finds its own client. Sealed like everything in a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Client {
    /// Number of the person in the country's register, where it was told: then it decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iin: Option<String>,
    /// Phone, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Which way the trigger went, seen from the named account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Money came in.
    In,
    /// Money left: the victim's own bank is asked to stop it or to say where it went.
    Out,
}

/// One step of an order's route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// 0 is the submitter.
    pub no: i64,
    /// `submitter`, `authority`, `executor`.
    pub role: String,
    /// Institution code.
    pub institution: String,
    /// Channel that carries it: `partner_api`, `relayed`.
    pub gateway: String,
    /// By when this step must confirm.
    pub due: Option<Timestamp>,
    /// When it confirmed.
    pub reached_at: Option<Timestamp>,
    /// Its last answer code.
    pub answer: String,
}

/// What was put before the prosecutor about an order, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sanction {
    /// When it was put before the prosecutor (office time).
    pub requested_at: Timestamp,
    /// By whom, as the actor's label.
    pub requested_by: String,
    /// By when a decision is wanted: the profile's clock, but never after the held money is let go.
    pub due_at: Timestamp,
    /// Hash of what is to be sanctioned.
    pub content: [u8; 32],
    /// `true` given, `false` refused, `None` not decided.
    pub given: Option<bool>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom, as the actor's label.
    pub decided_by: Option<String>,
    /// Why, sealed under the report's key.
    pub reason_sealed: Option<Vec<u8>>,
    /// The act as signed: JSON without personal data.
    pub act: Option<Vec<u8>>,
    /// The node's Ed25519 signature over it.
    pub signature: Option<Vec<u8>>,
    /// By which key.
    pub keyid: Option<String>,
}

/// What the holder of a restricted thing is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderNotice {
    /// About which object; one notice each.
    pub object: ObjectId,
    /// Its order.
    pub order: OrderId,
    /// The report whose key seals the code.
    pub report: ReportId,
    /// The code by which an objection is made, sealed; empty once the report was erased.
    pub code_sealed: Vec<u8>,
    /// When it was made (office time).
    pub drafted_at: Timestamp,
    /// By when the law wants the holder told.
    pub due_at: Timestamp,
    /// When the holder was told, as the institution says.
    pub told_at: Option<Timestamp>,
}

/// What a new order asks, before it is judged by the law.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Derived from what it answers to, so that the same fact leads to one order only.
    pub id: OrderId,
    /// What is asked.
    pub measure: Measure,
    /// How much of the account it touches.
    pub scope: Scope,
    /// Why a wide scope is needed; sealed under the report's key.
    pub reason: Option<Personal<String>>,
    /// The report it serves.
    pub report: ReportId,
    /// That report's number.
    pub report_number: String,
    /// Position on the path.
    pub hop: i64,
    /// Who must carry it out.
    pub executor: String,
    /// What it names: at least one thing, all of the same asset.
    pub objects: Vec<NewObject>,
    /// A reason why a person must look first, as a key of texts; `None` to let a standing approval send it.
    pub hold_back: Option<String>,
}

/// One thing that a new order names.
#[derive(Debug, Clone)]
pub struct NewObject {
    /// The payment it begins with.
    pub payment: Option<PaymentId>,
    /// The object whose answer led here.
    pub parent: Option<ObjectId>,
    /// Kind of identifier.
    pub kind: String,
    /// The account, number or address, in full.
    pub value: Personal<String>,
    /// What may be shown.
    pub masked: String,
    /// The most that may be held; nothing where the measure is not about money.
    pub cap: Money,
    /// The transfer that makes it disputed, where there is one.
    pub trigger: Option<Trigger>,
    /// What more is said of it.
    pub details: Option<Details>,
}

/// An object with its personal fields opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The object.
    pub object: Object,
    /// The account, number or address.
    pub value: Personal<String>,
    /// The transfer behind it, where there is one.
    pub trigger: Option<Trigger>,
    /// What more is said of it.
    pub details: Option<Details>,
}
