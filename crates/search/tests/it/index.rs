//! The index: restricted and counted inside, forgets so that no file remembers, and is opened again.

use proptest::prelude::*;
use search::index::{Ask, Change, Codes, Entry, Filters, Index};
use search::rules::query::Look;
use uuid::Uuid;

fn entry(tokens: &[u64], scope: u64, codes: (u8, u8, u8), at: i64) -> Entry {
    let (kind, region, state) = codes;
    Entry { tokens: tokens.to_vec(), scope, codes: Codes { kind, region, state }, at, stamp: 1 }
}

fn change(id: u128, entries: Vec<Entry>) -> Change {
    let kind = entries.first().map_or(1, |e| e.codes.kind);
    Change { kind, id: Uuid::from_u128(id), entries }
}

fn ask(words: &[u64], scopes: &[u64]) -> Ask {
    let look = |token: &u64| vec![Look { token: *token, weight: 1.0 }];
    Ask { words: words.iter().map(look).collect(), scopes: scopes.to_vec(), limit: 20, ..Ask::default() }
}

fn folder(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("qorgan-search-{}-{name}", std::process::id()))
}

#[test]
fn who_may_see_what_is_counted() {
    let index = Index::in_memory().unwrap();
    let all = (0..60_u128).map(|n| {
        let scope = if n % 3 == 0 { 2 } else { 1 };
        let region = if n % 2 == 0 { 1 } else { 2 };
        change(
            n,
            vec![entry(
                &[7, 100 + u64::try_from(n).unwrap()],
                scope,
                (1, region, 1),
                i64::try_from(n).unwrap(),
            )],
        )
    });
    index.write(&all.collect::<Vec<_>>()).unwrap();
    index.commit("").unwrap();
    for (scopes, total) in [(&[1][..], 40), (&[2], 20), (&[1, 2], 60), (&[3], 0), (&[], 0)] {
        let found = index.ask(&ask(&[7], scopes)).unwrap();
        assert_eq!((found.all, found.total), (total, total), "{scopes:?}");
        assert_eq!(found.kinds.iter().sum::<u64>(), total);
        assert_eq!(found.regions.iter().sum::<u64>(), total);
        assert_eq!(found.states.iter().map(|(_, n)| n).sum::<u64>(), total);
        assert_eq!(found.hits.len(), usize::try_from(total.min(20)).unwrap());
    }
    // A filter narrows the list and the other facets, not its own.
    let filters = Filters { region: Some(1), ..Filters::default() };
    let found = index.ask(&Ask { filters, since: vec![50, 0], ..ask(&[7], &[1, 2]) }).unwrap();
    assert_eq!((found.all, found.total), (60, 30));
    assert_eq!((found.regions[1], found.regions[2]), (30, 30));
    assert_eq!(found.kinds[1], 30);
    assert_eq!(found.since, [5, 30]);
    // What is hidden is not found by what only it has.
    assert_eq!(index.ask(&ask(&[103], &[1])).unwrap().all, 0);
    assert_eq!(index.ask(&ask(&[103], &[2])).unwrap().all, 1);
}

/// Bug: a person of whom one record is open and one red was two in all counts.
#[test]
fn a_thing_of_several_documents_is_one() {
    let index = Index::in_memory().unwrap();
    for n in 0..5_u128 {
        let both = vec![entry(&[7], 1, (1, 1, 1), 10), entry(&[7, 8], 2, (1, 1, 2), 20)];
        index.write(&[change(n, both)]).unwrap();
        index.write(&[change(100 + n, vec![entry(&[7], 1, (1, 1, 1), 15)])]).unwrap();
        // In files of their own.
        index.commit("").unwrap();
    }
    for newest in [true, false] {
        for (words, scopes, total) in [
            (&[7][..], &[1, 2][..], 10),
            (&[7], &[1], 10),
            (&[7], &[2], 5),
            (&[8], &[1, 2], 5),
            (&[8], &[1], 0),
        ] {
            let found = index.ask(&Ask { newest, since: vec![16], ..ask(words, scopes) }).unwrap();
            assert_eq!((found.all, found.total), (total, total), "{words:?} {scopes:?}");
            assert_eq!(found.kinds.iter().sum::<u64>(), total);
            assert_eq!(found.regions.iter().sum::<u64>(), total);
            assert_eq!(found.states.iter().map(|(_, n)| n).sum::<u64>(), total);
            let ids: std::collections::BTreeSet<_> = found.hits.iter().map(|h| h.id).collect();
            assert_eq!((found.hits.len(), ids.len()), (usize::try_from(total).unwrap(), ids.len()));
        }
        // As its latest document has it.
        let late = index.ask(&Ask { newest, since: vec![16], ..ask(&[7], &[1, 2]) }).unwrap();
        assert_eq!(late.since, [5]);
        let filters = Filters { state: Some((1, 2)), ..Filters::default() };
        assert_eq!(index.ask(&Ask { newest, filters, ..ask(&[7], &[1, 2]) }).unwrap().total, 5);
        let second = index.ask(&Ask { newest, from: 8, ..ask(&[7], &[1, 2]) }).unwrap();
        assert_eq!(second.hits.len(), 2);
    }
}

#[test]
fn pages_follow_one_another() {
    let index = Index::in_memory().unwrap();
    for part in 0..3_u128 {
        let all = (0..20_u128).map(|n| {
            change(part * 20 + n, vec![entry(&[7], 1, (1, 0, 1), i64::try_from(part * 20 + n).unwrap())])
        });
        index.write(&all.collect::<Vec<_>>()).unwrap();
        index.commit("").unwrap();
    }
    for newest in [true, false] {
        let page = |from: usize| {
            let ask = Ask { newest, from, limit: 7, ..ask(&[7], &[1]) };
            index.ask(&ask).unwrap().hits.iter().map(|h| h.id.as_u128()).collect::<Vec<_>>()
        };
        let all: Vec<u128> = (0..70).step_by(7).flat_map(page).collect();
        // All are as good as one another, so the newest come first in either order.
        assert_eq!(all, (0..60).rev().collect::<Vec<_>>(), "{newest}");
    }
}

#[test]
fn what_is_forgotten_is_in_no_file() {
    let folder = folder("forgets");
    let index = Index::open(&folder, "mark").unwrap();
    for n in 0..10_u128 {
        let token = 1_000 + u64::try_from(n).unwrap();
        index.write(&[change(n, vec![entry(&[7, token], 1, (1, 0, 1), 1)])]).unwrap();
        index.commit("").unwrap();
    }
    // Told anew: the old words are of nobody any more.
    index.write(&[change(3, vec![entry(&[7, 5_000], 1, (1, 0, 1), 1)])]).unwrap();
    index.write(&[change(4, Vec::new())]).unwrap();
    index.commit("").unwrap();
    for gone in [1_003, 1_004] {
        assert_eq!(index.ask(&ask(&[gone], &[1])).unwrap().all, 0);
        assert!(
            index.remembers(gone).unwrap(),
            "a harness that cannot find what lies there finds nothing: {gone}"
        );
    }
    assert!(index.purge().unwrap() > 0);
    for gone in [1_003, 1_004] {
        assert!(!index.remembers(gone).unwrap(), "{gone}");
    }
    for here in [7, 1_002, 1_005, 5_000] {
        assert!(index.remembers(here).unwrap(), "{here}");
    }
    assert_eq!(index.len(), 9);
    drop(index);
    let index = Index::open(&folder, "mark").unwrap();
    assert!(!index.remembers(1_004).unwrap() && index.len() == 9);
    drop(index);
    // Another key, other kinds: made anew.
    assert!(Index::open(&folder, "other").unwrap().is_empty());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn stamps_come_back() {
    let folder = folder("stamps");
    let index = Index::open(&folder, "mark").unwrap();
    index.write(&[change(1, vec![entry(&[1], 1, (2, 0, 1), 1), entry(&[2], 2, (2, 0, 1), 1)])]).unwrap();
    index.commit("{\"news\":5}").unwrap();
    drop(index);
    let index = Index::open(&folder, "mark").unwrap();
    assert_eq!(index.payload().unwrap().as_deref(), Some("{\"news\":5}"));
    assert_eq!(index.stamps().unwrap().into_iter().collect::<Vec<_>>(), [((2, Uuid::from_u128(1)), 1)]);
    drop(index);
    std::fs::remove_dir_all(folder).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// The same documents and questions as a list that is gone through.
    #[test]
    fn as_a_list_would(docs in prop::collection::vec((prop::collection::btree_set(0_u64..6, 0..4), 0_u64..3, 1_u8..4), 1..30), words in prop::collection::vec(0_u64..6, 1..3), scopes in prop::collection::btree_set(0_u64..3, 0..3), any: bool) {
        let index = Index::in_memory().unwrap();
        let all: Vec<Change> = docs.iter().enumerate().map(|(n, (tokens, scope, kind))| {
            let tokens: Vec<u64> = tokens.iter().copied().collect();
            change(u128::try_from(n).unwrap(), vec![entry(&tokens, *scope, (*kind, 0, 1), 1)])
        }).collect();
        index.write(&all).unwrap();
        index.commit("").unwrap();
        let scopes: Vec<u64> = scopes.into_iter().collect();
        let found = index.ask(&Ask { any, limit: 100, ..ask(&words, &scopes) }).unwrap();
        let mut ids: Vec<u128> = found.hits.iter().map(|h| h.id.as_u128()).collect();
        ids.sort_unstable();
        let expected: Vec<u128> = docs.iter().enumerate().filter(|(_, (tokens, scope, _))| {
            let has = |w: &u64| tokens.contains(w);
            scopes.contains(scope) && if any { words.iter().any(has) } else { words.iter().all(has) }
        }).map(|(n, _)| u128::try_from(n).unwrap()).collect();
        prop_assert_eq!(ids, expected);
    }
}
