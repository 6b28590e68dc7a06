//! What is asked about without being named, in memory: things by the hashes that everybody can work out, and by the marks that
//! only the office's key makes. A question names two bytes, and gets whatever lies there.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::{PoisonError, RwLock};

use filter::OpenHash;
use identifier::Kind;
use oprf::Mark;

use crate::model::EntryId;

/// Bytes that a question names.
pub const PREFIX: usize = 2;

/// Where a thing stands in the registry, and what of it is known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its entry.
    pub entry: EntryId,
    /// What sort of thing.
    pub kind: Kind,
    /// Whether it is a service that many honest people use.
    pub shared: bool,
}

#[derive(Debug, Default)]
struct Heaps {
    open: BTreeMap<[u8; 16], Place>,
    marks: BTreeMap<[u8; 32], Place>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Private(RwLock<Heaps>);

/// Kinds of which there are enough in the world for two bytes to hide one. Everything else is asked about by marks alone.
pub(super) const fn is_crowd(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Phone
            | Kind::Url
            | Kind::Email
            | Kind::Handle
            | Kind::WalletBtc
            | Kind::WalletEth
            | Kind::WalletTron
    )
}

/// From the first to the last key with a prefix.
fn heap<const N: usize>(prefix: [u8; PREFIX]) -> RangeInclusive<[u8; N]> {
    let with = |rest: u8| {
        let mut key = [rest; N];
        key.iter_mut().zip(prefix).for_each(|(to, from)| *to = from);
        key
    };
    with(0)..=with(u8::MAX)
}

impl Private {
    pub(super) fn learn(&self, place: Place, open: OpenHash, mark: Mark) {
        let mut heaps = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if is_crowd(place.kind) {
            heaps.open.insert(*open.as_bytes(), place);
        }
        heaps.marks.insert(*mark.as_bytes(), place);
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Heaps::default();
    }

    /// Forgets entries that are no more.
    pub(super) fn forget(&self, gone: &HashSet<EntryId>) {
        if gone.is_empty() {
            return;
        }
        let mut heaps = self.0.write().unwrap_or_else(PoisonError::into_inner);
        heaps.open.retain(|_, place| !gone.contains(&place.entry));
        heaps.marks.retain(|_, place| !gone.contains(&place.entry));
    }

    pub(super) fn by_prefix(&self, prefix: [u8; PREFIX]) -> Vec<(OpenHash, Place)> {
        let heaps = self.0.read().unwrap_or_else(PoisonError::into_inner);
        heaps.open.range(heap(prefix)).map(|(open, place)| (OpenHash::from_bytes(*open), *place)).collect()
    }

    pub(super) fn by_mark(&self, prefix: [u8; PREFIX]) -> Vec<(Mark, Place)> {
        let heaps = self.0.read().unwrap_or_else(PoisonError::into_inner);
        heaps.marks.range(heap(prefix)).map(|(mark, place)| (Mark::from_bytes(*mark), *place)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(no: u128) -> EntryId {
        EntryId::from_uuid(uuid::Uuid::from_u128(no))
    }

    fn place(no: u128, kind: Kind) -> Place {
        Place { entry: id(no), kind, shared: false }
    }

    #[test]
    fn a_prefix_gives_its_heap_and_no_other() {
        let private = Private::default();
        let with = |first: u8, last: u8| {
            let mut bytes = [0; 16];
            (bytes[0], bytes[15]) = (first, last);
            OpenHash::from_bytes(bytes)
        };
        let mark = |no: u8| Mark::from_bytes([no; 32]);
        private.learn(place(1, Kind::Phone), with(7, 1), mark(1));
        private.learn(place(2, Kind::Phone), with(7, 0xff), mark(2));
        private.learn(place(3, Kind::Phone), with(8, 0), mark(3));
        private.learn(place(4, Kind::Iban), with(7, 4), mark(4));
        let entries = |all: Vec<(OpenHash, Place)>| {
            all.into_iter().map(|(_, p)| p.entry.uuid().as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(entries(private.by_prefix([7, 0])), [1, 2], "an account is asked about by its mark alone");
        assert_eq!(entries(private.by_prefix([7, 1])), Vec::<u128>::new());
        assert_eq!(private.by_mark([4, 4]).len(), 1);
        private.forget(&HashSet::from([id(2), id(4)]));
        assert_eq!(entries(private.by_prefix([7, 0])), [1]);
        assert!(private.by_mark([4, 4]).is_empty());
        private.clear();
        assert!(private.by_prefix([8, 0]).is_empty());
    }
}
