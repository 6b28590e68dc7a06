//! What the methods of telling money apart come to, side by side.

use std::collections::BTreeMap;

use kernel::{Asset, Money};

use super::{Method, build_by};
use crate::model::{Account, Finding, Line, Trail, TrailFact};

/// Facts of a trail that are apportioned by every method: in proportion, each outflow is taken from everybody, and more would
/// keep a reader waiting.
const MOST: usize = 4_096;

/// One account by each method, in the order of [`Method::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The account.
    pub account: Account,
    /// Disputed money that came, and how much of it nobody says has left.
    pub by: [(Money, Money); Method::ALL.len()],
}

/// What comparing the methods gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Accounts on which they come to different sums; none, if they come to the same everywhere.
    Differ(Vec<Beside>),
    /// No bank has said what stood on any account before, and no reporters' money meets: there is nothing to tell apart, which is not to
    /// say that a holder's own money would not change it.
    NothingSaid,
    /// There is too much to compare.
    TooMany,
}

/// The methods side by side. `trail` is what the first of them comes to.
#[must_use]
pub fn side_by_side(asset: Asset, facts: &[TrailFact], trail: &Trail) -> Compared {
    if facts.len() > MOST {
        return Compared::TooMany;
    }
    let said = facts.iter().any(|f| matches!(f, TrailFact::Line(Line { stood_before: Some(_), .. })));
    if !said && trail.payers.iter().all(|payers| *payers < 2) {
        return Compared::NothingSaid;
    }
    let [_, others @ ..] = Method::ALL;
    let others = others.map(|method| sums(&build_by(method, asset, facts)));
    let first = sums(trail);
    let money = |(came, there): (i64, i64)| (Money::from_minor(came, asset), Money::from_minor(there, asset));
    let mut all = Vec::new();
    for node in &trail.nodes {
        let key = node.account.key.as_str();
        let of = |known: &BTreeMap<String, (i64, i64)>| money(known.get(key).copied().unwrap_or_default());
        let [second, third] = &others;
        let by = [of(&first), of(second), of(third)];
        if by.iter().any(|sums| *sums != of(&first)) {
            all.push(Beside { account: node.account.clone(), by });
        }
    }
    Compared::Differ(all)
}

/// By account: what came, and what of it is there as far as anybody says. What must have left by a stated balance, though nobody told of it, is
/// not there.
fn sums(trail: &Trail) -> BTreeMap<String, (i64, i64)> {
    let mut there: Vec<(i64, i64)> = trail
        .check()
        .iter()
        .map(|b| (b.came.minor(), b.came.minor().saturating_sub(b.went.minor())))
        .collect();
    let ended = trail.ends.iter().filter(|end| end.kind.left_account()).map(|end| (end.node, end.amount));
    let untold = trail.findings.iter().filter_map(|finding| match finding {
        Finding::Unlisted { node, amount } => Some((*node, *amount)),
        _ => None,
    });
    for (node, amount) in ended.chain(untold) {
        if let Some(sums) = there.get_mut(node) {
            sums.1 = sums.1.saturating_sub(amount.minor());
        }
    }
    trail.nodes.iter().map(|n| n.account.key.clone()).zip(there).collect()
}
