//! The path of the money: what is known of it (facts), and what that comes to (the trail).
//!
//! Facts are plain and come from elsewhere: payments from the report, orders and answer lines from the
//! partners. `rules::build` turns them into a [`Trail`]; nothing here reads a database or a clock.

mod kinds;

use std::collections::BTreeMap;

use kernel::{Asset, Money, Timestamp};
pub use kinds::{EdgeState, EndKind, Exit};
use serde::{Deserialize, Serialize};

/// An account, card or wallet as it may be shown, with a key that tells whether two mentions are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// Equal for equal accounts: a keyed token, never the number itself.
    pub key: String,
    /// Who keeps it: name or code of the institution.
    pub institution: String,
    /// The number, masked.
    pub masked: String,
}

/// Something that is known about the money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrailFact {
    /// A payment that the reporter disputes.
    Payment(Payment),
    /// An order that asks an institution about money.
    Asked(Asked),
    /// A line of a partner's answer.
    Line(Line),
    /// A partner let the time for an answer pass.
    Silent {
        /// Key of the order.
        order: String,
    },
    /// A line is no institution's word: an exhibit tells it. Where only the day is known it happened at its time or later, until then.
    ByExhibit {
        /// Key of the line.
        line: String,
        /// The latest that it can have been.
        latest: Timestamp,
    },
    /// An account is an organisation's that everybody deals with: nothing is made of money that passes it.
    Organisation {
        /// Key of the account.
        account: String,
    },
}

/// A payment that the reporter disputes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Key of this fact; equal keys are one fact.
    pub key: String,
    /// The payer's account.
    pub from: Account,
    /// Where it went; `None` while only the payer's bank knows.
    pub to: Option<Account>,
    /// How much.
    pub amount: Money,
    /// When; the earliest that was told.
    pub at: Timestamp,
    /// The latest that it can have been: the same where the time was told exactly.
    pub latest: Timestamp,
    /// Reference of the transaction, if known.
    pub reference: Option<String>,
    /// Who reported it: equal for payments of one report, whatever accounts they were made from.
    pub reporter: String,
}

/// An order that asks an institution to hold money, or to say where it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Key of this fact: one order, one object.
    pub key: String,
    /// The account it names.
    pub account: Account,
    /// Key of the payment or line that brought the money there. Where it names the *payer's* account and a
    /// payment, it is the payer's bank that is asked.
    pub because: String,
    /// The most that may be held.
    pub cap: Money,
    /// Whether an answer may still come: what it asks for then counts as asked, not as unaccounted for.
    pub open: bool,
}

/// A line of a partner's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Key of this fact; equal keys are one fact.
    pub key: String,
    /// Key of the order it answers.
    pub order: String,
    /// What it says.
    pub what: What,
    /// How much; `None` where the code has no amount.
    pub amount: Option<Money>,
    /// When, by the partner's clock.
    pub at: Timestamp,
    /// Reference of the transaction: the same movement told in two answers counts once.
    pub reference: Option<String>,
    /// What stood on the account just before the disputed money came in, where the bank says it.
    pub stood_before: Option<Money>,
}

/// What a line says. Lines without effect on money (received, question, technical fault) are no facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// H10, H11: held now. A second statement of the same order replaces the first.
    Held,
    /// H12: held already under somebody else's request.
    HeldElsewhere,
    /// M20 to M25: it left the account. With `next` the money can be followed there; without, it ends here.
    Left {
        /// How it left.
        how: Exit,
        /// Where to, if it can be followed.
        next: Option<Account>,
    },
    /// N33: spent, nothing left.
    Gone,
    /// N30 to N32: no such account, transaction or client.
    NotFound,
    /// R40 to R42: refused.
    Refused,
    /// L60 to L62: a hold ended; without an amount, all of it.
    Released,
    /// P70, P71: returned to the victim or paid to the state.
    Returned,
}

/// An account on the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The account.
    pub account: Account,
    /// Movements from the payer, by the shortest path: 0 is a payer, 1 received a payment.
    pub hop: u32,
    /// Disputed money that began here: what payers paid.
    pub began: Money,
    /// What may still be asked for here; see [`Trail::unaccounted`].
    pub unaccounted: Money,
}

/// A movement of disputed money between two accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Key of the payment or line.
    pub key: String,
    /// Index of the sending node.
    pub from: usize,
    /// Index of the receiving node.
    pub to: usize,
    /// The disputed part.
    pub amount: Money,
    /// The whole movement, older money included.
    pub whole: Money,
    /// When, by the clock of whoever told it; the earliest that was told.
    pub at: Timestamp,
    /// The latest that it can have been.
    pub latest: Timestamp,
    /// How sure it is.
    pub state: EdgeState,
    /// Reference of the transaction, where it is told: several answers may each tell a part of one movement.
    pub reference: Option<String>,
    /// Of how many reporters it carries money, by first in, first out.
    pub payers: usize,
}

/// Where a sum came to rest, or to an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Index of the node.
    pub node: usize,
    /// What became of it.
    pub kind: EndKind,
    /// How much of the disputed money.
    pub amount: Money,
    /// When, if somebody said.
    pub at: Option<Timestamp>,
    /// Key of the order that tells, if there is one.
    pub order: Option<String>,
}

/// Something in the facts that an officer should see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A line moved older money only: by first in, first out nothing disputed left with it.
    OlderMoney {
        /// Key of the line.
        line: String,
    },
    /// More is held, released or returned than the disputed money that was there.
    Beyond {
        /// Key of the line.
        line: String,
        /// By how much.
        amount: Money,
    },
    /// The stated balance is lower than the movements explain: something left that was not told.
    Unlisted {
        /// Index of the node.
        node: usize,
        /// How much of the disputed money that concerns.
        amount: Money,
    },
    /// The payer's bank says that a payment went to another account than the reporter said.
    WentElsewhere {
        /// Key of the payment.
        payment: String,
        /// Key of the line.
        line: String,
    },
    /// A fact that belongs to nothing here, or has an impossible amount or another asset; it is left out.
    Ignored {
        /// Key of the fact.
        key: String,
        /// Why.
        why: Ignored,
    },
}

/// Why a fact is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// It answers an order, or an order follows a movement, that is not among the facts.
    Orphan,
    /// Another asset than the trail's.
    OtherAsset,
    /// Missing, negative, zero where money must have moved, or absurdly large.
    Amount,
    /// More facts than one trail takes.
    TooMany,
}

/// The books of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Index of the node.
    pub node: usize,
    /// Disputed money that began here or came in.
    pub came: Money,
    /// Disputed money that went on to other nodes.
    pub went: Money,
    /// Disputed money that came to an end here.
    pub ended: Money,
    /// `came - went - ended`: zero, or the trail is wrong.
    pub difference: Money,
}

/// The path of disputed money of one asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// The asset of all sums.
    pub asset: Asset,
    /// Accounts, in the order in which the money reached them.
    pub nodes: Vec<Node>,
    /// Movements, in the order in which they happened.
    pub edges: Vec<Edge>,
    /// Ends, by node.
    pub ends: Vec<End>,
    /// What an officer should see.
    pub findings: Vec<Finding>,
    /// By node: money of how many reporters came here, by first in, first out.
    pub(crate) payers: Vec<usize>,
    pub(crate) askable: BTreeMap<(usize, String), i64>,
    /// Lines that tell of a movement told already: of which payment, or of which other line.
    pub(crate) confirmed: BTreeMap<String, String>,
}

impl Trail {
    /// Adds up the books of every node from edges and ends alone.
    #[must_use]
    pub fn check(&self) -> Vec<Balance> {
        // By nodes at once: a path of fifty thousand movements is added up in one go.
        let mut books: Vec<[i64; 3]> = self.nodes.iter().map(|n| [n.began.minor(), 0, 0]).collect();
        let mut add = |node: usize, column: usize, amount: Money| {
            if let Some(cell) = books.get_mut(node).and_then(|row| row.get_mut(column)) {
                *cell = cell.saturating_add(amount.minor());
            }
        };
        for edge in &self.edges {
            add(edge.to, 0, edge.amount);
            add(edge.from, 1, edge.amount);
        }
        self.ends.iter().for_each(|end| add(end.node, 2, end.amount));
        let money = |minor| Money::from_minor(minor, self.asset);
        let of = |(node, [came, went, ended]): (usize, [i64; 3])| {
            let difference = money(came.saturating_sub(went).saturating_sub(ended));
            Balance { node, came: money(came), went: money(went), ended: money(ended), difference }
        };
        books.into_iter().enumerate().map(of).collect()
    }

    /// What brought the money to where a line says it went: the line itself, or, where it only repeats what is
    /// known (the payer's bank confirms a payment, a bank tells one movement in two answers), the payment or
    /// line that counts. An order that follows the line names it as its `because`, and is derived from it.
    #[must_use]
    pub fn cause<'a>(&'a self, line: &'a str) -> &'a str {
        self.confirmed.get(line).map_or(line, String::as_str)
    }

    /// Whether disputed money left by this line, as far as the trail can tell.
    #[must_use]
    pub fn moved_disputed(&self, line: &str) -> bool {
        let denies = |finding: &Finding| match finding {
            Finding::OlderMoney { line: other } | Finding::Ignored { key: other, .. } => other == line,
            _ => false,
        };
        !self.confirmed.contains_key(line) && !self.findings.iter().any(denies)
    }

    /// The sum of all ends of one kind.
    #[must_use]
    pub fn total(&self, kind: EndKind) -> Money {
        let ends = self.ends.iter().filter(|e| e.kind == kind);
        Money::from_minor(ends.map(|e| e.amount.minor()).fold(0, i64::saturating_add), self.asset)
    }

    /// The disputed sum: what payers paid.
    #[must_use]
    pub fn disputed(&self) -> Money {
        let began = self.nodes.iter().map(|n| n.began.minor());
        Money::from_minor(began.fold(0, i64::saturating_add), self.asset)
    }

    /// What may still be asked for at `account` because of the payment or line `because`: disputed money that
    /// came by it, is still there as far as anybody knows, and is under no open order. The cap of a new order
    /// is at most this; so the orders of a trail never ask for more than the sum unaccounted for. Money whose
    /// hold has ended is not in it: to ask again for what was released is a person's decision.
    #[must_use]
    pub fn unaccounted(&self, account: &str, because: &str) -> Money {
        let node = self.nodes.iter().position(|n| n.account.key == account);
        let left = node.and_then(|n| self.askable.get(&(n, because.to_owned()))).copied().unwrap_or(0);
        Money::from_minor(left, self.asset)
    }
}
