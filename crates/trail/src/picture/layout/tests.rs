use std::collections::{BTreeMap, VecDeque};

use kernel::{Asset, Money, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::model::{Account, Edge, EdgeState, End, EndKind, Node};

fn money(minor: i64) -> Money {
    Money::from_minor(minor, Asset::new("KZT", 2).unwrap())
}

/// Any graph over these nodes whose hops are shortest paths from node 0.
fn trail(count: usize, edges: &[(usize, usize, i64)], ends: &[(usize, usize, i64)]) -> Trail {
    let edges: Vec<(usize, usize, i64)> = edges.iter().map(|e| (e.0 % count, e.1 % count, e.2)).collect();
    let mut hops = vec![None; count];
    hops[0] = Some(0);
    let mut todo = VecDeque::from([0]);
    while let Some(node) = todo.pop_front() {
        for edge in edges.iter().filter(|e| e.0 == node) {
            if hops[edge.1].is_none() {
                hops[edge.1] = hops[node].map(|hop: u32| hop + 1);
                todo.push_back(edge.1);
            }
        }
    }
    let node = |(index, hop): (usize, &Option<u32>)| Node {
        account: Account { key: index.to_string(), institution: String::new(), masked: String::new() },
        hop: hop.unwrap_or(0),
        began: money(if hop.unwrap_or(0) == 0 { 1_000 } else { 0 }),
        unaccounted: money(0),
    };
    let edge = |&(from, to, minor): &(usize, usize, i64)| Edge {
        key: String::new(),
        from,
        to,
        amount: money(minor),
        whole: money(minor),
        at: Timestamp::default(),
        latest: Timestamp::default(),
        state: EdgeState::Reported,
        reference: None,
        payers: 1,
    };
    let end = |&(node, kind, minor): &(usize, usize, i64)| End {
        node: node % count,
        kind: EndKind::ALL[kind % EndKind::ALL.len()],
        amount: money(minor),
        at: None,
        order: None,
    };
    Trail {
        payers: Vec::new(),
        asset: money(0).asset(),
        nodes: hops.iter().enumerate().map(node).collect(),
        edges: edges.iter().map(edge).collect(),
        ends: ends.iter().map(end).collect(),
        findings: Vec::new(),
        askable: BTreeMap::new(),
        confirmed: BTreeMap::new(),
    }
}

/// Texts whose length depends on what they name.
fn label(text: Text<'_>) -> String {
    match text {
        Text::Account(node) => {
            format!("Банк {}\nKZ** {}", "имя ".repeat(node.account.key.len() * 9), node.account.key)
        }
        Text::Movement(edge) => format!("{}\n12:0{}", "9".repeat(edge.to + 3), edge.from),
        other => format!("{other:?}").chars().take(30).collect(),
    }
}

type Rect = (i64, i64, i64, i64);

fn apart(a: Rect, b: Rect) -> bool {
    a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1
}

proptest! {
    /// Boxes and labels stand apart from each other and inside the picture; texts fit their boxes.
    #[test]
    fn nothing_overlaps(
        count in 1_usize..12,
        edges in prop::collection::vec((0_usize..12, 0_usize..12, 0_i64..1_000_000), 0..25),
        ends in prop::collection::vec((0_usize..12, 0_usize..13, 1_i64..1_000), 0..15),
    ) {
        let trail = trail(count, &edges, &ends);
        let layout = layout(&trail, &label);
        let boxes = layout.items.iter().map(|i| (i.x, i.y, i.x + i.width, i.y + i.height));
        let labels = layout.bands.iter().filter(|b| !b.lines.is_empty()).map(|band| {
            let base = band.to.1 - band.thickness / 2;
            let lines = i64::try_from(band.lines.len()).unwrap();
            (band.bend, base - lines * LINE, band.bend + 8 + widest(&band.lines), base)
        });
        let all: Vec<Rect> = boxes.chain(labels).collect();
        for (index, a) in all.iter().enumerate() {
            prop_assert!(a.0 >= 0 && a.1 >= 0 && a.2 <= layout.width && a.3 <= layout.height, "{a:?} is outside");
            for b in &all[index + 1..] {
                prop_assert!(apart(*a, *b), "{:?} and {:?} overlap", a, b);
            }
        }
        for item in &layout.items {
            prop_assert!(widest(&item.lines) < item.width);
            prop_assert!(i64::try_from(item.lines.len()).unwrap() * LINE <= item.height);
        }
        for band in &layout.bands {
            prop_assert!(band.from.1 <= layout.height && band.to.1 <= layout.height);
            prop_assert!(band.lane.unwrap_or(0) <= layout.height);
            prop_assert!((BAND.0..=BAND.1).contains(&band.thickness));
        }
    }
}

#[test]
fn twice_the_money_is_twice_as_wide() {
    let layout = layout(&trail(3, &[(0, 1, 1_000), (0, 2, 500)], &[]), &label);
    assert_eq!((layout.bands[0].thickness, layout.bands[1].thickness), (24, 13));
}
