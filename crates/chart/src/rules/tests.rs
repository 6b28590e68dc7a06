use std::collections::BTreeSet;

use kernel::{Asset, Money, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::model::{Edge, Evidence, Key, Node, Strength};

fn key(kind: &str, n: usize) -> Key {
    Key::named(kind, &format!("{n:05}"))
}

fn node(kind: &'static str, n: usize) -> Node {
    Node::new(key(kind, n), kind, "plain", format!("{kind} {n}"))
}

fn tie(a: &Key, b: &Key, strength: Strength) -> Edge {
    Edge::new(a, b, "says", Evidence::new("because", strength))
}

fn kzt(minor: i64) -> Money {
    Money::from_minor(minor, Asset::new("KZT", 2).unwrap())
}

fn shown(chosen: &Chosen) -> usize {
    chosen.graph.nodes().len()
}

#[test]
fn what_lies_between_the_same_two_is_one_tie() {
    let (a, b) = (key("report", 1), key("thing", 1));
    let at = Timestamp::from_secs;
    let graph = Graph::new(
        [node("report", 1), node("thing", 1)],
        [
            tie(&a, &b, Strength::Reported),
            tie(&b, &a, Strength::Inferred),
            tie(&a, &b, Strength::Reported).moved(kzt(500), at(9)),
            tie(&a, &b, Strength::Proved).moved(kzt(700), at(3)),
            tie(&b, &a, Strength::Proved).moved(kzt(1), at(4)),
            tie(&a, &a, Strength::Proved),
            tie(&a, &key("thing", 9), Strength::Proved),
        ],
    );
    // What has no direction is put together whichever end was named first.
    let sums: Vec<_> =
        graph.edges().iter().map(|e| (e.from.kind(), e.count, e.money.clone(), e.strength)).collect();
    assert_eq!(
        sums,
        [("report", 4, vec![kzt(1_200)], Strength::Proved), ("thing", 1, vec![kzt(1)], Strength::Proved)]
    );
    assert_eq!((graph.edges()[0].first, graph.edges()[0].last), (Some(at(3)), Some(at(9))));
}

#[test]
fn a_path_is_by_what_is_sure_first() {
    let keys: Vec<Key> = (0..9).map(|n| key("thing", n)).collect();
    let all = (0..9).map(|n| node("thing", n));
    let sure = |a: usize, b: usize| tie(&keys[a], &keys[b], Strength::Reported);
    let weak = |a: usize, b: usize| tie(&keys[a], &keys[b], Strength::Inferred);
    let graph =
        Graph::new(all, [weak(0, 3), sure(0, 1), sure(1, 2), sure(2, 3), sure(5, 6), sure(0, 4), sure(4, 2)]);
    let way = |a: usize, b: usize| path(&graph, &keys[a], &keys[b]).map(|(keys, _)| keys);
    // Three that were told rather than one that was guessed; of two ways as good, the one by the smaller key.
    assert_eq!(way(0, 3), Some(vec![keys[0].clone(), keys[1].clone(), keys[2].clone(), keys[3].clone()]));
    assert_eq!(way(3, 0).map(|k| k.len()), Some(4));
    assert_eq!(way(0, 0), Some(vec![keys[0].clone()]));
    assert_eq!((way(0, 5), way(0, 8)), (None, None));
    let line = Graph::new((0..9).map(|n| node("thing", n)), (0..8).map(|n| sure(n, n + 1)));
    assert!(path(&line, &keys[0], &keys[WITHIN]).is_some());
    assert!(path(&line, &keys[0], &keys[WITHIN + 1]).is_none(), "everybody is tied to everybody beyond");
}

#[test]
fn the_most_important_come_first_and_hang_together() {
    // A start with a chain, and a heavy thing that nothing ties to it.
    let mut start = node("report", 0);
    start.start = true;
    let mut nodes = vec![start, node("report", 7), node("report", 8)];
    nodes.extend((1..=6).map(|n| node("thing", n)));
    let k = |n: usize| key("thing", n);
    let mut edges = vec![tie(&key("report", 0), &k(1), Strength::Reported)];
    edges.extend((1..6).map(|n| tie(&k(n), &k(n + 1), Strength::Reported)));
    edges.push(
        tie(&key("report", 7), &key("report", 8), Strength::Proved)
            .moved(kzt(1_000_000_000), Timestamp::from_secs(1)),
    );
    let chosen = choose(Graph::new(nodes, edges), &Wish { show: 4, ..Wish::default() });
    let names: Vec<&str> = chosen.graph.nodes().iter().map(|n| n.key.as_str()).collect();
    assert_eq!(names, ["report:00000", "thing:00001", "thing:00002", "thing:00003"]);
    assert_eq!((chosen.all, chosen.grouped), (9, false));
}

#[test]
fn a_group_is_as_sure_as_the_least_sure_of_it_and_sums_stand_by_asset() {
    let mut start = node("scheme", 1);
    start.start = true;
    let mut nodes = vec![start];
    let mut edges = Vec::new();
    let usdt = Asset::new("USDT", 6).unwrap();
    for n in 0..300 {
        let strength = if n == 7 { Strength::Proved } else { Strength::Inferred };
        let r = node("report", n).like("region", "A");
        let money = if n % 2 == 0 { kzt(10) } else { Money::from_minor(3, usdt) };
        edges.push(tie(&r.key, &key("scheme", 1), strength).moved(money, Timestamp::from_secs(1)));
        nodes.push(r);
    }
    let chosen = choose(Graph::new(nodes, edges), &Wish::default());
    let [edge] = chosen.graph.edges() else { unreachable!("one group, one tie") };
    assert_eq!((edge.strength, edge.count), (Strength::Inferred, 300), "one proved tie proves no other");
    assert_eq!(edge.money, [kzt(1_500), Money::from_minor(450, usdt)]);
    assert_eq!(
        (edge.evidence.len(), edge.evidence[0].strength),
        (50, Strength::Proved),
        "the surest stand first"
    );
}

#[test]
fn the_best_evidence_is_kept_in_whatever_order_it_is_told() {
    let (a, b) = (key("report", 1), key("thing", 1));
    let all: Vec<Edge> = (0..900)
        .map(|n| {
            let strength = if n >= 870 { Strength::Proved } else { Strength::Reported };
            let evidence = Evidence::new("because", strength)
                .by(format!("R-{n:04}"), "")
                .at(Timestamp::from_secs(1_000 - n));
            Edge::new(&a, &b, "says", evidence)
        })
        .collect();
    let of = |edges: Vec<Edge>| Graph::new([node("report", 1), node("thing", 1)], edges).edges()[0].clone();
    let there = of(all.clone());
    assert_eq!(there, of(all.into_iter().rev().collect()));
    let proved = there.evidence.iter().filter(|e| e.strength == Strength::Proved).count();
    assert_eq!((there.evidence.len(), proved), (50, 30), "no proof is lost behind hearsay");
}

#[test]
fn what_is_on_the_path_stays_and_is_no_start() {
    let mut on = node("thing", 3);
    on.way = true;
    let mut start = node("thing", 0);
    start.start = true;
    let graph = Graph::new([start, on, node("thing", 4)], []);
    let wish = Wish { hidden: BTreeSet::from([key("thing", 3), key("thing", 4)]), ..Wish::default() };
    let chosen = choose(graph, &wish);
    let shown: Vec<(&str, bool)> = chosen.graph.nodes().iter().map(|n| (n.key.id(), n.start)).collect();
    assert_eq!(shown, [("00000", true), ("00003", false)]);
}

#[test]
fn money_weighs() {
    let keys = [key("thing", 0), key("thing", 1), key("thing", 2)];
    let graph = Graph::new(
        (0..3).map(|n| node("thing", n)),
        [
            tie(&keys[0], &keys[1], Strength::Proved).moved(kzt(100_000_000), Timestamp::from_secs(1)),
            tie(&keys[0], &keys[2], Strength::Inferred),
        ],
    );
    let [both, rich, poor] = weights(&graph).try_into().unwrap();
    assert!(both > rich && rich > poor, "{both} {rich} {poor}");
}

/// A scheme with as many reports, in three regions and two banks, which name forty things.
fn scheme(reports: usize) -> Graph {
    let mut home = node("scheme", 1);
    home.start = true;
    let mut graph = Graph::default();
    graph.add(home);
    (0..40).for_each(|n| graph.add(node("thing", n)));
    for n in 0..reports {
        let r = node("report", n).like("region", ["A", "B", ""][n % 3]).like("bank", ["X", "Y"][n % 2]);
        graph.tie(tie(&r.key, &key("scheme", 1), Strength::Inferred));
        graph.tie(tie(&r.key, &key("thing", n % 40), Strength::Reported));
        graph.add(r);
    }
    graph.merge();
    graph
}

#[test]
fn ten_thousand_reports_open_as_groups_that_open() {
    let graph = scheme(10_000);
    let chosen = choose(graph.clone(), &Wish::default());
    let groups: Vec<_> = chosen.graph.nodes().iter().filter(|n| n.group.is_some()).collect();
    assert!(chosen.grouped && shown(&chosen) <= 60, "{}", shown(&chosen));
    assert_eq!(groups.iter().map(|g| g.count).sum::<u64>(), 10_000, "no report is lost");
    assert_eq!(groups.len(), 3);
    // One is opened: its reports are put together by the next thing they share, and nothing else changes.
    let open = BTreeSet::from([groups[0].key.clone()]);
    let parted = choose(graph.clone(), &Wish { open: open.clone(), ..Wish::default() });
    let counts = |c: &Chosen| {
        c.graph.nodes().iter().filter(|n| n.group.is_some()).map(|n| n.count).collect::<Vec<_>>()
    };
    assert_eq!(counts(&parted).iter().sum::<u64>(), 10_000);
    assert_eq!(counts(&parted).len(), 4);
    // Opened to the end, there are reports again.
    let mut all = open;
    let inner: Vec<Key> = parted
        .graph
        .nodes()
        .iter()
        .filter(|n| n.group.is_some() && n.count < 2_000)
        .map(|n| n.key.clone())
        .collect();
    all.extend(inner);
    let single = choose(graph, &Wish { open: all, show: 6_000, ..Wish::default() });
    assert!(single.graph.nodes().iter().filter(|n| n.key.kind() == "report").count() > 3_000);
}

#[test]
fn a_mule_with_fifty_thousand_transfers_is_readable() {
    let mut mule = node("account", 0);
    mule.start = true;
    let mut graph = Graph::default();
    graph.add(mule);
    for n in 1..=50_000_usize {
        let other = node("account", 1 + n % 20_000);
        let money = kzt(i64::try_from(n).unwrap());
        graph.tie(
            tie(&key("account", 0), &other.key, Strength::Reported).moved(money, Timestamp::from_secs(1)),
        );
        graph.add(other);
    }
    graph.merge();
    assert_eq!(graph.edges().len(), 20_000, "parallel ties are one");
    for group in [true, false] {
        let chosen = choose(graph.clone(), &Wish { group, ..Wish::default() });
        assert_eq!(shown(&chosen), 2, "the mule and a crowd");
        let edge = &chosen.graph.edges()[0];
        assert_eq!((edge.count, edge.money.as_slice()), (50_000, [kzt(1_250_025_000)].as_slice()));
    }
}

#[test]
fn filters_hide_and_shut_and_time() {
    let at = Timestamp::from_secs;
    let k = |n: usize| key("thing", n);
    let mut start = node("thing", 0);
    start.start = true;
    let mut early = tie(&k(0), &k(1), Strength::Reported);
    (early.first, early.last) = (Some(at(10)), Some(at(20)));
    let mut late = tie(&k(0), &k(2), Strength::Reported);
    (late.first, late.last) = (Some(at(50)), Some(at(90)));
    let nodes = [start, node("thing", 1), node("thing", 2), node("report", 3), node("report", 4)];
    let graph = Graph::new(
        nodes,
        [
            early,
            late,
            tie(&k(2), &key("report", 3), Strength::Proved),
            tie(&k(0), &key("report", 4), Strength::Proved),
        ],
    );
    let names = |wish: Wish| {
        let chosen = choose(graph.clone(), &wish);
        assert_eq!(chosen.span, Some((at(10), at(90))), "the slider's ends do not move with it");
        chosen
            .graph
            .nodes()
            .iter()
            .map(|n| n.key.id()[4..].to_owned())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<String>()
    };
    assert_eq!(names(Wish::default()), "01234");
    assert_eq!(
        names(Wish { hidden: BTreeSet::from([k(2), k(0)]), ..Wish::default() }),
        "014",
        "a start is not hidden"
    );
    assert_eq!(names(Wish { without: BTreeSet::from(["report".to_owned()]), ..Wish::default() }), "012");
    assert_eq!(names(Wish { shut: BTreeSet::from([k(0)]), ..Wish::default() }), "023");
    assert_eq!(names(Wish { from: Some(at(30)), ..Wish::default() }), "0234");
    assert_eq!(names(Wish { until: Some(at(30)), ..Wish::default() }), "014");
    assert_eq!(names(Wish { from: Some(at(15)), until: Some(at(60)), ..Wish::default() }), "01234");
}

#[test]
fn two_of_one_name_are_two() {
    let mut other = node("person", 2);
    other.label = "person 1".to_owned();
    assert_eq!(Graph::new([node("person", 1), other], []).nodes().len(), 2);
}

fn any_graph() -> impl Strategy<Value = Graph> {
    let kinds = ["report", "thing", "person"];
    proptest::collection::vec((0..40_usize, 0..40_usize, 0..3_usize, 0..3_usize), 0..160).prop_map(
        move |ties| {
            let strength = |n: usize| Strength::ALL[n];
            let nodes =
                (0..40).map(|n| node(kinds[n % 3], n).like("kind", if n % 2 == 0 { "e" } else { "o" }));
            let edges = ties
                .into_iter()
                .map(move |(a, b, s, _)| tie(&key(kinds[a % 3], a), &key(kinds[b % 3], b), strength(s)));
            Graph::new(nodes, edges)
        },
    )
}

proptest! {
    #[test]
    fn the_order_in_which_ties_come_changes_nothing(graph in any_graph(), turn in 0..160_usize) {
        let (nodes, mut edges) = graph.clone().parts();
        let n = edges.len().max(1);
        edges.rotate_left(turn % n);
        edges.reverse();
        prop_assert_eq!(Graph::new(nodes, edges), graph);
    }

    #[test]
    fn nothing_is_lost_by_putting_together(graph in any_graph(), most in 1..40_usize) {
        let (nodes, ties) = (graph.nodes().len(), graph.edges().iter().map(|e| e.count).sum::<u64>());
        let less = gather(graph, most, &BTreeSet::new());
        prop_assert_eq!(less.nodes().iter().map(|n| n.count).sum::<u64>(), u64::try_from(nodes).unwrap());
        // Ties within a group are its own matter; no tie is told twice.
        prop_assert!(less.edges().iter().map(|e| e.count).sum::<u64>() <= ties);
        prop_assert!(less.edges().iter().all(|e| less.node(&e.from).is_some() && less.node(&e.to).is_some()));
    }

    #[test]
    fn a_path_is_one_and_the_same_both_ways(graph in any_graph(), a in 0..40_usize, b in 0..40_usize) {
        let kinds = ["report", "thing", "person"];
        let (from, to) = (key(kinds[a % 3], a), key(kinds[b % 3], b));
        let there = path(&graph, &from, &to);
        let back = path(&graph, &to, &from);
        let cost = |found: &Option<(Vec<Key>, Vec<usize>)>| found.as_ref().map(|(_, ties)| {
            let weak = ties.iter().filter(|t| graph.edges()[**t].strength == Strength::Inferred).count();
            (weak, ties.len())
        });
        prop_assert_eq!(cost(&there), cost(&back));
        if let Some((keys, ties)) = there {
            prop_assert_eq!((keys.first(), keys.last()), (Some(&from), Some(&to)));
            prop_assert!(ties.len() <= WITHIN && keys.len() == ties.len() + 1);
            for (pair, t) in keys.windows(2).zip(&ties) {
                let edge = &graph.edges()[*t];
                let ends = BTreeSet::from([&edge.from, &edge.to]);
                prop_assert_eq!(ends, pair.iter().collect::<BTreeSet<_>>());
            }
        }
    }

    #[test]
    fn no_more_than_was_asked_is_shown_and_all_ties_among_it(graph in any_graph(), show in 1..60_usize) {
        let chosen = choose(graph.clone(), &Wish { show, ..Wish::default() });
        prop_assert!(shown(&chosen) <= show && chosen.all >= shown(&chosen));
        let among = graph.edges().iter().filter(|e| chosen.graph.node(&e.from).is_some() && chosen.graph.node(&e.to).is_some());
        prop_assert_eq!(chosen.graph.edges().len(), among.count());
    }
}
