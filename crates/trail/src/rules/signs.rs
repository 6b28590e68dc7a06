//! What is worth a second look on the path of reported money: where the money of several payers meets, where it comes
//! back, where it was cut to stay below a sum, and which accounts it was only passed through.
//!
//! Of accounts that already lie on the path of a report, with the movements that say so. None of this is about a
//! person, none of it is a score, and nothing acts on it: an officer reads it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kernel::{Money, Timestamp};
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use profile::{Threshold, TrailSigns};

use crate::model::{Balance, Edge, EdgeState, End, EndKind, Line, Trail, TrailFact};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
/// Payers are told apart up to here; where more meet, it is "at least so many".
pub const MOST_PAYERS: usize = 64;
/// Signs of one kind that are told; a path with more of them has been understood by then.
const MOST: usize = 40;

/// A sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// Index of the account.
    pub node: usize,
    /// What it is.
    pub what: Seen,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Money of so many payers meets here for the first time.
    Meeting {
        /// How many, at most [`MOST_PAYERS`].
        payers: usize,
        /// Disputed money that came here.
        came: Money,
    },
    /// Money came back to where it had been, by way of these accounts.
    Loop {
        /// The accounts, in the order of the path, the first one being where it came back.
        through: Vec<usize>,
        /// The movement that closes it, an index of the edges.
        closed_by: usize,
    },
    /// Payments just below a sum from which they would be told to somebody.
    BelowThreshold {
        /// How many.
        payments: usize,
        /// What they come to.
        total: Money,
        /// The sum.
        threshold: Money,
        /// From the first of them to the last.
        span: (Timestamp, Timestamp),
        /// Whether they left the account, or came to it.
        left: bool,
    },
    /// Money is passed through: at least as many reasons as the profile asks for.
    PassedThrough {
        /// The reasons.
        reasons: Vec<Reason>,
    },
}

/// Why it looks as if money were only passed through an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// So much of what came was gone again at most so many minutes after it had come.
    Quick {
        /// Hundredths.
        percent: u32,
        /// The longest that any of it stayed.
        minutes: i64,
    },
    /// The bank says what stood there before: next to nothing.
    Empty {
        /// Smallest units.
        stood: i64,
    },
    /// It came from so many payers.
    Payers(usize),
    /// It was cut into so many parts.
    Parts(usize),
    /// It left as cash or as a crypto asset.
    Converted,
}

/// The signs on a trail; `facts` are those that it was built from.
#[must_use]
pub fn signs(trail: &Trail, facts: &[TrailFact], rules: &TrailSigns) -> Vec<Sign> {
    let seen = Outline::of(trail, facts);
    let mut all = meetings(trail, &seen);
    all.extend(loops(trail));
    let of_asset = |t: &&Threshold| t.asset == trail.asset.code();
    for threshold in rules.thresholds.iter().filter(of_asset) {
        all.extend(below(trail, threshold));
    }
    all.extend(passed(trail, &seen, rules));
    all
}

/// What is looked at again and again, found once.
struct Outline {
    /// Payers whose money can have come to an account, other than itself.
    payers: Vec<BTreeSet<usize>>,
    /// Movements to an account, in the order of time.
    into: Vec<Vec<usize>>,
    /// Movements from an account.
    out_of: Vec<Vec<usize>>,
    /// What stood there before, where a bank says: the least.
    stood: BTreeMap<usize, i64>,
}

impl Outline {
    fn of(trail: &Trail, facts: &[TrailFact]) -> Self {
        let count = trail.nodes.len();
        let (mut into, mut out_of) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (index, edge) in trail.edges.iter().enumerate().filter(|(_, e)| e.state != EdgeState::NotFound) {
            if let Some(list) = into.get_mut(edge.to) {
                list.push(index);
            }
            if let Some(list) = out_of.get_mut(edge.from) {
                list.push(index);
            }
        }
        let mut outline =
            Self { payers: vec![BTreeSet::new(); count], into, out_of, stood: stood(trail, facts) };
        for (payer, node) in trail.nodes.iter().enumerate() {
            if node.began.is_positive() {
                outline.spread(trail, payer);
            }
        }
        outline
    }

    /// Marks where a payer's money can have come. A place where many payers' money is known to meet is gone through no
    /// more: whatever lies behind it would only repeat it.
    fn spread(&mut self, trail: &Trail, payer: usize) {
        let mut todo = vec![payer];
        while let Some(node) = todo.pop() {
            for edge in self.out_of.get(node).into_iter().flatten().filter_map(|e| trail.edges.get(*e)) {
                let Some(payers) = self.payers.get_mut(edge.to).filter(|_| edge.to != payer) else {
                    continue;
                };
                if payers.len() < MOST_PAYERS && payers.insert(payer) {
                    todo.push(edge.to);
                }
            }
        }
    }

    fn payers(&self, node: usize) -> usize {
        self.payers.get(node).map_or(0, BTreeSet::len)
    }
}

/// The least that banks say stood on each account before disputed money came.
fn stood(trail: &Trail, facts: &[TrailFact]) -> BTreeMap<usize, i64> {
    let node: BTreeMap<&str, usize> =
        trail.nodes.iter().enumerate().map(|(at, node)| (node.account.key.as_str(), at)).collect();
    let order: BTreeMap<&str, usize> = facts
        .iter()
        .filter_map(|fact| match fact {
            TrailFact::Asked(asked) => Some((asked.key.as_str(), *node.get(asked.account.key.as_str())?)),
            _ => None,
        })
        .collect();
    let mut least = BTreeMap::new();
    for fact in facts {
        if let TrailFact::Line(Line { order: of, stood_before: Some(stood), .. }) = fact
            && let Some(at) = order.get(of.as_str())
            && stood.asset() == trail.asset
        {
            let known = least.entry(*at).or_insert(i64::MAX);
            *known = stood.minor().max(0).min(*known);
        }
    }
    least
}

/// Accounts where the money of several payers comes together that had not been together before.
fn meetings(trail: &Trail, seen: &Outline) -> Vec<Sign> {
    let books = trail.check();
    let mut all: Vec<Sign> = Vec::new();
    for (node, book) in books.iter().enumerate() {
        let payers = seen.payers(node);
        let before = seen.into.get(node).into_iter().flatten().filter_map(|e| trail.edges.get(*e));
        // Behind a meeting everything is met already.
        let new = before.map(|edge| seen.payers(edge.from)).all(|there| there < payers);
        if payers > 1 && new {
            all.push(Sign { node, what: Seen::Meeting { payers, came: book.came } });
        }
    }
    all.sort_by_key(|sign| match sign.what {
        Seen::Meeting { payers, came } => (std::cmp::Reverse((payers, came.minor())), sign.node),
        _ => (std::cmp::Reverse((0, 0)), sign.node),
    });
    all.truncate(MOST);
    all
}

/// Money that came back: the accounts of one circle, and the movement that closes it later than one that opens it.
fn loops(trail: &Trail) -> Vec<Sign> {
    let mut graph: DiGraph<(), usize> = DiGraph::with_capacity(trail.nodes.len(), trail.edges.len());
    let places: Vec<_> = trail.nodes.iter().map(|_| graph.add_node(())).collect();
    for (index, edge) in trail.edges.iter().enumerate().filter(|(_, e)| e.amount.is_positive()) {
        if let (Some(from), Some(to)) = (places.get(edge.from), places.get(edge.to)) {
            graph.add_edge(*from, *to, index);
        }
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let mut all: Vec<Sign> = circles
        .filter_map(|circle| closed(trail, &circle.into_iter().map(|at| at.index()).collect()))
        .collect();
    all.sort_by_key(|sign| sign.node);
    all.truncate(MOST);
    all
}

/// The first movement of a circle by which money is back at an account that had sent it on: back along the way by which it
/// first came to each account, never against the clock.
fn closed(trail: &Trail, circle: &BTreeSet<usize>) -> Option<Sign> {
    let mut came_by: BTreeMap<usize, &Edge> = BTreeMap::new();
    let mut senders = BTreeSet::new();
    for (index, edge) in trail.edges.iter().enumerate() {
        if !(circle.contains(&edge.from) && circle.contains(&edge.to) && edge.amount.is_positive()) {
            continue;
        }
        senders.insert(edge.from);
        if senders.contains(&edge.to)
            && let Some(through) = way_back(edge, &came_by)
        {
            return Some(Sign { node: edge.to, what: Seen::Loop { through, closed_by: index } });
        }
        came_by.entry(edge.to).or_insert(edge);
    }
    None
}

/// The accounts from where `last` leads, round to where it comes from.
fn way_back(last: &Edge, came_by: &BTreeMap<usize, &Edge>) -> Option<Vec<usize>> {
    let (mut way, mut before) = (vec![last.from], last);
    while before.from != last.to {
        let by = came_by.get(&before.from).filter(|by| by.at <= before.at)?;
        if way.contains(&by.from) {
            return None;
        }
        way.push(by.from);
        before = by;
    }
    way.reverse();
    Some(way)
}

/// Movements of one account just below a threshold, close together; those that left and those that came apart.
fn below(trail: &Trail, threshold: &Threshold) -> Vec<Sign> {
    let near = i128::from(threshold.minor) * i128::from(threshold.near_percent) / 100;
    let least = i64::try_from(near).unwrap_or(i64::MAX);
    let mut sides: BTreeMap<(usize, bool), Vec<(Timestamp, i64)>> = BTreeMap::new();
    let mut add = |node: usize, left: bool, at: Timestamp, whole: i64| {
        if (least..threshold.minor).contains(&whole) {
            sides.entry((node, left)).or_default().push((at, whole));
        }
    };
    for edge in trail.edges.iter().filter(|e| e.state != EdgeState::NotFound) {
        add(edge.from, true, edge.at, edge.whole.minor());
        add(edge.to, false, edge.at, edge.whole.minor());
    }
    for end in trail
        .ends
        .iter()
        .filter(|e| matches!(e.kind, EndKind::Cash | EndKind::Moved | EndKind::Crypto | EndKind::Abroad))
    {
        if let Some(at) = end.at {
            add(end.node, true, at, end.amount.minor());
        }
    }
    let span = i64::from(threshold.hours).saturating_mul(HOUR);
    let wanted = usize::try_from(threshold.payments).unwrap_or(usize::MAX).max(2);
    let money = |minor| Money::from_minor(minor, trail.asset);
    let mut all = Vec::new();
    for ((node, left), mut payments) in sides {
        payments.sort_unstable();
        if let Some(found) = densest(&payments, span).filter(|found| found.len() >= wanted)
            && let (Some(first), Some(last)) = (found.first(), found.last())
        {
            let total = money(found.iter().map(|(_, whole)| *whole).fold(0, i64::saturating_add));
            let what = Seen::BelowThreshold {
                payments: found.len(),
                total,
                threshold: money(threshold.minor),
                span: (first.0, last.0),
                left,
            };
            all.push(Sign { node, what });
        }
    }
    all.truncate(MOST);
    all
}

/// The most payments that lie within one span, in order of time.
fn densest(payments: &[(Timestamp, i64)], span: i64) -> Option<&[(Timestamp, i64)]> {
    let mut best: Option<&[(Timestamp, i64)]> = None;
    let mut start = 0;
    for (at, (time, _)) in payments.iter().enumerate() {
        while payments
            .get(start)
            .is_some_and(|(first, _)| time.as_micros().saturating_sub(first.as_micros()) > span)
        {
            start += 1;
        }
        let window = payments.get(start..=at)?;
        if best.is_none_or(|known| window.len() > known.len()) {
            best = Some(window);
        }
    }
    best
}

/// Accounts that several reasons say money was only passed through. Payers are none of them: it is their money.
fn passed(trail: &Trail, seen: &Outline, rules: &TrailSigns) -> Vec<Sign> {
    let least = usize::try_from(rules.least_reasons).unwrap_or(usize::MAX).max(1);
    let books = trail.check();
    let mut ends: Vec<Vec<&End>> = vec![Vec::new(); trail.nodes.len()];
    for end in &trail.ends {
        if let Some(list) = ends.get_mut(end.node) {
            list.push(end);
        }
    }
    let of = |(node, book): (usize, &Balance)| {
        let known = trail.nodes.get(node).filter(|known| known.hop > 0 && !known.began.is_positive())?;
        let ends = ends.get(node).map_or(&[][..], Vec::as_slice);
        let reasons = reasons(trail, (node, book.came.minor()), ends, (seen, rules));
        let quick = reasons.iter().any(|r| matches!(r, Reason::Quick { .. }));
        (known.hop > 0 && quick && reasons.len() >= least)
            .then_some(Sign { node, what: Seen::PassedThrough { reasons } })
    };
    books.iter().enumerate().filter_map(of).take(MOST).collect()
}

/// All reasons at one account. That the money did not stay is the one without which the others say nothing.
fn reasons(
    trail: &Trail,
    (node, came): (usize, i64),
    ends: &[&End],
    (seen, rules): (&Outline, &TrailSigns),
) -> Vec<Reason> {
    let edges = |list: &[Vec<usize>]| -> Vec<&Edge> {
        list.get(node).into_iter().flatten().filter_map(|e| trail.edges.get(*e)).collect()
    };
    let (into, out_of) = (edges(&seen.into), edges(&seen.out_of));
    let gone = |kind| {
        matches!(kind, EndKind::Moved | EndKind::Cash | EndKind::Spent | EndKind::Abroad | EndKind::Crypto)
    };
    let left = out_of.iter().map(|e| (e.at, e.amount.minor()));
    let mut left: Vec<(Timestamp, i64)> = left
        .chain(ends.iter().filter(|e| gone(e.kind)).filter_map(|e| Some((e.at?, e.amount.minor()))))
        .collect();
    left.sort_unstable();
    let mut all = Vec::new();
    let mut came_in: Vec<(Timestamp, i64)> = into.iter().map(|e| (e.at, e.amount.minor())).collect();
    came_in.sort_unstable();
    all.extend(quick(&came_in, &left, came, rules));
    let hundredth = |part: i64| i128::from(part) * 100;
    if let Some(stood) = seen.stood.get(&node).copied()
        && hundredth(stood) < i128::from(came) * i128::from(rules.empty_percent)
    {
        all.push(Reason::Empty { stood });
    }
    let enough =
        |count: usize, wanted: u32| usize::try_from(wanted).is_ok_and(|wanted| count >= wanted.max(1));
    if enough(seen.payers(node), rules.payers) {
        all.push(Reason::Payers(seen.payers(node)));
    }
    if enough(left.len(), rules.parts) && left.len() > into.len() {
        all.push(Reason::Parts(left.len()));
    }
    let converted = ends.iter().filter(|e| matches!(e.kind, EndKind::Cash | EndKind::Crypto));
    let converted: i64 = converted.map(|e| e.amount.minor()).fold(0, i64::saturating_add);
    if came > 0 && hundredth(converted) >= i128::from(came) * i128::from(rules.quick_percent) / 2 {
        all.push(Reason::Converted);
    }
    all
}

/// How much of what came was gone within the time of the rules, each sum counted from its own coming, first in, first out.
fn quick(
    into: &[(Timestamp, i64)],
    left: &[(Timestamp, i64)],
    came: i64,
    rules: &TrailSigns,
) -> Option<Reason> {
    let most = i64::from(rules.quick_minutes).saturating_mul(MINUTE);
    let mut here: VecDeque<(Timestamp, i64)> = into.iter().copied().collect();
    let (mut soon, mut longest) = (0_i64, 0_i64);
    for (at, amount) in left {
        let mut amount = *amount;
        while let Some((since, there)) = here.front_mut().filter(|_| amount > 0) {
            let (part, stayed) =
                (amount.min(*there), at.as_micros().saturating_sub(since.as_micros()).max(0));
            if stayed <= most {
                soon = soon.saturating_add(part);
                longest = longest.max(stayed);
            }
            amount -= part;
            *there -= part;
            if *there == 0 {
                here.pop_front();
            }
        }
    }
    let percent = i128::from(soon) * 100 / i128::from(came.max(1));
    let percent = u32::try_from(percent).unwrap_or(100).min(100);
    let minutes = longest.checked_div(MINUTE).unwrap_or_default();
    (soon > 0 && percent >= rules.quick_percent).then_some(Reason::Quick { percent, minutes })
}
