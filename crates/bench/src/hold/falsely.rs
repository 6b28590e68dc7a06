//! False reports on their way through the platform, which cannot tell them from others.

use sandbox::draw::{Draw, about, mix};
use sandbox::moment::Moment;
use sandbox::world::Finding;

use super::matter::{Matter, Rumour, Source, Wronged};
use super::ours::Node;

impl Node<'_> {
    /// A false report reads like any other.
    pub(super) fn take_rumours(&mut self, rumours: &[Rumour]) -> anyhow::Result<()> {
        for (no, rumour) in rumours.iter().enumerate() {
            let (matter, claimed) = (self.matters.len(), rumour.claimed.clone());
            let delay = rumour.at.since(claimed.at);
            self.matters.push(Matter::new(Source::Rumour(no), rumour.key, rumour.at, delay));
            let mut dice = Draw::keyed(about(mix(self.seed, rumour.key), "office"));
            let decided = rumour.at.plus(self.office.first.draw(&mut dice));
            self.open(matter, claimed, format!("r{no}"), decided)?;
        }
        Ok(())
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
