//! The recursive query, executed as it reads: sets of rows per step, nothing clever.

use std::collections::BTreeSet;

use flat::{Rules, Start, Transfer};

/// Ids found and hubs met.
#[derive(Debug, PartialEq, Eq)]
pub struct Slow {
    pub ids: BTreeSet<u32>,
    pub hubs: BTreeSet<u32>,
}

pub fn forward(rows: &[Transfer], start: Start, rules: &Rules) -> Slow {
    let mut slow = Slow { ids: BTreeSet::new(), hubs: BTreeSet::new() };
    let mut step = BTreeSet::from([(start.account, start.at_secs)]);
    for _ in 0..rules.layers {
        let mut next = BTreeSet::new();
        for (account, time) in step {
            let follows = |r: &&Transfer| {
                r.from == account && r.at_secs >= time && r.at_secs <= time + i64::from(rules.window_secs)
            };
            let sent: Vec<&Transfer> = rows.iter().filter(follows).collect();
            if rules.hub_above.is_some_and(|most| u32::try_from(sent.len()).unwrap() > most) {
                slow.hubs.insert(account);
                continue;
            }
            for row in sent.into_iter().filter(|r| u64::try_from(r.amount).unwrap() >= rules.floor.minor()) {
                slow.ids.insert(row.id);
                next.insert((row.to, row.at_secs));
            }
        }
        step = next;
    }
    slow
}

/// The same question back in time: what can have brought the money to an account that sent it on at a moment.
pub fn backward(rows: &[Transfer], start: Start, rules: &Rules) -> Slow {
    let mut slow = Slow { ids: BTreeSet::new(), hubs: BTreeSet::new() };
    let mut step = BTreeSet::from([(start.account, start.at_secs)]);
    for _ in 0..rules.layers {
        let mut next = BTreeSet::new();
        for (account, time) in step {
            let precedes = |r: &&Transfer| {
                r.to == account && r.at_secs <= time && r.at_secs >= time - i64::from(rules.window_secs)
            };
            let received: Vec<&Transfer> = rows.iter().filter(precedes).collect();
            if rules.hub_above.is_some_and(|most| u32::try_from(received.len()).unwrap() > most) {
                slow.hubs.insert(account);
                continue;
            }
            for row in
                received.into_iter().filter(|r| u64::try_from(r.amount).unwrap() >= rules.floor.minor())
            {
                slow.ids.insert(row.id);
                next.insert((row.from, row.at_secs));
            }
        }
        step = next;
    }
    slow
}

pub fn reach(rows: &[Transfer], account: u32, hops: u32) -> BTreeSet<u32> {
    let mut seen = BTreeSet::from([account]);
    for _ in 0..hops {
        let more: Vec<u32> = rows.iter().filter(|r| seen.contains(&r.from)).map(|r| r.to).collect();
        seen.extend(more);
    }
    seen
}
