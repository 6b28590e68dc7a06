//! What the world is made of: accounts, transfers, and the segments of money that lie in or have left an account.

use super::arena::Id;
use crate::country::Kind;
use crate::moment::Moment;
use crate::money::Minor;

/// Number of an [`Account`].
pub type AccountId = Id<Account>;
/// Number of a [`Transfer`].
pub type TransferId = Id<Transfer>;
/// Number of a [`Segment`].
pub type SegmentId = Id<Segment>;
/// Number of a [`Hold`].
pub type HoldId = Id<Hold>;
/// Number of a [`Claim`].
pub type ClaimId = Id<Claim>;
/// Number of a [`Payment`].
pub type PaymentId = Id<Payment>;
/// Number of a [`Loss`].
pub type LossId = Id<Loss>;
/// Number of a [`House`].
pub type HouseId = Id<House>;

/// An institution as the world sees it.
#[derive(Debug, Clone)]
pub struct House {
    /// Its code.
    pub code: String,
    /// What it is.
    pub kind: Kind,
    /// Its digits in an IBAN.
    pub iban_code: Option<String>,
    /// First six digits of its cards.
    pub bin: Option<String>,
}

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Somebody's, mules among them.
    Client,
    /// Cash handed out by the machines of one house.
    Machines,
    /// Shops.
    Shops,
    /// Addresses on chains.
    Chains,
    /// The world abroad.
    Abroad,
    /// Where money comes from that is in no other account: wages, loans, savings. Goes below zero.
    Source,
}

/// How an account can be named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// IBAN without spaces.
    pub iban: Option<String>,
    /// Whole card number; never leaves the house.
    pub card: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// Client number at an exchange.
    pub number: Option<String>,
}

/// Which of its names an account was called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// IBAN.
    Iban,
    /// Card.
    Card,
    /// Phone.
    Phone,
    /// Client number.
    Number,
}

/// One account. `balance` is all that lies in it, `held` the part that may not leave.
#[derive(Debug, Clone)]
pub struct Account {
    /// Where it is kept; `None` for places outside the institutions.
    pub house: Option<HouseId>,
    /// What it is for.
    pub owner: Owner,
    /// What it is called.
    pub names: Names,
    /// Whose it is, an invented person.
    pub holder: String,
    /// Key of that person, where it is a client's.
    pub who: Option<u64>,
    /// All money in it.
    pub balance: Minor,
    /// What may not leave.
    pub held: Minor,
    /// Segments that lie here, oldest first.
    pub(super) lots: Vec<SegmentId>,
    /// Transfers that came in, oldest first.
    pub(super) inflows: Vec<TransferId>,
}

impl Account {
    /// What may leave.
    #[must_use]
    pub fn available(&self) -> Minor {
        self.balance - self.held
    }
    /// The name that its house prefers in its answers.
    #[must_use]
    pub fn best_name(&self) -> By {
        match (&self.names.iban, &self.names.number) {
            (Some(_), _) => By::Iban,
            (None, Some(_)) => By::Number,
            (None, None) => By::Phone,
        }
    }
    /// Its name of the given sort as it may leave the house: a card by its ends only.
    #[must_use]
    pub fn called(&self, by: By) -> Option<String> {
        match by {
            By::Iban => self.names.iban.clone(),
            By::Card => self.names.card.as_deref().map(crate::ids::masked),
            By::Phone => self.names.phone.clone(),
            By::Number => self.names.number.clone(),
        }
    }
}

/// What a transfer was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Money put into an account from outside.
    Opening,
    /// Ordinary life.
    Background,
    /// A victim's payment.
    Payment(PaymentId),
    /// A mule's forward.
    Forward,
    /// Held money that went back to a victim by order.
    Returned,
    /// Cash at a machine of the account's house, by its number.
    Cash(u64),
    /// A purchase, by the shop's number.
    Purchase(u64),
    /// To a chain address.
    Chain {
        /// `wallet_btc`, `wallet_eth` or `wallet_tron`.
        kind: &'static str,
        /// The address.
        address: String,
    },
    /// To an invented bank abroad, by its number.
    Abroad(u64),
}

/// Money that moved from one account to another.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Payer.
    pub from: AccountId,
    /// Payee.
    pub to: AccountId,
    /// How much.
    pub amount: Minor,
    /// When.
    pub at: Moment,
    /// What it was.
    pub how: How,
    /// How the payee was named.
    pub by: By,
    /// What became of it at the payee, in order; empty for places outside the institutions.
    pub(super) parts: Vec<SegmentId>,
}

/// What became of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Lies in its account.
    Here,
    /// Lies in its account and may not leave.
    Held(HoldId),
    /// Left with a transfer.
    Gone(TransferId),
}

/// A piece of money that came into one account with one transfer. Segments are split, never merged, so that
/// the way of every tiyn can be told: first in, first out.
#[derive(Debug, Clone)]
pub struct Segment {
    pub(super) account: AccountId,
    pub(super) came: TransferId,
    pub(super) origin: Option<PaymentId>,
    pub(super) amount: Minor,
    pub(super) fate: Fate,
    pub(super) claim: Option<ClaimId>,
}

/// Why money may not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Reserved for a victim's payment on its way.
    Payment(PaymentId),
    /// Held by an order.
    Order(ClaimId),
}

/// What ended a hold, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freed {
    /// Its time was over.
    Lapsed,
    /// Whoever ordered it ended it.
    ByOrder,
    /// The client proved the money to be its own.
    ByProof,
    /// The payment went through.
    Settled,
    /// It went back to the victim.
    Returned,
}

/// Money of one account that may not leave.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Why.
    pub why: Why,
    /// Where.
    pub account: AccountId,
    /// How much at first.
    pub ever: Minor,
    /// How much now.
    pub now: Minor,
    /// Since when.
    pub at: Moment,
    /// What was freed, when and why.
    pub freed: Vec<(Moment, Freed, Minor)>,
}

/// What one order asks about one account: which money has already been accounted for to whom.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The order.
    pub order: String,
    /// The object of the order.
    pub object: String,
    /// Most that may be held.
    pub cap: Minor,
}

/// State of a victim's payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Not made yet.
    Planned,
    /// The paying house is asking about the payee first.
    Asked,
    /// The paying house did not carry it out.
    Declined,
    /// The victim was asked and gave it up.
    GivenUp,
    /// On its way, reserved at the payer.
    OnItsWay(HoldId),
    /// Arrived.
    Arrived(TransferId),
    /// Stopped at the paying house before it arrived.
    Stopped,
}

/// One payment of a victim.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Whose loss it belongs to.
    pub loss: LossId,
    /// The victim's account.
    pub payer: AccountId,
    /// The first mule account.
    pub payee: AccountId,
    /// How the victim named it.
    pub by: By,
    /// How much.
    pub amount: Minor,
    /// When the victim paid.
    pub at: Moment,
    /// Where it is.
    pub stage: Stage,
}

impl Stage {
    /// Whether the payment was made.
    #[must_use]
    pub const fn is_made(self) -> bool {
        matches!(self, Self::OnItsWay(_) | Self::Arrived(_) | Self::Stopped)
    }
    /// Whether the payment will never be made, since the paying house asked first.
    #[must_use]
    pub const fn is_prevented(self) -> bool {
        matches!(self, Self::Declined | Self::GivenUp)
    }
}

/// One victim's matter.
#[derive(Debug, Clone)]
pub struct Loss {
    /// Key of all dice about this victim.
    pub key: u64,
    /// The victim's account.
    pub account: AccountId,
    /// Payments, oldest first; empty where nothing was paid.
    pub payments: Vec<PaymentId>,
    /// When the victim reports.
    pub report_at: Moment,
    /// Through the bank instead of the portal.
    pub by_bank: bool,
    /// Whether the fraudsters are still at it when the report is made.
    pub ongoing: bool,
    /// The mule network that was served.
    pub network: usize,
}
