use flat::{ACCOUNT_SLACK, EPOCH_SECS, FlatError, Floor, Found, Rules, Scratch, Start, Transfer, Transfers};

/// `(id, from, to, second, amount)`.
fn rows(list: &[(u32, u32, u32, i64, i64)]) -> Vec<Transfer> {
    let row = |&(id, from, to, time, amount)| Transfer { id, from, to, at_secs: EPOCH_SECS + time, amount };
    list.iter().map(row).collect()
}

fn search(list: &[(u32, u32, u32, i64, i64)], account: u32, second: i64, rules: &Rules) -> Found {
    let graph = Transfers::build(100, rows(list)).unwrap();
    let start = Start { account, at_secs: EPOCH_SECS + second };
    graph.forward(&mut Scratch::default(), start, rules)
}

#[test]
fn a_chain_is_followed_in_time_order_only() {
    // The victim pays account 1 at second 10; 90 leaves too early, 91 too late.
    let chain = [(1, 1, 2, 20, 5), (2, 2, 3, 30, 5), (3, 3, 4, 40, 5), (90, 1, 9, 9, 5), (91, 1, 9, 111, 5)];
    let found = search(&chain, 1, 10, &Rules::plain(100, 6));
    assert_eq!(found.ids, [1, 2, 3]);
    assert_eq!(found.layer_ends, [1, 2, 3, 3]);
    assert_eq!(search(&chain, 1, 10, &Rules::plain(100, 2)).ids, [1, 2]);
    assert_eq!(search(&chain, 1, 10, &Rules::plain(101, 1)).ids, [1, 91]);
    assert_eq!(search(&chain, 1, 10, &Rules::plain(100, 0)), Found::default());
}

#[test]
fn the_same_second_counts_both_ways() {
    let loops = [(1, 1, 2, 10, 5), (2, 2, 1, 10, 5), (3, 1, 1, 10, 5)];
    let mut found = search(&loops, 1, 10, &Rules::plain(0, 9)).ids;
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3]);
}

#[test]
fn a_transfer_reached_on_two_paths_is_found_once() {
    let diamond = [(1, 1, 2, 20, 5), (2, 1, 3, 20, 5), (3, 2, 4, 30, 5), (4, 3, 4, 31, 5), (5, 4, 5, 40, 5)];
    assert_eq!(search(&diamond, 1, 10, &Rules::plain(60, 6)).ids, [1, 2, 3, 4, 5]);
}

#[test]
fn a_hub_is_named_and_not_followed() {
    let hub = [(1, 1, 2, 20, 5), (2, 2, 3, 30, 5), (3, 2, 4, 31, 1), (4, 2, 5, 32, 5), (5, 3, 6, 40, 5)];
    let rules = Rules { hub_above: Some(2), ..Rules::plain(100, 6) };
    let found = search(&hub, 1, 10, &rules);
    assert_eq!((found.ids.as_slice(), found.hubs.as_slice()), (&[1][..], &[2][..]));
    // Small transfers make a hub as well: the floor is not applied before counting.
    let found = search(&hub, 1, 10, &Rules { floor: Floor::at_most(2), ..rules });
    assert_eq!(found.hubs, [2]);
    // At the threshold it is not yet one.
    assert!(search(&hub, 1, 10, &Rules { hub_above: Some(3), ..rules }).hubs.is_empty());
}

#[test]
fn below_the_floor_money_is_not_followed() {
    let small = [(1, 1, 2, 20, 500), (2, 1, 3, 20, 499), (3, 3, 4, 30, 9_999), (4, 2, 5, 30, 500)];
    let rules = Rules { floor: Floor::at_most(500), ..Rules::plain(100, 6) };
    assert_eq!(search(&small, 1, 10, &rules).ids, [1, 4]);
}

#[test]
fn appended_transfers_are_seen_at_once_and_new_accounts_too() {
    let mut graph = Transfers::build(3, rows(&[(1, 1, 2, 20, 5)])).unwrap();
    for late in rows(&[(2, 2, 7, 30, 5), (3, 7, 8, 40, 5), (4, 1, 9, 15, 5)]) {
        assert_eq!(graph.append(late), Ok(true));
    }
    let start = Start { account: 1, at_secs: EPOCH_SECS + 10 };
    let scratch = &mut Scratch::default();
    assert_eq!(graph.forward(scratch, start, &Rules::plain(100, 6)).ids, [1, 4, 2, 3]);
    assert_eq!(graph.reach(scratch, 1, 6, 100).accounts, [1, 2, 9, 7, 8]);
    assert_eq!((graph.len(), graph.appended(), graph.accounts()), (4, 3, 10));
    assert!(!graph.wants_compaction());
    let compact = graph.compacted().unwrap();
    assert_eq!(compact.forward(scratch, start, &Rules::plain(100, 6)).ids, [4, 1, 2, 3]);
    assert_eq!((compact.len(), compact.appended()), (4, 0));
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let one = |row| Transfers::build(10, rows(&[row])).map(|g| g.len());
    assert_eq!(one((1, 1, 2, 20, -1)), Err(FlatError::NegativeAmount(-1)));
    assert_eq!(one((1, 1, 2, -1, 1)), Err(FlatError::TimeOutOfRange(EPOCH_SECS - 1)));
    assert_eq!(one((1, 1, 2, 1 << 32, 1)), Err(FlatError::TimeOutOfRange(EPOCH_SECS + (1 << 32))));
    assert_eq!(one((1, 1, 10, 20, 1)), Err(FlatError::AccountTooFar { account: 10, accounts: 10 }));
    assert_eq!(one((1, 1, 2, (1 << 32) - 1, i64::MAX)), Ok(1));

    let mut graph = Transfers::build(10, rows(&[(1, 1, 2, 20, 5)])).unwrap();
    let far = rows(&[(2, 10 + ACCOUNT_SLACK, 2, 20, 5), (2, 9 + ACCOUNT_SLACK, 2, 20, 5)]);
    assert!(matches!(graph.append(far[0]), Err(FlatError::AccountTooFar { .. })));
    assert_eq!((graph.append(far[1]), graph.len()), (Ok(true), 2));
}

#[test]
fn an_empty_graph_and_a_stranger_lead_nowhere() {
    let graph = Transfers::default();
    let start = Start { account: 5, at_secs: EPOCH_SECS };
    assert!(graph.is_empty() && graph.compacted().unwrap().is_empty());
    assert!(graph.forward(&mut Scratch::default(), start, &Rules::plain(9, 9)).ids.is_empty());
    assert_eq!(graph.reach(&mut Scratch::default(), 5, 9, 9).accounts, [5]);
    let before_time = Start { account: 1, at_secs: 0 };
    assert_eq!(graph.forward(&mut Scratch::default(), before_time, &Rules::plain(9, 9)), Found::default());
}

#[test]
fn at_most_sixteen_bytes_a_transfer() {
    // Five transfers per sending account, as in the benchmark's data.
    let list = (0..50_000_u32).map(|id| Transfer {
        id,
        from: id % 10_000,
        to: (id * 7) % 10_000,
        at_secs: EPOCH_SECS + i64::from(id),
        amount: 1,
    });
    let graph = Transfers::build(10_000, list).unwrap();
    assert!(graph.bytes() <= 16 * graph.len(), "{} bytes", graph.bytes());
}
