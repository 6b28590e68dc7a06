use std::collections::{BTreeMap, BTreeSet};

use kernel::{Asset, Money, Timestamp};
use proptest::prelude::*;

use super::layout::layout;
use super::svg::{Drawn, Tick, svg};
use super::time::timeline;
use super::{Looks, Words};
use crate::model::{Edge, Evidence, Key, Node, Place, Strength};
use crate::rules::Graph;

struct Plain;
impl Words for Plain {
    fn node(&self, node: &Node) -> String {
        node.label.clone()
    }
    fn kind(&self, node: &Node) -> String {
        node.word.to_owned()
    }
    fn edge(&self, edge: &Edge) -> String {
        edge.word.to_owned()
    }
}

fn key(n: usize) -> Key {
    Key::named("thing", &format!("{n:05}"))
}

fn node(n: usize, label: &str) -> Node {
    Node::new(key(n), "thing", "plain", label)
}

fn tie(a: usize, b: usize) -> Edge {
    Edge::new(&key(a), &key(b), "says", Evidence::new("because", Strength::Reported))
}

fn moved(a: usize, b: usize) -> Edge {
    let money = Money::from_minor(100, Asset::new("KZT", 2).unwrap());
    tie(a, b).moved(money, Timestamp::from_secs(1))
}

fn graph(n: usize, ties: impl IntoIterator<Item = (usize, usize)>) -> Graph {
    let mut nodes: Vec<Node> = (0..n).map(|i| node(i, &format!("n{i}"))).collect();
    nodes[0].start = true;
    Graph::new(nodes, ties.into_iter().map(|(a, b)| tie(a, b)))
}

fn nearest(places: &[Place]) -> i64 {
    let mut least = i64::MAX;
    for (i, a) in places.iter().enumerate() {
        for b in &places[i + 1..] {
            let (dx, dy) = (i64::from(a.x - b.x), i64::from(a.y - b.y));
            least = least.min(dx * dx + dy * dy);
        }
    }
    least.isqrt()
}

#[test]
fn the_same_graph_stands_the_same_and_names_do_not_lie_on_one_another() {
    for (n, ties) in [
        (60, (1..60).map(|i| (0, i)).collect::<Vec<_>>()),
        (60, (1..60).map(|i| (i / 2, i)).collect()),
        (50, (0..50).map(|i| (i, (i + 1) % 50)).collect()),
        (40, Vec::new()),
    ] {
        let graph = graph(n, ties);
        let places = layout(&graph, &BTreeMap::new());
        assert_eq!(places, layout(&graph, &BTreeMap::new()));
        assert!(nearest(&places) >= 40, "{}", nearest(&places));
    }
}

#[test]
fn what_has_a_place_stays() {
    let all = graph(30, (1..30).map(|i| (i / 3, i)));
    let pins: BTreeMap<Key, Place> =
        (0..10).map(|i| (key(i), Place { x: i32::try_from(i).unwrap() * 150, y: -90 })).collect();
    let places = layout(&all, &pins);
    for (i, (key, pin)) in pins.iter().enumerate() {
        assert_eq!((all.nodes()[i].key.clone(), places[i]), (key.clone(), *pin));
    }
}

#[test]
fn money_goes_to_the_right_also_in_a_circle() {
    let mut nodes: Vec<Node> = (0..6).map(|i| node(i, "a")).collect();
    nodes[0].start = true;
    let chain = Graph::new(nodes.clone(), (0..5).map(|i| moved(i, i + 1)));
    let xs: Vec<i32> = layout(&chain, &BTreeMap::new()).iter().map(|p| p.x).collect();
    assert!(xs.windows(2).all(|w| w[0] < w[1]), "{xs:?}");
    let circle = Graph::new(nodes, (0..6).map(|i| moved(i, (i + 1) % 6)));
    let places = layout(&circle, &BTreeMap::new());
    assert!(places.iter().collect::<BTreeSet<_>>().len() == 6 && nearest(&places) >= 40, "{places:?}");
}

#[test]
fn five_thousand_nodes_have_places_within_bounds() {
    let places = layout(&graph(5_000, (1..5_000).map(|i| (i / 4, i))), &BTreeMap::new());
    let distinct: BTreeSet<_> = places.iter().collect();
    // Bug: what lay on one spot stayed there.
    assert_eq!(distinct.len(), 5_000);
}

fn by_time() -> Graph {
    let at = Timestamp::from_secs;
    let nodes = [
        node(0, "a line"),
        node(1, "early").at(at(10)),
        node(2, "late").at(at(90)),
        node(3, "at once").at(at(90)),
        node(4, "a later line"),
    ];
    Graph::new(nodes, [tie(0, 1), tie(0, 2), tie(0, 3), tie(4, 3)])
}

#[test]
fn by_time_what_was_earlier_stands_further_left() {
    let graph = by_time();
    let timed = timeline(&graph, None);
    let (places, lines) = (timed.places, timed.lines);
    assert!(
        places[1].x < places[2].x && places[2].x == places[3].x && places[2].y != places[3].y,
        "{places:?}"
    );
    assert_eq!((lines.len(), lines[0].from, lines[0].to), (2, places[1].x, places[2].x));
    assert_eq!((lines[0].node, lines[1].node), (0, 4), "whoever came first above");
    assert!(places.iter().zip(graph.nodes()).all(|(p, n)| n.at.is_none() || p.x >= 0 && p.y % 64 == 32));
}

/// Bug: by time there was no date, ties crossed one another, and names lay on one another.
#[test]
fn by_time_there_is_an_axis_and_ties_go_up_and_down() {
    let graph = by_time();
    let timed = timeline(&graph, None);
    let scale = timed.scale.unwrap();
    for edge in graph.edges() {
        let (i, j) = (graph.at(&edge.from).unwrap(), graph.at(&edge.to).unwrap());
        let ends = ((&graph.nodes()[i], timed.places[i]), (&graph.nodes()[j], timed.places[j]));
        let (from, to) = scale.ends(edge, ends.0, ends.1);
        assert_eq!(from.x, to.x);
    }
    let looks = Looks::default();
    let axis = [Tick { x: 0, words: "30 қараша".to_owned() }, Tick { x: 9, words: "too near".to_owned() }];
    let drawn = Drawn {
        graph: &graph,
        places: &timed.places,
        lines: &timed.lines,
        scale: timed.scale,
        axis: &axis,
        looks: &looks,
        title: "t",
        alone: true,
    };
    let text = svg(&drawn, &Plain);
    reads_as_xml(&text);
    assert!(text.contains(">30 қараша</text>") && text.matches("chart-grid").count() == 2, "{text}");
    assert!(!text.contains("too near"), "no words lie on others: {text}");
    assert!(text.contains(">a line</text>") && text.contains(">a later line</text>"), "{text}");
}

#[test]
fn a_name_without_room_waits_in_the_page_and_is_a_title_in_a_file() {
    let graph = Graph::new((0..12).map(|i| node(i, "R-2026-00000000")), []);
    let places: Vec<Place> = (0..12).map(|i| Place { x: i * 27, y: 0 }).collect();
    let looks = Looks::default();
    let drawn = |alone| Drawn {
        graph: &graph,
        places: &places,
        lines: &[],
        scale: None,
        axis: &[],
        looks: &looks,
        title: "t",
        alone,
    };
    let (page, file) = (svg(&drawn(false), &Plain), svg(&drawn(true), &Plain));
    let late = page.matches("chart-late").count();
    assert!(late > 0 && late < 12, "{late}");
    assert_eq!(file.matches("class=\"chart-name\"").count(), 12 - late);
    assert_eq!(file.matches("<title>thing: R-2026-00000000</title>").count(), 12);
}

const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img onerror=x>",
    "\u{202e}gpj.exe\u{0}\u{1b}[0m",
    "שלום עולם",
    "🙂 & 'ә'",
];

fn hostile() -> Graph {
    let nodes = HOSTILE.iter().enumerate().map(|(i, l)| node(i, l).page("/desk?a=1&b=\"<"));
    Graph::new(nodes, [tie(0, 1), tie(1, 2), tie(2, 3), moved(3, 4)])
}

fn reads_as_xml(text: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut names, mut texts) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => {
                assert!(e.attributes().all(|a| a.is_ok()), "{text}");
                names.push(e.name().as_ref().to_owned());
            }
            quick_xml::events::Event::Text(t) => texts.push_str(&t),
            _ => {}
        }
    }
    assert!(!texts.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'), "{texts}");
    names
}

#[test]
fn hostile_names_are_names() {
    let graph = hostile();
    let places = layout(&graph, &BTreeMap::new());
    let looks = Looks::default();
    for alone in [true, false] {
        let drawn = Drawn {
            graph: &graph,
            places: &places,
            lines: &[],
            scale: None,
            axis: &[],
            looks: &looks,
            title: HOSTILE[0],
            alone,
        };
        let text = svg(&drawn, &Plain);
        let names = reads_as_xml(&text);
        assert!(!names.iter().any(|n| n == "script" || n == "img"), "{text}");
        assert!(text.contains("&lt;script&gt;") && text.contains("שלום") && text.contains('🙂'), "{text}");
        assert_eq!(names.iter().filter(|n| *n == "a").count(), if alone { 0 } else { 5 });
    }
    let text = super::graphml::graphml(&graph, &places, &Plain);
    let names = reads_as_xml(&text);
    assert_eq!(
        (names.iter().filter(|n| *n == "node").count(), names.iter().filter(|n| *n == "edge").count()),
        (5, 4)
    );
    assert!(text.contains("<data key=\"e_amount\">1.00</data><data key=\"e_asset\">KZT</data>"), "{text}");
}

#[test]
fn no_cell_is_a_formula() {
    let graph = Graph::new([node(0, "=cmd|' /C calc'!A0"), node(1, "+77000000001")], []);
    let text = super::graphml::graphml(&graph, &[], &Plain);
    assert!(text.contains("<data key=\"n_label\">&#39;=cmd"), "{text}");
    assert!(!text.contains("<data key=\"n_label\">="), "{text}");
}

proptest! {
    #[test]
    fn any_label_makes_well_formed_files(labels in proptest::collection::vec("\\PC{0,40}|[\\x00-\\x1f<>&\"']{0,8}", 1..6)) {
        let graph = Graph::new(labels.iter().enumerate().map(|(i, l)| node(i, l)), []);
        let places = layout(&graph, &BTreeMap::new());
        let looks = Looks::default();
        let drawn = Drawn { graph: &graph, places: &places, lines: &[], scale: None, axis: &[], looks: &looks, title: &labels[0], alone: true };
        reads_as_xml(&svg(&drawn, &Plain));
        reads_as_xml(&super::graphml::graphml(&graph, &places, &Plain));
    }

    #[test]
    fn every_node_has_a_finite_place(ties in proptest::collection::vec((0..30_usize, 0..30_usize), 0..90)) {
        let places = layout(&graph(30, ties), &BTreeMap::new());
        prop_assert_eq!(places.len(), 30);
        prop_assert!(places.iter().all(|p| p.x.abs() < 300_000 && p.y.abs() < 200_001));
        prop_assert!(nearest(&places) >= 20, "{}", nearest(&places));
    }
}
