//! What a victim knows and says: payments with rounded times and now and then a wrong amount, a receiver that
//! is an IBAN, a card, a phone, or forgotten.

use super::story::{Matter, Story, tell};
use super::writing;
use crate::draw::{Draw, about, mix};
use crate::ids;
use crate::moment::Moment;
use crate::money::{Minor, UNIT};
use crate::names::{Person, person};
use crate::wire::Named;
use crate::world::World;
use crate::world::model::{By, Loss, LossId, PaymentId};

/// A payment as the victim tells it.
#[derive(Debug, Clone)]
pub struct ToldPayment {
    /// The payment in the ledger.
    pub id: PaymentId,
    /// Amount in tiyn as told.
    pub amount: Minor,
    /// When as told: perhaps rounded to a quarter of an hour.
    pub at: Moment,
    /// True time.
    pub true_at: Moment,
    /// The receiver as the victim writes it; `None` where forgotten.
    pub to: Option<String>,
    /// The receiver as the bank knows it.
    pub to_named: Option<Named>,
    /// The bank's reference.
    pub reference: String,
}

/// A victim's report before it is written anywhere.
#[derive(Debug, Clone)]
pub struct Told {
    /// Whose.
    pub loss: LossId,
    /// Key of the victim's dice.
    pub key: u64,
    /// Key of the dice of the network that did it.
    pub network: u64,
    /// The victim.
    pub person: Person,
    /// The victim's phone, E.164.
    pub phone: String,
    /// Code of the victim's institution.
    pub house: String,
    /// The victim's account, as their bank knows it.
    pub account: Option<String>,
    /// From which account or card they say they paid; `None` where they do not know.
    pub own: Option<Named>,
    /// Whether it is still going on.
    pub ongoing: bool,
    /// Through the bank.
    pub by_bank: bool,
    /// Payments, oldest first.
    pub payments: Vec<ToldPayment>,
    /// The story.
    pub story: Story,
}

/// What the victim of `loss` will tell.
#[must_use]
pub fn told(world: &World, loss: LossId) -> Option<Told> {
    let matter = world.losses[loss].clone();
    let account = &world.book.accounts[matter.account];
    let house = world.book.houses[account.house?].code.clone();
    let teller = person(matter.key);
    let mut dice = Draw::keyed(about(matter.key, "told"));
    // A world whose victims tell before its days have run has made no payment yet.
    let made = matter.payments.iter().filter(|id| !world.payments[**id].stage.is_prevented());
    let payments: Vec<ToldPayment> =
        made.map(|id| told_payment(world, *id, matter.by_bank, &mut dice)).collect();
    // Whoever was kept from paying tells of it at the portal.
    let by_bank = matter.by_bank && !payments.is_empty();
    let network = world.network_of(&matter)?;
    let last = payments.last();
    let story = tell(&Matter {
        victim: matter.key,
        network: network.key,
        to: last.filter(|p| p.to.is_some()).and_then(|p| whole_name(world, p.id)),
        wallet: (network.wallet_kind, network.wallet.clone()),
        amount: last.map_or(50_000 * UNIT, |p| p.amount),
        at: last.map_or(matter.report_at, |p| p.at),
        teller: teller.clone(),
    });
    Some(Told {
        loss,
        key: matter.key,
        network: network.key,
        person: teller,
        phone: account.names.phone.clone().unwrap_or_else(|| ids::phone(9_999)),
        house,
        account: account.called(account.best_name()),
        own: own(world, &matter),
        ongoing: matter.ongoing,
        by_bank,
        payments,
        story,
    })
}

/// From which account the victim says they paid: their bank tells it rightly. A card by its first six and last four digits,
/// or by its last four alone.
fn own(world: &World, loss: &Loss) -> Option<Named> {
    let (flow, account) = (world.flow(), &world.book.accounts[loss.account]);
    let named = |by: By, value: String| Named { kind: crate::bank::answer::kind(by).to_owned(), value };
    let best = account.best_name();
    let right = account.called(best).map(|value| named(best, value));
    if loss.by_bank {
        return right;
    }
    // Dice of their own: what is asked anew changes nothing else of the world.
    let mut dice = Draw::keyed(about(loss.key, "own account"));
    if flow.payer_unknown.happens(&mut dice) {
        return None;
    }
    let mistaken = flow.payer_mistaken.happens(&mut dice);
    let by_card = flow.payer_by_card.happens(&mut dice);
    let by_four = flow.payer_by_four.happens(&mut dice);
    let card = account.names.card.as_deref().and_then(ids::card_ends).filter(|_| by_card);
    match (card, right) {
        (Some(ends), _) => {
            let tail = ends.get(6..).unwrap_or_default();
            // Another card of the same bank.
            let tail = if mistaken { tail.chars().rev().collect() } else { tail.to_owned() };
            let bin = ends.get(..6).filter(|_| !by_four).unwrap_or_default();
            Some(named(By::Card, format!("{bin}{tail}")))
        }
        (None, Some(Named { kind, value })) if mistaken && kind == "iban" => {
            let (code, number) = (value.get(4..7)?, value.get(7..)?);
            let other: String = number.chars().rev().collect();
            Some(Named { kind, value: ids::iban(code, &other) })
        }
        (None, right) => right,
    }
}

/// The receiver as the victim has it on the receipt: a card in full.
pub(crate) fn whole_name(world: &World, id: PaymentId) -> Option<(&'static str, String)> {
    let payment = &world.payments[id];
    let names = &world.book.accounts[payment.payee].names;
    match payment.by {
        By::Iban => names.iban.clone().map(|v| ("iban", v)),
        By::Card => names.card.clone().map(|v| ("card", v)),
        By::Phone => names.phone.clone().map(|v| ("phone", v)),
        By::Number => names.number.clone().map(|v| ("account", v)),
    }
}

fn told_payment(world: &World, id: PaymentId, by_bank: bool, dice: &mut Draw) -> ToldPayment {
    let flow = world.flow();
    let payment = &world.payments[id];
    let mut dice = Draw::keyed(mix(dice.bits(), id.number()));
    let rounded = !by_bank && flow.time_rounded.happens(&mut dice);
    let wrong = !by_bank && flow.amount_wrong.happens(&mut dice);
    let forgotten = !by_bank && flow.payee_unknown.happens(&mut dice);
    let at = if rounded { quarter(payment.at) } else { payment.at };
    // The usual slip: a thousand too many.
    let amount = if wrong { payment.amount + 1_000 * UNIT } else { payment.amount };
    let whole = whole_name(world, id);
    let to = whole.filter(|_| !forgotten).map(|(kind, value)| written(kind, &value, &mut dice));
    let kind = crate::bank::answer::kind(payment.by).to_owned();
    let to_named = world.book.accounts[payment.payee].called(payment.by).map(|value| Named { kind, value });
    ToldPayment { id, amount, at, true_at: payment.at, to, to_named, reference: world.payment_reference(id) }
}

fn written(kind: &str, value: &str, dice: &mut Draw) -> String {
    match kind {
        "iban" => writing::iban(value, dice).0,
        "card" => writing::card(value, dice).0,
        "phone" => writing::phone(value, dice).0,
        _ => value.to_owned(),
    }
}

/// The quarter of an hour before.
fn quarter(at: Moment) -> Moment {
    Moment::from_secs(at.secs().div_euclid(900) * 900)
}
