//! The platform at work on a simulated world: its own rules, without HTTP and without a database.
//!
//! Answers are read by [`order::answer::read`], folded by [`order::answer::fold`], apportioned and followed by
//! [`trail::rules::build`]; what the services keep to themselves is repeated in [`super::law`]. The partner's person takes the time that
//! it takes in every world, and the Antifraud Centre passes each order on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use anyhow::Context as _;
use kernel::{Money, Timestamp};
use order::answer::{Believable, Code};
use sandbox::bank::answer::{Question, kind, lines};
use sandbox::draw::{Draw, about, mix};
use sandbox::ids::card_ends;
use sandbox::moment::Moment;
use sandbox::victim::told::{Told, ToldPayment, told};
use sandbox::wire::Named;
use sandbox::world::model::{By, HouseId, LossId};
use sandbox::world::office::Office;
use sandbox::world::{Direction, Finding, World};
use trail::model::{Account, Asked, Line, Trail, TrailFact};

use super::first::Claimed;
use super::law::{DaySum, Law, Lead, TellsPayer, account, end_word, stops};
use super::matter::{Errand, Matter, Rumour, Sent, Source, Wronged};
use super::outcome::Ours;

pub(super) struct Node<'a> {
    pub(super) law: &'a Law,
    pub(super) office: &'a Office,
    pub(super) world: &'a mut World,
    pub(super) seed: u64,
    pub(super) houses: BTreeMap<String, HouseId>,
    pub(super) matters: Vec<Matter>,
    /// What comes next: an order leaves, or its answer has come.
    pub(super) desk: BinaryHeap<Reverse<(Moment, u64, bool)>>,
    pub(super) errands: BTreeMap<u64, Errand>,
    /// Number of the next order that a true report leads to, and a false one.
    pub(super) numbers: (u64, u64),
    pub(super) of_day: BTreeMap<i64, i64>,
    pub(super) outcome: Ours,
    pub(super) wronged: Vec<Wronged>,
}

/// Orders that false reports lead to are numbered from here, so that they change no dice of the true ones.
const FALSE_NUMBERS: u64 = 1 << 40;

/// Lets the platform work on every report of `world` until the money is held or gone.
///
/// # Errors
/// An honest answer that the platform's own reader refuses: a fault of one of the two.
pub fn work(law: &Law, office: &Office, world: &mut World, seed: u64) -> anyhow::Result<Ours> {
    Ok(work_beside(law, office, world, seed, &[])?.0)
}

/// The same while false reports come in, too: what was achieved on the true ones, and who was wronged by the others.
///
/// # Errors
/// As [`work`].
pub fn work_beside(
    law: &Law,
    office: &Office,
    world: &mut World,
    seed: u64,
    rumours: &[Rumour],
) -> anyhow::Result<(Ours, Vec<Wronged>)> {
    let houses = world.book.houses.iter().map(|(id, h)| (h.code.clone(), id)).collect();
    let mut node = Node {
        law,
        office,
        world,
        seed,
        houses,
        matters: Vec::new(),
        desk: BinaryHeap::new(),
        errands: BTreeMap::new(),
        numbers: (0, FALSE_NUMBERS),
        of_day: BTreeMap::new(),
        outcome: Ours::default(),
        wronged: Vec::new(),
    };
    node.take_reports()?;
    node.take_rumours(rumours)?;
    while let Some(Reverse((at, number, answered))) = node.desk.pop() {
        if answered {
            node.answered(at, number)?;
        } else {
            node.leave(at, number)?;
        }
    }
    node.finish()
}

pub(super) fn micros(at: Moment) -> Timestamp {
    Timestamp::from_micros(at.0)
}

/// Dice of one order of a report: what other reports lead to changes none of them, so that rules can be compared.
fn dice(seed: u64, report: u64, order: usize, what: &str) -> Draw {
    Draw::keyed(about(mix(mix(seed, report), u64::try_from(order).unwrap_or(0)), what))
}

impl Node<'_> {
    pub(super) fn money(&self, minor: i64) -> Money {
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
            self.matters.push(Matter::new(Source::Loss(id), loss.key, report_at, delay));
            let mut dice = Draw::keyed(about(mix(self.seed, loss.key), "office"));
            let decided = report_at.plus(self.office.first.draw(&mut dice));
            for payment in &story.payments {
                self.first_order(matter, payment, &story, decided)?;
            }
        }
        Ok(())
    }

    /// One payment as a victim tells it.
    fn first_order(
        &mut self,
        matter: usize,
        told: &ToldPayment,
        story: &Told,
        decided: Moment,
    ) -> anyhow::Result<()> {
        let truth = self.world.payments[told.id].clone();
        let (payer, payee) = (&self.world.book.accounts[truth.payer], &self.world.book.accounts[truth.payee]);
        let by_bank = story.by_bank;
        let best = payer.best_name();
        let named = |n: &Named| {
            let by = [By::Iban, By::Card, By::Phone, By::Number].into_iter().find(|b| kind(*b) == n.kind);
            Some((by?, n.value.clone()))
        };
        let own_account = match self.law.payer {
            TellsPayer::No | TellsPayer::House => payer.called(best).filter(|_| by_bank).map(|n| (best, n)),
            TellsPayer::Everybody => payer.called(best).map(|n| (best, n)),
            TellsPayer::AsPeopleKnow | TellsPayer::InsidersKnow => story.own.as_ref().and_then(named),
        };
        let to = told.to_named.clone().filter(|_| by_bank || told.to.is_some());
        let claimed = Claimed {
            own: payer.house.context("a victim without a bank")?,
            own_account,
            phone: Some(story.phone.clone()),
            to: to.zip(payee.house).map(|(to, house)| (house, truth.by, to.value)),
            amount: told.amount,
            at: told.at,
            reference: by_bank.then(|| told.reference.clone()),
        };
        self.open(matter, claimed, format!("p{}", told.id.number()), decided)
    }

    pub(super) fn fact(&mut self, matter: usize, fact: TrailFact) {
        if let Some(matter) = self.matters.get_mut(matter) {
            matter.facts.push(fact);
        }
    }

    /// Sends an order if the standing approval covers it; else it waits for a person, and is not counted on.
    pub(super) fn send(
        &mut self,
        matter: usize,
        house: HouseId,
        question: Question,
        (account, because): (Account, String),
        (hop, persons): (i64, usize),
        decided: Moment,
    ) {
        let standing = self.law.standing;
        let over = [(question.cap > standing.per_order, "order_cap"), (hop.max(1) > standing.hops, "hop")];
        let cap = self.money(question.cap);
        let Some(of) = self.matters.get_mut(matter) else { return };
        if let Some((_, why)) = over.iter().find(|(over, _)| *over) {
            if of.is_true() {
                self.outcome.wait(why, question.cap);
            }
            return;
        }
        let next = if of.is_true() { &mut self.numbers.0 } else { &mut self.numbers.1 };
        let number = *next;
        *next += 1;
        let asked = Asked { key: format!("o{number}"), account, because, cap, open: true };
        let errand = Errand { matter, order: of.orders.len(), house, question, day: decided.day() };
        self.errands.insert(number, errand);
        of.orders.push(Sent { asked, house, hop, cap, persons });
        self.desk.push(Reverse((decided, number, false)));
    }

    /// An order leaves, unless the standing approval's sum of the day is used up.
    fn leave(&mut self, decided: Moment, number: u64) -> anyhow::Result<()> {
        let Errand { matter, order, question, day, .. } =
            self.errands.get(&number).context("no such errand")?.clone();
        let of = self.matters.get_mut(matter).context("no such report")?;
        let is_true = of.is_true();
        let sent = of.orders.get_mut(order).context("no such order")?;
        let used = self.of_day.entry(day).or_insert(0);
        if used.saturating_add(question.cap) > self.law.standing.per_day {
            sent.asked.open = false;
            if is_true {
                self.outcome.wait("day_cap", question.cap);
            }
            return Ok(());
        }
        *used += question.cap;
        let mut dice = dice(self.seed, of.key, order, "person");
        let flow = self.world.flow();
        let passed = flow.centre_pass.draw(&mut dice);
        let at = decided.plus(passed + flow.partner_person.draw(&mut dice));
        self.desk.push(Reverse((at, number, true)));
        if is_true {
            self.outcome.orders += 1;
            self.outcome.hops += u64::from(sent.hop > 1);
        }
        Ok(())
    }

    /// The bank's person looks, holds and answers; the platform reads, folds, follows.
    fn answered(&mut self, at: Moment, number: u64) -> anyhow::Result<()> {
        let errand = self.errands.get(&number).context("no such errand")?.clone();
        let finding = self.world.hold(&errand.question.ask(errand.house, &format!("o{number}"), "1"), at);
        let said = lines(self.world, &finding);
        let Errand { matter, order, day, .. } = errand;
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
        if self.law.day == DaySum::CanStillBeHeld {
            *self.of_day.entry(day).or_insert(0) -= cap.minor().saturating_sub(held);
        }
        if held > 0 {
            self.held((matter, order), &finding, (held, at));
        }
        let of = self.matters.get_mut(matter).context("no such report")?;
        let executor = self.world.book.houses[errand.house].code.clone();
        let persons = of.orders.get(order).map_or(0, |o| o.persons);
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
        let key = self.matters.get(matter).map_or(0, |of| of.key);
        let mut dice = dice(self.seed, key, order, "next");
        let decided = at.plus(self.office.next.draw(&mut dice));
        if !matches!(finding, Finding::Found(_)) {
            self.ask_other((matter, order), persons, decided)?;
        }
        self.follow(matter, decided)
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
                from: (self.law.payer != TellsPayer::No)
                    .then(|| self.world.book.houses[from.house].code.clone()),
                from_account: None,
                from_client: None,
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

    fn finish(mut self) -> anyhow::Result<(Ours, Vec<Wronged>)> {
        let of_victims =
            (0..self.matters.len()).filter(|n| self.matters.get(*n).is_some_and(Matter::is_true));
        for matter in of_victims.collect::<Vec<_>>() {
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
            let Source::Loss(loss) = of.source else { continue };
            let paid = self.world.losses[loss].payments.clone();
            let lost = paid.iter().map(|p| self.world.payments[*p].amount).sum();
            self.outcome.lost_after(of.delay, lost);
        }
        let truth = self.world.tally();
        anyhow::ensure!(truth.conserved, "the world's ledger is broken");
        let wrong: i64 = self.wronged.iter().map(|w| w.held).sum();
        let (ours, theirs) = (self.outcome.held + wrong, truth.held_ever);
        anyhow::ensure!(ours == theirs, "the platform says {ours} is held, the ledger {theirs}");
        self.outcome.to_hold.sort_unstable();
        self.outcome.by_person.values_mut().for_each(|(waited, _)| waited.sort_unstable());
        Ok((self.outcome, self.wronged))
    }
}
