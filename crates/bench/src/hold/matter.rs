//! What the platform keeps of a report while it works on it.

use std::collections::BTreeSet;

use kernel::Money;
use sandbox::bank::answer::Question;
use sandbox::moment::Moment;
use sandbox::world::model::{AccountId, HouseId, LossId};
use trail::model::{Asked, TrailFact};

use super::first::{Claimed, Opened};
use super::law::Lead;

/// A false report: it names an account that took no part in any fraud.
#[derive(Debug, Clone)]
pub struct Rumour {
    /// Key of all dice about it.
    pub key: u64,
    /// When it is made.
    pub at: Moment,
    /// What it tells.
    pub claimed: Claimed,
}

/// Money that was held because of a false report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wronged {
    /// Place of the report among the false ones.
    pub rumour: usize,
    /// Position on the path, 1 for the account that the report names.
    pub hop: i64,
    /// Whose account.
    pub account: AccountId,
    /// How much, tiyn.
    pub held: i64,
}

/// One order on its way through the bank.
#[derive(Debug, Clone)]
pub(super) struct Errand {
    pub(super) matter: usize,
    pub(super) order: usize,
    pub(super) house: HouseId,
    pub(super) question: Question,
    /// The day under which it counts for the standing approval.
    pub(super) day: i64,
}

/// An order as the trail knows it.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) asked: Asked,
    pub(super) house: HouseId,
    pub(super) hop: i64,
    pub(super) cap: Money,
    /// Partners' persons who look one after another until this order is answered.
    pub(super) persons: usize,
}

/// Where a report comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A victim's loss.
    Loss(LossId),
    /// A false report, by its place.
    Rumour(usize),
}

/// One report.
#[derive(Debug)]
pub(super) struct Matter {
    pub(super) source: Source,
    pub(super) key: u64,
    pub(super) report_at: Moment,
    pub(super) delay: i64,
    pub(super) facts: Vec<TrailFact>,
    pub(super) orders: Vec<Sent>,
    pub(super) leads: Vec<Lead>,
    pub(super) opened: BTreeSet<String>,
    pub(super) opened_payments: Vec<Opened>,
}

impl Matter {
    pub(super) fn new(source: Source, key: u64, report_at: Moment, delay: i64) -> Self {
        Self {
            source,
            key,
            report_at,
            delay,
            facts: Vec::new(),
            orders: Vec::new(),
            leads: Vec::new(),
            opened: BTreeSet::new(),
            opened_payments: Vec::new(),
        }
    }
    pub(super) fn is_true(&self) -> bool {
        matches!(self.source, Source::Loss(_))
    }
}
