//! What mules do with money that came in: wait, forward in parts, take everything along, keep a little, and
//! get it out: at cash machines, through the exchange, in shops, abroad. A hold stops what it holds, and the
//! mule takes the rest.

use std::sync::Arc;

use super::World;
use super::book::Move;
use super::events::{Event, Happening};
use super::model::{AccountId, By, Fate, How, TransferId};
use crate::country::Kind;
use crate::draw::{Draw, about, mix};
use crate::moment::{DAY, HOUR, Moment};
use crate::money::{Minor, UNIT, permille};

/// What is not worth a step, in tiyn: a thousand tenge.
const CRUMBS: Minor = 1_000 * UNIT;
/// Machines, shops and banks abroad in the country.
const MANY: u64 = 40;

/// Stolen money in a mule's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Onward {
    /// Where it lies.
    pub(super) account: AccountId,
    /// With which transfer it came.
    pub(super) came: TransferId,
    /// Which account on the way this is, from 1.
    pub(super) hop: u8,
    /// Whose network.
    pub(super) network: usize,
    /// Key of the dice for what follows.
    pub(super) key: u64,
}

#[derive(Debug, Clone, Copy)]
enum Exit {
    Cash,
    Crypto,
    Spend,
    Abroad,
}

impl World {
    /// Money has come in: the mule will act after a while.
    pub(super) fn mule_receives(&mut self, onward: Onward) {
        let flow = Arc::clone(&self.setup.flow);
        let mut dice = Draw::keyed(about(onward.key, "dwell"));
        let slow = flow.dwell_slow_share.happens(&mut dice);
        let dwell = if slow { &flow.dwell_slow } else { &flow.dwell_fast }.draw(&mut dice);
        self.queue.put(self.now.plus(dwell), Event::Step(onward));
    }

    pub(super) fn step(&mut self, onward: Onward) {
        let flow = Arc::clone(&self.setup.flow);
        let mut dice = Draw::keyed(about(onward.key, "step"));
        let Some(network) = self.networks.get(onward.network) else { return };
        let next = network.layers.get(usize::from(onward.hop)).cloned();
        let came = self.book.transfers[onward.came].amount;
        let keeps = permille(came, flow.mule_keeps.draw(&mut dice));
        let wanted = came - keeps;
        if keeps > 0 {
            let later = flow.keep_spent_after.draw(&mut dice);
            self.queue.put(self.now.plus(later), Event::Spend { onward, amount: keeps });
        }
        let early = flow.early_exit.happens(&mut dice);
        match next {
            Some(layer) if !early => self.forward(onward, &layer, wanted, &mut dice),
            _ => self.leave(onward, wanted, &mut dice),
        }
    }

    fn forward(&mut self, onward: Onward, layer: &[AccountId], wanted: Minor, dice: &mut Draw) {
        let flow = Arc::clone(&self.setup.flow);
        let everything = flow.merge.happens(dice);
        let parts = if everything { 1 } else { flow.split_parts.draw(dice).max(1) };
        let mut at = self.now;
        let mut left = wanted;
        for no in 0..parts {
            let Some(to) = dice.pick(layer).copied() else { return };
            let share = if no + 1 == parts { 1_000 } else { dice.between(250, 650) };
            let amount = permille(left, share);
            left -= amount;
            let key = mix(onward.key, no.unsigned_abs() + 1);
            let part = Onward { hop: onward.hop.saturating_add(1), key, ..onward };
            self.queue.put(at, Event::Part { onward: part, from: onward.account, to, amount, everything });
            at = at.plus(flow.part_gap.draw(dice));
        }
    }

    /// One part of a forward; `everything` takes all that may leave the account along with it.
    pub(super) fn part(
        &mut self,
        onward: Onward,
        from: AccountId,
        to: AccountId,
        amount: Minor,
        everything: bool,
    ) {
        let mut dice = Draw::keyed(about(onward.key, "part"));
        let available = self.book.accounts[from].available();
        let wish = if everything { amount.max(available) } else { amount };
        let card =
            self.setup.flow.forward_by_card.happens(&mut dice) && self.book.accounts[to].names.card.is_some();
        let by = if card { By::Card } else { self.book.accounts[to].best_name() };
        if let Some(came) =
            self.try_move(Move { from, to, amount: wish, at: self.now, how: How::Forward, by }, onward)
        {
            self.mule_receives(Onward { account: to, came, ..onward });
        }
    }

    /// Moves what is wished, or what a hold has left of it; tells the journal.
    fn try_move(&mut self, wish: Move, onward: Onward) -> Option<TransferId> {
        let (from, wanted) = (wish.from, wish.amount);
        let had = self.book.accounts[from].available();
        if had < wanted && self.book.accounts[from].held > 0 {
            self.happenings.push(Happening::Stopped { account: from, wanted, had, at: self.now });
        }
        let amount = wanted.min(had);
        if amount < CRUMBS {
            return None;
        }
        let transfer = self.book.transfer(Move { amount, ..wish }).ok()?;
        self.happenings.push(Happening::Moved(transfer, onward.hop));
        Some(transfer)
    }

    /// The money leaves the accounts of the country.
    fn leave(&mut self, onward: Onward, wanted: Minor, dice: &mut Draw) {
        let flow = Arc::clone(&self.setup.flow);
        let at_exchange = self.kind_of(onward.account) == Some(Kind::CryptoExchange);
        let ways = [
            (Exit::Cash, flow.exit_cash.typical()),
            (Exit::Crypto, flow.exit_crypto.typical()),
            (Exit::Spend, flow.exit_spend.typical()),
            (Exit::Abroad, flow.exit_abroad.typical()),
        ];
        let way = if at_exchange { Some(Exit::Crypto) } else { dice.weighted(&ways) };
        match way {
            Some(Exit::Crypto) if at_exchange => self.send_to_chain(onward, wanted),
            Some(Exit::Crypto) => self.buy_crypto(onward, wanted),
            Some(Exit::Spend) => self.spend(onward, wanted),
            Some(Exit::Abroad) => {
                let how = How::Abroad(dice.below(5));
                self.out(onward, self.places.abroad, wanted, how);
            }
            _ => {
                // What the machines will not give in two days goes another way.
                let most = 2 * self.cash_limit(onward);
                self.withdraw(onward, wanted.min(most));
                if wanted - most >= CRUMBS {
                    self.buy_crypto(Onward { key: mix(onward.key, 0xC), ..onward }, wanted - most);
                }
            }
        }
    }

    /// Cash that the account gives out in a day.
    fn cash_limit(&self, onward: Onward) -> Minor {
        let key = mix(about(self.setup.seed, "cash limit"), onward.account.number());
        self.setup.flow.cash_per_day.draw(&mut Draw::keyed(key)) * UNIT
    }

    fn kind_of(&self, account: AccountId) -> Option<Kind> {
        self.book.accounts[account].house.map(|h| self.book.houses[h].kind)
    }

    fn out(&mut self, onward: Onward, to: AccountId, amount: Minor, how: How) -> Option<TransferId> {
        let wish = Move { from: onward.account, to, amount, at: self.now, how, by: By::Number };
        self.try_move(wish, onward)
    }

    fn buy_crypto(&mut self, onward: Onward, amount: Minor) {
        let Some(to) = self.networks.get(onward.network).map(|n| n.exchange) else { return };
        let by = self.book.accounts[to].best_name();
        let wish = Move { from: onward.account, to, amount, at: self.now, how: How::Forward, by };
        if let Some(came) = self.try_move(wish, onward) {
            let key = mix(onward.key, 0xE);
            let amount = self.book.transfers[came].amount;
            let onward = Onward { account: to, came, hop: onward.hop.saturating_add(1), key, ..onward };
            let wait = self.setup.flow.exchange_dwell.draw(&mut Draw::keyed(about(key, "exchange")));
            self.queue.put(self.now.plus(wait), Event::ToChain { onward, amount });
        }
    }

    pub(super) fn send_to_chain(&mut self, onward: Onward, amount: Minor) {
        let Some(network) = self.networks.get(onward.network) else { return };
        let how = How::Chain { kind: network.wallet_kind, address: network.wallet.clone() };
        self.out(onward, self.places.chains, amount, how);
    }

    pub(super) fn spend(&mut self, onward: Onward, amount: Minor) {
        let shop = Draw::keyed(about(onward.key, "shop")).below(MANY);
        self.out(onward, self.places.shops, amount, How::Purchase(shop));
    }

    /// One withdrawal; the next follows in minutes, or tomorrow where the day's limit is reached.
    pub(super) fn withdraw(&mut self, onward: Onward, left: Minor) {
        let flow = Arc::clone(&self.setup.flow);
        let mut dice = Draw::keyed(mix(about(onward.key, "cash"), left.unsigned_abs()));
        let day = (onward.account, self.now.day());
        let limit = self.cash_limit(onward);
        let today = self.cash_today.get(&day).copied().unwrap_or(0);
        let room = (limit - today).max(0);
        let once = flow.cash_per_withdrawal.draw(&mut dice) * UNIT;
        // Machines give whole thousands.
        let amount = left.min(once).min(room) / CRUMBS * CRUMBS;
        if amount < CRUMBS {
            if left >= CRUMBS && room < CRUMBS {
                let tomorrow = Moment::midnight(day.1 + 1).plus(dice.between(0, DAY / 2) + HOUR);
                self.queue.put(tomorrow, Event::Withdraw { onward, left });
            }
            return;
        }
        let machine = dice.below(MANY);
        let Some(transfer) = self.out(onward, self.places.machines, amount, How::Cash(machine)) else {
            return;
        };
        let given = self.book.transfers[transfer].amount;
        *self.cash_today.entry(day).or_insert(0) += given;
        if given == amount && left > amount {
            let later = self.now.plus(flow.cash_gap.draw(&mut dice));
            self.queue.put(later, Event::Withdraw { onward, left: left - amount });
        }
    }

    /// Stolen money of one payment that still lies in clients' accounts, held or not.
    #[must_use]
    pub fn still_reachable(&self, payment: super::model::PaymentId) -> (Minor, Minor) {
        let mut sums = (0, 0);
        for (_, segment) in self.book.segments.iter().filter(|(_, s)| s.origin == Some(payment)) {
            match segment.fate {
                Fate::Here => sums.0 += segment.amount,
                Fate::Held(_) => sums.1 += segment.amount,
                Fate::Gone(_) => {}
            }
        }
        sums
    }
}
