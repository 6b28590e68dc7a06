//! Payments that are asked about before they are made. Whoever keeps the payer's account asks the registry; what is answered
//! decides whether the payment is made, and the victim has a mind of their own. Without asking everything is paid at once.

use super::World;
use super::model::{AccountId, LossId, PaymentId, Stage};
use crate::draw::{Draw, about, mix};
use crate::moment::Moment;
use crate::money::Minor;

/// What somebody wishes to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wished {
    /// A victim, to a mule.
    Victim(PaymentId),
    /// Somebody, in ordinary life.
    Ordinary,
}

/// A payment that somebody wishes to make, and the house asks about first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// From.
    pub from: AccountId,
    /// To.
    pub to: AccountId,
    /// How the payee is named, as the house sees it: kind and value, of a card in full.
    pub named: Option<(&'static str, String)>,
    /// How much.
    pub amount: Minor,
    /// Whose.
    pub what: Wished,
}

/// What the house was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Nothing that would stop it, or no answer: nobody's payment waits for a register that is silent.
    GoOn,
    /// Ask the payer.
    Ask,
    /// Decline.
    Decline,
}

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It was carried out.
    CarriedOut,
    /// The house declined it.
    Declined,
    /// The payer gave it up.
    GivenUp,
    /// It was declined, and the payer proved it to be honest; then it was carried out.
    Mistaken,
}

impl World {
    /// A victim sets out to pay.
    pub(super) fn wish_to_pay(&mut self, id: PaymentId) {
        let payment = self.payments[id].clone();
        if payment.stage != Stage::Planned {
            return;
        }
        if !self.setup.asks || self.now < self.setup.from {
            return self.pay(id);
        }
        self.payments[id].stage = Stage::Asked;
        let named = crate::victim::told::whole_name(self, id);
        let (from, to, amount) = (payment.payer, payment.payee, payment.amount);
        self.wishes.push(Wish { from, to, named, amount, what: Wished::Victim(id) });
    }

    /// Somebody sets out to pay in ordinary life.
    pub(super) fn wish_ordinary(&mut self, from: AccountId, to: AccountId, amount: Minor) {
        if !self.setup.asks || self.now < self.setup.from {
            return self.pay_ordinary(from, to, amount);
        }
        let account = &self.book.accounts[to];
        let by = account.best_name();
        let named = account.called(by).map(|value| (crate::bank::answer::kind(by), value));
        self.wishes.push(Wish { from, to, named, amount, what: Wished::Ordinary });
    }

    /// Wishes that wait for an answer, oldest first; each must be [`World::advised`].
    pub fn take_wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// Whether something that this victim wished to pay is still being asked about.
    #[must_use]
    pub fn is_being_asked(&self, loss: LossId) -> bool {
        self.losses[loss].payments.iter().any(|id| self.payments[*id].stage == Stage::Asked)
    }

    /// The house has its answer; what comes of the wish.
    pub fn advised(&mut self, wish: &Wish, advice: Advice) -> Became {
        match wish.what {
            Wished::Victim(id) => self.advised_victim(id, advice),
            Wished::Ordinary => {
                self.pay_ordinary(wish.from, wish.to, wish.amount);
                // Whoever pays somebody they know proves it at the counter; it costs them an hour.
                if advice == Advice::Decline { Became::Mistaken } else { Became::CarriedOut }
            }
        }
    }

    fn advised_victim(&mut self, id: PaymentId, advice: Advice) -> Became {
        let loss = self.payments[id].loss;
        let mut dice = Draw::keyed(mix(about(self.losses[loss].key, "asked"), id.number()));
        let gives_up = self.setup.flow.gives_up_when_asked.happens(&mut dice);
        match advice {
            Advice::Decline => {
                self.payments[id].stage = Stage::Declined;
                Became::Declined
            }
            Advice::Ask if gives_up => {
                // The spell is broken: nothing more is paid.
                for other in self.losses[loss].payments.clone() {
                    if self.payments[other].stage == Stage::Planned {
                        self.payments[other].stage = Stage::GivenUp;
                    }
                }
                self.payments[id].stage = Stage::GivenUp;
                Became::GivenUp
            }
            Advice::Ask | Advice::GoOn => {
                let now: Moment = self.now;
                self.payments[id].at = now.max(self.payments[id].at);
                self.pay(id);
                Became::CarriedOut
            }
        }
    }
}
