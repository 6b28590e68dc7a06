//! The columns: built once, never changed.

use crate::at;
use crate::error::FlatError;

/// One transfer inside the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Packed {
    /// Sending account.
    pub from: u32,
    /// Seconds since the epoch of the graph.
    pub time: u32,
    /// The caller's number.
    pub id: u32,
    /// Receiving account.
    pub to: u32,
    /// Code of the amount.
    pub amount: u16,
}

/// When a transfer left, where it went, and its id: read together, so kept together. Each of a search's steps
/// waits for memory, and one wait is shorter than two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    pub time: u32,
    pub to: u32,
    pub id: u32,
}

/// See the crate's picture of the columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Base {
    offsets: Vec<u32>,
    arcs: Vec<Arc>,
    amounts: Vec<u16>,
}

impl Base {
    /// Sorts and packs. A transfer that was given twice (same sender, time and id) is kept once.
    pub(crate) fn build(mut rows: Vec<Packed>) -> Result<Self, FlatError> {
        rows.sort_unstable();
        rows.dedup_by_key(|r| (r.from, r.time, r.id));
        if u32::try_from(rows.len()).is_err() {
            return Err(FlatError::TooMany);
        }
        let senders = rows.last().map_or(0, |r| at(r.from) + 1);
        let mut base = Self {
            offsets: Vec::with_capacity(senders + 1),
            arcs: Vec::with_capacity(rows.len()),
            amounts: Vec::with_capacity(rows.len()),
        };
        for (position, row) in (0_u32..).zip(&rows) {
            while base.offsets.len() <= at(row.from) {
                base.offsets.push(position);
            }
            base.arcs.push(Arc { time: row.time, to: row.to, id: row.id });
            base.amounts.push(row.amount);
        }
        base.offsets.push(u32::try_from(rows.len()).map_err(|_| FlatError::TooMany)?);
        Ok(base)
    }

    /// Number of transfers.
    pub(crate) const fn len(&self) -> usize {
        self.arcs.len()
    }

    /// Positions of everything that `account` sent.
    pub(crate) fn sent(&self, account: u32) -> (usize, usize) {
        match self.offsets.get(at(account)..) {
            Some([from, to, ..]) => (at(*from), at(*to)),
            _ => (0, 0),
        }
    }

    /// Positions of what `account` sent from `first` to `last`, both included.
    pub(crate) fn window(&self, account: u32, first: u32, last: u32) -> (usize, usize) {
        self.within(self.sent(account), first, last)
    }

    /// The part of one account's positions that lies between two times, both included.
    pub(crate) fn within(&self, (from, to): (usize, usize), first: u32, last: u32) -> (usize, usize) {
        let arcs = self.arcs(from, to);
        let skip = arcs.partition_point(|arc| arc.time < first);
        let within = arcs.get(skip..).map_or(0, |rest| leading(rest, last));
        (from + skip, from + skip + within)
    }

    /// Arc at a position.
    pub(crate) fn arc(&self, position: usize) -> Option<Arc> {
        self.arcs.get(position).copied()
    }

    /// Code of the amount at a position; 0 where there is none.
    pub(crate) fn amount(&self, position: usize) -> u16 {
        self.amounts.get(position).copied().unwrap_or(0)
    }

    /// Arcs between two positions.
    pub(crate) fn arcs(&self, from: usize, to: usize) -> &[Arc] {
        self.arcs.get(from..to).unwrap_or_default()
    }

    /// Every transfer, in the order of the columns.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Packed> + '_ {
        let ends = self.offsets.get(1..).unwrap_or_default();
        let mut from = 0_u32;
        self.arcs.iter().zip(&self.amounts).enumerate().map(move |(position, (arc, amount))| {
            while ends.get(at(from)).is_some_and(|end| at(*end) <= position) {
                from += 1;
            }
            Packed { from, time: arc.time, id: arc.id, to: arc.to, amount: *amount }
        })
    }

    /// Bytes of the columns.
    pub(crate) const fn bytes(&self) -> usize {
        self.offsets.capacity() * size_of::<u32>()
            + self.arcs.capacity() * size_of::<Arc>()
            + self.amounts.capacity() * size_of::<u16>()
    }
}

/// How many of the arcs, sorted by time, lie at or before `last`: doubling steps first, since a window is mostly
/// short beside a busy account's whole history and its end lies near its beginning.
fn leading(arcs: &[Arc], last: u32) -> usize {
    let mut reach = 4;
    while arcs.get(reach).is_some_and(|arc| arc.time <= last) {
        reach *= 2;
    }
    let known = if reach == 4 { 0 } else { reach / 2 };
    let part = arcs.get(known..arcs.len().min(reach + 1)).unwrap_or_default();
    known + part.partition_point(|arc| arc.time <= last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn doubling_finds_what_halving_finds(mut times in prop::collection::vec(0_u32..60, 0..80), last in 0_u32..70) {
            times.sort_unstable();
            let arcs: Vec<Arc> = times.iter().map(|time| Arc { time: *time, to: 0, id: 0 }).collect();
            prop_assert_eq!(leading(&arcs, last), times.partition_point(|t| *t <= last));
        }
        #[test]
        fn rows_come_back(mut rows in prop::collection::vec((0_u32..9, 0_u32..9, 0_u32..99, 0_u32..9), 0..60)) {
            rows.sort_unstable();
            rows.dedup_by_key(|r| (r.0, r.1, r.2));
            let packed: Vec<Packed> =
                rows.iter().map(|r| Packed { from: r.0, time: r.1, id: r.2, to: r.3, amount: 7 }).collect();
            let base = Base::build(packed.iter().rev().copied().collect()).unwrap();
            prop_assert_eq!(base.rows().collect::<Vec<_>>(), packed);
        }
    }
}
