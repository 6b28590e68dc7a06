//! Breadth first through everything that the office can come to, until nothing new is found.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashSet, VecDeque};
use std::hash::{Hash as _, Hasher as _};

use super::ghost::Ghost;
use super::memo::{Memo, Outcome};
use super::mutant::Mutant;
use super::ops::{Op, act, draft_law, is_readable};
use super::oracle::{Fault, judge};
use super::plan::Plan;
use super::seen::{OrderSeen, Reader, Seen};
use super::snapshot::{Shelf, Snapshot};
use super::stage::Stage;
use super::twins::Twins;

/// One in so many acts that were remembered is done all the same, and must come to the same. A prime, so that it is not
/// always the same act.
const PROVED: u64 = 499;

/// How a world is searched.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// A broken office: the search ends when it is caught.
    pub(super) mutant: Option<Mutant>,
    /// Most states; a search that reaches it is not exhaustive.
    pub(super) most: usize,
    /// Whether what an act did is remembered. Without, each is done in each state.
    pub(super) remembers: bool,
    /// A table that is not heard of, to see that this is noticed.
    pub(super) deaf_to: Option<&'static str>,
}

impl How {
    /// The true office, at most so many states, remembering.
    pub(super) const fn most(most: usize) -> Self {
        Self { mutant: None, most, remembers: true, deaf_to: None }
    }
}

/// What a search came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Distinct states.
    pub(super) states: usize,
    /// All of them in one number, whatever the order.
    pub(super) sum: u64,
    /// Acts tried.
    pub(super) tried: u64,
    /// Of them, those that the office did.
    pub(super) done: u64,
    /// Longest shortest way to a state.
    pub(super) depth: usize,
    /// States in which an order had left.
    pub(super) effective: usize,
    /// Nothing is left to be looked at.
    pub(super) closed: bool,
    /// What is wrong, each with the shortest way to it.
    pub(super) faults: Vec<(Fault, Vec<Op>)>,
}

/// How it was found: what was done and what remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Effort {
    /// Acts done in the database, and looks of an institution at an order.
    pub(super) real: u64,
    /// Acts and looks remembered.
    pub(super) remembered: u64,
    /// Of them, done all the same: each came to the same.
    pub(super) proved: u64,
    /// States that were taken for one with another and looked at all the same: each led to the same.
    pub(super) twins: usize,
}

#[derive(Clone)]
pub(super) struct Node {
    pub(super) state: Snapshot,
    pub(super) seen: Seen,
    pub(super) ghost: Ghost,
    place: usize,
    depth: usize,
}

/// Two 64-bit hashes.
pub(super) type Key = (u64, u64);

/// Two hashes of everything that can matter later. What is drawn at random and stands for the same is left out.
/// Where there are only orders and none of them can leave any more, it does not matter how people stand.
fn key(plan: &Plan, ghost: &Ghost, seen: &Seen) -> Key {
    let waits = seen.orders.len() < ghost.orders.len() || seen.orders.iter().any(|o| o.status == "drafted");
    let of = |salt: u64| {
        let mut hash = DefaultHasher::new();
        salt.hash(&mut hash);
        if waits || !plan.is_about_orders_only() {
            (&ghost.people, &ghost.lent, &ghost.away).hash(&mut hash);
        }
        (ghost.clock, &ghost.orders, &ghost.standing).hash(&mut hash);
        (&ghost.drafts, &ghost.law).hash(&mut hash);
        seen.hashes().hash(&mut hash);
        hash.finish()
    };
    (of(1), of(2))
}

/// A search under way.
pub(super) struct Search<'a> {
    pub(super) plan: &'a Plan,
    how: How,
    stage: &'a Stage,
    shelf: Shelf,
    memo: Memo,
    reader: Reader,
    found: Found,
    effort: Effort,
}

/// Searches a world.
///
/// # Errors
/// The database's; an act that did not come to what was remembered of it.
pub(super) fn search(plan: &Plan, how: How) -> anyhow::Result<(Found, Effort)> {
    let stage = Stage::new(plan.staff, plan.officers)?;
    let mut ghost = Ghost::new((plan.staff, plan.officers), plan.slots.len());
    settle(&stage, plan, &mut ghost)?;
    let mut shelf = Shelf::open(&stage.file)?;
    if let Some(mutant) = how.mutant {
        mutant.at_first(&shelf)?;
    }
    if let Some(table) = how.deaf_to {
        shelf.watch().turn_from(table);
    }
    let listening = shelf.watch().listen();
    let (state, mut reader) = (shelf.take()?, Reader::default());
    let seen = reader.read(&stage, &shelf, &state, plan.slots.len());
    let first = Node { state, seen, ghost, place: 0, depth: 0 };
    let (memo, found, effort) = (Memo::default(), Found::default(), Effort::default());
    let mut search = Search { plan, how, stage: &stage, shelf, memo, reader, found, effort };
    let twins = search.through(first)?;
    if how.mutant.is_none() {
        search.effort.twins = twins.check(&mut search)?;
    }
    drop(listening);
    Ok((search.found, search.effort))
}

impl Search<'_> {
    /// All states from the first one on.
    fn through(&mut self, first: Node) -> anyhow::Result<Twins> {
        let at = key(self.plan, &first.ghost, &first.seen);
        let (mut known, mut twins) = (HashSet::from([at]), Twins::default());
        let mut ways: Vec<(usize, Option<Op>)> = vec![(0, None)];
        (self.found.states, self.found.sum, self.found.closed) = (1, at.0, true);
        let mut open = VecDeque::from([first]);
        while let Some(node) = open.pop_front() {
            let mut next_keys = Vec::new();
            for (no, op) in self.plan.ops.iter().enumerate() {
                let Some((next, faults)) = self.step((no, *op), &node)? else { continue };
                let at = key(self.plan, &next.ghost, &next.seen);
                next_keys.push(at);
                let fresh = known.insert(at);
                if fresh {
                    ways.push((node.place, Some(*op)));
                }
                self.blame(faults, &ways, (node.place, *op));
                if self.how.mutant.is_some() && !self.found.faults.is_empty() {
                    self.found.closed = false;
                    return Ok(twins);
                }
                if fresh {
                    self.count(at, &next);
                    open.push_back(Node { place: ways.len().saturating_sub(1), ..next });
                } else {
                    twins.meet(at, &next);
                }
            }
            twins.leads(key(self.plan, &node.ghost, &node.seen), &node, next_keys);
            if self.found.states >= self.how.most && !open.is_empty() {
                self.found.closed = false;
                break;
            }
        }
        Ok(twins)
    }

    /// Whether a fault was found.
    pub(super) fn knows(&self, fault: &Fault) -> bool {
        self.found.faults.iter().any(|(known, _)| known == fault)
    }

    fn count(&mut self, at: Key, next: &Node) {
        self.found.states += 1;
        self.found.sum ^= at.0;
        self.found.depth = self.found.depth.max(next.depth);
        self.found.effective += usize::from(next.seen.orders.iter().any(OrderSeen::has_left));
    }

    fn blame(&mut self, faults: Vec<Fault>, ways: &[(usize, Option<Op>)], (place, op): (usize, Op)) {
        for fault in faults {
            if !self.knows(&fault) {
                let mut way = way_to(ways, place);
                way.push(op);
                self.found.faults.push((fault, way));
            }
        }
    }

    /// Where each act leads from a state that is not counted.
    pub(super) fn leads_to(&mut self, node: &Node) -> anyhow::Result<(Vec<Key>, Vec<Fault>)> {
        let (found, mut keys, mut all) = (self.found.clone(), Vec::new(), Vec::new());
        for (no, op) in self.plan.ops.iter().enumerate() {
            if let Some((next, faults)) = self.step((no, *op), node)? {
                keys.push(key(self.plan, &next.ghost, &next.seen));
                all.extend(faults);
            }
        }
        self.found = found;
        Ok((keys, all))
    }

    /// One act from a state; `None` where it is about nothing, or the office refuses it.
    fn step(&mut self, (no, op): (usize, Op), node: &Node) -> anyhow::Result<Option<(Node, Vec<Fault>)>> {
        if !op.is_about_something(&node.ghost, self.plan) {
            return Ok(None);
        }
        self.found.tried += 1;
        let Some(state) = self.outcome((no, op), node)? else { return Ok(None) };
        self.found.done += 1;
        let seen = self.reader.read(self.stage, &self.shelf, &state, self.plan.slots.len());
        if let Op::Draft(slot, _) = op
            && seen.order(slot).is_none()
        {
            return Ok(None);
        }
        let mut readable = vec![false; self.plan.slots.len()];
        let clock = node.ghost.clock + usize::from(op == Op::Pass);
        for (slot, is) in readable.iter_mut().enumerate() {
            let left = node.ghost.order(slot).is_some_and(|so| so.left);
            if !left && seen.order(slot).is_some_and(|order| !order.has_left()) {
                *is = self.readable(slot, clock, &state)?;
            }
        }
        let mut ghost = node.ghost.clone();
        let readable = |slot: usize| readable.get(slot).copied().unwrap_or(false);
        let faults = judge(&mut ghost, self.plan, (op, &node.seen, &seen), readable);
        Ok(Some((Node { state, seen, ghost, place: 0, depth: node.depth + 1 }, faults)))
    }

    /// What an act makes of a state: remembered, or done.
    fn outcome(&mut self, (no, op): (usize, Op), node: &Node) -> anyhow::Result<Outcome> {
        let clock = node.ghost.clock + usize::from(op == Op::Pass);
        let broken = self.how.mutant.is_some_and(|mutant| mutant.breaks(op));
        // What a broken office does rests on what the judge knows, too: it is always done.
        if !self.how.remembers || broken {
            self.effort.real += 1;
            return self.real(op, clock, node);
        }
        let Some(known) = self.memo.find((no, clock), &node.state) else {
            self.effort.real += 1;
            self.shelf.watch().begin();
            let outcome = self.real(op, clock, node)?;
            let touched = self.shelf.watch().end()?;
            self.memo.keep((no, clock), (&node.state, outcome), touched)?;
            return Ok(outcome);
        };
        self.effort.remembered += 1;
        if self.effort.remembered.is_multiple_of(PROVED) {
            let real = self.real(op, clock, node)?;
            let same = match (&real, &known) {
                (None, None) => true,
                (Some(real), Some(known)) => self.shelf.says_the_same(real, known),
                _ => false,
            };
            anyhow::ensure!(same, "{op:?} did not come to what was remembered of it");
            self.effort.proved += 1;
        }
        Ok(known)
    }

    /// Does an act in the database.
    fn real(&mut self, op: Op, clock: usize, node: &Node) -> anyhow::Result<Outcome> {
        self.shelf.load(&node.state)?;
        self.stage.at(self.plan.moments.get(clock).copied().unwrap_or(0));
        if let Some(mutant) = self.how.mutant {
            mutant.before(&self.shelf, op, self.stage)?;
        }
        let done = act(self.stage, &self.shelf, self.plan, (op, &node.state), &node.ghost)?;
        if let Some(mutant) = self.how.mutant {
            mutant.after(&self.shelf, (op, done), (self.stage, &node.ghost, &node.seen))?;
        }
        // What was refused is taken, too: the shelf must know what lies in the database before it puts a state back.
        let after = self.shelf.take()?;
        Ok(done.then_some(after))
    }

    /// Whether an institution may read an order that has not left as far as its rows say. Looking is remembered like an act.
    fn readable(&mut self, slot: usize, clock: usize, state: &Snapshot) -> anyhow::Result<bool> {
        let look = (self.plan.ops.len() + slot, clock);
        if let (true, Some(known)) = (self.how.remembers, self.memo.find(look, state)) {
            self.effort.remembered += 1;
            return Ok(known.is_some());
        }
        self.effort.real += 1;
        self.shelf.load(state)?;
        self.stage.at(self.plan.moments.get(clock).copied().unwrap_or(0));
        self.shelf.watch().begin();
        let is = is_readable(self.stage, slot)?;
        let after = self.shelf.take()?;
        let touched = self.shelf.watch().end()?;
        self.memo.keep(look, (state, is.then_some(after)), touched)?;
        Ok(is)
    }
}

/// Changes the law as the plan wants it, by two other persons, before the search begins.
fn settle(stage: &Stage, plan: &Plan, ghost: &mut Ghost) -> anyhow::Result<()> {
    let [first, second] = stage.lawmakers.as_slice() else { return Ok(()) };
    for (ground, edit) in &plan.law {
        let draft = draft_law(stage, &first.actor, *ground, *edit)?;
        let draft =
            draft.ok_or_else(|| anyhow::anyhow!("the law of the world `{}` is refused", plan.name))?;
        stage.wait(legal_basis::change::enact(&stage.app, &second.actor, draft))?;
        let asks = edit.of(ghost.asks(*ground));
        if let Some(all) = ghost.law.get_mut(ground) {
            all.push(asks);
        }
    }
    Ok(())
}

fn way_to(ways: &[(usize, Option<Op>)], mut place: usize) -> Vec<Op> {
    let mut way = Vec::new();
    while let Some((from, Some(op))) = ways.get(place) {
        way.push(*op);
        place = *from;
    }
    way.reverse();
    way
}
