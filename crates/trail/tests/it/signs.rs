//! What is worth a second look, and what is not.

use profile::{SourceMark, Threshold, TrailSigns};
use proptest::prelude::*;
use trail::model::{EndKind, Exit, Payment, Trail, TrailFact, What};
use trail::rules::signs::{Reason, Seen, signs};
use trail::rules::{Compared, Method, build, build_by, side_by_side};

use crate::story::{Story, assert_books, kzt, merged, money, one_held, six_hops, split_in_three};

const fn rules() -> TrailSigns {
    TrailSigns {
        least_reasons: 2,
        quick_percent: 90,
        quick_minutes: 120,
        empty_percent: 10,
        payers: 3,
        parts: 3,
        thresholds: Vec::new(),
    }
}
fn near_a_million() -> TrailSigns {
    let near = Threshold {
        asset: "KZT".into(),
        minor: 1_000_000,
        near_percent: 85,
        payments: 3,
        hours: 24,
        basis: "an act of tests".into(),
        mark: SourceMark::ToBeConfirmed,
    };
    TrailSigns { thresholds: vec![near], ..rules() }
}

fn key(trail: &Trail, node: usize) -> &str {
    &trail.nodes[node].account.key
}

/// Signs in short.
fn told(story: &Story, rules: &TrailSigns) -> Vec<String> {
    let trail = story.trail();
    let short = |sign: &trail::rules::signs::Sign| {
        let here = key(&trail, sign.node);
        match &sign.what {
            Seen::Meeting { payers, came } => format!("{here} {payers} meet {}", came.minor()),
            Seen::Loop { through, closed_by } => {
                let through: Vec<&str> = through.iter().map(|node| key(&trail, *node)).collect();
                format!("{here} back by {} through {}", trail.edges[*closed_by].key, through.join(">"))
            }
            Seen::BelowThreshold { payments, total, left, .. } => {
                format!("{here} {payments} below, {} {}", total.minor(), if *left { "out" } else { "in" })
            }
            Seen::PassedThrough { reasons } => format!("{here} passes {reasons:?}"),
        }
    };
    signs(&trail, &story.0, rules).iter().map(short).collect()
}

#[test]
fn nothing_is_made_of_what_is_ordinary() {
    for story in [one_held(), six_hops(), Story::default()] {
        assert_eq!(told(&story, &rules()), Vec::<String>::new());
    }
}

#[test]
fn money_of_two_payers_meets_once() {
    // In bek/2 it meets; that it is together in car/3, too, is no news, but that a third way joins there is.
    assert_eq!(told(&merged(), &rules()), ["bek/2 2 meet 400"]);
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 500, 0)
        .paid("p2", "own/2", "bek/2", 500, 1)
        .asked_and_closed("o1", "alt/1", "p1", 500)
        .moved("o1", "l1", "car/3", 400, 5)
        .asked_and_closed("o2", "bek/2", "p2", 500)
        .moved("o2", "l2", "car/3", 300, 6)
        .asked_and_closed("o3", "car/3", "l1", 400)
        .moved("o3", "l3", "dos/4", 100, 9);
    assert_eq!(told(&story, &rules()), ["car/3 2 meet 700"]);
}

#[test]
fn money_that_comes_back_is_told_with_its_way() {
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "bek/2", 900, 3_600 * 5)
        .asked_and_closed("o2", "bek/2", "l1", 900)
        .moved("o2", "l2", "car/3", 500, 3_600 * 10)
        .asked_and_closed("o3", "car/3", "l2", 500)
        .moved("o3", "l3", "alt/1", 500, 3_600 * 15);
    assert_eq!(told(&story, &rules()), ["alt/1 back by l3 through alt/1>bek/2>car/3"]);
    // A payer to whom a bait was paid back: nothing is said of a payer's account.
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "own/1", 50, 90_000);
    assert_eq!(told(&story, &rules()), Vec::<String>::new());
    // Nor by a movement that the receiving bank denies.
    let denied = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "bek/2", 900, 3_600 * 5)
        .asked_and_closed("o2", "bek/2", "l1", 900)
        .moved("o2", "l2", "alt/1", 500, 3_600 * 10)
        .asked_and_closed("o3", "alt/1", "l2", 500)
        .says("o3", "l3", What::NotFound, -1, 3_600 * 11);
    assert_eq!(told(&denied, &rules()), Vec::<String>::new());
}

#[test]
fn payments_cut_to_size() {
    let story = |sums: [i64; 4], hours: i64| {
        let mut story = Story::default()
            .paid("p1", "own/1", "alt/1", 10_000_000, 0)
            .asked_and_closed("o1", "alt/1", "p1", 10_000_000);
        for (n, sum) in (1..).zip(sums) {
            story = story.moved("o1", &format!("l{n}"), &format!("bek/{n}"), sum, n * hours * 3_600);
        }
        story
    };
    let near = near_a_million();
    let close = story([999_999, 850_000, 900_000, 1_000_000], 4);
    assert_eq!(told(&close, &near), ["alt/1 3 below, 2749999 out"]);
    assert_eq!(told(&close, &rules()), Vec::<String>::new());
    // One is too small; or they lie too far apart.
    assert_eq!(told(&story([999_999, 849_999, 900_000, 1_000_000], 4), &near), Vec::<String>::new());
    assert_eq!(told(&story([999_999, 850_000, 900_000, 1_000_000], 13), &near), Vec::<String>::new());
    // What a victim was told to pay in parts.
    let mut parts = Story::default();
    for n in 0..3 {
        parts = parts.paid(&format!("p{n}"), "own/1", "alt/1", 950_000, n * 60);
    }
    assert_eq!(told(&parts, &near), ["alt/1 3 below, 2850000 in"]);
    // One movement of which three answers each tell a part is one payment, above the threshold.
    let mut one = Story::default();
    for n in 0..3 {
        let (paid, order) = (format!("p{n}"), format!("o{n}"));
        one = one.paid(&paid, &format!("own/{n}"), "alt/1", 900_000, n);
        one = one.asked_and_closed(&order, "alt/1", &paid, 900_000);
        one = one.moved(&order, &format!("l{n}"), "bek/2", 900_000, 3_600);
        one = one.with(|line| line.reference = Some("R".into()));
    }
    let told = told(&one, &near);
    assert!(
        !told.iter().any(|t| t.contains("below") && !t.starts_with("alt/1 3 below, 2700000 in")),
        "{told:?}"
    );
    assert!(!told.iter().any(|t| t.contains("Parts")), "{told:?}");
}

/// Of whom nothing is said, whatever passes: payers, and organisations that everybody deals with.
#[test]
fn organisations_are_left_alone() {
    let story = split_in_three().and(TrailFact::Organisation { account: "alt/1".into() });
    assert_eq!(told(&story, &rules()), ["car/3 passes [Quick { percent: 100, minutes: 0 }, Converted]"]);
}

/// Whose money it is goes by what was apportioned, not by which ways are open.
#[test]
fn only_those_meet_whose_money_came() {
    let mut story = Story::default().paid("p1", "own/1", "mule/1", 900, 0);
    story = story.asked_and_closed("o1", "mule/1", "p1", 900).moved("o1", "l1", "bek/2", 900, 60);
    for n in 2..5 {
        story = story.paid(&format!("p{n}"), &format!("own/{n}"), "mule/1", 500, 400_000 + n);
    }
    assert_eq!(told(&story, &rules()), ["mule/1 4 meet 2400"]);
    // One reporter with three cards of their own is one.
    let cards = Story::default().paid("p1", "own/1", "alt/1", 900, 0).paid("p2", "own/2", "alt/1", 900, 0);
    let one = cards.0.into_iter().map(|fact| match fact {
        TrailFact::Payment(p) => TrailFact::Payment(Payment { reporter: "one".into(), ..p }),
        other => other,
    });
    assert_eq!(told(&Story(one.collect()), &rules()), Vec::<String>::new());
}

/// What left before the money came was not this money.
#[test]
fn what_left_before_is_not_quick() {
    let story = |second: i64| {
        Story::default()
            .paid("p1", "own/1", "alt/1", 900, 100_000)
            .asked_and_closed("o1", "alt/1", "p1", 900)
            .left("o1", "l1", Exit::Cash, 900, second)
    };
    let quick = |second| told(&story(second), &rules()).len();
    // Rent of the day before; a clock that is two minutes slow; a minute later.
    assert_eq!((quick(20_000), quick(100_000 - 120), quick(100_060)), (0, 1, 1));
}

/// Each sum is held beside what stood there before that one.
#[test]
fn what_stood_there_is_judged_sum_by_sum() {
    let story = |first: i64, second: i64| {
        let mut story = Story::default();
        for (n, stood) in [(1_i64, first), (2, second)] {
            let (paid, order) = (format!("p{n}"), format!("o{n}"));
            story = story.paid(&paid, "own/1", "alt/1", 900, n * 1_000_000);
            story = story.asked_and_closed(&order, "alt/1", &paid, 900);
            story = story.moved(&order, &format!("l{n}"), "bek/2", 900 + stood, n * 1_000_000 + 60);
            story = story.with(|line| line.stood_before = Some(money(stood)));
        }
        told(&story, &rules())
    };
    assert!(story(5, 0).iter().any(|t| t.contains("Empty { stood: 5 }")), "{:?}", story(5, 0));
    assert!(!story(5_000, 0).iter().any(|t| t.contains("Empty")), "{:?}", story(5_000, 0));
}

/// What left without being told is not there, by any method; and where nobody said anything there is nothing to compare.
#[test]
fn the_methods_side_by_side() {
    let side = |story: &Story| side_by_side(kzt(), &story.0, &build(kzt(), &story.0));
    assert_eq!(side(&split_in_three()), Compared::NothingSaid);
    // 50 of the holder's own and 100; then 75 stood there when another 100 came.
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 100, 0)
        .paid("p2", "own/2", "alt/1", 100, 50)
        .asked_and_closed("o1", "alt/1", "p1", 100)
        .moved("o1", "l1", "bek/2", 1, 60)
        .with(|line| line.stood_before = Some(money(50)))
        .asked_and_closed("o2", "alt/1", "p2", 100)
        .moved("o2", "l2", "bek/2", 1, 61)
        .with(|line| line.stood_before = Some(money(75)));
    let Compared::Differ(rows) = side(&story) else { unreachable!("banks have said what stood there") };
    let alt = rows.iter().find(|row| row.account.key == "alt/1").unwrap();
    let there: Vec<i64> = alt.by.iter().map(|(_, there)| there.minor()).collect();
    // Of 75 that left untold 25, 50 and 25 were disputed. Of two more that moved on both, none and both.
    assert_eq!(there, [173, 150, 173]);
}

#[test]
fn an_account_that_money_was_passed_through() {
    let base =
        || Story::default().paid("p1", "own/1", "alt/1", 900, 0).asked_and_closed("o1", "alt/1", "p1", 900);
    // Quick, and cut into three.
    let cut = split_in_three();
    assert_eq!(
        told(&cut, &rules()),
        [
            "alt/1 passes [Quick { percent: 100, minutes: 1 }, Parts(3)]",
            "car/3 passes [Quick { percent: 100, minutes: 0 }, Converted]",
        ]
    );
    // Quick alone is how many people live.
    assert_eq!(told(&base().moved("o1", "l1", "bek/2", 900, 60), &rules()), Vec::<String>::new());
    // Quick, and nothing stood there.
    let empty = base().moved("o1", "l1", "bek/2", 820, 60).with(|line| line.stood_before = Some(money(5)));
    assert_eq!(
        told(&empty, &rules()),
        ["alt/1 passes [Quick { percent: 90, minutes: 1 }, Empty { stood: 5 }]"]
    );
    // Cash at once.
    let cash = base().left("o1", "l1", Exit::Cash, 900, 600);
    assert_eq!(told(&cash, &rules()), ["alt/1 passes [Quick { percent: 100, minutes: 10 }, Converted]"]);
    // Cash after a week.
    assert_eq!(told(&base().left("o1", "l1", Exit::Cash, 900, 700_000), &rules()), Vec::<String>::new());
    // Three payers, all gone within the hour.
    let mut three = Story::default();
    for n in 0..3 {
        let (paid, order) = (format!("p{n}"), format!("o{n}"));
        three = three.paid(&paid, &format!("own/{n}"), "alt/1", 100, n);
        three = three.asked_and_closed(&order, "alt/1", &paid, 100);
        three = three.moved(&order, &format!("l{n}"), "bek/2", 100, 600 + n);
    }
    let told = told(&three, &rules());
    assert!(told.contains(&"alt/1 3 meet 300".to_owned()), "{told:?}");
    assert!(told.iter().any(|t| t.starts_with("alt/1 passes") && t.contains("Payers(3)")), "{told:?}");
    // The payer's own account is never one.
    assert!(!told.iter().any(|t| t.starts_with("own/") && t.contains("passes")), "{told:?}");
}

/// Collecting accounts by whose money they have, the accounts to which each sends all of it, and the last account that has all.
fn collected(payers: &[std::ops::Range<i64>]) -> Story {
    let mut story = Story::default();
    for (n, range) in payers.iter().enumerate() {
        for payer in range.clone() {
            let (paid, own) = (format!("p{n}-{payer}"), format!("own/{payer}"));
            story = story.paid(&paid, &own, &format!("alt/{n}"), 10, payer);
            story = story.asked_and_closed(&format!("o{n}-{payer}"), &format!("alt/{n}"), &paid, 10);
        }
    }
    story
}

#[test]
fn many_payers_meet_though_many_had_met_before() {
    let payers = [0..70, 70..140, 0..70];
    let mut story = collected(&payers);
    // Two collecting accounts of seventy others each pass all of it on to one; a third one brings nobody new.
    for (n, range) in payers.iter().enumerate() {
        let order = format!("o{n}-{}", range.start);
        story = story.moved(&order, &format!("l{n}"), "bek/9", 700, 10_000);
    }
    let told = told(&story, &rules());
    for expected in ["bek/9 140 meet 2100", "alt/0 70 meet 700", "alt/1 70 meet 700", "alt/2 70 meet 700"] {
        assert!(told.contains(&expected.to_owned()), "{expected}: {told:?}");
    }
}

#[test]
fn whose_payment_nobody_finds_meets_nobody() {
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 10, 0)
        .paid("p2", "own/2", "alt/1", 10, 1)
        .asked_and_closed("o1", "alt/1", "p1", 10)
        .says("o1", "l1", What::NotFound, -1, 60);
    assert_eq!(told(&story, &rules()), Vec::<String>::new());
}

/// One account, fifty thousand movements: by every method the books are right, and the signs come.
#[test]
fn a_mule_with_fifty_thousand_transfers() {
    const EACH: i64 = 12_500;
    let mut story = Story::default();
    for n in 0..EACH {
        let (paid, order) = (format!("p{n}"), format!("o{n}"));
        story = story.paid(&paid, &format!("own/{n}"), "mule/1", 1_000 + n % 7, n);
        story = story.asked_and_closed(&order, "mule/1", &paid, 1_000 + n % 7);
        story = story.moved(&order, &format!("l{n}"), &format!("bek/{}", n % 50), 900, n + 600);
        story = story.left(&order, &format!("c{n}"), Exit::Cash, 50, n + 600);
    }
    assert_eq!(story.0.len(), 50_000);
    let trail = story.trail();
    assert_eq!(trail.edges.len(), 25_000);
    assert_eq!(trail.total(EndKind::Cash), money(50 * EACH));
    let told = signs(&trail, &story.0, &rules());
    let mule = trail.nodes.iter().position(|node| node.account.key == "mule/1").unwrap();
    assert!(told.iter().any(|s| s.node == mule && matches!(s.what, Seen::Meeting { payers: 12_500, .. })));
    assert!(told.iter().any(|s| s.node == mule
        && matches!(&s.what, Seen::PassedThrough { reasons } if reasons.contains(&Reason::Payers(12_500)))));
    for method in [Method::ProRata, Method::LowestBalance] {
        // In proportion every outflow is taken from everybody: the square of it is looked at for a tenth of them.
        let few: Vec<TrailFact> = story.0.iter().take(4_000).cloned().collect();
        assert_books(&build_by(method, kzt(), &few));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    /// Wherever payers meet that no way brought together before, and nowhere else, the page says so: however many there are.
    #[test]
    fn whoever_meets_first_is_told(
        payers in prop::collection::vec((0_i64..300, 1_i64..160), 1..6),
        next in prop::collection::vec(0_usize..5, 9)
    ) {
        let payers: Vec<_> = payers.into_iter().map(|(from, many)| from..from + many).collect();
        let mut story = collected(&payers);
        // Each account sends all that it has to a later one, in the order of their numbers; the last keeps it.
        let count = payers.len() + 4;
        let mut has: Vec<std::collections::BTreeSet<i64>> = payers.iter().map(|range| range.clone().collect()).collect();
        has.resize_with(count, Default::default);
        let mut sums: Vec<i64> = payers.iter().map(|range| 10 * (range.end - range.start)).collect();
        sums.resize(count, 0);
        let mut by: Vec<Option<String>> =
            payers.iter().enumerate().map(|(n, range)| Some(format!("o{n}-{}", range.start))).collect();
        by.resize(count, None);
        let mut came: Vec<Vec<std::collections::BTreeSet<i64>>> =
            payers.iter().map(|range| range.clone().map(|payer| [payer].into()).collect()).collect();
        came.resize_with(count, Vec::new);
        for n in 0..count - 1 {
            let (Some(order), to) = (by[n].clone(), n + 1 + next[n] % (count - 1 - n)) else { continue };
            let (line, asked) = (format!("l{n}"), format!("q{n}"));
            story = story.moved(&order, &line, &format!("alt/{to}"), sums[n], 10_000 + i64::try_from(n).unwrap());
            story = story.asked_and_closed(&asked, &format!("alt/{to}"), &line, sums[n]);
            let whole = has[n].clone();
            has[to].extend(whole.iter().copied());
            came[to].push(whole);
            sums[to] += sums[n];
            by[to].get_or_insert(asked);
        }
        let expected: std::collections::BTreeSet<(String, usize)> = (0..count)
            .filter(|n| has[*n].len() > 1 && came[*n].iter().all(|one| *one != has[*n]))
            .map(|n| (format!("alt/{n}"), has[n].len()))
            .collect();
        let trail = story.trail();
        let told = signs(&trail, &story.0, &rules());
        let found = told.iter().filter_map(|sign| match sign.what {
            Seen::Meeting { payers, .. } => Some((key(&trail, sign.node).to_owned(), payers)),
            _ => None,
        });
        prop_assert_eq!(found.collect::<std::collections::BTreeSet<_>>(), expected);
    }
}

proptest! {
    /// By every method the books are right, and no method leaves more of anybody's money than the lowest balance.
    #[test]
    fn by_every_method_the_books_are_right(
        paid in prop::collection::vec((0_usize..3, 1_i64..500, 0_i64..50), 1..6),
        out in prop::collection::vec((1_i64..600, 50_i64..100), 0..8),
        before in prop::option::of(0_i64..900)
    ) {
        let mut story = Story::default();
        for (n, (from, amount, second)) in paid.iter().enumerate() {
            story = story.paid(&format!("p{n}"), &format!("own/{from}"), "alt/1", *amount, *second);
            story = story.asked_and_closed(&format!("o{n}"), "alt/1", &format!("p{n}"), *amount);
        }
        for (n, (amount, second)) in out.iter().enumerate() {
            let order = format!("o{}", n % paid.len());
            story = story.moved(&order, &format!("l{n}"), &format!("bek/{}", n % 3), *amount, *second);
            // Said of the first sum alone: what is said of later ones changes what is here.
            story = story.with(|line| line.stood_before = before.filter(|_| n == 0).map(money));
        }
        let left = |method| {
            let trail = build_by(method, kzt(), &story.0);
            assert_books(&trail);
            let from = trail.nodes.iter().position(|node| node.account.key == "alt/1").unwrap();
            trail.edges.iter().filter(|e| e.from == from).map(|e| e.amount.minor()).sum::<i64>()
        };
        let [fifo, rata, lowest] = Method::ALL.map(left);
        prop_assert!(lowest <= fifo && lowest <= rata, "{fifo} {rata} {lowest}");
    }
}
