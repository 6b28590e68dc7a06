//! Offices that follow the money in virtual time: a report reaches a desk, an order reaches a bank, a person
//! there looks, holds what lies there and names the next bank, and so on. Worlds of different countries differ
//! here only by their hand-offs (handoffs.toml): how long a paper takes from one desk to the next, and when
//! desks are open. The bank's own person takes the same time everywhere.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::Deserialize;

use super::model::{AccountId, By, HouseId, How, LossId};
use super::{Ask, Direction, Facts, Finding, Payer, World};
use crate::draw::{Draw, about, mix};
use crate::flow::{FlowError, Param};
use crate::moment::{HOUR, Moment};
use crate::money::Minor;

const HANDOFFS: &str = include_str!("../../handoffs.toml");

/// How an office hands a matter on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// What this is a picture of.
    pub name: String,
    /// Its wide hold rate as published, in permille of the money lost; `None` for the office under test.
    #[serde(default)]
    pub published_permille: Option<i64>,
    /// Where that rate comes from.
    #[serde(default)]
    pub published_source: String,
    /// Share of reports that ever lead to a request to a bank.
    pub acted_on: Param,
    /// From the report to the moment when the first bank's desk has the request.
    pub first: Param,
    /// From a bank's answer to the moment when the next bank's desk has the request.
    pub next: Param,
    /// How far the money is followed.
    pub most_hops: Param,
    /// First hour of the day at which desks are open.
    pub opens: Param,
    /// Hour at which they close.
    pub closes: Param,
    /// Whether desks are open on Saturday and Sunday: 1 or 0.
    pub weekends: Param,
}

/// The offices of the committed file, by name of their section.
///
/// # Errors
/// Never with the file as committed (a test reads it).
pub fn committed() -> Result<BTreeMap<String, Office>, FlowError> {
    Ok(toml::from_str(HANDOFFS)?)
}

/// What an office achieved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Reports with a loss.
    pub reports: u64,
    /// Money lost in them.
    pub lost: Minor,
    /// Money held, ever.
    pub held: Minor,
    /// Orders sent.
    pub orders: u64,
    /// Orders that came of another bank's answer.
    pub hops: u64,
    /// Seconds from report to hold, one for each hold, in order of size.
    pub to_hold: Vec<i64>,
    /// Money by what the office found it had become, in tiyn.
    pub fates: BTreeMap<&'static str, Minor>,
}

impl Outcome {
    /// Held share of everything lost, in permille.
    #[must_use]
    pub fn permille(&self) -> i64 {
        if self.lost == 0 {
            return 0;
        }
        i64::try_from(i128::from(self.held) * 1_000 / i128::from(self.lost)).unwrap_or(0)
    }
    /// A quantile of the seconds to hold, in permille; `None` without holds.
    #[must_use]
    pub fn quantile(&self, permille: usize) -> Option<i64> {
        let last = self.to_hold.len().checked_sub(1)?;
        self.to_hold.get(last * permille / 1_000).copied()
    }
}

/// One order on its way to a desk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Errand {
    loss: LossId,
    house: HouseId,
    by: By,
    name: String,
    outgoing: bool,
    amount: Minor,
    paid_at: Moment,
    reference: Option<String>,
    cap: Minor,
    hop: i64,
    key: u64,
}

/// The office at work on one world.
struct Clerk<'a> {
    office: &'a Office,
    world: &'a mut World,
    seed: u64,
    desk: BinaryHeap<Reverse<(Moment, u64, Errand)>>,
    sent: u64,
    outcome: Outcome,
}

/// Lets `office` work on every report of `world` until the money is held or gone.
#[must_use]
pub fn work(office: &Office, world: &mut World, seed: u64) -> Outcome {
    let mut clerk =
        Clerk { office, world, seed, desk: BinaryHeap::new(), sent: 0, outcome: Outcome::default() };
    clerk.take_reports();
    while let Some(Reverse((at, _, errand))) = clerk.desk.pop() {
        clerk.at_the_desk(at, &errand);
    }
    clerk.outcome.to_hold.sort_unstable();
    clerk.outcome
}

impl Clerk<'_> {
    fn take_reports(&mut self) {
        let losses: Vec<LossId> = self.world.losses.iter().map(|(id, _)| id).collect();
        for id in losses {
            let loss = self.world.losses[id].clone();
            if loss.payments.is_empty() {
                continue;
            }
            self.outcome.reports += 1;
            let mut dice = Draw::keyed(about(mix(self.seed, loss.key), "office"));
            let acted_on = self.office.acted_on.happens(&mut dice);
            let has_it = self.open_at(loss.report_at.plus(self.office.first.draw(&mut dice)));
            for payment_id in loss.payments {
                let payment = self.world.payments[payment_id].clone();
                self.outcome.lost += payment.amount;
                if !acted_on {
                    continue;
                }
                let key = mix(loss.key, payment_id.number());
                self.first_errand(id, payment_id, has_it, key);
            }
        }
    }

    /// The victim's receipt names the receiver's account, or the victim's own bank is asked.
    fn first_errand(&mut self, loss: LossId, id: super::model::PaymentId, at: Moment, key: u64) {
        let payment = self.world.payments[id].clone();
        let told = matches!(payment.by, By::Iban | By::Card);
        let account = if told { payment.payee } else { payment.payer };
        let Some(house) = self.world.book.accounts[account].house else { return };
        let by = if told { payment.by } else { self.world.book.accounts[account].best_name() };
        let Some(name) = self.name(account, by) else { return };
        let errand = Errand {
            loss,
            house,
            by,
            name,
            outgoing: !told,
            amount: payment.amount,
            paid_at: payment.at,
            reference: None,
            cap: payment.amount,
            hop: 1,
            key,
        };
        self.send(at, errand);
    }

    fn name(&self, account: AccountId, by: By) -> Option<String> {
        let called = self.world.book.accounts[account].called(by)?;
        if by == By::Card { crate::ids::card_ends(&called) } else { Some(called) }
    }

    /// The bank's desk has it at `at`; its person takes the same time in every world.
    fn send(&mut self, at: Moment, errand: Errand) {
        let mut dice = Draw::keyed(about(errand.key, "person"));
        let person = self.world.setup.flow.partner_person.draw(&mut dice);
        self.sent += 1;
        self.outcome.orders += 1;
        self.desk.push(Reverse((at.plus(person), self.sent, errand)));
    }

    fn at_the_desk(&mut self, at: Moment, errand: &Errand) {
        let order = format!("o{}", errand.key);
        let ask = Ask {
            house: errand.house,
            order: &order,
            object: "1",
            by: errand.by,
            name: &errand.name,
            direction: if errand.outgoing { Direction::Out } else { Direction::In },
            amount: errand.amount,
            at: errand.paid_at,
            reference: errand.reference.as_deref(),
            payer: Payer::default(),
            cap: errand.cap,
        };
        match self.world.hold(&ask, at) {
            Finding::Found(facts) => self.answered(at, errand, &facts),
            _ => *self.outcome.fates.entry("not found").or_insert(0) += errand.cap,
        }
    }

    fn answered(&mut self, at: Moment, errand: &Errand, facts: &Facts) {
        self.outcome.held += facts.held;
        if facts.held > 0 {
            let waited = at.since(self.world.losses[errand.loss].report_at);
            self.outcome.to_hold.push(waited);
        }
        let mut dice = Draw::keyed(about(errand.key, "next"));
        for (moved, no) in facts.moved.iter().zip(1_u64..) {
            let transfer = self.world.book.transfers[moved.transfer].clone();
            let fate = fate_of(&transfer.how);
            let followed = fate == "moved" && errand.hop < self.office.most_hops.typical();
            let house = self.world.book.accounts[transfer.to].house;
            let name = self.name(transfer.to, transfer.by);
            let (true, Some(house), Some(name)) = (followed, house, name) else {
                *self.outcome.fates.entry(fate).or_insert(0) += moved.amount;
                continue;
            };
            let has_it = self.open_at(at.plus(self.office.next.draw(&mut dice)));
            let next = Errand {
                loss: errand.loss,
                house,
                by: transfer.by,
                name,
                outgoing: false,
                amount: transfer.amount,
                paid_at: transfer.at,
                reference: Some(self.world.reference(moved.transfer)),
                cap: moved.amount,
                hop: errand.hop + i64::from(!errand.outgoing),
                key: mix(errand.key, no),
            };
            self.outcome.hops += 1;
            self.send(has_it, next);
        }
    }

    /// The first moment from `at` on at which desks are open.
    fn open_at(&self, at: Moment) -> Moment {
        let (opens, closes) = (self.office.opens.typical() * HOUR, self.office.closes.typical() * HOUR);
        let day = at.day();
        let open_days = if self.office.weekends.typical() > 0 { 7 } else { 5 };
        (day..day + 8)
            .filter(|d| Moment::midnight(*d).weekday() < open_days)
            .map(|d| (Moment::midnight(d).plus(opens).max(at), Moment::midnight(d).plus(closes)))
            .find(|(from, until)| from < until)
            .map_or(at, |(from, _)| from)
    }
}

fn fate_of(how: &How) -> &'static str {
    match how {
        How::Cash(_) => "cash",
        How::Purchase(_) => "spent",
        How::Chain { .. } => "crypto",
        How::Abroad(_) => "abroad",
        How::Opening | How::Background | How::Payment(_) | How::Forward | How::Returned => "moved",
    }
}
