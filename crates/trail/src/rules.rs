//! How disputed money is told from other money in an account.
//!
//! Money in an account cannot be told apart, so a method has to be fixed and stated: [`Method`]. Orders go by *first in,
//! first out* alone; the others stand beside it for whoever must argue about the money afterwards. By it
//! each outflow first uses up what stood on the account before the disputed money came
//! (`stood_before`), then the disputed money, then what came later. By every method:
//!
//! - What a hold stops does not flow: later outflows pass it by.
//! - Where the bank does not say `stood_before`, it is taken as nothing: outflows count as disputed until
//!   the disputed sum is used up. Fewer sums are then looked for in the account, more further on, and the sum
//!   of what is asked for never exceeds what was disputed.
//! - Where several disputed sums came into one account, they queue by the time of their coming. If a bank
//!   states, at the coming of a later one, a *higher* balance than the queue holds, other money came between
//!   and queues there; if a *lower* one, something left that was not told: it is taken from the front of the
//!   queue and shown as unlisted.
//!
//! For every disputed sum: parts that left + rest = sum, always.

mod build;
mod finish;
mod origins;
mod queue;
mod side;
pub mod signs;
mod state;

use kernel::Timestamp;

pub use build::{MAX_FACTS, MAX_MINOR, build, build_by};
use queue::{Part, Queue};
use serde::{Deserialize, Serialize};
pub use side::{Beside, Compared, side_by_side};

/// Whose money it is that leaves an account in which several people's lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// What has been there longest leaves first: the rule in Clayton's Case (*Devaynes v Noble*, 1816, 1 Mer 572).
    #[default]
    FirstInFirstOut,
    /// At each outflow everybody's leaves in proportion to what lies there at that moment, the holder's own included: the rolling charge that
    /// *Barlow Clowes v Vaughan* (1992, 4 All ER 22) describes, and passed over as too much work by hand.
    ProRata,
    /// The holder's own money leaves first (*Re Hallett's Estate*, 1880, 13 Ch D 696), so disputed money is there up to the lowest balance
    /// between, and what the holder brings in later does not replace it (*Roscoe v Winder*, 1915, 1 Ch 62). Among several
    /// disputed sums in proportion.
    LowestBalance,
}

impl Method {
    /// All of them; the first is the one that orders go by.
    pub const ALL: [Self; 3] = [Self::FirstInFirstOut, Self::ProRata, Self::LowestBalance];
    /// The key of its name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::FirstInFirstOut => "trail-method-fifo",
            Self::ProRata => "trail-method-pro-rata",
            Self::LowestBalance => "trail-method-lowest-balance",
        }
    }
}

/// A disputed sum that came into an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When it came.
    pub at: Timestamp,
    /// How much, in smallest units.
    pub amount: i64,
    /// What stood on the account just before, if the bank says; an overdrawn account has 0.
    pub balance_before: Option<i64>,
}

/// Something that happened to the account afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// When; movements of one moment happen in the order given, after what came in at that moment.
    pub at: Timestamp,
    /// How much, in smallest units.
    pub amount: i64,
    /// What.
    pub kind: MovementKind,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovementKind {
    /// Money left the account.
    Left,
    /// Money was stopped.
    Held,
    /// A hold ended.
    Released,
}

/// The disputed part of one movement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Share {
    /// How much of the movement was disputed money.
    pub disputed: i64,
    /// Which sums it was, as indices of the entries with amounts.
    pub of: Vec<(usize, i64)>,
}

/// What is left of one disputed sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rest {
    /// Still on the account and not stopped: what may still be asked for.
    pub free: i64,
    /// Stopped.
    pub held: i64,
    /// Was stopped and is free again.
    pub released: i64,
    /// Left without being told, by the stated balances.
    pub unlisted: i64,
}

impl Rest {
    /// Still on the account.
    #[must_use]
    pub const fn there(self) -> i64 {
        self.free.saturating_add(self.held).saturating_add(self.released)
    }
}

/// The outcome, in the order of the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Apportioned {
    /// For each movement.
    pub shares: Vec<Share>,
    /// For each entry.
    pub rests: Vec<Rest>,
}

/// Why an account cannot be apportioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApportionError {
    /// An amount or balance is below zero or beyond [`MAX_MINOR`].
    #[error("the amount `{0}` is below zero or too large")]
    Amount(i64),
    /// More than [`MAX_FACTS`] entries and movements, or more money than can be added up.
    #[error("an account has too many movements")]
    TooMany,
}

/// Apportions what happened to an account over the disputed sums in it, first in, first out.
///
/// # Errors
/// [`ApportionError`] for amounts that cannot be.
pub fn apportion(entries: &[Entry], movements: &[Movement]) -> Result<Apportioned, ApportionError> {
    apportion_by(Method::FirstInFirstOut, entries, movements)
}

/// Apportions what happened to an account over the disputed sums in it.
///
/// # Errors
/// [`ApportionError`] for amounts that cannot be.
pub fn apportion_by(
    method: Method,
    entries: &[Entry],
    movements: &[Movement],
) -> Result<Apportioned, ApportionError> {
    if entries.len().saturating_add(movements.len()) > MAX_FACTS {
        return Err(ApportionError::TooMany);
    }
    let balances = entries.iter().filter_map(|e| e.balance_before);
    let amounts = entries.iter().map(|e| e.amount).chain(movements.iter().map(|m| m.amount)).chain(balances);
    if let Some(bad) = amounts.into_iter().find(|a| !(0..=MAX_MINOR).contains(a)) {
        return Err(ApportionError::Amount(bad));
    }
    let amounts = entries.iter().map(|e| e.amount).chain(movements.iter().map(|m| m.amount));
    let all = amounts.into_iter().try_fold(0_i64, i64::checked_add);
    if all.is_none_or(|sum| sum > build::MAX_SUM) {
        return Err(ApportionError::TooMany);
    }
    // Whatever comes in at a moment is there before anything leaves at that moment.
    let came = entries.iter().enumerate().map(|(i, e)| (e.at, 0, i));
    let happened = movements.iter().enumerate().map(|(i, m)| (m.at, 1, i));
    let mut events: Vec<(Timestamp, u8, usize)> = came.chain(happened).collect();
    events.sort_unstable();

    let mut queue = Queue::new(method);
    let mut rests = vec![Rest::default(); entries.len()];
    let mut shares = vec![Share::default(); movements.len()];
    for (_, what, index) in events {
        if what == 0 {
            let Some(entry) = entries.get(index) else { continue };
            for part in queue.enter(index, entry.amount, entry.balance_before) {
                if let Some(rest) = rests.get_mut(part.entry) {
                    rest.unlisted = rest.unlisted.saturating_add(part.amount());
                }
            }
        } else if let (Some(movement), Some(share)) = (movements.get(index), shares.get_mut(index)) {
            let parts = match movement.kind {
                MovementKind::Left => queue.leave(movement.amount),
                MovementKind::Held => queue.hold(movement.amount, None),
                MovementKind::Released => queue.release(movement.amount, None),
            };
            *share = Share::of(&parts);
        }
    }
    for (index, rest) in rests.iter_mut().enumerate() {
        let slot = queue.slot(index);
        (rest.free, rest.held, rest.released) = (slot.free, slot.held, slot.released);
    }
    Ok(Apportioned { shares, rests })
}

impl Share {
    fn of(parts: &[Part]) -> Self {
        let of: Vec<(usize, i64)> = parts.iter().map(|p| (p.entry, p.amount())).collect();
        Self { disputed: of.iter().fold(0, |sum, (_, amount)| sum.saturating_add(*amount)), of }
    }
}
