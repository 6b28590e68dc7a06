//! Oblivious questions (RFC 9497, ristretto255-SHA512, verifiable mode): an institution asks whether a thing is known and
//! does not tell which; the office answers and does not learn it.
//!
//! 1. The institution blinds the thing ([`Blind::of`]) and sends a point that could be anything.
//! 2. The office works its key in ([`Office::evaluate`]) and proves that it was the key that everybody is answered with: with
//!    a key for each institution it could tell questions apart.
//! 3. The institution takes its blinding out ([`Blind::finish`]) and has a [`Mark`], which no other institution can work out
//!    without having asked. Its first two bytes name a heap; the office gives everything that lies in it, each sealed under its own mark,
//!    and the institution opens the one that is its own ([`Mark::open`]).
//!
//! # What it reveals
//! - To the office: that something was asked, and two bytes of its mark, which leave one in 65,536 of all things that there are.
//!   The office holds the key: of a thing that it suspects it can see whether it may have been the one.
//! - To the institution: what is told of the things that it asked about, and how many others are known in their heaps. What it
//!   did not ask about it cannot open, nor try out at home: each guess is a question, and is counted.
//!
//! What lies in the database is the mark of a thing: a keyed hash, which says nothing to whoever steals the file without the key.

mod client;
mod mark;
mod office;

pub use client::Blind;
pub use mark::{HEAP, Mark};
pub use office::{Answered, Office};

/// Length of a point on the wire.
pub const POINT: usize = 32;
/// Length of a proof on the wire.
pub const PROOF: usize = 64;
/// Most points that are answered with one proof.
pub const MOST: usize = 100;

type Suite = voprf::Ristretto255;

/// Why an oblivious question or answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not a point of the group, or the one that says nothing.
    #[error("it is no point of ristretto255")]
    Point,
    /// No question, or more at once than [`MOST`].
    #[error("1 to {MOST} points are taken at once")]
    Count,
    /// The key was not the office's: it may have been made for this institution alone.
    #[error("the proof does not hold: another key was used than everybody's")]
    Proof,
}

#[cfg(test)]
mod tests;
