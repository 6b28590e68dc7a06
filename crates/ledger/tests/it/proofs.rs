//! Roots and proofs.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::{
    CompactRange, EMPTY_ROOT, Hash, ProofError, prove_consistency, prove_inclusion, range_hash,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;

use crate::{Memory, entry, leaves};

fn oracle(n: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    for i in 0..n {
        tree.push(entry(i));
    }
    tree
}

fn root(n: u64) -> Hash {
    let mut range = CompactRange::new();
    range.extend(leaves(n));
    range.root()
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|h| *h.as_bytes()).collect()
}

#[test]
fn small_trees_agree_with_the_other_implementation() {
    for n in 1..=70_u64 {
        let (tree, memory) = (oracle(n), Memory::of(leaves(n)));
        let now = root(n);
        assert_eq!(now.as_bytes().as_slice(), tree.root().as_bytes().as_slice(), "root of {n}");
        assert_eq!(range_hash(&memory, 0, n), Ok(now));
        for i in 0..n {
            let proof = prove_inclusion(&memory, i, n).unwrap();
            assert_eq!(
                bytes(&proof),
                tree.prove_inclusion(usize::try_from(i).unwrap()).as_bytes(),
                "{i} in {n}"
            );
        }
        for old in 1..n {
            let proof = prove_consistency(&memory, old, n).unwrap();
            let theirs = tree.prove_consistency(usize::try_from(n - old).unwrap());
            assert_eq!(bytes(&proof), theirs.as_bytes(), "{old} to {n}");
        }
    }
}

#[test]
fn every_proof_of_every_small_tree_verifies_and_no_other_does() {
    let roots: Vec<Hash> = (0..=40).map(root).collect();
    let all = leaves(40);
    let memory = Memory::of(all.clone());
    for n in 1..=40_u64 {
        let now = roots[usize::try_from(n).unwrap()];
        for i in 0..n {
            let proof = prove_inclusion(&memory, i, n).unwrap();
            for j in 0..n {
                let leaf = all[usize::try_from(j).unwrap()];
                let held = verify_inclusion(&leaf, i, n, &proof, &now);
                assert_eq!(held.is_ok(), i == j, "leaf {j} at {i} of {n}");
                let elsewhere = verify_inclusion(&all[usize::try_from(i).unwrap()], j, n, &proof, &now);
                assert_eq!(elsewhere.is_ok(), i == j, "leaf {i} at {j} of {n}");
            }
        }
        for old in 0..=n {
            let proof = prove_consistency(&memory, old, n).unwrap();
            for claimed in 0..=n {
                let old_root = roots[usize::try_from(claimed).unwrap()];
                let held = verify_consistency((old, &old_root), (n, &now), &proof);
                assert_eq!(held.is_ok(), claimed == old, "root of {claimed} as root of {old} in {n}");
            }
        }
    }
}

#[test]
fn sizes_that_make_no_sense() {
    let (a, b) = (root(3), root(5));
    let leaf = leaves(1)[0];
    assert_eq!(verify_inclusion(&leaf, 0, 0, &[], &EMPTY_ROOT), Err(ProofError::Range));
    assert_eq!(verify_inclusion(&leaf, 5, 5, &[], &b), Err(ProofError::Range));
    assert_eq!(verify_inclusion(&leaf, u64::MAX, u64::MAX, &[], &b), Err(ProofError::Range));
    assert_eq!(verify_inclusion(&leaf, 0, 1, &[], &leaf), Ok(()));
    assert_eq!(verify_inclusion(&leaf, 0, 1, &[a], &leaf), Err(ProofError::Length));
    assert_eq!(verify_consistency((5, &b), (3, &a), &[]), Err(ProofError::Range));
    assert_eq!(verify_consistency((0, &EMPTY_ROOT), (3, &a), &[]), Ok(()));
    assert_eq!(verify_consistency((0, &EMPTY_ROOT), (0, &EMPTY_ROOT), &[]), Ok(()));
    assert_eq!(verify_consistency((0, &a), (3, &a), &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency((3, &a), (3, &a), &[a]), Err(ProofError::Length));
    assert_eq!(verify_consistency((3, &a), (3, &b), &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency((3, &a), (5, &b), &[]), Err(ProofError::Length));
    assert_eq!(verify_consistency((4, &a), (u64::MAX, &b), &[a; 80]), Err(ProofError::Length));
    assert_eq!(prove_inclusion(&Memory::of(leaves(3)), 3, 3), Ok(vec![]));
}

#[test]
fn stored_ranges() {
    let mut range = CompactRange::new();
    assert_eq!((range.root(), range.size()), (EMPTY_ROOT, 0));
    for leaf in leaves(100) {
        let stored = CompactRange::from_parts(range.size(), range.peaks().to_vec());
        assert_eq!(stored.as_ref(), Some(&range));
        assert_eq!(CompactRange::from_parts(range.size() * 2 + 1, range.peaks().to_vec()), None);
        range.push(leaf);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_leaf_of_any_tree(n in 1..3_000_u64, at: prop::sample::Index, other: prop::sample::Index, bit in 0..256_usize) {
        let (all, memory, now) = (leaves(n), Memory::of(leaves(n)), root(n));
        let i = at.index(all.len());
        let index = u64::try_from(i).unwrap();
        let proof = prove_inclusion(&memory, index, n).unwrap();
        prop_assert_eq!(verify_inclusion(&all[i], index, n, &proof, &now), Ok(()));
        // Any hash of the proof changed by one bit, any left out, any doubled.
        if !proof.is_empty() {
            let k = other.index(proof.len());
            let mut flipped = proof.clone();
            let mut raw = *flipped[k].as_bytes();
            raw[bit / 8] ^= 1 << (bit % 8);
            flipped[k] = Hash::new(raw);
            prop_assert_eq!(verify_inclusion(&all[i], index, n, &flipped, &now), Err(ProofError::Root));
            let mut shorter = proof.clone();
            shorter.remove(k);
            prop_assert!(verify_inclusion(&all[i], index, n, &shorter, &now).is_err());
            let mut longer = proof.clone();
            longer.insert(k, proof[k]);
            prop_assert!(verify_inclusion(&all[i], index, n, &longer, &now).is_err());
        }
    }

    #[test]
    fn any_two_sizes_are_consistent(n in 1..3_000_u64, at: prop::sample::Index, other: prop::sample::Index, bit in 0..256_usize) {
        let old = u64::try_from(at.index(usize::try_from(n).unwrap() + 1)).unwrap();
        let memory = Memory::of(leaves(n));
        let proof = prove_consistency(&memory, old, n).unwrap();
        let (before, now) = (root(old), root(n));
        prop_assert_eq!(verify_consistency((old, &before), (n, &now), &proof), Ok(()));
        if !proof.is_empty() {
            let k = other.index(proof.len());
            let mut flipped = proof.clone();
            let mut raw = *flipped[k].as_bytes();
            raw[bit / 8] ^= 1 << (bit % 8);
            flipped[k] = Hash::new(raw);
            prop_assert!(verify_consistency((old, &before), (n, &now), &flipped).is_err());
            let mut shorter = proof;
            shorter.remove(k);
            prop_assert!(verify_consistency((old, &before), (n, &now), &shorter).is_err());
        }
        // A history that differs in one record has no proof.
        if old > 0 && old < n {
            let mut forged = leaves(n);
            forged[other.index(usize::try_from(old).unwrap())] = EMPTY_ROOT;
            let forged = Memory::of(forged);
            let forged_root = range_hash(&forged, 0, n).unwrap();
            let proof = prove_consistency(&forged, old, n).unwrap();
            prop_assert!(verify_consistency((old, &before), (n, &forged_root), &proof).is_err());
        }
    }

    #[test]
    fn junk_proofs_do_not_panic(index: u64, size: u64, new: u64, junk in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let junk: Vec<Hash> = junk.into_iter().map(Hash::new).collect();
        prop_assert!(verify_inclusion(&EMPTY_ROOT, index, size, &junk, &leaves(1)[0]).is_err());
        let _ = verify_consistency((size, &EMPTY_ROOT), (new, &EMPTY_ROOT), &junk);
    }
}
