//! What a bank does when it is asked about money: finds the account and the payment, holds what of it still
//! lies there, and tells in which order the rest left. First in, first out, over segments: money that was in
//! the account before leaves before. Everything told adds up to the disputed part, to the tiyn.

use super::World;
use super::model::{
    Account, AccountId, By, ClaimId, Fate, Freed, HoldId, HouseId, How, PaymentId, Segment, SegmentId, Stage,
    Transfer, TransferId, Why,
};
use crate::moment::{DAY, Moment};
use crate::money::Minor;

/// How far a time as told may be from the true one.
const TIME_SLACK: i64 = 2 * DAY;

/// Which side of the payment is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The house that received it.
    In,
    /// The house of the payer.
    Out,
}

/// A question about one object of an order.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// Who is asked.
    pub house: HouseId,
    /// The order, for the claim.
    pub order: &'a str,
    /// The object of the order.
    pub object: &'a str,
    /// What sort of name the account is called by.
    pub by: By,
    /// The name as told: IBAN, card ends, phone, client number.
    pub name: &'a str,
    /// Which side.
    pub direction: Direction,
    /// Amount of the payment as told.
    pub amount: Minor,
    /// Time of the payment as told.
    pub at: Moment,
    /// Its reference, where known.
    pub reference: Option<&'a str>,
    /// Who paid it, as far as it was told; what does not fit is another payment.
    pub payer: Payer<'a>,
    /// Most that may be held.
    pub cap: Minor,
}

/// Who is said to have made the payment, as far as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Payer<'a> {
    /// A client of the institution of this code.
    pub house: Option<&'a str>,
    /// Whoever has this account there; a card by its first six and last four digits, or by its last four alone.
    pub account: Option<(By, &'a str)>,
    /// The client with this telephone: for the payer's own institution only.
    pub client: Option<&'a str>,
}

/// A payment that its payer's house has found.
#[derive(Debug, Clone, Copy)]
enum Paid {
    /// A victim's.
    Payment(PaymentId),
    /// Anybody else's.
    Transfer(TransferId),
}

/// A part of the disputed money that left with a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The transfer.
    pub transfer: TransferId,
    /// How much of the disputed money left with it.
    pub amount: Minor,
}

/// What was found and done. `held` and `elsewhere` and all `moved` add up to `disputed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The account.
    pub account: AccountId,
    /// The most that might be held.
    pub cap: Minor,
    /// The part of the payment that is asked about, at most the cap.
    pub disputed: Minor,
    /// What lay in the account before the hold.
    pub balance_before: Minor,
    /// What is held now by this order.
    pub held: Minor,
    /// The hold, where anything is held.
    pub hold: Option<HoldId>,
    /// What other orders already hold of it.
    pub elsewhere: Vec<(String, Minor)>,
    /// What left, in the order in which it left.
    pub moved: Vec<Moved>,
}

/// The outcome of an [`Ask`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The name is of this house, but there is no such account.
    NoAccount,
    /// The name is not of this house.
    NotOurs,
    /// The account is there, the payment is not.
    NoTransaction,
    /// Found.
    Found(Facts),
}

impl World {
    /// Holds what can be held of the money that is asked about and tells where the rest went.
    pub fn hold(&mut self, ask: &Ask<'_>, now: Moment) -> Finding {
        self.advance(now);
        match ask.direction {
            Direction::In => {
                let mut found = self.receiving(ask);
                if matches!(found, Err(Finding::NoTransaction)) && self.visit(ask, now) {
                    found = self.receiving(ask);
                }
                match found {
                    Ok((account, inflow)) => Finding::Found(self.hold_inflow(ask, account, inflow)),
                    Err(finding) => finding,
                }
            }
            Direction::Out => match self.paying(ask) {
                Ok(Paid::Payment(payment)) => Finding::Found(self.stop_payment(ask, payment)),
                Ok(Paid::Transfer(transfer)) => Finding::Found(self.arrived(ask, transfer)),
                Err(finding) => finding,
            },
        }
    }

    /// Ends a hold, or a part of it. Gives what was freed.
    pub fn release(&mut self, hold: HoldId, amount: Option<Minor>, why: Freed, now: Moment) -> Minor {
        self.advance(now);
        self.book.release(hold, amount, why, now)
    }

    /// How much a hold holds now.
    #[must_use]
    pub fn held_by(&self, hold: HoldId) -> Minor {
        self.book.holds[hold].now
    }

    /// Gives held money back to a victim. Gives how much went and the reference of the transfer.
    pub fn give_back(
        &mut self,
        hold: HoldId,
        amount: Minor,
        to: AccountId,
        now: Moment,
    ) -> (Minor, Option<String>) {
        self.advance(now);
        let (went, transfer) = self.book.give_back(hold, amount, to, now);
        (went, transfer.map(|id| self.reference(id)))
    }

    /// The reference that both houses of a transfer know it by.
    #[must_use]
    pub fn reference(&self, transfer: TransferId) -> String {
        match self.book.transfers[transfer].how {
            How::Payment(payment) => self.payment_reference(payment),
            _ => format!("ZT{:09}", transfer.number()),
        }
    }

    /// The reference of a victim's payment, known from the moment it is made.
    #[must_use]
    pub fn payment_reference(&self, payment: PaymentId) -> String {
        format!("ZP{:09}", payment.number())
    }

    fn receiving(&self, ask: &Ask<'_>) -> Result<(AccountId, TransferId), Finding> {
        let account = match self.book.called(ask.house, ask.by, ask.name) {
            Some(account) => account,
            None if self.name_is_ours(ask) => return Err(Finding::NoAccount),
            None => return Err(Finding::NotOurs),
        };
        let inflows = &self.book.accounts[account].inflows;
        let paid = |t: &&TransferId| self.paid_by(ask, **t);
        let by_reference =
            inflows.iter().filter(paid).find(|t| Some(self.reference(**t).as_str()) == ask.reference);
        let by_facts = || {
            let fits = |t: &&TransferId| {
                let transfer = &self.book.transfers[**t];
                transfer.amount == ask.amount && self.near(ask, transfer.at) && paid(t)
            };
            inflows.iter().filter(fits).min_by_key(|t| self.book.transfers[**t].at.since(ask.at).abs())
        };
        let inflow = by_reference.or_else(by_facts).ok_or(Finding::NoTransaction)?;
        Ok((account, *inflow))
    }

    /// Whether a transfer that came in was made by the payer as told. What the books do not show cannot be compared, and
    /// what cannot be compared is not the same. Money from outside the books is anybody's who has a house in this country.
    fn paid_by(&self, ask: &Ask<'_>, transfer: TransferId) -> bool {
        let Transfer { from, by, .. } = self.book.transfers[transfer];
        let payer = &self.book.accounts[from];
        let Some(house) = payer.house else { return self.is_from_here(ask) };
        if ask.payer.house.is_some_and(|code| self.book.houses[house].code != code) {
            return false;
        }
        let ours = house == ask.house;
        let client =
            ask.payer.client.filter(|_| ours).map(|phone| payer.names.phone.as_deref() == Some(phone));
        let account = ask.payer.account.map(|(kind, name)| {
            let shown = ours || kind == payer.best_name() || kind == By::Card && by == By::Card;
            shown && is_named(payer, kind, name)
        });
        match (account, client) {
            (None, None) => true,
            (account, client) => account == Some(true) || client == Some(true),
        }
    }

    /// Whether the payer's institution, if one is told, is one of this country.
    pub(super) fn is_from_here(&self, ask: &Ask<'_>) -> bool {
        ask.payer.house.is_none_or(|code| self.book.houses.iter().any(|(_, house)| house.code == code))
    }

    fn name_is_ours(&self, ask: &Ask<'_>) -> bool {
        let house = &self.book.houses[ask.house];
        match ask.by {
            By::Iban => ask.name.get(4..7).is_some_and(|code| Some(code) == house.iban_code.as_deref()),
            By::Card => house.bin.as_deref().is_some_and(|bin| ask.name.starts_with(bin)),
            By::Phone => true,
            By::Number => house.iban_code.is_none(),
        }
    }

    fn near(&self, ask: &Ask<'_>, at: Moment) -> bool {
        at.since(ask.at).abs() <= TIME_SLACK
    }

    /// The payment that left this house: by reference, or by amount and time; made by the payer as told, where anything
    /// was told, else between accounts one of which is named.
    fn paying(&self, ask: &Ask<'_>) -> Result<Paid, Finding> {
        let ours = |account: AccountId| self.book.accounts[account].house == Some(ask.house);
        let of_victims = self.payments.iter().filter(|(_, p)| p.stage.is_made()).map(|(id, p)| {
            (Paid::Payment(id), self.payment_reference(id), (p.payer, p.payee), (p.amount, p.at))
        });
        let ordinary = |how: &How| matches!(how, How::Background | How::Forward);
        let of_others = self
            .book
            .transfers
            .iter()
            .filter(|(_, t)| ordinary(&t.how))
            .map(|(id, t)| (Paid::Transfer(id), self.reference(id), (t.from, t.to), (t.amount, t.at)));
        let mut known = false;
        let mut best: Option<(i64, Paid)> = None;
        let of_house = of_victims.chain(of_others).filter(|(_, _, (from, _), _)| ours(*from));
        for (paid, reference, (from, to), (amount, at)) in of_house {
            known |= self.is_called(from, ask);
            if !self.is_meant(ask, from, to) {
                continue;
            }
            if Some(reference.as_str()) == ask.reference {
                return Ok(paid);
            }
            let apart = at.since(ask.at).abs();
            if amount == ask.amount && self.near(ask, at) && best.is_none_or(|(least, _)| apart < least) {
                best = Some((apart, paid));
            }
        }
        let payer_unknown = !known
            && ask.by == By::Iban
            && self.name_is_ours(ask)
            && self.book.called(ask.house, ask.by, ask.name).is_none();
        best.map(|(_, paid)| paid).ok_or(if payer_unknown {
            Finding::NoAccount
        } else {
            Finding::NoTransaction
        })
    }

    /// Whether a payment between these accounts can be the one that is meant. Where the payer's account was told it is the
    /// one that is named; a client who told of another account of theirs is known by their telephone. Where it was not, the receiver's is named.
    fn is_meant(&self, ask: &Ask<'_>, from: AccountId, to: AccountId) -> bool {
        let phone = self.book.accounts[from].names.phone.as_deref();
        let client = ask.payer.client.map(|told| phone == Some(told));
        let (payer, payee) = (self.is_called(from, ask), self.is_called(to, ask));
        match (ask.payer.account, client) {
            (Some(_), client) => payer || client == Some(true),
            (None, Some(client)) => client && payee,
            (None, None) => payer || payee,
        }
    }

    fn is_called(&self, account: AccountId, ask: &Ask<'_>) -> bool {
        is_named(&self.book.accounts[account], ask.by, ask.name)
    }

    /// Holds of one incoming transfer what lies here, and accounts for the rest of the claim: first money that
    /// no order has asked about yet, then what others have.
    fn hold_inflow(&mut self, ask: &Ask<'_>, account: AccountId, inflow: TransferId) -> Facts {
        let disputed = ask.cap.min(self.book.transfers[inflow].amount);
        let balance_before = self.book.accounts[account].balance;
        let claim = self.book.claim(ask.order, ask.object, ask.cap);
        let mut left = disputed;
        let here = |s: &Segment| s.fate == Fate::Here;
        let mut to_hold = self.claimable(inflow, &mut left, |s| here(s) && s.claim.is_none());
        to_hold.extend(self.claimable(inflow, &mut left, |s| here(s) && s.claim.is_some()));
        let gone = |s: &Segment| matches!(s.fate, Fate::Gone(_));
        let mut left_here = self.claimable(inflow, &mut left, |s| gone(s) && s.claim.is_none());
        for id in to_hold.iter().chain(&left_here) {
            self.book.segments[*id].claim = Some(claim);
        }
        left_here
            .extend(self.claimable(inflow, &mut left, |s| gone(s) && s.claim.is_some_and(|c| c != claim)));
        let others = self.claimable(inflow, &mut left, |s| matches!(s.fate, Fate::Held(_)));
        let held: Minor = to_hold.iter().map(|id| self.book.segments[*id].amount).sum();
        let elsewhere = self.held_by_others(&others);
        let hold = (held > 0).then(|| self.book.freeze(account, Why::Order(claim), self.now, &to_hold));
        let moved = self.outflows(&left_here);
        Facts { account, cap: ask.cap, disputed, balance_before, held, hold, elsewhere, moved }
    }

    /// Segments of an incoming transfer that `fit`, in order, up to what is `left` of the claim.
    fn claimable(
        &mut self,
        inflow: TransferId,
        left: &mut Minor,
        fits: impl Fn(&Segment) -> bool,
    ) -> Vec<SegmentId> {
        let parts = self.book.transfers[inflow].parts.clone();
        let chosen = self.book.cut_to_fit(&parts, *left, fits);
        *left -= chosen.iter().map(|id| self.book.segments[*id].amount).sum::<Minor>();
        chosen
    }

    fn held_by_others(&self, parts: &[SegmentId]) -> Vec<(String, Minor)> {
        let mut sums: Vec<(String, Minor)> = Vec::new();
        for id in parts {
            let segment = &self.book.segments[*id];
            let order = match segment.fate {
                Fate::Held(hold) => self.order_of(hold),
                _ => None,
            }
            .unwrap_or_default();
            match sums.iter_mut().find(|(known, _)| *known == order) {
                Some((_, sum)) => *sum += segment.amount,
                None => sums.push((order, segment.amount)),
            }
        }
        sums
    }

    /// The order behind a hold; `None` for the reservation of a payment.
    #[must_use]
    pub fn order_of(&self, hold: HoldId) -> Option<String> {
        match self.book.holds[hold].why {
            Why::Order(claim) => Some(self.book.claims[claim].order.clone()),
            Why::Payment(_) => None,
        }
    }

    /// What left, by transfer, in the order in which it left.
    fn outflows(&self, parts: &[SegmentId]) -> Vec<Moved> {
        let mut moved: Vec<Moved> = Vec::new();
        for id in parts {
            let segment = &self.book.segments[*id];
            let Fate::Gone(transfer) = segment.fate else { continue };
            match moved.iter_mut().find(|m| m.transfer == transfer) {
                Some(m) => m.amount += segment.amount,
                None => moved.push(Moved { transfer, amount: segment.amount }),
            }
        }
        moved.sort_by_key(|m| (self.book.transfers[m.transfer].at, m.transfer));
        moved
    }

    /// The paying house stops a payment on its way, or tells where it arrived.
    fn stop_payment(&mut self, ask: &Ask<'_>, id: PaymentId) -> Facts {
        let payment = self.payments[id].clone();
        let disputed = ask.cap.min(payment.amount);
        let balance_before = self.book.accounts[payment.payer].balance;
        let mut facts = Facts {
            account: payment.payer,
            cap: ask.cap,
            disputed,
            balance_before,
            held: 0,
            hold: None,
            elsewhere: Vec::new(),
            moved: Vec::new(),
        };
        match payment.stage {
            Stage::Arrived(transfer) => facts.moved.push(Moved { transfer, amount: disputed }),
            Stage::OnItsWay(reserved) => {
                self.book.release(reserved, None, Freed::ByOrder, self.now);
                self.payments[id].stage = Stage::Stopped;
                let parts = self.book.oldest_free(payment.payer, disputed);
                let claim = self.book.claim(ask.order, ask.object, ask.cap);
                self.mark(&parts, claim);
                facts.hold = Some(self.book.freeze(payment.payer, Why::Order(claim), self.now, &parts));
                facts.held = disputed;
            }
            Stage::Stopped | Stage::Planned | Stage::Asked | Stage::Declined | Stage::GivenUp => {
                facts.elsewhere.push((self.stopper(payment.payer, disputed), disputed))
            }
        }
        facts
    }

    /// What somebody else paid has arrived long ago.
    fn arrived(&self, ask: &Ask<'_>, id: TransferId) -> Facts {
        let transfer = &self.book.transfers[id];
        let disputed = ask.cap.min(transfer.amount);
        Facts {
            account: transfer.from,
            cap: ask.cap,
            disputed,
            balance_before: self.book.accounts[transfer.from].balance,
            held: 0,
            hold: None,
            elsewhere: Vec::new(),
            moved: vec![Moved { transfer: id, amount: disputed }],
        }
    }

    fn mark(&mut self, parts: &[SegmentId], claim: ClaimId) {
        for id in parts {
            self.book.segments[*id].claim = Some(claim);
        }
    }

    /// The order that already holds a stopped payment.
    fn stopper(&self, payer: AccountId, amount: Minor) -> String {
        let of_payer = self.book.holds.iter().filter(|(_, h)| h.account == payer && h.ever >= amount);
        of_payer.filter_map(|(id, _)| self.order_of(id)).last().unwrap_or_default()
    }
}

/// Whether an account is called so; of a card its first six and last four digits are enough, or its last four.
fn is_named(account: &Account, by: By, name: &str) -> bool {
    let names = &account.names;
    match by {
        By::Iban => names.iban.as_deref() == Some(name),
        By::Card if name.len() == 4 => names.card.as_deref().is_some_and(|card| card.ends_with(name)),
        By::Card => names.card.as_deref().and_then(crate::ids::card_ends).as_deref() == Some(name),
        By::Phone => names.phone.as_deref() == Some(name),
        By::Number => names.number.as_deref() == Some(name),
    }
}
