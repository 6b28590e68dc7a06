//! The picture: as text, and as something that a parser, a person and a policy accept.

use std::collections::BTreeSet;

use proptest::prelude::*;
use trail::model::{End, Node, Trail};
use trail::picture::{Text, steps, svg};

use crate::story::{self, Story};
use crate::xml;

/// Texts as a caller would give them, in English.
fn english(text: Text<'_>) -> String {
    match text {
        Text::Title => "Money trail".into(),
        Text::Summary => "Where the disputed money went.".into(),
        Text::Account(Node { account, .. }) => format!("{}\n{}", account.institution, account.masked),
        Text::Amount(money) => money.to_string(),
        Text::Movement(edge) => format!("{}\n{}", edge.amount, &edge.at.rfc3339()[11..19]),
        Text::End(End { kind, amount, .. }) => format!("{}\n{amount}", kind.as_str()),
    }
}

fn drawn(story: &Story) -> String {
    let picture = svg(&story.trail(), "t1", &english);
    xml::assert_sound(&picture);
    picture
}

#[test]
fn one_payment_held() {
    insta::assert_snapshot!(drawn(&story::one_held()));
}

#[test]
fn split_into_three() {
    insta::assert_snapshot!(drawn(&story::split_in_three()));
}

#[test]
fn merged() {
    insta::assert_snapshot!(drawn(&story::merged()));
}

#[test]
fn six_hops() {
    insta::assert_snapshot!(drawn(&story::six_hops()));
}

/// Bug: of a picture of many accounts the first screen was blank paper, since its columns stood around a common middle.
#[test]
fn a_tall_picture_begins_on_the_first_screen() {
    let mut story =
        Story::default().paid("p1", "own/1", "alt/1", 90_000, 0).asked("o1", "alt/1", "p1", 90_000);
    for n in 0..40 {
        story = story.moved("o1", &format!("l{n}"), &format!("bek/{n}"), 1_000, 60 + n);
    }
    let picture = drawn(&story);
    let (_, node) = picture.split_once("trail-payer").unwrap();
    let (_, rest) = node.split_once(" y=\"").unwrap();
    let y: f64 = rest.split_once('"').unwrap().0.parse().unwrap();
    assert!(y < 200.0, "the payer stands at {y}");
}

#[test]
fn back_to_where_it_was() {
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "bek/2", 900, 60)
        .asked_and_closed("o2", "bek/2", "l1", 900)
        .moved("o2", "l2", "alt/1", 800, 70)
        .asked_and_closed("o3", "alt/1", "l2", 800)
        .moved("o3", "l3", "own/1", 100, 80);
    insta::assert_snapshot!(drawn(&story));
    let list: Vec<(usize, usize, bool)> =
        steps(&story.trail()).iter().map(|s| (s.depth, s.node, s.again)).collect();
    assert_eq!(list, [(0, 0, false), (1, 1, false), (2, 2, false), (3, 1, true), (2, 0, true)]);
}

#[test]
fn an_empty_trail_is_an_empty_picture() {
    let picture = drawn(&Story::default());
    assert!(picture.contains("<title id=\"t1-title\">Money trail</title>") && !picture.contains("<g"));
    assert!(steps(&Story::default().trail()).is_empty());
}

#[test]
fn what_is_unknown_is_dashed() {
    let known = drawn(&story::one_held());
    let unknown = drawn(&Story::default().paid("p1", "own/1", "alt/1", 900, 0));
    assert!(!known.contains("dasharray") && unknown.matches("dasharray").count() == 2);
}

#[test]
fn the_list_nests_as_the_money_went() {
    let short = |trail: &Trail| {
        steps(trail).iter().map(|s| (s.depth, s.node, s.via, s.ends.len(), s.closes)).collect::<Vec<_>>()
    };
    assert_eq!(
        short(&story::split_in_three().trail()),
        [
            (0, 0, None, 0, None),
            (1, 1, Some(0), 0, None),
            (2, 2, Some(1), 1, Some(0)),
            (2, 3, Some(2), 1, Some(0)),
            (2, 4, Some(3), 1, Some(2)),
        ]
    );
    // Two payers; what is below the shared account is told once.
    assert_eq!(
        short(&story::merged().trail()),
        [
            (0, 0, None, 0, None),
            (1, 1, Some(0), 0, None),
            (2, 4, Some(3), 3, Some(1)),
            (1, 2, Some(1), 1, None),
            (2, 4, Some(4), 0, Some(2)),
            (0, 3, None, 0, None),
            (1, 2, Some(2), 0, Some(1)),
        ]
    );
}

prop_compose! {
    /// A tree of payments and movements with some merges.
    fn stories()(moves in prop::collection::vec((0_usize..8, 0_usize..8, 1_i64..400), 0..12), held in 0_i64..500) -> Story {
        let mut story = Story::default().paid("p0", "own/0", "b0/0", 1_000, 0).asked_and_closed("o0", "b0/0", "p0", 1_000);
        let mut known = vec![("b0/0".to_owned(), "o0".to_owned())];
        for (number, (from, to, amount)) in moves.into_iter().enumerate() {
            let (line, order, goal) = (format!("l{number}"), format!("n{number}"), format!("b{to}/{to}"));
            let order_asked = known[from % known.len()].1.clone();
            let second = i64::try_from(number).unwrap() * 10;
            story = story.moved(&order_asked, &line, &goal, amount, second).asked(&order, &goal, &line, amount);
            known.push((goal, order));
        }
        let last = known[known.len() - 1].1.clone();
        story.held(&last, "h", held, 999)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn sound_with_any_texts(story in stories(), texts in prop::collection::vec("\\PC{0,30}|[\\x00-\\x1f<>&\"'\u{202e}\u{fffe}]{0,9}|]]>|<!--|</svg>", 1..9)) {
        let trail = story.trail();
        let pick = |n: i64| texts[usize::try_from(n).unwrap_or(0) % texts.len()].clone();
        let label = |text: Text<'_>| match text {
            Text::Title => pick(0),
            Text::Summary => pick(1),
            Text::Account(node) => format!("{}\n{}", pick(2), node.account.masked),
            Text::Amount(money) => format!("{money}"),
            Text::Movement(edge) => format!("{}\n{}", edge.amount, pick(edge.amount.minor())),
            Text::End(end) => format!("{}\n{}", pick(end.amount.minor()), end.amount),
        };
        let picture = svg(&trail, "x", &label);
        let shown = xml::assert_sound(&picture);
        for edge in &trail.edges {
            prop_assert!(shown.contains(&edge.amount.to_string()), "{} is not shown", edge.amount);
        }
        for end in &trail.ends {
            prop_assert!(shown.contains(&end.amount.to_string()), "{} is not shown", end.amount);
        }
        for balance in trail.check() {
            prop_assert!(shown.contains(&balance.came.to_string()), "{} is not shown", balance.came);
        }
    }

    #[test]
    fn the_list_tells_every_movement_and_end_once(story in stories()) {
        let trail = story.trail();
        let list = steps(&trail);
        let edges: Vec<usize> = list.iter().filter_map(|step| step.via).collect();
        prop_assert_eq!(edges.len(), trail.edges.len());
        prop_assert_eq!(edges.into_iter().collect::<BTreeSet<_>>().len(), trail.edges.len());
        prop_assert_eq!(list.iter().map(|step| step.ends.len()).sum::<usize>(), trail.ends.len());
        // Lists open and close in balance, one level at a time.
        let mut depth = 0;
        for step in &list {
            prop_assert_eq!(step.depth, depth);
            depth = step.closes.map_or(depth + 1, |closes| depth - closes);
        }
        prop_assert_eq!(depth, 0);
    }
}
