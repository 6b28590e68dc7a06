//! What is told of one payment, and whom the platform asks about it: [`order::payer`] decides, as in the program.

use anyhow::Context as _;
use order::model::Direction as Side;
use order::payer::Told;
use sandbox::bank::answer::{Question, kind};
use sandbox::ids::card_ends;
use sandbox::moment::Moment;
use sandbox::world::Direction;
use sandbox::world::model::{By, HouseId};
use trail::model::{Payment, TrailFact};

use super::law::{TellsPayer, account};
use super::ours::{Node, micros};

/// One payment as a report tells it, true or not.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The payer's institution.
    pub own: HouseId,
    /// The payer's account or card.
    pub own_account: Option<(By, String)>,
    /// The reporter's telephone.
    pub phone: Option<String>,
    /// The receiver's account and where it truly is.
    pub to: Option<(HouseId, By, String)>,
    /// How much, tiyn.
    pub amount: i64,
    /// When.
    pub at: Moment,
    /// The bank's reference.
    pub reference: Option<String>,
}

/// A payment whose first order has left, and which sides of it have been asked.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) claimed: Claimed,
    pub(super) key: String,
    pub(super) asked: Vec<Side>,
}

impl Claimed {
    /// As the program looks at it. A number tells its institution where it is an account's or a card's.
    fn told(&self) -> Told<'_> {
        let named = self.to.as_ref().filter(|(_, by, _)| matches!(by, By::Iban | By::Card));
        Told {
            account: self.own_account.as_ref().map(|(by, _)| kind(*by)),
            to: self.to.as_ref().map(|(_, by, _)| kind(*by)),
            client: self.phone.is_some(),
            payers: true,
            receivers: named.is_some(),
            same: named.is_some_and(|(house, _, _)| *house == self.own),
        }
    }

    /// Who is asked first, and whether a person must look before.
    fn first(&self, rule: TellsPayer) -> Option<(Side, bool)> {
        let told = self.told();
        match rule {
            TellsPayer::No | TellsPayer::House => {
                let out = (self.own_account.is_some() || self.to.is_some()).then_some((Side::Out, false));
                if told.receivers { Some((Side::In, false)) } else { out }
            }
            _ => told.first(),
        }
    }
}

impl Node<'_> {
    /// A payment was told: the order that it leads to leaves, or waits for a person and is not counted on.
    pub(super) fn open(
        &mut self,
        matter: usize,
        claimed: Claimed,
        key: String,
        decided: Moment,
    ) -> anyhow::Result<()> {
        let payer = self.payer_key(matter, &claimed);
        let to = claimed.to.as_ref().map(|(_, by, name)| account(format!("{}:{name}", kind(*by)), "told"));
        let payment = Payment {
            key: key.clone(),
            from: account(payer, &self.world.book.houses[claimed.own].code),
            to,
            amount: self.money(claimed.amount),
            at: micros(claimed.at),
            latest: micros(claimed.at),
            reference: claimed.reference.clone(),
            reporter: matter.to_string(),
        };
        self.fact(matter, TrailFact::Payment(payment));
        let of = self.matters.get_mut(matter).context("no such report")?;
        let is_true = of.is_true();
        let why = match claimed.first(self.law.payer) {
            None => "no_addressee",
            Some((_, true)) => "payer_unknown",
            Some((side, false)) => {
                of.opened_payments.push(Opened { claimed, key, asked: Vec::new() });
                let place = of.opened_payments.len() - 1;
                return self.ask(matter, place, side, (1, decided));
            }
        };
        if is_true {
            self.outcome.wait(why, claimed.amount);
        }
        Ok(())
    }

    /// One side did not find it: the other is asked, once, if it could tell whose payment is meant.
    pub(super) fn ask_other(
        &mut self,
        (matter, order): (usize, usize),
        persons: usize,
        decided: Moment,
    ) -> anyhow::Result<()> {
        if !self.law.payer.asks_who_paid() {
            return Ok(());
        }
        let of = self.matters.get(matter).context("no such report")?;
        let because = of.orders.get(order).map(|o| o.asked.because.as_str()).unwrap_or_default();
        let Some(place) = of.opened_payments.iter().position(|p| p.key == because) else { return Ok(()) };
        let Some(opened) = of.opened_payments.get(place) else { return Ok(()) };
        let side = if opened.asked == [Side::In] { Side::Out } else { Side::In };
        let told = opened.claimed.told();
        let can = match side {
            Side::In => told.receivers,
            Side::Out => told.account.is_some() || told.to.is_some(),
        };
        if opened.asked.contains(&side) || !can {
            return Ok(());
        }
        if told.must_wait(side) {
            let (is_true, amount) = (of.is_true(), opened.claimed.amount);
            if is_true {
                self.outcome.wait("payer_unknown", amount);
            }
            return Ok(());
        }
        self.ask(matter, place, side, (persons + 1, decided))
    }

    fn ask(
        &mut self,
        matter: usize,
        place: usize,
        side: Side,
        (persons, decided): (usize, Moment),
    ) -> anyhow::Result<()> {
        let of = self.matters.get_mut(matter).context("no such report")?;
        let opened = of.opened_payments.get_mut(place).context("no such payment")?;
        opened.asked.push(side);
        let (claimed, key) = (opened.claimed.clone(), opened.key.clone());
        let payer = self.payer_key(matter, &claimed);
        let own = claimed.own_account.as_ref().map(|(by, name)| (claimed.own, *by, name.clone()));
        let far = claimed.to.clone();
        let (house, (_, by, name), direction, hop) = match side {
            Side::In => {
                let far = far.context("nobody to ask")?;
                (far.0, far, Direction::In, 1)
            }
            Side::Out => (claimed.own, own.or(far).context("nobody to ask about")?, Direction::Out, 0),
        };
        let code = self.world.book.houses[claimed.own].code.clone();
        let about = match side {
            Side::In => account(format!("{}:{name}", kind(by)), "told"),
            Side::Out => account(payer, &code),
        };
        let asks = self.law.payer.asks_who_paid();
        let tells = self.law.payer == TellsPayer::House && side == Side::In || asks;
        let ends = |(by, name): (By, String)| (by, short(by, name));
        let question = Question {
            by,
            name: short(by, name),
            direction,
            amount: claimed.amount,
            at: claimed.at,
            reference: claimed.reference,
            from: tells.then_some(code),
            from_account: claimed.own_account.map(ends).filter(|_| asks),
            from_client: claimed.phone.filter(|_| asks && house == claimed.own),
            cap: claimed.amount,
        };
        self.send(matter, house, question, (about, key), (hop, persons), decided);
        Ok(())
    }

    fn payer_key(&self, matter: usize, claimed: &Claimed) -> String {
        let code = &self.world.book.houses[claimed.own].code;
        let told = claimed.own_account.as_ref().map(|(by, name)| format!("{}:{name}", kind(*by)));
        told.unwrap_or_else(|| format!("payer-{matter}-{code}"))
    }
}

/// A card by its first six and last four digits; anything else as it is.
fn short(by: By, name: String) -> String {
    if by == By::Card { card_ends(&name).unwrap_or(name) } else { name }
}
