//! Sums over the world: what was lost, what is held, how far the money went.

use serde::{Deserialize, Serialize};

use super::World;
use super::model::{Freed, Hold, HoldId, LossId, Why};
use crate::moment::Moment;
use crate::money::Minor;

/// Sums, in tiyn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Reports that were due by now and in which money was lost.
    pub losses: u64,
    /// Money lost in them.
    pub lost: Minor,
    /// Held by orders now.
    pub held_now: Minor,
    /// Ever held by orders.
    pub held_ever: Minor,
    /// Hops from victims' payments, by number of the hop from 1: transfers seen.
    pub longest: u64,
    /// Whether every law of the ledger holds.
    pub conserved: bool,
}

/// One hold by an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldLine {
    /// The hold.
    pub id: HoldId,
    /// The order.
    pub order: String,
    /// Its object.
    pub object: String,
    /// Most that might be held.
    pub cap: Minor,
    /// Held at first.
    pub ever: Minor,
    /// Held now.
    pub now: Minor,
    /// Since when.
    pub at: Moment,
    /// What ended it last.
    pub freed: Option<Freed>,
}

impl World {
    /// What a victim has paid by now.
    #[must_use]
    pub fn lost_in(&self, loss: LossId) -> Minor {
        let paid = |p: &&super::model::PaymentId| self.payments[**p].stage.is_made();
        self.losses[loss].payments.iter().filter(paid).map(|p| self.payments[*p].amount).sum()
    }

    /// Sums by now.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let reported = self.losses.iter().filter(|(_, l)| l.report_at <= self.now && !l.payments.is_empty());
        let mut tally = Tally {
            conserved: self.book.sum_of_everything() == 0 && self.book.broken().is_empty(),
            ..Tally::default()
        };
        for (id, loss) in reported {
            tally.losses += 1;
            tally.lost += self.lost_in(id);
            let hops = self.network_of(loss).map_or(0, |n| n.layers.len());
            tally.longest = tally.longest.max(u64::try_from(hops).unwrap_or(0));
        }
        for line in self.hold_lines() {
            tally.held_now += line.now;
            tally.held_ever += line.ever;
        }
        tally
    }

    /// Every hold by an order, oldest first.
    #[must_use]
    pub fn hold_lines(&self) -> Vec<HoldLine> {
        self.book.holds.iter().filter_map(|(id, hold)| self.hold_line(id, hold)).collect()
    }

    fn hold_line(&self, id: HoldId, hold: &Hold) -> Option<HoldLine> {
        let Why::Order(claim) = hold.why else { return None };
        let claim = &self.book.claims[claim];
        Some(HoldLine {
            id,
            order: claim.order.clone(),
            object: claim.object.clone(),
            cap: claim.cap,
            ever: hold.ever,
            now: hold.now,
            at: hold.at,
            freed: hold.freed.last().map(|(_, why, _)| *why),
        })
    }
}
