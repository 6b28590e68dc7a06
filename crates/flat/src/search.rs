//! Following money forward: breadth first, a layer at a time, each transfer once.
//!
//! The result is that of the recursive query
//! ```sql
//! WITH RECURSIVE t(id, a, ts, d) AS (
//!   SELECT id, dst, ts, 0 FROM transfer WHERE id = :seed
//!   UNION SELECT e.id, e.dst, e.ts, t.d + 1 FROM t JOIN transfer e
//!     ON e.src = t.a AND e.ts >= t.ts AND e.ts <= t.ts + :window WHERE t.d < :layers)
//! SELECT DISTINCT id FROM t WHERE d > 0
//! ```
//! which visits a transfer once per layer; once is enough, because what follows a transfer depends on the
//! transfer alone, and its earliest layer leaves the most layers to go.

use crate::bits::Bits;
use crate::coarse::Floor;
use crate::graph::{Transfers, seconds};

/// Entries of the frontier that are worked on together.
const TOGETHER: usize = 32;

/// Where a search begins: behind a transfer, that is at the account that received it, at its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The account that received the money.
    pub account: u32,
    /// When it did, seconds since 1970 UTC.
    pub at_secs: i64,
}

/// How far the money is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// A transfer follows another if it leaves at the same second or up to so many seconds later.
    pub window_secs: u32,
    /// Layers of transfers behind the seed.
    pub layers: u32,
    /// An account that sends more transfers than this within the window (whatever their amount) is a hub:
    /// an exchange, a payment service, a payroll. It is reported and not followed. `None`: no hubs.
    pub hub_above: Option<u32>,
    /// Transfers below it are neither found nor followed.
    pub floor: Floor,
    /// At most so many transfers are found.
    pub limit: usize,
}

impl Rules {
    /// `layers` layers, each within `window_secs` of the one before, without stop rules.
    #[must_use]
    pub const fn plain(window_secs: u32, layers: u32) -> Self {
        Self { window_secs, layers, hub_above: None, floor: Floor::NONE, limit: usize::MAX }
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Ids of the transfers, each once, layer by layer.
    pub ids: Vec<u32>,
    /// Where each layer ends in `ids`; the first entry is the end of the first layer behind the seed.
    pub layer_ends: Vec<usize>,
    /// Accounts that were not followed because they are hubs, each once, upwards.
    pub hubs: Vec<u32>,
    /// Whether `limit` ended the search: there is more.
    pub cut_off: bool,
}

/// Accounts that money can have reached, whatever the times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// The accounts, the first one being the start.
    pub accounts: Vec<u32>,
    /// Whether `limit` ended the search.
    pub cut_off: bool,
}

/// Working memory that searches share: one bit per transfer and per account. One per thread; any graph.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    seen: Bits,
    frontier: Vec<(u32, u32)>,
    next: Vec<(u32, u32)>,
}

impl Transfers {
    /// Transfers that can carry the money on from `start`, in time order, under `rules`.
    pub fn forward(&self, scratch: &mut Scratch, start: Start, rules: &Rules) -> Found {
        let mut found = Found::default();
        let Some(time) = seconds(start.at_secs) else { return found };
        scratch.seen.reset(self.len());
        scratch.frontier.clear();
        scratch.frontier.push((start.account, time));
        for _ in 0..rules.layers {
            self.layer(scratch, rules, &mut found);
            found.layer_ends.push(found.ids.len());
            std::mem::swap(&mut scratch.frontier, &mut scratch.next);
            if found.cut_off || scratch.frontier.is_empty() {
                break;
            }
        }
        found.hubs.sort_unstable();
        found.hubs.dedup();
        found
    }

    /// One layer: what follows the frontier goes to `found`, and to `next`.
    ///
    /// Some entries at a time, and each step for all of them before the next step: the steps of one entry wait
    /// for memory one after the other, those of different entries need not wait for each other.
    fn layer(&self, scratch: &mut Scratch, rules: &Rules, found: &mut Found) {
        let Scratch { seen, frontier, next } = scratch;
        next.clear();
        let base = self.base();
        for some in frontier.chunks(TOGETHER) {
            let mut ranges = [(0, 0); TOGETHER];
            for (range, &(account, _)) in ranges.iter_mut().zip(some) {
                *range = base.sent(account);
            }
            for (range, &(_, time)) in ranges.iter_mut().zip(some) {
                *range = base.within(*range, time, time.saturating_add(rules.window_secs));
            }
            for (range, &reached) in ranges.iter().zip(some) {
                self.expand(reached, *range, rules, seen, next, found);
                if found.ids.len() > rules.limit {
                    found.ids.truncate(rules.limit);
                    found.cut_off = true;
                    return;
                }
            }
        }
    }

    /// Adds what an account sent within the window behind `time` and was not seen before; `from..to` are the
    /// positions of that window.
    #[inline]
    fn expand(
        &self,
        (account, time): (u32, u32),
        (from, to): (usize, usize),
        rules: &Rules,
        seen: &mut Bits,
        next: &mut Vec<(u32, u32)>,
        found: &mut Found,
    ) {
        let late = self.delta().window(account, time, time.saturating_add(rules.window_secs));
        if rules.hub_above.is_some_and(|most| to - from + late.len() > crate::at(most)) {
            found.hubs.push(account);
            return;
        }
        let (base, floor) = (self.base(), rules.floor.code());
        seen.insert_range(from, to, |position| {
            let Some(arc) = base.arc(position) else { return };
            // Without a floor the amounts are not even read.
            if floor == 0 || base.amount(position) >= floor {
                found.ids.push(arc.id);
                next.push((arc.to, arc.time));
            }
        });
        for late in late {
            // Bits behind those of the base, in order of arrival.
            if seen.insert(base.len() + crate::at(late.arrival)) && late.row.amount >= floor {
                found.ids.push(late.row.id);
                next.push((late.row.to, late.row.time));
            }
        }
    }

    /// Accounts that can be reached from `account` over at most `hops` transfers, whatever their times and
    /// amounts; at most `limit`. An account that never sent anything reaches itself.
    pub fn reach(&self, scratch: &mut Scratch, account: u32, hops: u32, limit: usize) -> Reach {
        let mut reach = Reach { accounts: vec![account], cut_off: false };
        let seen = &mut scratch.seen;
        // Numbers beyond the accounts in use have no transfers and fall outside the room: found once, as the start.
        seen.reset(crate::at(self.accounts()));
        seen.insert(crate::at(account));
        let mut done = 0;
        for _ in 0..hops {
            let end = reach.accounts.len();
            while done < end {
                let Some(&account) = reach.accounts.get(done) else { break };
                done += 1;
                let (from, to) = self.base().sent(account);
                for arc in self.base().arcs(from, to) {
                    if seen.insert(crate::at(arc.to)) {
                        reach.accounts.push(arc.to);
                    }
                }
                for late in self.delta().sent(account) {
                    if seen.insert(crate::at(late.row.to)) {
                        reach.accounts.push(late.row.to);
                    }
                }
                if reach.accounts.len() > limit {
                    reach.accounts.truncate(limit);
                    reach.cut_off = true;
                    return reach;
                }
            }
            if end == reach.accounts.len() {
                break;
            }
        }
        reach
    }
}
