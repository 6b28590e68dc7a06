//! The full record of one legal basis: what the law lets whom do to whom, under which conditions.
//!
//! The record is data. `legal_basis` keeps its versions and judges acts by it.

use jiff::civil::Date;
use kernel::{Localised, Role};
use serde::{Deserialize, Serialize};

use crate::calendar::Term;
use crate::words::{AddresseeKind, ExemptReceipt, Measure, NotifyWhom, Scope, SourceMark};

/// One version of one legal basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasisRecord {
    /// Key that all versions share, `payments-25-1-hold`.
    pub key: String,
    /// Version in the profile, from 1 without gaps.
    pub version: u32,
    /// First day in force.
    pub from: Date,
    /// Last day in force, inclusive; `None` while it is.
    pub to: Option<Date>,
    /// The act's id in its state register, `Z1600000011`.
    pub act: String,
    /// What the act is called.
    pub act_name: Localised,
    /// Article, paragraph, item.
    pub article: String,
    /// A few words for lists.
    pub title: Localised,
    /// Short text of the provision, in every language of the profile.
    pub text: Localised,
    /// Measures it allows.
    pub measures: Vec<Measure>,
    /// Kinds of institution that an act under it may be addressed to.
    pub addressees: Vec<AddresseeKind>,
    /// Who signs each act.
    pub approvers: Approvers,
    /// Whether a prosecutor must sanction it.
    pub prosecutor_sanction: bool,
    /// Who signs a standing approval under it; `None` where each case must be approved on its own.
    pub standing: Option<StandingRule>,
    /// The law's own clocks.
    pub clocks: LawClocks,
    /// Longest term of the measure; `None` for acts that have no duration.
    pub max_term: Option<Term>,
    /// Whether and how the term may be extended.
    pub extension: Option<Extension>,
    /// How much of the object may be touched.
    pub scope: ScopeRule,
    /// Receipts that stay usable.
    pub exempt_receipts: Vec<ExemptReceipt>,
    /// Whom to tell, and when.
    pub notify: Vec<Notify>,
    /// Where and when one may object.
    pub appeal: Appeal,
    /// How well all this has been checked.
    pub source: Source,
}

/// How many distinct persons of which offices sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approvers {
    /// Distinct persons, none of them the author.
    pub count: u8,
    /// Offices that may sign; one is enough for each person.
    pub roles: Vec<Role>,
}

/// Terms of a standing approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingRule {
    /// Who signs it.
    pub approvers: Approvers,
    /// Longest time it may be given for, in days.
    pub max_days: u16,
    /// Widest scope it may cover.
    pub widest: Scope,
}

/// Clocks that the law itself sets, from receipt by the addressee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LawClocks {
    /// To acknowledge; `None` where the law is silent or not verified.
    pub ack: Option<Term>,
    /// To act.
    pub action: Option<Term>,
}

/// Extension of a measure's term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// By how much at once.
    pub term: Term,
    /// How many times.
    pub times: u8,
}

/// How much may be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeRule {
    /// Widest scope at all.
    pub widest: Scope,
    /// Anything wider than this must be reasoned in the act.
    pub reason_above: Scope,
}

/// A duty to tell somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    /// Whom.
    pub whom: NotifyWhom,
    /// Within what time of the act.
    pub within: Term,
}

/// The way to object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Who decides.
    pub body: Localised,
    /// Within what time one may object; `None` while the measure lasts.
    pub file_within: Option<Term>,
    /// Within what time it is decided.
    pub decide_within: Term,
}

/// Where the record comes from and how far it has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Confirmed by a published source, or still to be.
    pub mark: SourceMark,
    /// What is known and what is not, for the officer who relies on it.
    pub note: Localised,
    /// Fields of this record that no source confirms, even where the mark says confirmed.
    pub unverified: Vec<String>,
}
