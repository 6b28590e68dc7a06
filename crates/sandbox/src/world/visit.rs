//! Somebody who takes part. Whoever reports a payment to the visitors' account is taken to have really made it:
//! the money comes in when its bank is asked, a part of it has gone on already, and from then on the ledger
//! treats it like any other.

use super::ask::Ask;
use super::book::Move;
use super::model::{AccountId, By, How, Names, Owner};
use super::{Moment, World};
use crate::country::Kind;
use crate::ids;

/// Account number of the visitors' account at the first bank; the README names it.
pub const NUMBER: &str = "0000000000017";
/// The account that a part goes on to, at the second bank.
const NEXT: &str = "0000000000018";
/// Parts in ten that have gone on.
const GONE_TENTHS: i64 = 3;

/// The two accounts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitors {
    to: AccountId,
    next: AccountId,
}

impl World {
    /// Opens the accounts, after everything else: they change nobody's dice. `None` without two banks.
    pub(super) fn open_for_visitors(&mut self) -> Option<Visitors> {
        let banks = self.book.houses.iter().filter(|(_, h)| h.kind == Kind::Bank);
        let coded: Vec<_> = banks.filter_map(|(id, h)| Some((id, h.iban_code.clone()?))).collect();
        let [(first, first_code), (second, second_code), ..] = coded.as_slice() else { return None };
        let wishes = [(*first, ids::iban(first_code, NUMBER)), (*second, ids::iban(second_code, NEXT))];
        let [to, next] = wishes.map(|(house, iban)| {
            let names = Names { iban: Some(iban), ..Names::default() };
            self.book.open(Some(house), Owner::Client, names, "Үлгі Қонақ (ойдан шығарылған)".to_owned())
        });
        Some(Visitors { to, next })
    }

    /// Makes the payment that is asked about, if it is a visitor's and was not made yet. Says whether it did.
    pub(super) fn visit(&mut self, ask: &Ask<'_>, now: Moment) -> bool {
        let Some(visitors) = self.visitors else { return false };
        let asked = self.book.called(ask.house, ask.by, ask.name);
        if asked != Some(visitors.to) || ask.amount <= 0 || !self.is_from_here(ask) {
            return false;
        }
        self.deposit(visitors.to, ask.amount, ask.at.min(now));
        let gone = ask.amount / 10 * GONE_TENTHS;
        if gone > 0 {
            let (from, to) = (visitors.to, visitors.next);
            let wish = Move { from, to, amount: gone, at: now, how: How::Forward, by: By::Iban };
            // What has just come in is there to go on.
            let _never_short = self.book.transfer(wish);
        }
        true
    }
}
