//! Breadth first through everything that the office can come to, until nothing new is found.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashSet, VecDeque};
use std::hash::{Hash as _, Hasher as _};

use super::ghost::Ghost;
use super::mutant::Mutant;
use super::ops::{Op, act, draft_law};
use super::oracle::{Fault, judge};
use super::plan::Plan;
use super::seen::Seen;
use super::snapshot::{Shelf, Snapshot};
use super::stage::Stage;

/// What a search came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Distinct states.
    pub(super) states: usize,
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

struct Node {
    state: Snapshot,
    seen: Seen,
    ghost: Ghost,
    place: usize,
    depth: usize,
}

/// Two 64-bit hashes of everything that can matter later. What is drawn at random and stands for the same is left out.
/// Where there are only orders and none of them can leave any more, it does not matter how people stand.
fn key(plan: &Plan, ghost: &Ghost, seen: &Seen) -> (u64, u64) {
    let waits = seen.orders.len() < ghost.orders.len() || seen.orders.iter().any(|o| o.status == "drafted");
    let of = |salt: u64| {
        let mut hash = DefaultHasher::new();
        salt.hash(&mut hash);
        if waits || !plan.is_about_orders_only() {
            (&ghost.people, &ghost.lent, &ghost.away).hash(&mut hash);
        }
        (ghost.clock, &ghost.orders, &ghost.standing).hash(&mut hash);
        (&ghost.drafts, &ghost.law).hash(&mut hash);
        seen.standing.hash(&mut hash);
        seen.drafts.hash(&mut hash);
        seen.law.len().hash(&mut hash);
        for o in &seen.orders {
            (o.slot, &o.status, &o.why, o.author, o.expires, o.sent, o.under).hash(&mut hash);
            (&o.content, &o.signers, &o.messages).hash(&mut hash);
            o.sanction.as_ref().map(|(decision, _)| decision).hash(&mut hash);
        }
        hash.finish()
    };
    (of(1), of(2))
}

/// Searches a world, at most so many states; with a mutant, until it is caught.
///
/// # Errors
/// The database's.
pub(super) fn search(plan: &Plan, mutant: Option<Mutant>, most: usize) -> anyhow::Result<Found> {
    let stage = Stage::new(plan.staff, plan.officers)?;
    let mut ghost = Ghost::new((plan.staff, plan.officers), plan.slots.len());
    settle(&stage, plan, &mut ghost)?;
    let mut shelf = Shelf::open(&stage.file)?;
    if let Some(mutant) = mutant {
        mutant.at_first(&shelf)?;
    }
    let state = shelf.take()?;
    let seen = Seen::read(&stage, &shelf, &state, &ghost);
    let mut found = Found { states: 1, closed: true, ..Found::default() };
    let mut known = HashSet::from([key(plan, &ghost, &seen)]);
    let mut ways: Vec<(usize, Option<Op>)> = vec![(0, None)];
    let mut open = VecDeque::from([Node { state, seen, ghost, place: 0, depth: 0 }]);
    while let Some(node) = open.pop_front() {
        for op in &plan.ops {
            if !op.is_about_something(&node.ghost, plan) {
                continue;
            }
            shelf.load(&node.state)?;
            let Some((next, faults)) = step(&stage, &mut shelf, plan, (*op, &node), mutant, &mut found)?
            else {
                continue;
            };
            let fresh = known.insert(key(plan, &next.ghost, &next.seen));
            if fresh {
                ways.push((node.place, Some(*op)));
            }
            for fault in faults {
                if !found.faults.iter().any(|(known, _)| *known == fault) {
                    let mut way = way_to(&ways, node.place);
                    way.push(*op);
                    found.faults.push((fault, way));
                }
            }
            if mutant.is_some() && !found.faults.is_empty() {
                found.closed = false;
                return Ok(found);
            }
            if fresh {
                found.states += 1;
                found.depth = found.depth.max(next.depth);
                found.effective += usize::from(next.seen.orders.iter().any(super::seen::OrderSeen::has_left));
                open.push_back(Node { place: ways.len().saturating_sub(1), ..next });
            }
        }
        if found.states >= most {
            found.closed = false;
            break;
        }
    }
    Ok(found)
}

/// One act from a state; `None` where the office refuses it.
fn step(
    stage: &Stage,
    shelf: &mut Shelf,
    plan: &Plan,
    (op, node): (Op, &Node),
    mutant: Option<Mutant>,
    found: &mut Found,
) -> anyhow::Result<Option<(Node, Vec<Fault>)>> {
    found.tried += 1;
    let passed = usize::from(op == Op::Pass);
    stage.at(plan.moments.get(node.ghost.clock + passed).copied().unwrap_or(0));
    if let Some(mutant) = mutant {
        mutant.before(shelf, op, stage)?;
    }
    let done = act(stage, shelf, plan, (op, &node.state), &node.ghost)?;
    if let Some(mutant) = mutant {
        mutant.after(shelf, op, done, (stage, &node.ghost, &node.seen))?;
    }
    if !done {
        return Ok(None);
    }
    found.done += 1;
    let mut ghost = node.ghost.clone();
    let state = shelf.take()?;
    let seen = Seen::read(stage, shelf, &state, &ghost);
    if matches!(op, Op::Draft(..)) && seen.order(slot_of(op)).is_none() {
        return Ok(None);
    }
    let readable = |slot: usize| {
        let reads = |actor: &kernel::Actor| {
            stage.wait(order::service::open(&stage.app, actor, Stage::order_id(slot))).is_ok()
        };
        stage.partners.iter().any(reads)
    };
    let faults = judge(&mut ghost, plan, (op, &node.seen, &seen), readable);
    Ok(Some((Node { state, seen, ghost, place: 0, depth: node.depth + 1 }, faults)))
}

fn slot_of(op: Op) -> usize {
    match op {
        Op::Draft(slot, _) => slot,
        _ => 0,
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
