//! The platform at work on a simulated world: its own rules, without HTTP and without a database.
//!
//! Answers are read by [`order::answer::read`], folded by [`order::answer::fold`], apportioned and followed by
//! [`trail::rules::build`]; what the services keep to themselves is repeated in [`super::law`]. The partner's person takes the time that
//! it takes in every world, and the Antifraud Centre passes each order on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use anyhow::Context as _;
use kernel::{Money, Timestamp};
use order::answer::{Believable, Code};
use sandbox::bank::answer::{Question, kind, lines};
use sandbox::draw::{Draw, about, mix};
use sandbox::ids::card_ends;
use sandbox::moment::Moment;
use sandbox::victim::told::{ToldPayment, told};
use sandbox::world::model::{By, HouseId, LossId};
use sandbox::world::office::Office;
use sandbox::world::{Direction, World};
use trail::model::{Account, Asked, Line, Payment, Trail, TrailFact};

use super::law::{Law, Lead, account, end_word, stops};
use super::outcome::Ours;

/// One order on its way through the bank.
#[derive(Debug, Clone)]
struct Errand {
    matter: usize,
    order: usize,
    house: HouseId,
    question: Question,
}

/// An order as the trail knows it.
#[derive(Debug)]
struct Sent {
    asked: Asked,
    house: HouseId,
    hop: i64,
    cap: Money,
    /// Partners' persons who look one after another until this order is answered.
    persons: usize,
}

/// One report.
#[derive(Debug)]
struct Matter {
    loss: LossId,
    delay: i64,
    facts: Vec<TrailFact>,
    orders: Vec<Sent>,
    leads: Vec<Lead>,
    opened: BTreeSet<String>,
}

struct Node<'a> {
    law: &'a Law,
    office: &'a Office,
    world: &'a mut World,
    seed: u64,
    houses: BTreeMap<String, HouseId>,
    matters: Vec<Matter>,
    desk: BinaryHeap<Reverse<(Moment, u64)>>,
    errands: Vec<Errand>,
    of_day: BTreeMap<i64, i64>,
    outcome: Ours,
}

/// Lets the platform work on every report of `world` until the money is held or gone.
///
/// # Errors
/// An honest answer that the platform's own reader refuses: a fault of one of the two.
pub fn work(law: &Law, office: &Office, world: &mut World, seed: u64) -> anyhow::Result<Ours> {
    let houses = world.book.houses.iter().map(|(id, h)| (h.code.clone(), id)).collect();
    let mut node = Node {
        law,
        office,
        world,
        seed,
        houses,
        matters: Vec::new(),
        desk: BinaryHeap::new(),
        errands: Vec::new(),
        of_day: BTreeMap::new(),
        outcome: Ours::default(),
    };
    node.take_reports()?;
    while let Some(Reverse((at, number))) = node.desk.pop() {
        node.answered(at, number)?;
    }
    node.finish()
}

fn micros(at: Moment) -> Timestamp {
    Timestamp::from_micros(at.0)
}

impl Node<'_> {
    fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.law.asset)
    }

    fn take_reports(&mut self) -> anyhow::Result<()> {
        let mut losses: Vec<(Moment, LossId)> =
            self.world.losses.iter().map(|(id, l)| (l.report_at, id)).collect();
        losses.sort_unstable();
        for (report_at, id) in losses {
            let loss = self.world.losses[id].clone();
            let Some(last) = loss.payments.last() else { continue };
            let delay = report_at.since(self.world.payments[*last].at);
            self.outcome.reports += 1;
            self.outcome.lost += loss.payments.iter().map(|p| self.world.payments[*p].amount).sum::<i64>();
            let story = told(self.world, id).context("a victim without an account")?;
            let matter = self.matters.len();
            let facts = Vec::new();
            self.matters.push(Matter {
                loss: id,
                delay,
                facts,
                orders: Vec::new(),
                leads: Vec::new(),
                opened: BTreeSet::new(),
            });
            let mut dice = Draw::keyed(about(mix(self.seed, loss.key), "office"));
            let decided = report_at.plus(self.office.first.draw(&mut dice));
            for payment in &story.payments {
                self.first_order(matter, payment, story.by_bank, decided)?;
            }
        }
        Ok(())
    }

    /// As `order` decides: where IBAN or card tell the receiving institution, it is asked; else the victim's
    /// own bank, by what the report says of the account. The form does not ask for the victim's own account.
    fn first_order(
        &mut self,
        matter: usize,
        told: &ToldPayment,
        by_bank: bool,
        decided: Moment,
    ) -> anyhow::Result<()> {
        let truth = self.world.payments[told.id].clone();
        let (payer, payee) = (&self.world.book.accounts[truth.payer], &self.world.book.accounts[truth.payee]);
        let own = payer.house.context("a victim without a bank")?;
        let (own_by, payee_house) = (payer.best_name(), payee.house);
        let own_name = payer.called(own_by).filter(|_| by_bank);
        let to = told.to_named.clone().filter(|_| by_bank || told.to.is_some());
        let key = format!("p{}", told.id.number());
        let own_code = self.world.book.houses[own].code.clone();
        let stand_in = || format!("payer-{matter}-{own_code}");
        let from = own_name.as_ref().map_or_else(stand_in, |n| format!("{}:{n}", kind(own_by)));
        let from = account(from, &own_code);
        let told_to = to.as_ref().map(|t| account(format!("{}:{}", t.kind, t.value), "told"));
        self.fact(
            matter,
            TrailFact::Payment(Payment {
                key: key.clone(),
                from: from.clone(),
                to: told_to.clone(),
                amount: self.money(told.amount),
                at: micros(told.at),
                latest: micros(told.at),
                reference: by_bank.then(|| told.reference.clone()),
            }),
        );
        let named = matches!(truth.by, By::Iban | By::Card);
        let asked = match (to, payee_house) {
            (Some(to), Some(house)) if named => {
                told_to.map(|told| (house, truth.by, to.value, Direction::In, told, 1))
            }
            (to, _) => own_name
                .map(|name| (own_by, name))
                .or_else(|| to.map(|t| (truth.by, t.value)))
                .map(|(by, name)| (own, by, name, Direction::Out, from, 0)),
        };
        let Some((house, by, name, direction, account, hop)) = asked else {
            self.outcome.wait("no_addressee", told.amount);
            return Ok(());
        };
        let question = Question {
            by,
            name: if by == By::Card { card_ends(&name).unwrap_or(name) } else { name },
            direction,
            amount: told.amount,
            at: told.at,
            reference: by_bank.then(|| told.reference.clone()),
            cap: told.amount,
        };
        self.send(matter, house, question, (account, key), (hop, 1), decided);
        Ok(())
    }

    fn fact(&mut self, matter: usize, fact: TrailFact) {
        if let Some(matter) = self.matters.get_mut(matter) {
            matter.facts.push(fact);
        }
    }

    /// Sends an order if the standing approval covers it; else it waits for a person, and is not counted on.
    fn send(
        &mut self,
        matter: usize,
        house: HouseId,
        question: Question,
        (account, because): (Account, String),
        (hop, persons): (i64, usize),
        decided: Moment,
    ) {
        let standing = self.law.standing;
        let sent_today = self.of_day.entry(decided.day()).or_insert(0);
        let over = [
            (question.cap > standing.per_order, "order_cap"),
            (sent_today.saturating_add(question.cap) > standing.per_day, "day_cap"),
            (hop.max(1) > standing.hops, "hop"),
        ];
        if let Some((_, why)) = over.iter().find(|(over, _)| *over) {
            self.outcome.wait(why, question.cap);
            return;
        }
        *sent_today += question.cap;
        let cap = self.money(question.cap);
        let Some(of) = self.matters.get_mut(matter) else { return };
        let number = u64::try_from(self.errands.len()).unwrap_or(u64::MAX);
        let mut dice =
            Draw::keyed(about(mix(mix(self.seed, self.world.losses[of.loss].key), number), "person"));
        let flow = self.world.flow();
        let passed = flow.centre_pass.draw(&mut dice);
        let at = decided.plus(passed + flow.partner_person.draw(&mut dice));
        let asked = Asked { key: format!("o{number}"), account, because, cap, open: true };
        self.errands.push(Errand { matter, order: of.orders.len(), house, question });
        of.orders.push(Sent { asked, house, hop, cap, persons });
        self.desk.push(Reverse((at, number)));
        self.outcome.orders += 1;
        self.outcome.hops += u64::from(hop > 1);
    }

    /// The bank's person looks, holds and answers; the platform reads, folds, follows.
    fn answered(&mut self, at: Moment, number: u64) -> anyhow::Result<()> {
        let errand = self.errands.get(usize::try_from(number)?).context("no such errand")?.clone();
        let finding = self.world.hold(&errand.question.ask(errand.house, &format!("o{number}"), "1"), at);
        let said = lines(self.world, &finding);
        let Errand { matter, order, .. } = errand;
        let of = self.matters.get_mut(matter).context("no such report")?;
        let sent = of.orders.get_mut(order).context("no such order")?;
        sent.asked.open = false;
        let (cap, key) = (sent.cap, sent.asked.key.clone());
        let answer = serde_json::from_value(serde_json::json!({
            "type": "answer.v1", "answer_id": key, "order_id": key, "executor": "X", "object_id": key,
            "at": at.rfc3339(), "lines": serde_json::to_value(&said)?,
        }))?;
        let facts = order::answer::read(&answer, profile::Measure::Hold, cap, Believable::at(micros(at), 1))
            .with_context(|| format!("{said:?}"))?;
        let held = order::answer::fold(cap, &facts).held.minor();
        if held > 0 {
            let persons = of.orders.get(order).map_or(0, |sent| sent.persons);
            self.outcome.hold(held, at.since(self.world.losses[of.loss].report_at), of.delay, persons);
        }
        let executor = self.world.book.houses[errand.house].code.clone();
        for (no, fact) in facts.into_iter().enumerate() {
            let next = || {
                let there = fact.account.as_ref()?;
                let institution = fact.institution.as_deref().unwrap_or(&executor);
                Some(account(format!("{}:{}", there.kind, there.value), institution))
            };
            let Some(what) = trail::meaning(fact.code, next) else { continue };
            let line = format!("{key}-{no}");
            of.facts.push(TrailFact::Line(Line {
                key: line.clone(),
                order: key.clone(),
                what,
                amount: fact.amount,
                at: fact.at,
                reference: fact.reference.clone(),
                stood_before: fact.stood_before,
            }));
            if matches!(fact.code, Code::M20 | Code::M21) {
                of.leads.push(Lead { key: line, order, fact });
            }
        }
        let mut dice = Draw::keyed(about(mix(self.seed, number), "next"));
        self.follow(matter, at.plus(self.office.next.draw(&mut dice)))
    }

    /// The next hops, as `trail` opens them when an answer has come.
    fn follow(&mut self, matter: usize, decided: Moment) -> anyhow::Result<()> {
        let trail = self.trail(matter);
        let of = self.matters.get_mut(matter).context("no such report")?;
        let paid =
            of.facts.iter().filter_map(|f| if let TrailFact::Payment(p) = f { Some(p.at) } else { None });
        let began = paid.min().unwrap_or(micros(decided));
        let mut next = Vec::new();
        for lead in &of.leads {
            let (Some(to), Some(from)) = (&lead.fact.account, of.orders.get(lead.order)) else { continue };
            let to_key = format!("{}:{}", to.kind, to.value);
            let because = trail.cause(&lead.key);
            let cap = trail.unaccounted(&to_key, because);
            if !cap.is_positive() {
                continue;
            }
            if !of.opened.insert(lead.key.clone()) {
                continue;
            }
            let named = lead.fact.institution.as_ref().and_then(|code| self.houses.get(code)).copied();
            let house = named.unwrap_or(from.house);
            let code = &self.world.book.houses[house].code;
            let by = [By::Iban, By::Card, By::Phone, By::Number].into_iter().find(|b| kind(*b) == to.kind);
            let by = by.context("an account of no known kind")?;
            let name = if by == By::Card { card_ends(&to.value) } else { None }.unwrap_or(to.value.clone());
            let question = Question {
                by,
                name,
                direction: Direction::In,
                amount: lead.fact.amount.unwrap_or(cap).minor(),
                at: Moment(lead.fact.at.as_micros()),
                reference: lead.fact.reference.clone(),
                cap: cap.minor(),
            };
            let stop = stops(&self.law.limits, &trail, lead, from.hop + 1, (began, micros(decided)));
            next.push((
                house,
                question,
                (account(to_key, code), because.to_owned()),
                (from.hop + 1, from.persons + 1),
                stop,
            ));
        }
        for (house, question, why, place, stop) in next {
            match stop {
                Some(stop) => self.outcome.wait(stop, question.cap),
                None => self.send(matter, house, question, why, place, decided),
            }
        }
        Ok(())
    }

    fn trail(&self, matter: usize) -> Trail {
        let mut facts = Vec::new();
        if let Some(of) = self.matters.get(matter) {
            facts.clone_from(&of.facts);
            facts.extend(of.orders.iter().map(|o| TrailFact::Asked(o.asked.clone())));
        }
        trail::rules::build(self.law.asset, &facts)
    }

    fn finish(mut self) -> anyhow::Result<Ours> {
        for matter in 0..self.matters.len() {
            let trail = self.trail(matter);
            anyhow::ensure!(
                trail.check().iter().all(|b| b.difference.minor() == 0),
                "a trail does not add up"
            );
            for end in &trail.ends {
                let at_address =
                    trail.nodes.get(end.node).is_some_and(|n| n.account.key.starts_with("wallet_"));
                let word = if at_address { "crypto" } else { end_word(end.kind) };
                *self.outcome.ends.entry(word).or_insert(0) += end.amount.minor();
            }
            let Some(of) = self.matters.get(matter) else { continue };
            let paid = self.world.losses[of.loss].payments.clone();
            let lost = paid.iter().map(|p| self.world.payments[*p].amount).sum();
            self.outcome.lost_after(of.delay, lost);
        }
        let truth = self.world.tally();
        anyhow::ensure!(truth.conserved, "the world's ledger is broken");
        let (ours, theirs) = (self.outcome.held, truth.held_ever);
        anyhow::ensure!(ours == theirs, "the platform says {ours} is held, the ledger {theirs}");
        self.outcome.to_hold.sort_unstable();
        self.outcome.by_person.values_mut().for_each(|(waited, _)| waited.sort_unstable());
        Ok(self.outcome)
    }
}
