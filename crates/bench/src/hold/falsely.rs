//! False reports on their way through the platform, which cannot tell them from others.

use sandbox::bank::answer::kind;
use sandbox::draw::{Draw, about, mix};
use sandbox::moment::Moment;
use sandbox::world::Finding;
use trail::model::{Payment, TrailFact};

use super::law::account;
use super::matter::{Matter, Rumour, Source, Wronged};
use super::ours::{Node, micros};

impl Node<'_> {
    /// A false report reads like any other.
    pub(super) fn take_rumours(&mut self, rumours: &[Rumour]) {
        for (no, rumour) in rumours.iter().enumerate() {
            let (matter, q) = (self.matters.len(), rumour.question.clone());
            self.matters.push(Matter::new(Source::Rumour(no), rumour.key, rumour.at, rumour.at.since(q.at)));
            let mut dice = Draw::keyed(about(mix(self.seed, rumour.key), "office"));
            let decided = rumour.at.plus(self.office.first.draw(&mut dice));
            let payer = account(format!("payer-r{no}"), q.from.as_deref().unwrap_or_default());
            let told = account(format!("{}:{}", kind(q.by), q.name), "told");
            let payment = Payment {
                key: format!("r{no}"),
                from: payer,
                to: Some(told.clone()),
                amount: self.money(q.amount),
                at: micros(q.at),
                latest: micros(q.at),
                reference: q.reference.clone(),
            };
            self.fact(matter, TrailFact::Payment(payment));
            self.send(matter, rumour.house, q, (told, format!("r{no}")), (1, 1), decided);
        }
    }

    /// What an answer means for the money: a success on a true report, a wrong on a false one.
    pub(super) fn held(
        &mut self,
        (matter, order): (usize, usize),
        facts: &Finding,
        (held, at): (i64, Moment),
    ) {
        let Some(of) = self.matters.get(matter) else { return };
        let Some(sent) = of.orders.get(order) else { return };
        match (of.source, facts) {
            (Source::Loss(_), _) => {
                self.outcome.hold(held, at.since(of.report_at), of.delay, sent.persons);
            }
            (Source::Rumour(rumour), Finding::Found(found)) => {
                self.wronged.push(Wronged { rumour, hop: sent.hop, account: found.account, held });
            }
            (Source::Rumour(_), _) => {}
        }
    }
}
