//! The accounts while events are applied to them, and what they come to in the end.

use std::collections::BTreeMap;

use kernel::{Asset, Money, Timestamp};

use super::Method;
use super::build::Facts;
use super::origins::Origins;
use super::queue::{Part, Queue};
use crate::model::{
    Account, Asked, Edge, EdgeState, End, EndKind, Exit, Finding, Ignored, Line, Payment, What,
};

/// One account.
#[derive(Debug)]
pub(super) struct Purse<'a> {
    pub account: &'a Account,
    pub began: i64,
    pub queue: Queue,
}

/// A disputed sum that came into an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Came<'a> {
    pub node: usize,
    pub because: &'a str,
    /// The payment, where this is the payer's own account: its movement is known by reference.
    pub paid: Option<&'a Payment>,
}

/// Money that an order stopped, or that was let go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopped {
    pub node: usize,
    pub amount: i64,
    pub at: Timestamp,
}

/// What an order's lines said beside movements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    NotFound,
    Refused,
}

/// Where a line applies.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    line: &'a Line,
    order: &'a Asked,
    node: usize,
    entry: usize,
}

/// Whose money comes in.
#[derive(Debug, Clone, Copy)]
enum Whose<'a> {
    /// A reporter's own, by their number.
    Reporter(usize),
    /// What was in these parts.
    Parts(&'a [Part]),
}

/// A movement between two accounts.
#[derive(Debug)]
struct Moves<'a, 'p> {
    key: &'a str,
    disputed: i64,
    whole: Money,
    at: Timestamp,
    latest: Timestamp,
    state: EdgeState,
    reference: Option<&'a str>,
    whose: Whose<'p>,
}

#[derive(Debug)]
pub(super) struct State<'a> {
    method: Method,
    pub(super) asset: Asset,
    pub(super) facts: &'a Facts<'a>,
    pub(super) purses: Vec<Purse<'a>>,
    pub(super) by_account: BTreeMap<&'a str, usize>,
    pub(super) came: Vec<Came<'a>>,
    /// Of whom each entry's money is, by first in, first out: nobody asks it of the other methods.
    pub(super) origins: Origins,
    /// The entry that each movement brought.
    pub(super) brought: Vec<usize>,
    reporters: BTreeMap<&'a str, usize>,
    pub(super) by_cause: BTreeMap<(usize, &'a str), usize>,
    pub(super) edges: Vec<Edge>,
    pub(super) edge_of: BTreeMap<&'a str, usize>,
    pub(super) ends: Vec<End>,
    pub(super) findings: Vec<Finding>,
    pub(super) held: BTreeMap<&'a str, Stopped>,
    pub(super) elsewhere: BTreeMap<&'a str, Stopped>,
    pub(super) released: Vec<(&'a str, Stopped)>,
    pub(super) beyond: BTreeMap<&'a str, (&'a str, i64)>,
    pub(super) outcomes: BTreeMap<&'a str, Outcome>,
    pub(super) confirmed: BTreeMap<String, String>,
}

impl<'a> State<'a> {
    pub(super) const fn new(asset: Asset, facts: &'a Facts<'a>, method: Method) -> Self {
        Self {
            method,
            asset,
            facts,
            purses: Vec::new(),
            by_account: BTreeMap::new(),
            came: Vec::new(),
            origins: Origins::new(),
            brought: Vec::new(),
            reporters: BTreeMap::new(),
            by_cause: BTreeMap::new(),
            edges: Vec::new(),
            edge_of: BTreeMap::new(),
            ends: Vec::new(),
            findings: Vec::new(),
            held: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            released: Vec::new(),
            beyond: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            confirmed: BTreeMap::new(),
        }
    }

    /// A payment leaves the payer; where its goal is unknown, its sum waits at the payer's bank.
    pub(super) fn payment(&mut self, payment: &'a Payment) {
        let payer = self.node(&payment.from);
        let amount = payment.amount.minor();
        let goal = payment.to.as_ref().filter(|to| to.key != payment.from.key);
        let waits = if goal.is_some() { 0 } else { amount };
        if let Some(purse) = self.purses.get_mut(payer) {
            purse.began += amount;
        }
        let number = self.reporters.len();
        let whose = Whose::Reporter(*self.reporters.entry(&payment.reporter).or_insert(number));
        let came = Came { node: payer, because: &payment.key, paid: Some(payment) };
        self.enter(came, waits, payment.at, whose);
        if let Some(to) = goal {
            let moves = Moves {
                key: &payment.key,
                disputed: amount,
                whole: payment.amount,
                at: payment.at,
                latest: payment.latest,
                state: EdgeState::Told,
                reference: payment.reference.as_deref(),
                whose,
            };
            self.travel(payer, to, moves);
        }
    }

    /// A line of an answer.
    pub(super) fn line(&mut self, line: &'a Line, order: &'a Asked) {
        let node = self.by_account.get(order.account.key.as_str()).copied();
        let entry = node.and_then(|node| self.by_cause.get(&(node, order.because.as_str())).copied());
        let (Some(node), Some(entry)) = (node, entry) else {
            self.findings.push(Finding::Ignored { key: line.key.clone(), why: Ignored::Orphan });
            return;
        };
        let place = Place { line, order, node, entry };
        let amount = line.amount.map(Money::minor);
        match &line.what {
            What::NotFound => {
                self.outcomes.insert(&order.key, Outcome::NotFound);
                self.mark(&order.because, EdgeState::NotFound);
                return;
            }
            What::Refused => {
                self.outcomes.insert(&order.key, Outcome::Refused);
                return;
            }
            What::Held => self.hold(place, amount.unwrap_or(0)),
            What::HeldElsewhere => self.hold_elsewhere(place, amount),
            What::Left { how, next } => self.left(place, *how, next.as_ref(), amount.unwrap_or(0)),
            What::Gone => self.gone(place),
            What::Released => self.release(place, amount),
            What::Returned => self.give_back(place, amount.unwrap_or(0)),
        }
        // What an exhibit tells confirms nothing in the name of an institution.
        let told = !self.facts.by_exhibit.contains_key(line.key.as_str());
        if told && self.came.get(entry).is_some_and(|came| came.paid.is_none()) {
            self.mark(&order.because, EdgeState::Confirmed);
        }
    }

    fn left(&mut self, place: Place<'a>, how: Exit, next: Option<&'a Account>, amount: i64) {
        let Place { line, order, node, entry } = place;
        // From an account to itself nothing moves.
        if next.is_some_and(|next| next.key == order.account.key) {
            return;
        }
        if let Some(counts) = self.facts.same_as.get(line.key.as_str()) {
            self.confirmed.insert(line.key.clone(), (*counts).to_owned());
            return;
        }
        let paid = self.came.get(entry).and_then(|came| came.paid);
        let parts = if let Some(payment) = paid {
            if is_the_payment(payment, line, how, next) {
                self.mark(&payment.key, EdgeState::Confirmed);
                self.confirmed.insert(line.key.clone(), payment.key.clone());
                return;
            }
            if payment.to.is_some() {
                self.recall(payment, node, entry, amount);
                let (payment, line) = (payment.key.clone(), line.key.clone());
                self.findings.push(Finding::WentElsewhere { payment, line });
            }
            self.queue(node, |queue| queue.leave_from(entry, amount))
        } else {
            self.queue(node, |queue| queue.leave(amount))
        };
        let disputed = self.spend(node, &parts);
        if disputed == 0 {
            self.findings.push(Finding::OlderMoney { line: line.key.clone() });
        } else if let Some(next) = next {
            let shown = self.facts.by_exhibit.get(line.key.as_str()).copied();
            let moves = Moves {
                key: &line.key,
                disputed,
                whole: Money::from_minor(amount, self.asset),
                at: line.at,
                latest: shown.unwrap_or(line.at),
                state: if shown.is_some() { EdgeState::Exhibit } else { EdgeState::Reported },
                reference: line.reference.as_deref(),
                whose: Whose::Parts(&parts),
            };
            self.travel(node, next, moves);
        } else {
            let kind = match how {
                Exit::Moved => EndKind::Moved,
                Exit::Cash => EndKind::Cash,
                Exit::Spent => EndKind::Spent,
                Exit::Crypto => EndKind::Crypto,
                Exit::Abroad => EndKind::Abroad,
            };
            self.end(place, kind, disputed);
        }
    }

    /// Nothing is left: whatever may flow has flowed.
    fn gone(&mut self, place: Place<'a>) {
        let own = self.came.get(place.entry).is_some_and(|came| came.paid.is_some());
        let parts = self.queue(place.node, |queue| {
            if own {
                let all = queue.slot(place.entry);
                queue.leave_from(place.entry, all.free + all.released)
            } else {
                queue.leave(queue.flowing())
            }
        });
        let disputed = self.spend(place.node, &parts);
        self.end(place, EndKind::Spent, disputed);
    }

    /// A statement of what an order holds; a later one replaces an earlier one.
    fn hold(&mut self, place: Place<'a>, amount: i64) {
        let Place { order, node, entry, .. } = place;
        let before = self.held.get(order.key.as_str()).map_or(0, |held| held.amount);
        let change = if amount >= before {
            let want = amount - before;
            if let Some(payment) = self.came.get(entry).and_then(|came| came.paid) {
                let missing = want - self.queue(node, |queue| queue.slot(entry).free);
                self.recall(payment, node, entry, missing);
            }
            let parts = self.queue(node, |queue| queue.hold(want, Some(entry)));
            let got = self.spend(node, &parts);
            self.beyond.insert(&order.key, (&place.line.key, want - got));
            got
        } else {
            self.beyond.remove(order.key.as_str());
            -sum(&self.queue(node, |queue| queue.unhold(before - amount, Some(entry))))
        };
        let held = self.held.entry(&order.key).or_insert(Stopped { node, amount: 0, at: place.line.at });
        held.amount += change;
    }

    fn hold_elsewhere(&mut self, place: Place<'a>, amount: Option<i64>) {
        let Place { order, node, entry, .. } = place;
        let before = self.elsewhere.get(order.key.as_str()).map_or(0, |held| held.amount);
        let want =
            amount.map_or(self.queue(node, |queue| queue.slot(entry).free), |amount| amount - before).max(0);
        let parts = self.queue(node, |queue| queue.hold(want, Some(entry)));
        let got = self.spend(node, &parts);
        self.elsewhere.insert(&order.key, Stopped { node, amount: before + got, at: place.line.at });
    }

    fn release(&mut self, place: Place<'a>, amount: Option<i64>) {
        let Place { line, order, node, entry, .. } = place;
        let held = self.held.get(order.key.as_str()).map_or(0, |held| held.amount);
        let want = amount.unwrap_or(held);
        let got = sum(&self.queue(node, |queue| queue.release(want.min(held), Some(entry))));
        self.reduce_held(&order.key, got);
        if got > 0 {
            self.released.push((&order.key, Stopped { node, amount: got, at: line.at }));
        }
        self.note_beyond(line, want - got);
    }

    fn give_back(&mut self, place: Place<'a>, amount: i64) {
        let Place { line, order, node, entry, .. } = place;
        let held = self.held.get(order.key.as_str()).map_or(0, |held| held.amount);
        let from_hold = sum(&self.queue(node, |queue| queue.hand_over(amount.min(held), Some(entry))));
        self.reduce_held(&order.key, from_hold);
        let parts = self.queue(node, |queue| queue.leave_from(entry, amount - from_hold));
        let from_free = self.spend(node, &parts);
        self.end(place, EndKind::Returned, from_hold + from_free);
        self.note_beyond(line, amount - from_hold - from_free);
    }

    /// The payer's bank knows better than the reporter where a payment is: what is still where the reporter
    /// sent it comes back to the payer's account.
    fn recall(&mut self, payment: &'a Payment, payer: usize, entry: usize, amount: i64) {
        let to = payment.to.as_ref().and_then(|to| self.by_account.get(to.key.as_str()).copied());
        let Some(to) = to.filter(|_| amount > 0) else { return };
        let Some(&there) = self.by_cause.get(&(to, payment.key.as_str())).filter(|there| **there != entry)
        else {
            return;
        };
        let parts = self.queue(to, |queue| queue.leave_from(there, amount));
        let back = self.spend(to, &parts);
        self.queue(payer, |queue| queue.add(entry, back));
        if let Some(edge) = self.edge_of.get(payment.key.as_str()).and_then(|edge| self.edges.get_mut(*edge))
        {
            edge.amount = Money::from_minor(edge.amount.minor() - back, self.asset);
            if edge.amount.minor() == 0 {
                edge.state = EdgeState::NotFound;
            }
        }
    }

    fn travel(&mut self, from: usize, to: &'a Account, moves: Moves<'a, '_>) {
        let to = self.node(to);
        let Moves { key, disputed, whole, at, latest, state, reference, whose } = moves;
        self.edge_of.insert(key, self.edges.len());
        self.edges.push(Edge {
            key: key.to_owned(),
            from,
            to,
            amount: Money::from_minor(disputed, self.asset),
            whole,
            at,
            latest,
            state,
            reference: reference.map(str::to_owned),
            payers: 0,
        });
        self.brought.push(self.came.len());
        self.enter(Came { node: to, because: key, paid: None }, disputed, at, whose);
    }

    fn enter(&mut self, came: Came<'a>, amount: i64, at: Timestamp, whose: Whose<'_>) {
        let entry = self.came.len();
        self.came.push(came);
        match whose {
            Whose::Reporter(number) => self.origins.of(number),
            Whose::Parts(parts) if self.method == Method::FirstInFirstOut => {
                self.origins.made(parts.iter().map(|part| part.entry));
            }
            Whose::Parts(_) => self.origins.made([]),
        }
        self.by_cause.entry((came.node, came.because)).or_insert(entry);
        let account = self.purses.get(came.node).map_or("", |purse| purse.account.key.as_str());
        let stated =
            self.facts.balances.get(&(account, came.because)).copied().filter(|_| came.paid.is_none());
        let unlisted = self.queue(came.node, |queue| queue.enter(entry, amount, stated));
        let disputed = self.spend(came.node, &unlisted);
        if disputed > 0 {
            let amount = Money::from_minor(disputed, self.asset);
            self.findings.push(Finding::Unlisted { node: came.node, amount });
            self.ends.push(End {
                node: came.node,
                kind: EndKind::Unknown,
                amount,
                at: Some(at),
                order: None,
            });
        }
    }

    fn node(&mut self, account: &'a Account) -> usize {
        let next = self.purses.len();
        let node = *self.by_account.entry(&account.key).or_insert(next);
        if node == next {
            self.purses.push(Purse { account, began: 0, queue: Queue::new(self.method) });
        }
        node
    }

    /// Works on the queue of an account. Every node number comes from `node`, so its purse exists.
    fn queue<T: Default>(&mut self, node: usize, work: impl FnOnce(&mut Queue) -> T) -> T {
        self.purses.get_mut(node).map(|purse| work(&mut purse.queue)).unwrap_or_default()
    }

    /// The sum of the parts; what of it had been let go before is no longer.
    fn spend(&mut self, node: usize, parts: &[Part]) -> i64 {
        let mut released: i64 = parts.iter().map(|part| part.released).sum();
        for (_, stopped) in self.released.iter_mut().filter(|(_, stopped)| stopped.node == node) {
            let less = released.min(stopped.amount);
            stopped.amount -= less;
            released -= less;
        }
        sum(parts)
    }

    fn reduce_held(&mut self, order: &str, by: i64) {
        if let Some(held) = self.held.get_mut(order) {
            held.amount -= by;
        }
    }

    fn mark(&mut self, cause: &str, state: EdgeState) {
        if let Some(edge) = self.edge_of.get(cause).and_then(|edge| self.edges.get_mut(*edge))
            && edge.state != EdgeState::Confirmed
        {
            edge.state = state;
        }
    }

    fn end(&mut self, place: Place<'a>, kind: EndKind, amount: i64) {
        if amount > 0 {
            let (amount, order) = (Money::from_minor(amount, self.asset), Some(place.order.key.clone()));
            self.ends.push(End { node: place.node, kind, amount, at: Some(place.line.at), order });
        }
    }

    fn note_beyond(&mut self, line: &Line, amount: i64) {
        if amount > 0 {
            let amount = Money::from_minor(amount, self.asset);
            self.findings.push(Finding::Beyond { line: line.key.clone(), amount });
        }
    }
}

/// Whether a line of the payer's bank tells of the very payment that the reporter told of. Where it names
/// another account under the same reference, the payment is the same but the money is elsewhere: then the
/// line moves it.
fn is_the_payment(payment: &Payment, line: &Line, how: Exit, next: Option<&Account>) -> bool {
    let Some(to) = &payment.to else { return false };
    let same_reference = payment.reference.is_some() && payment.reference == line.reference;
    next.map_or(same_reference || how == Exit::Moved, |next| next.key == to.key)
}

fn sum(parts: &[Part]) -> i64 {
    parts.iter().map(|part| part.amount()).sum()
}
