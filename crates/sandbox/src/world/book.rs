//! The ledger: every transfer takes from one account what it gives to another, oldest money first, and a held
//! tiyn does not leave. All sums are exact; all balances together are always nothing.

use std::collections::HashMap;

use super::arena::Arena;
use super::model::{
    Account, AccountId, By, Claim, ClaimId, Fate, Freed, Hold, HoldId, House, HouseId, How, Names, Owner,
    PaymentId, Segment, SegmentId, Transfer, TransferId, Why,
};
use crate::moment::Moment;
use crate::money::Minor;

/// A transfer that could not be made: this much may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only {available} may leave")]
pub struct Short {
    /// What may leave.
    pub available: Minor,
}

/// A transfer to be made.
#[derive(Debug, Clone)]
pub struct Move {
    /// Payer.
    pub from: AccountId,
    /// Payee.
    pub to: AccountId,
    /// How much, above zero.
    pub amount: Minor,
    /// When.
    pub at: Moment,
    /// What it is.
    pub how: How,
    /// How the payee is named.
    pub by: By,
}

/// All accounts, transfers and holds.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Institutions.
    pub houses: Arena<House>,
    /// Accounts.
    pub accounts: Arena<Account>,
    /// Transfers.
    pub transfers: Arena<Transfer>,
    /// Holds.
    pub holds: Arena<Hold>,
    /// Claims.
    pub claims: Arena<Claim>,
    pub(super) segments: Arena<Segment>,
    directory: HashMap<(HouseId, By, String), AccountId>,
}

impl Book {
    /// Opens an empty account.
    pub fn open(&mut self, house: Option<HouseId>, owner: Owner, names: Names, holder: String) -> AccountId {
        let keys = [
            (By::Iban, names.iban.clone()),
            (By::Card, names.card.as_deref().and_then(crate::ids::card_ends)),
            (By::Phone, names.phone.clone()),
            (By::Number, names.number.clone()),
        ];
        let account = Account {
            house,
            owner,
            names,
            holder,
            who: None,
            balance: 0,
            held: 0,
            lots: Vec::new(),
            inflows: Vec::new(),
        };
        let id = self.accounts.push(account);
        for (by, name) in keys {
            if let (Some(house), Some(name)) = (house, name) {
                self.directory.insert((house, by, name), id);
            }
        }
        id
    }

    /// The account of `house` that is called `name`; cards by their first six and last four digits.
    #[must_use]
    pub fn called(&self, house: HouseId, by: By, name: &str) -> Option<AccountId> {
        self.directory.get(&(house, by, name.to_owned())).copied()
    }

    /// The house of this code.
    #[must_use]
    pub fn house(&self, code: &str) -> Option<HouseId> {
        self.houses.iter().find(|(_, h)| h.code == code).map(|(id, _)| id)
    }

    /// The client's account, at whatever house, that has this telephone: the one that was opened first.
    #[must_use]
    pub fn with_phone(&self, phone: &str) -> Option<AccountId> {
        let mut all = self.accounts.iter().filter(|(_, a)| a.names.phone.as_deref() == Some(phone));
        all.next().map(|(id, _)| id)
    }

    /// Makes a transfer, taking the oldest money that may leave.
    ///
    /// # Errors
    /// [`Short`] if less may leave; nothing has happened then.
    pub fn transfer(&mut self, wish: Move) -> Result<TransferId, Short> {
        let Move { from, to, amount, at, how, by } = wish;
        let payer = &self.accounts[from];
        if payer.owner != Owner::Source && payer.available() < amount || amount <= 0 {
            return Err(Short { available: payer.available().max(0) });
        }
        let origin = if let How::Payment(id) = &how { Some(*id) } else { None };
        let id = self.transfers.push(Transfer { from, to, amount, at, how, by, parts: Vec::new() });
        let taken = self.take(from, amount, id);
        self.accounts[from].balance -= amount;
        self.accounts[to].balance += amount;
        if self.accounts[to].owner == Owner::Client {
            let arriving = match origin {
                Some(_) => vec![(origin, amount)],
                None => taken,
            };
            self.arrive(to, id, arriving);
        }
        Ok(id)
    }

    /// Marks the oldest free money of `from` as gone with `transfer`; gives amounts by origin, in order.
    fn take(
        &mut self,
        from: AccountId,
        amount: Minor,
        transfer: TransferId,
    ) -> Vec<(Option<PaymentId>, Minor)> {
        if self.accounts[from].owner != Owner::Client {
            return vec![(None, amount)];
        }
        let mut left = amount;
        let mut taken: Vec<(Option<PaymentId>, Minor)> = Vec::new();
        for id in self.accounts[from].lots.clone() {
            if left == 0 {
                break;
            }
            if self.segments[id].fate != Fate::Here {
                continue;
            }
            let part = self.segments[id].amount.min(left);
            self.split(id, part);
            let segment = &mut self.segments[id];
            segment.fate = Fate::Gone(transfer);
            left -= part;
            match taken.last_mut() {
                Some((origin, sum)) if *origin == segment.origin => *sum += part,
                _ => taken.push((segment.origin, part)),
            }
        }
        // INVARIANT: the free segments of a client's account add up to what may leave it.
        debug_assert_eq!(left, 0, "segments do not add up to the balance");
        let segments = &self.segments;
        self.accounts[from].lots.retain(|id| !matches!(segments[*id].fate, Fate::Gone(_)));
        taken
    }

    fn arrive(&mut self, to: AccountId, came: TransferId, amounts: Vec<(Option<PaymentId>, Minor)>) {
        for (origin, amount) in amounts {
            let id = self.segments.push(Segment {
                account: to,
                came,
                origin,
                amount,
                fate: Fate::Here,
                claim: None,
            });
            self.accounts[to].lots.push(id);
            self.transfers[came].parts.push(id);
        }
        self.accounts[to].inflows.push(came);
    }

    /// Cuts a segment so that it holds `first`; the rest follows it in every list it stands in.
    pub(super) fn split(&mut self, id: SegmentId, first: Minor) {
        let rest = self.segments[id].amount - first;
        if rest <= 0 {
            return;
        }
        self.segments[id].amount = first;
        let tail = Segment { amount: rest, ..self.segments[id].clone() };
        let (account, came) = (tail.account, tail.came);
        let new = self.segments.push(tail);
        insert_after(&mut self.accounts[account].lots, id, new);
        insert_after(&mut self.transfers[came].parts, id, new);
    }

    /// Freezes free segments that lie in `account`.
    pub(super) fn freeze(&mut self, account: AccountId, why: Why, at: Moment, parts: &[SegmentId]) -> HoldId {
        let sum = parts.iter().map(|id| self.segments[*id].amount).sum();
        let hold = self.holds.push(Hold { why, account, ever: sum, now: sum, at, freed: Vec::new() });
        for id in parts {
            self.segments[*id].fate = Fate::Held(hold);
        }
        self.accounts[account].held += sum;
        hold
    }

    /// The oldest free money of `account` up to `amount`, cut to fit.
    pub(super) fn oldest_free(&mut self, account: AccountId, amount: Minor) -> Vec<SegmentId> {
        let lots = self.accounts[account].lots.clone();
        self.cut_to_fit(&lots, amount, |segment| segment.fate == Fate::Here)
    }

    /// Of `list`, in order, what `fits`, up to `amount`, the last one cut.
    pub(super) fn cut_to_fit(
        &mut self,
        list: &[SegmentId],
        amount: Minor,
        fits: impl Fn(&Segment) -> bool,
    ) -> Vec<SegmentId> {
        let mut left = amount;
        let mut chosen = Vec::new();
        for id in list {
            if left > 0 && fits(&self.segments[*id]) {
                let part = self.segments[*id].amount.min(left);
                self.split(*id, part);
                left -= part;
                chosen.push(*id);
            }
        }
        chosen
    }

    /// Frees `amount` of a hold (all of it if `None`), the newest money first; gives what was freed.
    pub fn release(&mut self, hold: HoldId, amount: Option<Minor>, why: Freed, at: Moment) -> Minor {
        let wanted = amount.unwrap_or(Minor::MAX).min(self.holds[hold].now).max(0);
        let account = self.holds[hold].account;
        let newest_first: Vec<SegmentId> = self.accounts[account].lots.iter().rev().copied().collect();
        let parts = self.cut_to_fit(&newest_first, wanted, |segment| segment.fate == Fate::Held(hold));
        for id in &parts {
            self.segments[*id].fate = Fate::Here;
        }
        self.accounts[account].held -= wanted;
        let kept = &mut self.holds[hold];
        kept.now -= wanted;
        if wanted > 0 {
            kept.freed.push((at, why, wanted));
        }
        wanted
    }

    /// Gives `amount` of a hold back to `to`, the newest held money first; gives what went and by which transfer.
    /// Where the money lies in the account it is to go to, it is only set free.
    pub fn give_back(
        &mut self,
        hold: HoldId,
        amount: Minor,
        to: AccountId,
        at: Moment,
    ) -> (Minor, Option<TransferId>) {
        let from = self.holds[hold].account;
        if from == to {
            return (self.release(hold, Some(amount), Freed::Returned, at), None);
        }
        let wanted = amount.min(self.holds[hold].now).max(0);
        if wanted == 0 {
            return (0, None);
        }
        let newest_first: Vec<SegmentId> = self.accounts[from].lots.iter().rev().copied().collect();
        let parts = self.cut_to_fit(&newest_first, wanted, |segment| segment.fate == Fate::Held(hold));
        let (how, by) = (How::Returned, self.accounts[to].best_name());
        let id = self.transfers.push(Transfer { from, to, amount: wanted, at, how, by, parts: Vec::new() });
        for part in &parts {
            self.segments[*part].fate = Fate::Gone(id);
        }
        let segments = &self.segments;
        self.accounts[from].lots.retain(|part| !matches!(segments[*part].fate, Fate::Gone(_)));
        self.accounts[from].held -= wanted;
        self.accounts[from].balance -= wanted;
        self.accounts[to].balance += wanted;
        // Nobody disputes it any more: it is the victim's own again.
        self.arrive(to, id, vec![(None, wanted)]);
        let kept = &mut self.holds[hold];
        kept.now -= wanted;
        kept.freed.push((at, Freed::Returned, wanted));
        (wanted, Some(id))
    }

    /// Notes what an order asks.
    pub(super) fn claim(&mut self, order: &str, object: &str, cap: Minor) -> ClaimId {
        self.claims.push(Claim { order: order.to_owned(), object: object.to_owned(), cap })
    }

    /// All balances together: nothing, as long as the world is right.
    #[must_use]
    pub fn sum_of_everything(&self) -> Minor {
        self.accounts.iter().map(|(_, a)| a.balance).sum()
    }

    /// Every client's account that breaks a law of the ledger, with the law.
    #[must_use]
    pub fn broken(&self) -> Vec<(AccountId, &'static str)> {
        let mut found = Vec::new();
        for (id, account) in self.accounts.iter().filter(|(_, a)| a.owner == Owner::Client) {
            let sum = |held: bool| -> Minor {
                let lots = account.lots.iter().map(|s| &self.segments[*s]);
                lots.filter(|s| matches!(s.fate, Fate::Held(_)) == held).map(|s| s.amount).sum()
            };
            let laws = [
                (account.balance < 0, "a client's balance is below zero"),
                (account.available() < 0, "more is held than lies here"),
                (sum(true) != account.held, "held segments do not add up"),
                (sum(false) != account.available(), "free segments do not add up"),
            ];
            found.extend(laws.into_iter().filter(|(broken, _)| *broken).map(|(_, law)| (id, law)));
        }
        found
    }
}

fn insert_after(list: &mut Vec<SegmentId>, mark: SegmentId, new: SegmentId) {
    if let Some(place) = list.iter().position(|id| *id == mark) {
        list.insert(place + 1, new);
    }
}
