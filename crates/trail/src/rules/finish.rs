//! What the accounts come to once all events are applied: ends, hops, and what may still be asked for.

use std::collections::{BTreeMap, VecDeque};

use kernel::{Money, Timestamp};

use super::state::{Came, Outcome, State, Stopped};
use crate::model::{Asked, EdgeState, End, EndKind, Finding, Node, Trail};

impl<'a> State<'a> {
    /// The trail; `findings` come first among its findings.
    pub(super) fn finish(mut self, findings: Vec<Finding>) -> Trail {
        self.stopped_ends();
        let mut askable = BTreeMap::new();
        for entry in 0..self.came.len() {
            self.resting_end(entry, &mut askable);
        }
        let hops = self.hops();
        let payers = self.payers();
        let nodes: Vec<Node> = self
            .purses
            .iter()
            .zip(hops)
            .enumerate()
            .map(|(node, (purse, hop))| {
                // Sorted by node: what belongs to one is a stretch.
                let of_node = askable
                    .range((node, String::new())..(node + 1, String::new()))
                    .map(|(_, amount)| *amount);
                Node {
                    account: purse.account.clone(),
                    hop,
                    began: self.money(purse.began),
                    unaccounted: self.money(of_node.sum()),
                }
            })
            .collect();
        self.ends.sort_by_key(|end| (end.node, end.kind, end.at, end.order.clone()));
        // Sums that several payments or movements left in the same state are one sum to whoever reads it.
        self.ends.dedup_by(|next, end| {
            let same =
                (next.node, next.kind, next.at, &next.order) == (end.node, end.kind, end.at, &end.order);
            if same {
                end.amount = Money::from_minor(end.amount.minor() + next.amount.minor(), end.amount.asset());
            }
            same
        });
        let beyond = self.beyond.values().filter(|(_, amount)| *amount > 0);
        let beyond = beyond
            .map(|(line, amount)| Finding::Beyond { line: (*line).to_owned(), amount: self.money(*amount) });
        let findings = findings.into_iter().chain(self.findings.iter().cloned()).chain(beyond).collect();
        Trail {
            asset: self.asset,
            nodes,
            edges: self.edges,
            ends: self.ends,
            findings,
            payers,
            askable,
            confirmed: self.confirmed,
        }
    }

    /// Of how many reporters money came to each account, and went with each movement. What came by a movement that nobody finds did not
    /// come.
    fn payers(&mut self) -> Vec<usize> {
        let mut at: Vec<Option<usize>> =
            self.came.iter().map(|came| came.paid.is_none().then_some(came.node)).collect();
        for (edge, entry) in self.edges.iter().zip(&self.brought) {
            if edge.state == EdgeState::NotFound
                && let Some(at) = at.get_mut(*entry)
            {
                *at = None;
            }
        }
        let (of_sum, of_node) = self.origins.count(&at, self.purses.len());
        for (edge, entry) in self.edges.iter_mut().zip(&self.brought) {
            edge.payers = of_sum.get(*entry).copied().unwrap_or_default();
        }
        of_node
    }

    /// Sums that were stopped or let go.
    fn stopped_ends(&mut self) {
        let held = self.held.iter().map(|(order, stopped)| (EndKind::Held, *order, *stopped));
        let elsewhere =
            self.elsewhere.iter().map(|(order, stopped)| (EndKind::HeldElsewhere, *order, *stopped));
        let released = self.released.iter().map(|(order, stopped)| (EndKind::Released, *order, *stopped));
        let all: Vec<(EndKind, &str, Stopped)> = held.chain(elsewhere).chain(released).collect();
        for (kind, order, stopped) in all {
            self.push(stopped.node, kind, stopped.amount, Some(stopped.at), Some(order));
        }
    }

    /// What of a disputed sum is still where it came: under an open order, or open to be asked for.
    fn resting_end(&mut self, entry: usize, askable: &mut BTreeMap<(usize, String), i64>) {
        let Some(&Came { node, because, paid }) = self.came.get(entry) else { return };
        let Some(purse) = self.purses.get(node) else { return };
        let mut left = purse.queue.slot(entry).free;
        let facts = self.facts;
        let own = facts.asked.get(&(purse.account.key.as_str(), because));
        // The payer's bank may be asked about the same payment: what it may still answer is asked for, too.
        let payer = facts.payments.get(because).filter(|_| paid.is_none()).map(|p| p.from.key.as_str());
        let payer = payer.filter(|payer| *payer != purse.account.key);
        let payer = payer.and_then(|payer| facts.asked.get(&(payer, because)));
        let orders = own.into_iter().chain(payer).flatten();
        let (open, closed): (Vec<&Asked>, Vec<&Asked>) = orders.partition(|order| self.may_answer(order));
        for order in open {
            let holds = self.held.get(order.key.as_str()).map_or(0, |held| held.amount);
            let asked = left.min((order.cap.minor() - holds).max(0));
            let silent = facts.silent.contains(order.key.as_str());
            let kind = if silent { EndKind::Silent } else { EndKind::Asked };
            self.push(node, kind, asked, None, Some(&order.key));
            left -= asked;
        }
        let closed = closed.last();
        let outcome = closed.and_then(|order| self.outcomes.get(order.key.as_str()));
        let kind = match (outcome, closed) {
            (Some(Outcome::Refused), _) => EndKind::Refused,
            (Some(Outcome::NotFound), _) => EndKind::NotFound,
            (None, Some(order)) if facts.silent.contains(order.key.as_str()) => EndKind::Silent,
            (None, _) => EndKind::Unknown,
        };
        self.push(node, kind, left, None, closed.map(|order| order.key.as_str()));
        *askable.entry((node, because.to_owned())).or_insert(0) += left;
    }

    fn may_answer(&self, order: &Asked) -> bool {
        order.open && !self.outcomes.contains_key(order.key.as_str())
    }

    /// Shortest number of movements from a payer, for each node.
    fn hops(&self) -> Vec<u32> {
        let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); self.purses.len()];
        for edge in &self.edges {
            if let Some(goals) = leaving.get_mut(edge.from) {
                goals.push(edge.to);
            }
        }
        let mut hops: Vec<Option<u32>> =
            self.purses.iter().map(|purse| (purse.began > 0).then_some(0)).collect();
        let mut next: VecDeque<usize> =
            hops.iter().enumerate().filter_map(|(i, hop)| hop.map(|_| i)).collect();
        while let Some(node) = next.pop_front() {
            let hop = hops.get(node).copied().flatten().unwrap_or(0);
            for &goal in leaving.get(node).into_iter().flatten() {
                if let Some(slot) = hops.get_mut(goal).filter(|slot| slot.is_none()) {
                    *slot = Some(hop + 1);
                    next.push_back(goal);
                }
            }
        }
        hops.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn push(&mut self, node: usize, kind: EndKind, amount: i64, at: Option<Timestamp>, order: Option<&str>) {
        if amount > 0 {
            let (amount, order) = (self.money(amount), order.map(str::to_owned));
            self.ends.push(End { node, kind, amount, at, order });
        }
    }

    const fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.asset)
    }
}
