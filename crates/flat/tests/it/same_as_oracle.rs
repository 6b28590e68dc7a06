use std::collections::BTreeSet;

use flat::{EPOCH_SECS, Floor, Rules, Scratch, Sources, Start, Transfer, Transfers};
use proptest::prelude::*;

use crate::oracle;

const ACCOUNTS: u32 = 9;

prop_compose! {
    fn transfers()(rows in prop::collection::vec((0..ACCOUNTS, 0..ACCOUNTS, 0_i64..60, 0_i64..9_000), 1..150)) -> Vec<Transfer> {
        let row = |(id, (from, to, time, amount))| Transfer { id, from, to, at_secs: EPOCH_SECS + time, amount };
        (0_u32..).zip(rows).map(row).collect()
    }
}

prop_compose! {
    fn rules()(window_secs in 0_u32..40, layers in 0_u32..7, hub_above in prop::option::of(0_u32..12), floor in 0_u64..9_000, floored in any::<bool>()) -> Rules {
        let floor = if floored { Floor::at_most(floor) } else { Floor::NONE };
        Rules { window_secs, layers, hub_above, floor, limit: usize::MAX }
    }
}

fn start_behind(rows: &[Transfer], pick: prop::sample::Index) -> Start {
    let seed = rows[pick.index(rows.len())];
    Start { account: seed.to, at_secs: seed.at_secs }
}

/// The graph with the first `split` transfers packed and the rest appended.
fn partly_appended(rows: &[Transfer], split: usize) -> Transfers {
    let split = split.min(rows.len());
    let mut graph = Transfers::build(ACCOUNTS, rows[..split].iter().copied()).unwrap();
    for row in &rows[split..] {
        assert_eq!(graph.append(*row), Ok(true));
    }
    graph
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn forward_finds_the_same_set(rows in transfers(), rules in rules(), seed: prop::sample::Index, split in 0_usize..150) {
        let start = start_behind(&rows, seed);
        let slow = oracle::forward(&rows, start, &rules);
        let graph = partly_appended(&rows, split);
        let mut scratch = Scratch::default();
        for graph in [&graph, &graph.compacted().unwrap()] {
            // Twice over the same working memory: nothing may be left behind by the first.
            for _ in 0..2 {
                let fast = graph.forward(&mut scratch, start, &rules);
                let ids: BTreeSet<u32> = fast.ids.iter().copied().collect();
                prop_assert_eq!(ids.len(), fast.ids.len(), "an id was found twice");
                prop_assert_eq!(&ids, &slow.ids);
                prop_assert_eq!(fast.hubs.iter().copied().collect::<BTreeSet<_>>(), slow.hubs.clone());
                prop_assert!(fast.hubs.is_sorted() && !fast.cut_off);
                prop_assert!(u32::try_from(fast.layer_ends.len()).unwrap() <= rules.layers && fast.layer_ends.is_sorted());
                prop_assert_eq!(fast.layer_ends.last().copied().unwrap_or(0), fast.ids.len());
            }
        }
    }

    #[test]
    fn backward_finds_the_same_set(rows in transfers(), rules in rules(), seed: prop::sample::Index, split in 0_usize..150) {
        let seed = rows[seed.index(rows.len())];
        let start = Start { account: seed.from, at_secs: seed.at_secs };
        let slow = oracle::backward(&rows, start, &rules);
        let split = split.min(rows.len());
        let mut sources = Sources::build(ACCOUNTS, rows[..split].iter().copied()).unwrap();
        for row in &rows[split..] {
            prop_assert_eq!(sources.append(*row), Ok(true));
        }
        let fast = sources.backward(&mut Scratch::default(), start, &rules);
        prop_assert_eq!(fast.ids.iter().copied().collect::<BTreeSet<u32>>(), slow.ids);
        prop_assert_eq!(fast.hubs.into_iter().collect::<BTreeSet<_>>(), slow.hubs);
    }

    /// What is found forward from one transfer finds it again backward.
    #[test]
    fn there_and_back(rows in transfers(), seed: prop::sample::Index, window in 0_u32..40, layers in 1_u32..6) {
        let seed = rows[seed.index(rows.len())];
        let (graph, sources) = (partly_appended(&rows, rows.len()), Sources::build(ACCOUNTS, rows.iter().copied()).unwrap());
        let (mut scratch, rules) = (Scratch::default(), Rules::plain(window, layers));
        for id in graph.forward(&mut scratch, Start { account: seed.to, at_secs: seed.at_secs }, &rules).ids {
            let last = rows.iter().find(|row| row.id == id).unwrap();
            let before = sources.backward(&mut scratch, Start { account: last.from, at_secs: last.at_secs }, &rules);
            prop_assert!(before.ids.contains(&seed.id), "{} leads to {id}, and not back", seed.id);
        }
    }

    #[test]
    fn a_limit_cuts_and_says_so(rows in transfers(), rules in rules(), seed: prop::sample::Index, limit in 0_usize..20) {
        let start = start_behind(&rows, seed);
        let graph = partly_appended(&rows, rows.len());
        let mut scratch = Scratch::default();
        let all = graph.forward(&mut scratch, start, &rules);
        let some = graph.forward(&mut scratch, start, &Rules { limit, ..rules });
        prop_assert_eq!(some.cut_off, all.ids.len() > limit);
        prop_assert_eq!(&some.ids[..], &all.ids[..all.ids.len().min(limit)]);
    }

    #[test]
    fn reach_finds_the_same_accounts(rows in transfers(), account in 0..ACCOUNTS + 3, hops in 0_u32..6, split in 0_usize..150) {
        let slow = oracle::reach(&rows, account, hops);
        let graph = partly_appended(&rows, split);
        let fast = graph.reach(&mut Scratch::default(), account, hops, usize::MAX);
        prop_assert_eq!(fast.accounts.len(), slow.len());
        prop_assert_eq!(fast.accounts.into_iter().collect::<BTreeSet<_>>(), slow);
        let cut = graph.reach(&mut Scratch::default(), account, hops, 3);
        prop_assert!(cut.accounts.len() <= 3);
    }

    #[test]
    fn given_twice_counts_once(rows in transfers(), split in 0_usize..150) {
        let mut graph = partly_appended(&rows, split);
        for row in &rows {
            prop_assert_eq!(graph.append(*row), Ok(false));
        }
        prop_assert_eq!(graph.len(), rows.len());
        let twice = Transfers::build(ACCOUNTS, rows.iter().chain(&rows).copied()).unwrap();
        prop_assert_eq!(twice.len(), rows.len());
    }

    #[test]
    fn what_arrived_during_compaction_is_carried_over(rows in transfers(), split in 0_usize..150, pause in 0_usize..150) {
        let (split, pause) = (split.min(rows.len()), pause.min(rows.len()).max(split.min(rows.len())));
        let mut live = partly_appended(&rows[..pause], split);
        let (taken, mut fresh) = (live.appended(), live.compacted().unwrap());
        for row in &rows[pause..] {
            live.append(*row).unwrap();
        }
        for row in live.late(taken) {
            fresh.append(row).unwrap();
        }
        prop_assert_eq!(fresh.len(), rows.len());
        let rules = Rules::plain(30, 4);
        let start = Start { account: rows[0].to, at_secs: rows[0].at_secs };
        let ids = |g: &Transfers| g.forward(&mut Scratch::default(), start, &rules).ids.into_iter().collect::<BTreeSet<_>>();
        prop_assert_eq!(ids(&live), ids(&fresh));
    }
}
