//! Where stolen money went, found in all transfers of many accounts: forward in time from one transfer, along what is no habit of
//! whoever pays ([`crate::habit`]). Amounts decide nothing here: what comes in as one sum goes on in parts, together with others' money.

use std::collections::BTreeMap;

use flat::{FlatError, Rules, Scratch, Sources, Start, Transfer, Transfers};

use crate::habit::unusual;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// How far money is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Longest rest at an account, days.
    pub rest_days: u32,
    /// Most hops.
    pub hops: u32,
    /// An account that sends more than this within the rest, habits left out, is a hub and not followed.
    pub hub_above: u32,
}

impl Default for Bounds {
    /// Thirty days at each account, as far as twelve hops, not through whoever sends more than two hundred payments in that time.
    fn default() -> Self {
        Self { rest_days: 30, hops: 12, hub_above: 200 }
    }
}

/// In which direction money is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// Where it went.
    #[default]
    On,
    /// Where it came from.
    Back,
}

/// Transfers that are no habit, ready to be followed one way.
#[derive(Debug)]
pub struct Unusual {
    graph: Graph,
    scratch: Scratch,
}

#[derive(Debug)]
enum Graph {
    On(Transfers),
    Back(Sources),
}

impl Unusual {
    /// Looks through transfers between accounts that are numbered below `accounts`.
    ///
    /// # Errors
    /// A transfer that cannot be kept: its account, its time, its amount.
    pub fn of(accounts: u32, transfers: &[Transfer], way: Way) -> Result<Self, FlatError> {
        let mut between: BTreeMap<(u32, u32), Vec<Transfer>> = BTreeMap::new();
        for transfer in transfers {
            between.entry((transfer.from, transfer.to)).or_default().push(*transfer);
        }
        let mut kept = Vec::new();
        for all in between.values_mut() {
            all.sort_unstable_by_key(|t| (t.at_secs, t.id));
            let days: Vec<i64> = all.iter().map(|t| t.at_secs.div_euclid(DAY)).collect();
            kept.extend(unusual(&days).into_iter().filter_map(|at| all.get(at)).copied());
        }
        let graph = match way {
            Way::On => Graph::On(Transfers::build(accounts, kept)?),
            Way::Back => Graph::Back(Sources::build(accounts, kept)?),
        };
        Ok(Self { graph, scratch: Scratch::default() })
    }

    /// Transfers that may have carried on what one brought, or may have brought what it carried, each once; not that one itself.
    pub fn beyond(&mut self, seed: &Transfer, bounds: &Bounds) -> Vec<u32> {
        let window = i64::from(bounds.rest_days).saturating_mul(DAY);
        let rules = Rules {
            hub_above: Some(bounds.hub_above),
            ..Rules::plain(u32::try_from(window).unwrap_or(u32::MAX), bounds.hops)
        };
        let (scratch, at_secs) = (&mut self.scratch, seed.at_secs);
        let found = match &self.graph {
            Graph::On(graph) => graph.forward(scratch, Start { account: seed.to, at_secs }, &rules),
            Graph::Back(graph) => graph.backward(scratch, Start { account: seed.from, at_secs }, &rules),
        };
        let mut found = found.ids;
        found.retain(|id| *id != seed.id);
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    const ORDINARY: &str = include_str!("../../../third_party/amlsim/transactions.csv");
    const SCHEMES: &str = include_str!("../../../third_party/amlsim/alert_transactions.csv");

    fn transfer(id: u32, (from, to): (u32, u32), day: i64) -> Transfer {
        Transfer { id, from, to, at_secs: flat::EPOCH_SECS + day * DAY, amount: 100 }
    }

    #[test]
    fn a_habit_is_not_followed_and_a_cycle_ends() {
        let rent = (0..6).map(|n| transfer(n, (1, 9), 30 * i64::from(n)));
        let trail = [((0, 1), 10), ((1, 2), 11), ((2, 3), 15), ((3, 1), 20), ((9, 4), 12), ((2, 5), 90)];
        let trail = (10_u32..).zip(trail).map(|(id, (accounts, day))| transfer(id, accounts, day));
        let all: Vec<Transfer> = rent.chain(trail).collect();
        let mut unusual = Unusual::of(10, &all, Way::On).unwrap();
        let seed = all.iter().find(|t| t.id == 10).unwrap();
        assert_eq!(unusual.beyond(seed, &Bounds::default()), [11, 12, 13]);
        // And back again: from the last of them, by way of what it went through.
        let mut back = Unusual::of(10, &all, Way::Back).unwrap();
        let last = all.iter().find(|t| t.id == 12).unwrap();
        assert_eq!(back.beyond(last, &Bounds::default()), [11, 10]);
    }

    /// On transfers that nobody here wrote: what follows from the first transfer of each scheme, as far as it can be followed.
    #[test]
    fn schemes_among_sixty_thousand_transfers() {
        let number = |text: &str| text.parse::<u32>().unwrap();
        let mut all: Vec<Transfer> = Vec::new();
        let mut add = |from: &str, to: &str, day: &str| {
            let id = u32::try_from(all.len()).unwrap();
            all.push(transfer(id, (number(from), number(to)), day.parse().unwrap()));
            id
        };
        for line in ORDINARY.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            add(fields[1], fields[2], fields[0]);
        }
        let heading: Vec<&str> = SCHEMES.lines().next().unwrap().split(',').collect();
        let column = |name: &str| heading.iter().position(|h| *h == name).unwrap();
        let (scheme, day, from, to) =
            (column("alert_id"), column("day"), column("orig_acct"), column("bene_acct"));
        let mut schemes: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for line in SCHEMES.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            schemes.entry(number(fields[scheme])).or_default().push(add(
                fields[from],
                fields[to],
                fields[day],
            ));
        }
        let of = |id: &u32| all[usize::try_from(*id).unwrap()];
        let mut unusual = Unusual::of(2_000, &all, Way::On).unwrap();
        let (mut right, mut wrong, mut missed) = (0_usize, 0_usize, 0_usize);
        for members in schemes.values_mut() {
            members.sort_by_key(|id| (of(id).at_secs, *id));
            let (first, rest) = members.split_first().unwrap();
            // What can be followed at all: from accounts that the money reached, not before it did.
            let mut reached = BTreeMap::from([(of(first).to, of(first).at_secs)]);
            let mut truth = BTreeSet::new();
            for id in rest {
                let transfer = of(id);
                if reached.get(&transfer.from).is_some_and(|since| transfer.at_secs >= *since) {
                    truth.insert(*id);
                    reached.entry(transfer.to).or_insert(transfer.at_secs);
                }
            }
            if truth.is_empty() {
                continue;
            }
            let found: BTreeSet<u32> = unusual.beyond(&of(first), &Bounds::default()).into_iter().collect();
            right += found.intersection(&truth).count();
            wrong += found.difference(&members.iter().copied().collect()).count();
            missed += truth.difference(&found).count();
        }
        let recall = 1_000 * right / (right + missed);
        let f1 = 2_000 * right / (2 * right + wrong + missed);
        println!("right {right}, wrong {wrong}, missed {missed}: recall {recall} F1 {f1} per mille");
        assert!(recall > 900 && f1 > 600, "recall {recall} F1 {f1}");
    }
}
