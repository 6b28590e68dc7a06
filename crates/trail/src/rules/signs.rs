//! What is worth a second look on the path of reported money: where the money of several payers meets, where it comes
//! back, where it was cut to stay below a sum, and which accounts it was only passed through.
//!
//! Of accounts that already lie on the path of a report, with the movements that say so. None of this is about a
//! person, none of it is a score, and nothing acts on it: an officer reads it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kernel::{Money, Timestamp};
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use profile::{SourceMark, Threshold, TrailSigns};

use crate::model::{Edge, EdgeState, End, EndKind, Line, Trail, TrailFact};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
/// Clocks of two institutions may differ by so much.
const CLOCKS_DIFFER: i64 = 5 * MINUTE;
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
    /// Money of so many reporters meets here for the first time.
    Meeting {
        /// How many reporters.
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
        /// Whether a published source says so; else a lawyer has yet to.
        confirmed: bool,
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
    /// It came from so many reporters.
    Payers(usize),
    /// It was cut into so many parts.
    Parts(usize),
    /// It left as cash or as a crypto asset.
    Converted,
}

/// The signs on a trail; `facts` are those that it was built from. None of a payer's own account, none of an organisation's that
/// everybody deals with.
#[must_use]
pub fn signs(trail: &Trail, facts: &[TrailFact], rules: &TrailSigns) -> Vec<Sign> {
    let seen = Outline::of(trail, facts);
    let mut all = meetings(trail, &seen);
    all.extend(loops(trail, &seen));
    let of_asset = |t: &&Threshold| t.asset == trail.asset.code();
    for threshold in rules.thresholds.iter().filter(of_asset) {
        all.extend(below(trail, &seen, threshold));
    }
    all.extend(passed(trail, &seen, rules));
    all
}

/// What is looked at again and again, found once.
struct Outline {
    /// Accounts of which nothing is said.
    quiet: Vec<bool>,
    /// Movements to an account.
    into: Vec<Vec<usize>>,
    /// Movements from an account.
    out_of: Vec<Vec<usize>>,
    /// By account: what stood there before a sum came, where a bank says, with that sum.
    stood: BTreeMap<usize, Vec<(i64, i64)>>,
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
        let shared: BTreeSet<&str> = facts
            .iter()
            .filter_map(|fact| match fact {
                TrailFact::Organisation { account } => Some(account.as_str()),
                _ => None,
            })
            .collect();
        let quiet = |node: &crate::model::Node| {
            node.hop == 0 || node.began.is_positive() || shared.contains(node.account.key.as_str())
        };
        let quiet = trail.nodes.iter().map(quiet).collect();
        Self { quiet, into, out_of, stood: stood(trail, facts) }
    }

    fn is_quiet(&self, node: usize) -> bool {
        self.quiet.get(node).copied().unwrap_or(true)
    }

    /// Movements to or from an account.
    fn of_node<'t>(list: &[Vec<usize>], node: usize, trail: &'t Trail) -> Vec<&'t Edge> {
        list.get(node).into_iter().flatten().filter_map(|e| trail.edges.get(*e)).collect()
    }
}

/// What banks say stood on each account before a disputed sum came, with that sum.
fn stood(trail: &Trail, facts: &[TrailFact]) -> BTreeMap<usize, Vec<(i64, i64)>> {
    let came: BTreeMap<(&str, &str), (usize, i64)> = trail
        .edges
        .iter()
        .filter_map(|e| {
            let account = trail.nodes.get(e.to)?.account.key.as_str();
            Some(((account, e.key.as_str()), (e.to, e.amount.minor())))
        })
        .collect();
    let asked: BTreeMap<&str, (usize, i64)> = facts
        .iter()
        .filter_map(|fact| match fact {
            TrailFact::Asked(asked) => {
                let of = came.get(&(asked.account.key.as_str(), asked.because.as_str()))?;
                Some((asked.key.as_str(), *of))
            }
            _ => None,
        })
        .collect();
    let mut all: BTreeMap<usize, Vec<(i64, i64)>> = BTreeMap::new();
    for fact in facts {
        if let TrailFact::Line(Line { order, stood_before: Some(stood), .. }) = fact
            && let Some((node, sum)) = asked.get(order.as_str())
            && stood.asset() == trail.asset
        {
            all.entry(*node).or_default().push((stood.minor().max(0), *sum));
        }
    }
    all
}

/// Accounts where the money of several reporters comes together that had not been together before.
fn meetings(trail: &Trail, seen: &Outline) -> Vec<Sign> {
    let mut all: Vec<(usize, i64, usize)> = Vec::new();
    for node in (0..trail.nodes.len()).filter(|node| !seen.is_quiet(*node)) {
        let payers = trail.payers.get(node).copied().unwrap_or(0);
        let into = Outline::of_node(&seen.into, node, trail);
        // What comes in together had met before.
        if payers > 1 && into.iter().all(|edge| edge.payers < payers) {
            let came = into.iter().map(|edge| edge.amount.minor()).fold(0, i64::saturating_add);
            all.push((payers, came, node));
        }
    }
    all.sort_by_key(|(payers, came, node)| (std::cmp::Reverse((*payers, *came)), *node));
    let sign = |(payers, came, node)| {
        let came = Money::from_minor(came, trail.asset);
        Sign { node, what: Seen::Meeting { payers, came } }
    };
    all.into_iter().take(MOST).map(sign).collect()
}

/// Money that came back: the accounts of one circle, and the movement that closes it later than one that opens it.
fn loops(trail: &Trail, seen: &Outline) -> Vec<Sign> {
    let mut graph: DiGraph<(), usize> = DiGraph::with_capacity(trail.nodes.len(), trail.edges.len());
    let places: Vec<_> = trail.nodes.iter().map(|_| graph.add_node(())).collect();
    for (index, edge) in trail.edges.iter().enumerate().filter(|(_, e)| moved(e)) {
        if let (Some(from), Some(to)) = (places.get(edge.from), places.get(edge.to)) {
            graph.add_edge(*from, *to, index);
        }
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let mut all: Vec<Sign> = circles
        .filter_map(|circle| closed(trail, seen, &circle.into_iter().map(|at| at.index()).collect()))
        .collect();
    all.sort_by_key(|sign| sign.node);
    all.truncate(MOST);
    all
}

/// Whether disputed money moved by it, as far as nobody denies it.
fn moved(edge: &Edge) -> bool {
    edge.amount.is_positive() && edge.state != EdgeState::NotFound
}

/// The first movement of a circle by which money is back at an account that had sent it on: back along the way by which it
/// first came to each account, never against the clock.
fn closed(trail: &Trail, seen: &Outline, circle: &BTreeSet<usize>) -> Option<Sign> {
    let mut came_by: BTreeMap<usize, &Edge> = BTreeMap::new();
    let mut senders = BTreeSet::new();
    for (index, edge) in trail.edges.iter().enumerate() {
        if !(circle.contains(&edge.from) && circle.contains(&edge.to) && moved(edge)) {
            continue;
        }
        senders.insert(edge.from);
        if senders.contains(&edge.to)
            && !seen.is_quiet(edge.to)
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

/// Movements of one account just below a threshold, close together; those that left and those that came apart. What several
/// answers tell of one movement, each its own part of it, is one payment.
fn below(trail: &Trail, seen: &Outline, threshold: &Threshold) -> Vec<Sign> {
    let near = i128::from(threshold.minor) * i128::from(threshold.near_percent) / 100;
    let least = i64::try_from(near).unwrap_or(i64::MAX);
    let mut sides: BTreeMap<(usize, bool), Vec<(Timestamp, i64)>> = BTreeMap::new();
    for (from, to, at, whole) in
        whole_movements(trail.edges.iter().filter(|e| e.state != EdgeState::NotFound))
    {
        if !(least..threshold.minor).contains(&whole) {
            continue;
        }
        for (node, left) in [(from, true), (to, false)] {
            if !seen.is_quiet(node) {
                sides.entry((node, left)).or_default().push((at, whole));
            }
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
                confirmed: threshold.mark == SourceMark::Confirmed,
            };
            all.push(Sign { node, what });
        }
    }
    all.truncate(MOST);
    all
}

/// Movements with what they came to: from, to, when, how much. Parts with one reference, moment and way are one.
fn whole_movements<'t>(edges: impl Iterator<Item = &'t Edge>) -> Vec<(usize, usize, Timestamp, i64)> {
    let mut by_reference: BTreeMap<(usize, usize, Timestamp, &str), i64> = BTreeMap::new();
    let mut all = Vec::new();
    for edge in edges {
        match edge.reference.as_deref().filter(|reference| !reference.is_empty()) {
            None => all.push((edge.from, edge.to, edge.at, edge.whole.minor())),
            Some(reference) => {
                let sum = by_reference.entry((edge.from, edge.to, edge.at, reference)).or_default();
                *sum = sum.saturating_add(edge.whole.minor());
            }
        }
    }
    all.extend(by_reference.into_iter().map(|((from, to, at, _), whole)| (from, to, at, whole)));
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

/// Accounts that several reasons say money was only passed through. That it did not stay is the one without which the others say
/// nothing.
fn passed(trail: &Trail, seen: &Outline, rules: &TrailSigns) -> Vec<Sign> {
    let least = usize::try_from(rules.least_reasons).unwrap_or(usize::MAX).max(1);
    let mut ends: Vec<Vec<&End>> = vec![Vec::new(); trail.nodes.len()];
    for end in &trail.ends {
        if let Some(list) = ends.get_mut(end.node) {
            list.push(end);
        }
    }
    let of = |node: usize| {
        let reasons = reasons(trail, node, ends.get(node).map_or(&[][..], Vec::as_slice), (seen, rules));
        let quick = reasons.iter().any(|r| matches!(r, Reason::Quick { .. }));
        (quick && reasons.len() >= least).then_some(Sign { node, what: Seen::PassedThrough { reasons } })
    };
    (0..trail.nodes.len()).filter(|node| !seen.is_quiet(*node)).filter_map(of).take(MOST).collect()
}

/// All reasons at one account.
fn reasons(trail: &Trail, node: usize, ends: &[&End], (seen, rules): (&Outline, &TrailSigns)) -> Vec<Reason> {
    let into = Outline::of_node(&seen.into, node, trail);
    let out_of = Outline::of_node(&seen.out_of, node, trail);
    let came: i64 = into.iter().map(|e| e.amount.minor()).fold(0, i64::saturating_add);
    if came <= 0 {
        return Vec::new();
    }
    let gone = ends.iter().filter(|e| e.kind.left_account() && e.kind != EndKind::Returned);
    let ended = gone.filter_map(|e| Some((e.at?, e.amount.minor())));
    let mut left: Vec<(Timestamp, i64)> =
        out_of.iter().map(|e| (e.at, e.amount.minor())).chain(ended).collect();
    left.sort_unstable();
    let mut came_in: Vec<(Timestamp, i64)> = into.iter().map(|e| (e.at, e.amount.minor())).collect();
    came_in.sort_unstable();
    let mut all: Vec<Reason> = quick(&came_in, &left, came, rules).into_iter().collect();
    let hundredth = |part: i64| i128::from(part) * 100;
    // Each sum beside what the bank says stood there before that one: the least of a year would say nothing.
    let stood = seen.stood.get(&node).map_or(&[][..], Vec::as_slice);
    let empty =
        |(stood, sum): &(i64, i64)| hundredth(*stood) < i128::from(*sum) * i128::from(rules.empty_percent);
    if !stood.is_empty() && stood.iter().all(empty) {
        let most = stood.iter().map(|(stood, _)| *stood).max().unwrap_or(0);
        all.push(Reason::Empty { stood: most });
    }
    let enough =
        |count: usize, wanted: u32| usize::try_from(wanted).is_ok_and(|wanted| count >= wanted.max(1));
    let payers = trail.payers.get(node).copied().unwrap_or(0);
    if enough(payers, rules.payers) {
        all.push(Reason::Payers(payers));
    }
    // What somebody buys is no cutting into parts.
    let ended: BTreeSet<_> = ends
        .iter()
        .filter(|e| e.kind.left_account() && !matches!(e.kind, EndKind::Spent | EndKind::Returned))
        .filter_map(|e| Some((e.kind, e.at?)))
        .collect();
    let parts = whole_movements(out_of.iter().copied()).len().saturating_add(ended.len());
    if enough(parts, rules.parts) && parts > whole_movements(into.iter().copied()).len() {
        all.push(Reason::Parts(parts));
    }
    let converted = ends.iter().filter(|e| matches!(e.kind, EndKind::Cash | EndKind::Crypto));
    let converted: i64 = converted.map(|e| e.amount.minor()).fold(0, i64::saturating_add);
    if hundredth(converted) >= i128::from(came) * i128::from(rules.quick_percent) / 2 {
        all.push(Reason::Converted);
    }
    all
}

/// How much of what came was gone within the time of the rules, each sum counted from its own coming, first in, first out. What left
/// before anything came is not it, whatever was apportioned: clocks of two banks differ by minutes, not by days.
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
            let stayed = at.as_micros().saturating_sub(since.as_micros());
            if stayed < -CLOCKS_DIFFER {
                break;
            }
            let part = amount.min(*there);
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
