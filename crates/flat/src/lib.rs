//! Transfers as a compressed adjacency in memory, and the search that follows money forward in time, or back.
//!
//! ```text
//! offsets  one u32 per sending account       where its transfers begin              4 B per account
//! arcs     three u32 per transfer            time, receiving account, id            12 B
//! amounts  one u16 per transfer              rounded down, see `coarse`              2 B
//! ```
//!
//! All columns are ordered by (sending account, time, id), so "what left this account within the window" is
//! one contiguous range. Five transfers per account cost 14.8 B each. What arrives after the build goes into
//! a small delta beside it and is seen by the very next search; [`Transfers::compacted`] merges the two.
//!
//! Ids and account numbers are dense `u32` numbers that the caller gives out; names, UUIDs and exact amounts
//! stay in the caller's store. One asset per graph: a floor in tenge means nothing to bitcoin.
//!
//! No unsafe code: the bar at a million transfers is met without it.

mod base;
mod bits;
pub mod coarse;
mod delta;
mod error;
mod graph;
mod search;
mod source;

pub use coarse::Floor;
pub use error::FlatError;
pub use graph::{ACCOUNT_SLACK, Transfer, Transfers};
pub use search::{Found, Reach, Rules, Scratch, Start};
pub use source::Sources;

/// Second zero of the graph, 2000-01-01T00:00:00Z. Times reach from here for 136 years.
pub const EPOCH_SECS: i64 = 946_684_800;

/// A `u32` as an index. On the 32- and 64-bit machines that this runs on it always fits.
const fn at(number: u32) -> usize {
    const { assert!(usize::BITS >= 32, "account and transfer numbers must fit an index") };
    #[expect(clippy::as_conversions, reason = "const fn, checked by the assertion above: never truncates")]
    {
        number as usize
    }
}
