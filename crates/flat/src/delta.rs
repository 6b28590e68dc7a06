//! What came after the build: few, unsorted in memory as a whole, sorted by time inside each account.

use std::collections::HashMap;

use crate::base::Packed;

/// A transfer of the delta and its place in the order of arrival.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Late {
    pub row: Packed,
    pub arrival: u32,
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Delta {
    sent: HashMap<u32, Vec<Late>>,
    len: u32,
}

impl Delta {
    /// Number of transfers.
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    /// Adds one; `false` if it is there already.
    pub(crate) fn insert(&mut self, row: Packed) -> bool {
        let list = self.sent.entry(row.from).or_default();
        match list.binary_search_by_key(&(row.time, row.id), |late| (late.row.time, late.row.id)) {
            Ok(_) => false,
            Err(place) => {
                list.insert(place, Late { row, arrival: self.len });
                self.len += 1;
                true
            }
        }
    }

    /// Everything that `account` sent, by time.
    pub(crate) fn sent(&self, account: u32) -> &[Late] {
        if self.len == 0 {
            return &[];
        }
        self.sent.get(&account).map_or(&[], Vec::as_slice)
    }

    /// What `account` sent from `first` to `last`, both included.
    pub(crate) fn window(&self, account: u32, first: u32, last: u32) -> &[Late] {
        let list = self.sent(account);
        let from = list.partition_point(|late| late.row.time < first);
        let to = list.partition_point(|late| late.row.time <= last);
        list.get(from..to).unwrap_or_default()
    }

    /// Every transfer, in no particular order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Late> {
        self.sent.values().flatten()
    }
}
