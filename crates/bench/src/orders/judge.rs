//! The platform's books beside the partners' books.

use std::collections::HashMap;

use db::DbError;
use order::store::{self, objects};
use order::{Object, Order, OrderError, Status};
use profile::Measure;
use report::ReportId;

use super::country::Country;
use super::fault::Injected;
use super::office::Office;

/// Most complaints that are kept in words.
const KEPT: usize = 12;

/// What one batch, or all of them, came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) orders: u64,
    /// Messages posted, or tried to be; those of them that carried an order.
    pub(crate) posts: u64,
    pub(crate) order_posts: u64,
    /// Requests of partners, and how many of them were refused.
    pub(crate) letters: u64,
    pub(crate) refused: u64,
    /// Answers kept by the platform.
    pub(crate) answers: u64,
    pub(crate) injected: Injected,
    pub(crate) double: u64,
    pub(crate) lost: u64,
    /// Unanswered, and shown to an officer as late; then lapsed.
    pub(crate) shown: u64,
    /// Messages of ours whose signature a partner did not find right.
    pub(crate) unsigned: u64,
    pub(crate) complaints: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.orders += other.orders;
        self.posts += other.posts;
        self.order_posts += other.order_posts;
        self.letters += other.letters;
        self.refused += other.refused;
        self.answers += other.answers;
        self.injected.add(&other.injected);
        self.double += other.double;
        self.lost += other.lost;
        self.shown += other.shown;
        self.unsigned += other.unsigned;
        for complaint in &other.complaints {
            self.complain(complaint.clone());
        }
    }
    fn complain(&mut self, words: String) {
        if self.complaints.len() < KEPT {
            self.complaints.push(words);
        }
    }
    pub(crate) fn lose(&mut self, words: String) {
        self.lost += 1;
        self.complain(format!("lost: {words}"));
    }
    pub(crate) fn doubled(&mut self, words: String) {
        self.double += 1;
        self.complain(format!("double: {words}"));
    }
    /// Whether the bar is reached.
    pub(crate) fn is_clean(&self) -> bool {
        self.double == 0 && self.lost == 0
    }
}

/// An order with what it names.
type Named = (Order, Vec<Object>);

/// All orders of these reports that hold money.
pub(crate) async fn orders(office: &Office, reports: &[ReportId]) -> anyhow::Result<Vec<Named>> {
    let mut all = Vec::new();
    for id in reports.iter().copied() {
        let named = office.app.db.read(move |tx| {
            let mut named = Vec::new();
            // What is asked beside money (pictures of a cash machine, data) is for a person to send.
            for order in store::of_report(tx, id)?.into_iter().filter(|o| o.measure == Measure::Hold) {
                let objects = objects::of_order(tx, order.id)?;
                named.push((order, objects));
            }
            Ok::<_, OrderError>(named)
        });
        all.extend(named.await?);
    }
    Ok(all)
}

const ANSWERS: db::Stmt = db::Stmt::both("bench.answers", "SELECT COUNT(*) FROM order_answer");

/// How many answers the platform has kept.
pub(crate) async fn answers(office: &Office) -> anyhow::Result<u64> {
    let read = |tx: &mut db::Tx<'_>| tx.query_one(&ANSWERS, &[], |row| row.get::<i64>(0));
    let count: Result<i64, DbError> = office.app.db.read(read).await;
    Ok(u64::try_from(count?)?)
}

/// Partners are honest again and everything was said: each order must be answered, with the sums of its partner.
pub(crate) fn settled(tally: &mut Tally, country: &Country, orders: &[Named]) {
    tally.orders += u64::try_from(orders.len()).unwrap_or(0);
    once(tally, country, orders);
    for (order, objects) in orders {
        let bank = country.banks.iter().find(|b| b.code == order.executor);
        if bank.is_some_and(|b| b.temper.dead_for_good) {
            let seen = order.status == Status::Sent && order.escalated_at.is_some();
            if seen {
                tally.shown += 1;
            } else {
                tally.lose(format!("{} at a dead partner is {:?}", order.id, order.status));
            }
            continue;
        }
        let mut right = order.status == Status::Answered && !objects.is_empty();
        for object in objects {
            let id = object.id.to_string();
            let truth = country.ledger.held(&id);
            if object.held.minor() > truth {
                tally.doubled(format!("{} counts {} where {truth} is held", order.id, object.held.minor()));
            }
            right &= object.held.minor() >= truth && country.ledger.holds.contains_key(&id);
        }
        if !right {
            let held: Vec<(i64, i64)> =
                objects.iter().map(|o| (o.held.minor(), country.ledger.held(&o.id.to_string()))).collect();
            tally.lose(format!(
                "{} at {} is {:?} {}, held and truly held {held:?}{}",
                order.id,
                order.executor,
                order.status,
                order.why_waiting,
                said(country, order)
            ));
        }
    }
}

/// Each payment, and each sum that moved on, has one order, and its partner carried out no other.
fn once(tally: &mut Tally, country: &Country, orders: &[Named]) {
    let mut first = HashMap::new();
    for payment in orders.iter().flat_map(|(_, objects)| objects).filter_map(|o| o.payment) {
        *first.entry(payment).or_insert(0_u32) += 1;
    }
    for (payment, n) in first.iter().filter(|(_, n)| **n > 1) {
        tally.doubled(format!("{payment} has {n} orders"));
    }
    if country.ledger.doubles > 0 {
        tally.double += country.ledger.doubles;
        tally.complain(format!("double: partners acted {} times once more", country.ledger.doubles));
    }
    let (accounts, opened) = (country.ledger.accounts.len(), orders.len());
    if opened < accounts {
        tally.lost += u64::try_from(accounts - opened).unwrap_or(0);
        tally.complain(format!("lost: {accounts} sums to ask for, {opened} orders"));
    }
    for (account, known) in &country.ledger.accounts {
        let dead = country.banks.get(known.bank).is_some_and(|b| b.temper.dead_for_good);
        match known.asked.len() {
            0 if !dead => tally.lose(format!("nobody was asked about {account} (hop {})", known.hop)),
            0 | 1 => {}
            n => tally.doubled(format!("{n} orders about {account}")),
        }
    }
}

/// The term is over: nothing is held any more, in either book.
pub(crate) fn ended(tally: &mut Tally, country: &Country, orders: &[Named]) {
    for (order, objects) in orders {
        let mut ended = order.status == Status::Lapsed;
        for object in objects {
            ended &= object.held.minor() == 0 && country.ledger.held(&object.id.to_string()) == 0;
        }
        if !ended {
            tally.lose(format!("{} is {:?} after its term", order.id, order.status));
        }
    }
}

/// What the partner has said about an order, for whoever looks for the fault.
fn said(country: &Country, order: &Order) -> String {
    let id = order.id.to_string();
    let of = |said: &&super::country::Said| said.order == id;
    let words = |said: &super::country::Said| {
        format!("\n        heard {}: {}", said.heard, String::from_utf8_lossy(&said.body))
    };
    country.said.iter().filter(of).map(words).collect()
}
