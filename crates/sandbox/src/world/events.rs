//! The clockwork: what happens next, and what happens then.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::World;
use super::amlsim::{Row, background};
use super::book::Move;
use super::model::{AccountId, HoldId, How, PaymentId, Stage, TransferId, Why};
use super::mule::Onward;
use crate::draw::{Draw, about, mix};
use crate::moment::{HOUR, Moment};
use crate::money::Minor;

/// Something that will happen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// A day begins: its ordinary transfers are put into the queue.
    Day(i64),
    /// An ordinary transfer.
    Ordinary { from: AccountId, to: AccountId, amount: Minor },
    /// A victim pays.
    Pay(PaymentId),
    /// A victim's payment arrives.
    Arrive(PaymentId, HoldId),
    /// A mule acts on money that came in.
    Step(Onward),
    /// One part of a mule's forward leaves.
    Part { onward: Onward, from: AccountId, to: AccountId, amount: Minor, everything: bool },
    /// A mule stands at a cash machine.
    Withdraw { onward: Onward, left: Minor },
    /// Money leaves the exchange for a chain.
    ToChain { onward: Onward, amount: Minor },
    /// A mule spends what it kept.
    Spend { onward: Onward, amount: Minor },
}

/// What happened, for the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// A victim paid.
    Paid(PaymentId),
    /// A victim's payment arrived.
    Arrived(PaymentId, TransferId),
    /// A mule moved stolen money, at this hop.
    Moved(TransferId, u8),
    /// A mule wanted more than a hold let go.
    Stopped {
        /// The mule's account.
        account: AccountId,
        /// What it wanted.
        wanted: Minor,
        /// What it could have.
        had: Minor,
        /// When.
        at: Moment,
    },
}

/// Events in order of time, then of arrival.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    heap: BinaryHeap<Reverse<(Moment, u64, Event)>>,
    count: u64,
}

impl Queue {
    pub(super) fn put(&mut self, at: Moment, event: Event) {
        self.count += 1;
        self.heap.push(Reverse((at, self.count, event)));
    }
    fn next_at(&self) -> Option<Moment> {
        self.heap.peek().map(|Reverse((at, _, _))| *at)
    }
    fn pop(&mut self) -> Option<(Moment, Event)> {
        self.heap.pop().map(|Reverse((at, _, event))| (at, event))
    }
}

impl World {
    /// Puts the first events into the queue and turns the clock back to the first of them.
    pub(super) fn start(&mut self) {
        let payments: Vec<(PaymentId, Moment)> = self.payments.iter().map(|(id, p)| (id, p.at)).collect();
        let first = payments.iter().map(|(_, at)| *at).min().unwrap_or(self.now).min(self.now);
        for (id, at) in payments {
            self.queue.put(at, Event::Pay(id));
        }
        if self.setup.background {
            self.queue.put(first, Event::Day(first.day()));
        }
        self.now = first;
    }

    /// When the next thing happens, if nothing is done from outside.
    #[must_use]
    pub fn next_at(&self) -> Option<Moment> {
        self.queue.next_at()
    }

    /// Lets everything happen up to and including `to`. The clock never runs backwards.
    pub fn advance(&mut self, to: Moment) {
        while self.queue.next_at().is_some_and(|at| at <= to) {
            let Some((at, event)) = self.queue.pop() else { break };
            self.now = self.now.max(at);
            self.happen(event);
        }
        self.now = self.now.max(to);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Day(day) => self.begin_day(day),
            Event::Ordinary { from, to, amount } => self.wish_ordinary(from, to, amount),
            Event::Pay(id) => self.wish_to_pay(id),
            Event::Arrive(id, hold) => self.payment_arrives(id, hold),
            Event::Step(onward) => self.step(onward),
            Event::Part { onward, from, to, amount, everything } => {
                self.part(onward, from, to, amount, everything)
            }
            Event::Withdraw { onward, left } => self.withdraw(onward, left),
            Event::ToChain { onward, amount } => self.send_to_chain(onward, amount),
            Event::Spend { onward, amount } => self.spend(onward, amount),
        }
    }

    fn begin_day(&mut self, day: i64) {
        let set = background();
        let days = i64::try_from(set.days.len()).unwrap_or(1).max(1);
        let shift = i64::try_from(about(self.setup.seed, "first day") % days.unsigned_abs()).unwrap_or(0);
        let index = usize::try_from((day + shift).rem_euclid(days)).unwrap_or(0);
        let key = mix(about(self.setup.seed, "day"), day.unsigned_abs());
        let flow = Arc::clone(&self.setup.flow);
        let rate = flow.transfer_rate.typical();
        for (row, no) in set.days.get(index).into_iter().flatten().zip(0_u64..) {
            let mut dice = Draw::keyed(mix(key, no));
            let second = flow.transfer_hour.draw(&mut dice) * HOUR + dice.between(0, HOUR - 1);
            let at = Moment::midnight(day).plus(second);
            if at >= self.now {
                self.put_ordinary(row, at, rate);
            }
        }
        self.queue.put(Moment::midnight(day + 1), Event::Day(day + 1));
    }

    /// An ordinary transfer is carried out.
    pub(super) fn pay_ordinary(&mut self, from: AccountId, to: AccountId, amount: Minor) {
        let by = self.book.accounts[to].best_name();
        let wish = Move { from, to, amount, at: self.now, how: How::Background, by };
        // Whoever is short of money pays another day.
        let _paid = self.book.transfer(wish);
    }

    fn put_ordinary(&mut self, row: &Row, at: Moment, rate: i64) {
        if let (Some(from), Some(to)) = (self.clients.get(row.from), self.clients.get(row.to)) {
            self.queue.put(at, Event::Ordinary { from: *from, to: *to, amount: row.cents * rate });
        }
    }

    /// A victim pays: the money is found (savings, a loan), reserved, and on its way.
    pub(super) fn pay(&mut self, id: PaymentId) {
        let payment = self.payments[id].clone();
        let short = payment.amount - self.book.accounts[payment.payer].available();
        if short > 0 {
            self.deposit(payment.payer, short, self.now);
        }
        let parts = self.book.oldest_free(payment.payer, payment.amount);
        let hold = self.book.freeze(payment.payer, Why::Payment(id), self.now, &parts);
        self.payments[id].stage = Stage::OnItsWay(hold);
        self.happenings.push(Happening::Paid(id));
        let mut dice = Draw::keyed(mix(about(self.setup.seed, "settle"), id.number()));
        let delay = self.setup.flow.settlement_delay.draw(&mut dice);
        self.queue.put(self.now.plus(delay), Event::Arrive(id, hold));
    }

    fn payment_arrives(&mut self, id: PaymentId, hold: HoldId) {
        let payment = self.payments[id].clone();
        if payment.stage != Stage::OnItsWay(hold) {
            return;
        }
        self.book.release(hold, None, super::model::Freed::Settled, self.now);
        let wish = Move {
            from: payment.payer,
            to: payment.payee,
            amount: payment.amount,
            at: self.now,
            how: How::Payment(id),
            by: payment.by,
        };
        if let Ok(transfer) = self.book.transfer(wish) {
            self.payments[id].stage = Stage::Arrived(transfer);
            self.happenings.push(Happening::Arrived(id, transfer));
            let loss = &self.losses[payment.loss];
            let key = mix(loss.key, id.number());
            self.mule_receives(Onward {
                account: payment.payee,
                came: transfer,
                hop: 1,
                network: loss.network,
                key,
            });
        }
    }
}
