//! What the methods of telling money apart come to, side by side.

use std::collections::BTreeMap;

use kernel::{Asset, Money};

use super::{Method, build_by};
use crate::model::{Account, EndKind, Trail, TrailFact};

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

/// Accounts on which the methods come to different sums; `None` where there is too much to compare. `trail` is what the first
/// method comes to.
#[must_use]
pub fn side_by_side(asset: Asset, facts: &[TrailFact], trail: &Trail) -> Option<Vec<Beside>> {
    if facts.len() > MOST {
        return None;
    }
    // Where no bank says what stood there before and nothing of several payers meets, there is nothing to tell apart.
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
    Some(all)
}

/// By account: what came, and what of it is there as far as anybody says.
fn sums(trail: &Trail) -> BTreeMap<String, (i64, i64)> {
    let mut there: Vec<(i64, i64)> = trail
        .check()
        .iter()
        .map(|b| (b.came.minor(), b.came.minor().saturating_sub(b.went.minor())))
        .collect();
    for end in &trail.ends {
        let left = matches!(
            end.kind,
            EndKind::Moved
                | EndKind::Cash
                | EndKind::Spent
                | EndKind::Abroad
                | EndKind::Crypto
                | EndKind::Returned
        );
        if let Some(sums) = there.get_mut(end.node).filter(|_| left) {
            sums.1 = sums.1.saturating_sub(end.amount.minor());
        }
    }
    trail.nodes.iter().map(|n| n.account.key.clone()).zip(there).collect()
}
