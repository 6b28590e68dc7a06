//! From facts to a trail: sort out the facts, put them in the order in which they happened, apply them.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Asset, Money, Timestamp};

use super::Method;
use super::state::State;
use crate::model::{Asked, Exit, Finding, Ignored, Line, Payment, Trail, TrailFact, What};

/// Facts that one trail takes; the rest is left out and said. An account with fifty thousand movements fits.
pub const MAX_FACTS: usize = 65_536;
/// The largest amount taken, in smallest units: ten million million tenge, ten million bitcoin.
pub const MAX_MINOR: i64 = 1_000_000_000_000_000;
/// The most that all amounts of a trail come to: with it every sum stays inside an `i64`. Beyond it facts are left out.
pub(super) const MAX_SUM: i64 = i64::MAX / 2;
/// The longest chain of orders that is followed back when times are compared.
const MAX_DEPTH: u32 = 64;

/// The facts, sorted out.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    /// By key.
    pub payments: BTreeMap<&'a str, &'a Payment>,
    /// By key.
    pub orders: BTreeMap<&'a str, &'a Asked>,
    /// By key.
    pub lines: BTreeMap<&'a str, &'a Line>,
    /// Orders in the order of the facts, by account and by what brought the money there.
    pub asked: BTreeMap<(&'a str, &'a str), Vec<&'a Asked>>,
    /// Orders without an answer in time.
    pub silent: BTreeSet<&'a str>,
    /// Stated balances, by account and by what brought the money there.
    pub balances: BTreeMap<(&'a str, &'a str), i64>,
    /// Lines that exhibits tell, and the latest that they can have been.
    pub by_exhibit: BTreeMap<&'a str, Timestamp>,
    /// Lines that tell of a movement which another line tells of already, and which line counts.
    pub same_as: BTreeMap<&'a str, &'a str>,
    /// Keys of payments and lines in the order of the facts.
    sequence: Vec<&'a str>,
    /// What all amounts come to.
    sum: i64,
    findings: Vec<Finding>,
}

/// The trail that these facts, all of one `asset`, come to. Facts may come in any order, doubled, or be
/// nonsense: what cannot be used is left out and said in [`Trail::findings`], never half-used.
///
/// Events happen in the order of their times. Clocks of two institutions may differ, so money never leaves an
/// account before it came there: a line counts at the earliest when what it is about arrived. At one moment
/// money leaves first, then what is left is held, then holds end.
#[must_use]
pub fn build(asset: Asset, facts: &[TrailFact]) -> Trail {
    build_by(Method::FirstInFirstOut, asset, facts)
}

/// The same by another method of telling money apart. Orders never rest on it.
#[must_use]
pub fn build_by(method: Method, asset: Asset, facts: &[TrailFact]) -> Trail {
    let facts = Facts::sort_out(asset, facts);
    let mut times = BTreeMap::new();
    let mut events: Vec<(Timestamp, u32, u8, usize, &str)> = Vec::with_capacity(facts.sequence.len());
    for (position, key) in facts.sequence.iter().enumerate() {
        let (at, depth) = facts.happened(key, 0, &mut times);
        events.push((at, depth, facts.rank(key), position, key));
    }
    events.sort_unstable();
    let mut state = State::new(asset, &facts, method);
    for (_, _, _, _, key) in events {
        if let Some(payment) = facts.payments.get(key) {
            state.payment(payment);
        } else if let Some(line) = facts.lines.get(key)
            && let Some(order) = facts.orders.get(line.order.as_str())
        {
            state.line(line, order);
        }
    }
    state.finish(facts.findings.clone())
}

impl<'a> Facts<'a> {
    fn sort_out(asset: Asset, all: &'a [TrailFact]) -> Self {
        let mut facts = Self::default();
        for fact in all.iter().take(MAX_FACTS) {
            match fact {
                TrailFact::Payment(payment) => facts.take_payment(asset, payment),
                TrailFact::Asked(order) => facts.take_order(asset, order),
                TrailFact::Line(line) => facts.take_line(asset, line),
                TrailFact::Silent { order } => {
                    facts.silent.insert(order);
                }
                TrailFact::ByExhibit { line, latest } => {
                    facts.by_exhibit.insert(line, *latest);
                }
                TrailFact::Organisation { .. } => {}
            }
        }
        for fact in all.iter().skip(MAX_FACTS) {
            let (TrailFact::Payment(Payment { key, .. })
            | TrailFact::Asked(Asked { key, .. })
            | TrailFact::Line(Line { key, .. })
            | TrailFact::Silent { order: key }
            | TrailFact::ByExhibit { line: key, .. }
            | TrailFact::Organisation { account: key }) = fact;
            facts.ignore(key, Ignored::TooMany);
        }
        facts.drop_orphans();
        facts
    }

    fn take_payment(&mut self, asset: Asset, payment: &'a Payment) {
        if self.is_known(&payment.key) {
            return;
        }
        match self.room(judge(asset, payment.amount, 1)) {
            Err(why) => self.ignore(&payment.key, why),
            Ok(_) => {
                self.payments.insert(&payment.key, payment);
                self.sequence.push(&payment.key);
            }
        }
    }

    fn take_order(&mut self, asset: Asset, order: &'a Asked) {
        if self.orders.contains_key(order.key.as_str()) {
            return;
        }
        match self.room(judge(asset, order.cap, 0)) {
            Err(why) => self.ignore(&order.key, why),
            Ok(_) => {
                self.orders.insert(&order.key, order);
                self.asked.entry((&order.account.key, &order.because)).or_default().push(order);
            }
        }
    }

    fn take_line(&mut self, asset: Asset, line: &'a Line) {
        if self.is_known(&line.key) {
            return;
        }
        let (needed, least) = match line.what {
            What::Left { .. } | What::Returned => (true, 1),
            What::Held => (true, 0),
            _ => (false, 0),
        };
        let amount = line.amount.map(|amount| self.room(judge(asset, amount, least)));
        match amount {
            Some(Err(why)) => self.ignore(&line.key, why),
            None if needed => self.ignore(&line.key, Ignored::Amount),
            _ => {
                self.lines.insert(&line.key, line);
                self.sequence.push(&line.key);
            }
        }
    }

    /// Orders without a cause, lines without an order; then the balances that are stated in what remains.
    fn drop_orphans(&mut self) {
        let causes: BTreeSet<&str> = self.payments.keys().chain(self.lines.keys()).copied().collect();
        let lost: Vec<&str> = self
            .orders
            .values()
            .filter(|o| !causes.contains(o.because.as_str()))
            .map(|o| o.key.as_str())
            .collect();
        for key in lost {
            self.orders.remove(key);
            self.ignore(key, Ignored::Orphan);
        }
        let orders = &self.orders;
        let lost: Vec<&str> = self
            .lines
            .values()
            .filter(|l| !orders.contains_key(l.order.as_str()))
            .map(|l| l.key.as_str())
            .collect();
        for key in lost {
            self.lines.remove(key);
            self.ignore(key, Ignored::Orphan);
        }
        let (orders, lines) = (&self.orders, &self.lines);
        self.asked.values_mut().for_each(|list| list.retain(|o| orders.contains_key(o.key.as_str())));
        let (payments, in_use) = (&self.payments, |key: &&str| lines.contains_key(*key));
        self.sequence.retain(|key| payments.contains_key(*key) || in_use(key));
        for key in &self.sequence {
            if let Some(line) = lines.get(key)
                && let (Some(stated), Some(order)) = (line.stood_before, orders.get(line.order.as_str()))
                && let Ok(stated) =
                    judge(stated.asset(), Money::from_minor(stated.minor().max(0), stated.asset()), 0)
            {
                self.balances.entry((&order.account.key, &order.because)).or_insert(stated);
            }
        }
        self.find_repeats();
    }

    /// The same movement told again: with its reference in another answer to the same order, or to another
    /// order about the same account where the bank states whole movements. (Where it does not, each answer
    /// tells its own disputed part of the movement, and all parts count.) The line that an order follows
    /// counts, whichever came first, else the first.
    fn find_repeats(&mut self) {
        let followed: BTreeSet<&str> = self.orders.values().map(|o| o.because.as_str()).collect();
        let mut told: BTreeMap<Identity<'a>, Vec<&'a Line>> = BTreeMap::new();
        for key in &self.sequence {
            if let Some(line) = self.lines.get(key)
                && let Some(order) = self.orders.get(line.order.as_str())
                && let Some(identity) = identity(line, order)
            {
                told.entry(identity).or_default().push(line);
            }
        }
        let whole = |line: &Line| {
            let order = self.orders.get(line.order.as_str());
            order.is_some_and(|o| self.balances.contains_key(&(&*o.account.key, &*o.because)))
        };
        let mut same_as = BTreeMap::new();
        for lines in told.values().filter(|lines| lines.len() > 1) {
            let Some(counts) = lines.iter().find(|l| followed.contains(l.key.as_str())).or(lines.first())
            else {
                continue;
            };
            for line in lines.iter().filter(|l| l.key != counts.key) {
                let again = if line.order == counts.order {
                    line.reference.is_some()
                } else {
                    whole(line) && whole(counts)
                };
                if again {
                    same_as.insert(line.key.as_str(), counts.key.as_str());
                }
            }
        }
        self.same_as = same_as;
    }

    /// When an event counts, and how many orders lie before it.
    fn happened(
        &self,
        key: &'a str,
        depth: u32,
        known: &mut BTreeMap<&'a str, (Timestamp, u32)>,
    ) -> (Timestamp, u32) {
        if let Some(known) = known.get(key) {
            return *known;
        }
        let found = match (self.payments.get(key), self.lines.get(key)) {
            (Some(payment), _) => (payment.at, 0),
            (None, Some(line)) => {
                let order = self.orders.get(line.order.as_str()).filter(|_| depth < MAX_DEPTH);
                let (came, before) =
                    order.map_or((line.at, 0), |order| self.happened(&order.because, depth + 1, known));
                (came.max(line.at), before + 1)
            }
            (None, None) => (Timestamp::default(), 0),
        };
        known.insert(key, found);
        found
    }

    /// What comes first among the events of one moment.
    fn rank(&self, key: &str) -> u8 {
        match self.lines.get(key).map(|line| &line.what) {
            Some(What::Held | What::HeldElsewhere) => 1,
            Some(What::Released | What::Returned) => 2,
            _ => 0,
        }
    }

    /// Counts an amount, if all of them together can still be added up.
    fn room(&mut self, judged: Result<i64, Ignored>) -> Result<i64, Ignored> {
        let minor = judged?;
        let sum = self.sum.checked_add(minor).filter(|sum| *sum <= MAX_SUM).ok_or(Ignored::TooMany)?;
        self.sum = sum;
        Ok(minor)
    }

    fn is_known(&self, key: &str) -> bool {
        self.payments.contains_key(key) || self.lines.contains_key(key)
    }

    fn ignore(&mut self, key: &str, why: Ignored) {
        self.findings.push(Finding::Ignored { key: key.to_owned(), why });
    }
}

/// What makes a movement the same one when it is told again: account, time, amount, way, goal, reference.
type Identity<'a> = (&'a str, Timestamp, i64, Exit, &'a str, &'a str);

/// `None` for a line that tells of no movement.
fn identity<'a>(line: &'a Line, order: &'a Asked) -> Option<Identity<'a>> {
    let What::Left { how, next } = &line.what else { return None };
    let goal = next.as_ref().map_or("", |next| next.key.as_str());
    let reference = line.reference.as_deref().unwrap_or("");
    let amount = line.amount.map_or(0, Money::minor);
    Some((order.account.key.as_str(), line.at, amount, *how, goal, reference))
}

/// The amount, if the trail can take it.
fn judge(asset: Asset, amount: Money, least: i64) -> Result<i64, Ignored> {
    if amount.asset() != asset {
        return Err(Ignored::OtherAsset);
    }
    let minor = amount.minor();
    if (least..=MAX_MINOR).contains(&minor) { Ok(minor) } else { Err(Ignored::Amount) }
}
