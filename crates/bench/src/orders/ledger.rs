//! What the partners truly did: the ground truth that the platform's sums are compared with.

use std::collections::{BTreeSet, HashMap};

use sandbox::draw::{Draw, about};

/// An account that disputed money came into.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Number of the partner that keeps it.
    pub(crate) bank: usize,
    /// 1 for the account that a victim paid into, 2 for the next.
    pub(crate) hop: u32,
    /// Orders that asked about it, as its bank read them.
    pub(crate) asked: BTreeSet<String>,
    /// How often money was held or found gone: an effect.
    pub(crate) acts: u32,
}

/// A hold, or what was found instead of money to hold.
#[derive(Debug, Clone)]
pub(crate) struct Hold {
    pub(crate) bank: usize,
    pub(crate) order: String,
    /// Held now.
    pub(crate) minor: i64,
}

/// What a bank finds on an account, decided by its number alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// All of it.
    All,
    /// Six tenths; the rest was spent.
    PartAndSpent,
    /// Six tenths; the rest moved to another bank.
    PartAndMoved,
    /// All of it moved to another bank.
    Moved,
    /// Nothing.
    Gone,
}

/// All partners' books.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) accounts: HashMap<String, Account>,
    /// By object of an order.
    pub(crate) holds: HashMap<String, Hold>,
    /// Effects that happened once more for money that an order had been carried out about before.
    pub(crate) doubles: u64,
}

impl Ledger {
    /// Disputed money comes into an account.
    pub(crate) fn paid(&mut self, account: &str, bank: usize, hop: u32) {
        let new = Account { bank, hop, asked: BTreeSet::new(), acts: 0 };
        self.accounts.entry(account.to_owned()).or_insert(new);
    }

    /// What a bank finds on it.
    pub(crate) fn found(&self, seed: u64, account: &str) -> Found {
        // Money that has moved once stays where it is.
        let first = self.accounts.get(account).is_some_and(|a| a.hop == 1);
        let mut draw = Draw::keyed(about(seed, account));
        let moved = if first { 80 } else { 0 };
        let weights = [
            (Found::All, 600),
            (Found::PartAndSpent, 170),
            (Found::PartAndMoved, moved),
            (Found::Moved, moved),
            (Found::Gone, 70),
        ];
        draw.weighted(&weights).unwrap_or(Found::All)
    }

    /// A bank carries an order out: it holds `minor` for it. Money is there once, but nobody looks whether another
    /// order asked for the same: by the agreement a message that is new is acted on.
    pub(crate) fn hold(&mut self, bank: usize, (order, object): (&str, &str), account: &str, minor: i64) {
        if let Some(known) = self.accounts.get_mut(account) {
            known.acts += 1;
            known.asked.insert(order.to_owned());
            self.doubles += u64::from(known.acts > 1);
        }
        let new = Hold { bank, order: order.to_owned(), minor: 0 };
        let hold = self.holds.entry(object.to_owned()).or_insert(new);
        hold.minor = hold.minor.saturating_add(minor);
    }

    /// A bank lets go of `part` of a hold, of all of it if `None`; gives what it let go.
    pub(crate) fn free(&mut self, object: &str, part: Option<i64>) -> i64 {
        let Some(hold) = self.holds.get_mut(object) else { return 0 };
        let part = part.unwrap_or(hold.minor).min(hold.minor);
        hold.minor -= part;
        part
    }

    /// Held for an object now.
    pub(crate) fn held(&self, object: &str) -> i64 {
        self.holds.get(object).map_or(0, |hold| hold.minor)
    }
}
