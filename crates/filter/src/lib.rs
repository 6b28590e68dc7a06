//! Signed filters: what an institution keeps at home to find out, before a payment, whether it must ask at all. A filter
//! says "certainly not listed", or "perhaps: ask".
//!
//! `open <- {base, delta} <- document <- check`. Pure: no files, no clock, no network; whoever uses it hands those in.
//!
//! # What it reveals
//! - To the office: nothing. It sees that an institution fetched a filter, not what it was asked.
//! - To the institution: of each thing that it can name, whether it is listed, wrong once in 256. That is no veil: whoever tries
//!   all telephone numbers of a country on the filters of three days has the list, and the changes tell what came and what went.
//!   That is why filters hold what people have decided, never what was merely reported, and why they are for institutions with an
//!   agreement.
//!
//! # Promises
//! - What is listed is found ([`Filter::may_hold`] has no false "no") as of the moment at which the filter was made.
//! - A filter that was changed, is over, or is older than one that was seen before is refused ([`Refused`]): nobody makes an
//!   institution forget a listing by handing it yesterday's filter.
//! - No bytes make it panic.
//!
//! Binary fuse filters: Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", 2022. Ed25519: RFC 8032.

mod base;
mod check;
mod delta;
mod document;
mod open;

pub use check::{Filter, Seen};
pub use document::{Head, Refused, What};
pub use open::OpenHash;

use base::Base;
use delta::Delta;
use ed25519_dalek::SigningKey;

/// What a filter is made from.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// Its number: greater than that of any filter or change made before by this office.
    pub number: u64,
    /// When, wall time in seconds.
    pub at: i64,
    /// When it is over.
    pub until: i64,
}

/// A whole filter over things, as bytes. `salt` is drawn anew for each.
///
/// # Errors
/// [`Unmakeable`].
pub fn base(
    things: &[OpenHash],
    salt: [u8; open::SALT],
    made: Made,
    key: &SigningKey,
) -> Result<Vec<u8>, Unmakeable> {
    let base = Base::of(things.iter().map(|thing| thing.salted(&salt)).collect())?;
    let head = Head {
        what: What::Base,
        number: made.number,
        base: made.number,
        at: made.at,
        until: made.until,
        salt,
        things: u64::try_from(things.len()).unwrap_or(u64::MAX),
    };
    Ok(document::signed(&head, &base.bytes(), key))
}

/// What has changed since a whole filter, as bytes: it takes the place of every change before. `all` is what is to be found now,
/// so that nothing of it goes with a thing that was removed and looks alike in forty bits.
///
/// # Errors
/// The whole filter is none.
pub fn delta(
    of: &[u8],
    (added, removed): (&[OpenHash], &[OpenHash]),
    all: &[OpenHash],
    made: Made,
    key: &SigningKey,
) -> Result<Vec<u8>, Refused> {
    let whole = document::read(of, &key.verifying_key())?;
    let salt = whole.head.salt;
    let salted = |things: &[OpenHash]| things.iter().map(|thing| thing.salted(&salt)).collect::<Vec<_>>();
    let delta = Delta::of(&salted(added), &salted(removed), &salted(all));
    let head = Head {
        what: What::Delta,
        number: made.number,
        base: whole.head.number,
        at: made.at,
        until: made.until,
        salt,
        things: delta.len(),
    };
    Ok(document::signed(&head, &delta.bytes(), key))
}

/// Why a filter cannot be made: more things than it takes, or no seed was found in a thousand tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the filter cannot be made over so many things")]
pub struct Unmakeable;

#[cfg(test)]
mod tests;
