//! Who paid, as far as it was told: whom to ask first about a payment, and whether anything may be held without a person
//! ([decision 0024](../../../docs/decisions/0024-nothing-is-held-for-a-payer-nobody-knows.md)). Pure.
//!
//! A bank that is asked about "200,000 on Monday" finds somebody's payment. Only who paid tells whether it was the reporter's.
//! So a hold goes out by itself only where the institution that is asked can compare the payer: the receiver's by the
//! account that its books show, the payer's own by what it knows of its client.

use crate::model::Direction;

/// What a report tells of one payment, as far as it decides whom to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told<'a> {
    /// Kind of the payer's account as [`crate::rules::account_kind`] gives it; `None` where it was not told.
    pub account: Option<&'a str>,
    /// Kind of the receiver's; `None` where it was not told.
    pub to: Option<&'a str>,
    /// Whether the reporter left something by which an institution knows its client: a number of the person, a phone.
    pub client: bool,
    /// Whether the payer's institution is known and takes part.
    pub payers: bool,
    /// Whether the receiver's institution is known and takes part.
    pub receivers: bool,
    /// Whether both are one institution.
    pub same: bool,
}

impl Told<'_> {
    /// Whether the receiver's institution can tell the payer's payment from others.
    ///
    /// Its books show from which account a transfer came, or for a payment from card to card from which card; of a card behind an account they show nothing. Where both are its clients it knows all of it.
    #[must_use]
    pub fn receiver_can_compare(&self) -> bool {
        let shown = match self.account {
            Some("card") => self.to == Some("card"),
            Some(_) => true,
            None => false,
        };
        shown || self.same && self.payer_can_compare()
    }

    /// Whether the payer's own institution can tell whose payment is meant.
    #[must_use]
    pub const fn payer_can_compare(&self) -> bool {
        self.account.is_some() || self.client
    }

    /// Whether there is anything that the payer's own institution can be asked about: one of the two accounts.
    const fn payer_can_be_asked(&self) -> bool {
        self.payers && (self.account.is_some() || self.to.is_some())
    }

    /// Which side is asked first; `None` where nobody can be. The flag says whether a person must look before: nobody
    /// could say whether the payment is the reporter's.
    #[must_use]
    pub fn first(&self) -> Option<(Direction, bool)> {
        let receiver = self.receivers && self.to.is_some();
        let payer = self.payer_can_be_asked();
        match (receiver, payer) {
            (true, _) if self.receiver_can_compare() => Some((Direction::In, false)),
            (_, true) if self.payer_can_compare() => Some((Direction::Out, false)),
            (true, _) => Some((Direction::In, true)),
            (false, true) => Some((Direction::Out, true)),
            (false, false) => None,
        }
    }

    /// Whether a person must look before this side is asked in the other's place, which did not find the payment.
    #[must_use]
    pub fn must_wait(&self, side: Direction) -> bool {
        match side {
            Direction::In => !self.receiver_can_compare(),
            Direction::Out => !self.payer_can_compare(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{In, Out};

    const ALL: Told<'static> = Told {
        account: Some("iban"),
        to: Some("iban"),
        client: true,
        payers: true,
        receivers: true,
        same: false,
    };

    #[test]
    fn whom_to_ask_first() {
        let phone = Told { to: Some("phone"), receivers: false, ..ALL };
        let nobody = Told { account: None, client: false, ..ALL };
        for (what, told, first) in [
            ("an account that the receiver's books show", ALL, Some((In, false))),
            ("a wallet's number", Told { account: Some("phone"), ..ALL }, Some((In, false))),
            ("from card to card", Told { account: Some("card"), to: Some("card"), ..ALL }, Some((In, false))),
            ("a card behind an account", Told { account: Some("card"), ..ALL }, Some((Out, false))),
            ("a card, one bank", Told { account: Some("card"), same: true, ..ALL }, Some((In, false))),
            (
                "a card, its bank unknown",
                Told { account: Some("card"), payers: false, ..ALL },
                Some((In, true)),
            ),
            ("no account, but a client", Told { account: None, ..ALL }, Some((Out, false))),
            ("a client of the same bank", Told { account: None, same: true, ..ALL }, Some((In, false))),
            ("a client, their bank unknown", Told { account: None, payers: false, ..ALL }, Some((In, true))),
            ("nobody in particular", nobody, Some((In, true))),
            ("the same, one bank", Told { same: true, ..nobody }, Some((In, true))),
            ("a telephone as the receiver", phone, Some((Out, false))),
            ("the same, paid by nobody", Told { account: None, client: false, ..phone }, Some((Out, true))),
            ("an own account alone", Told { to: None, receivers: false, ..ALL }, Some((Out, false))),
            ("a client alone", Told { account: None, to: None, receivers: false, ..ALL }, None),
            ("nothing", Told::default(), None),
        ] {
            assert_eq!(told.first(), first, "{what}");
        }
    }

    /// Whatever is told: what goes out by itself goes to somebody who can compare the payer.
    #[test]
    fn nothing_goes_out_by_itself_for_a_payer_nobody_knows() {
        let kinds = [None, Some("iban"), Some("account"), Some("phone"), Some("card")];
        for account in kinds {
            for to in kinds {
                for bits in 0..16_u8 {
                    let is = |n: u8| bits & (1 << n) != 0;
                    let told =
                        Told { account, to, client: is(0), payers: is(1), receivers: is(2), same: is(3) };
                    let Some((side, waits)) = told.first() else { continue };
                    assert_eq!(waits, told.must_wait(side), "{told:?}");
                    assert!(waits || account.is_some() || told.client, "{told:?}");
                }
            }
        }
    }
}
