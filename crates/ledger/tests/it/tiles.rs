//! Tiles and bundles.

use std::collections::BTreeMap;

use ledger::{
    BundleError, CompactRange, Frontier, Hash, TileId, TileSource, TiledNodes, decode_bundle, encode_bundle,
    entries_path, prove_consistency, prove_inclusion, tiles_of, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

use crate::{Memory, leaves};

/// Tiles as a file system keeps them: the fullest version of each.
#[derive(Default)]
struct Store(BTreeMap<(u8, u64), Vec<Hash>>);

impl Store {
    fn grow(&mut self, frontier: &mut Frontier, new: &[Hash]) {
        for leaf in new {
            frontier.push(*leaf, |id, hashes| drop(self.0.insert((id.level, id.index), hashes.to_vec())));
        }
        for (id, hashes) in frontier.partial() {
            self.0.insert((id.level, id.index), hashes.to_vec());
        }
    }
}

impl TileSource for &Store {
    type Error = String;
    fn tile(&self, level: u8, index: u64) -> Result<Vec<Hash>, String> {
        self.0.get(&(level, index)).cloned().ok_or_else(|| self.missing(level, index))
    }
    fn missing(&self, level: u8, index: u64) -> String {
        format!("no tile {level}/{index}")
    }
}

/// The examples of the specification.
#[test]
fn names_of_tiles() {
    for (level, index, width, path) in [
        (0, 1_234_067, 256, "tile/0/x001/x234/067"),
        (0, 0, 256, "tile/0/000"),
        (1, 999, 17, "tile/1/999.p/17"),
        (2, 1000, 1, "tile/2/x001/000.p/1"),
    ] {
        assert_eq!(TileId { level, index, width }.path(), path);
    }
    assert_eq!(entries_path(1_234_067, 255), "tile/entries/x001/x234/067.p/255");
    let of = |size| tiles_of(size).collect::<Vec<_>>();
    assert_eq!(of(0), vec![]);
    let tile = |level, index, width| TileId { level, index, width };
    assert_eq!(of(256), vec![tile(0, 0, 256), tile(1, 0, 1)]);
    let big = of(70_000);
    let count =
        |level, full: bool| big.iter().filter(|t| t.level == level && (t.width == 256) == full).count();
    assert_eq!(
        (count(0, true), count(0, false), count(1, true), count(1, false), count(2, false)),
        (273, 1, 1, 1, 1)
    );
    assert!(
        big.contains(&tile(0, 273, 112)) && big.contains(&tile(1, 1, 17)) && big.contains(&tile(2, 0, 1))
    );
    assert_eq!(big.len(), 277);
}

#[test]
fn a_frontier_is_the_edge_of_the_same_tree() {
    let all = leaves(70_000);
    let (mut store, mut frontier, mut range) = (Store::default(), Frontier::default(), CompactRange::new());
    let mut at = 0;
    for step in [1, 254, 1, 1, 255, 1_000, 64_023, 4_465] {
        let new = &all[at..at + step];
        store.grow(&mut frontier, new);
        range.extend(new.iter().copied());
        at += step;
        assert_eq!((frontier.size(), frontier.compact()), (range.size(), range.clone()));
        let loaded = Frontier::load(frontier.size(), |id| (&store).tile(id.level, id.index).ok());
        assert_eq!(loaded.as_ref(), Some(&frontier), "at {at}");
        assert_eq!(Frontier::load(frontier.size() + 1, |id| (&store).tile(id.level, id.index).ok()), None);
    }
    assert_eq!(at, 70_000);
    assert_eq!(store.0.len(), tiles_of(70_000).count());
    for id in tiles_of(70_000) {
        assert_eq!(store.0[&(id.level, id.index)].len(), usize::from(id.width), "{}", id.path());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn proofs_from_tiles_are_the_proofs_from_memory(n in prop_oneof![3 => 1..3_000_u64, 1 => 65_000..70_000_u64], at: prop::sample::Index, old: prop::sample::Index) {
        let all = leaves(n);
        let (mut store, mut frontier) = (Store::default(), Frontier::default());
        store.grow(&mut frontier, &all);
        let (tiled, root) = (TiledNodes(&store), frontier.compact().root());
        let i = at.index(all.len());
        let index = u64::try_from(i).unwrap();
        let old = u64::try_from(old.index(all.len())).unwrap();
        let inclusion = prove_inclusion(&tiled, index, n).unwrap();
        prop_assert_eq!(verify_inclusion(&all[i], index, n, &inclusion, &root), Ok(()));
        let consistency = prove_consistency(&tiled, old, n).unwrap();
        let mut before = CompactRange::new();
        before.extend(leaves(old));
        prop_assert_eq!(verify_consistency((old, &before.root()), (n, &root), &consistency), Ok(()));
        let memory = Memory::of(all);
        prop_assert_eq!(prove_inclusion(&memory, index, n), Ok(inclusion));
        prop_assert_eq!(prove_consistency(&memory, old, n), Ok(consistency));
        // A tree larger than its tiles is an error of the source, not a panic.
        prop_assert!(prove_inclusion(&tiled, index, n + 1).is_err() || n + 1 == index);
    }

    #[test]
    fn bundles(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..20), cut in 1..3_usize) {
        let bundle = encode_bundle(entries.iter().map(Vec::as_slice)).unwrap();
        let expected: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(decode_bundle(&bundle), Ok(expected));
        if entries.last().is_some_and(|last| !last.is_empty()) {
            prop_assert_eq!(decode_bundle(&bundle[..bundle.len() - cut.min(1)]), Err(BundleError::Cut));
        }
    }

    #[test]
    fn junk_bundles_do_not_panic(junk in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = decode_bundle(&junk);
    }
}

#[test]
fn an_entry_has_an_end() {
    let longest = vec![7; 65_535];
    assert_eq!(encode_bundle([longest.as_slice()]).map(|b| b.len()), Ok(65_537));
    assert_eq!(encode_bundle([vec![7; 65_536].as_slice()]), Err(BundleError::TooLong));
}
