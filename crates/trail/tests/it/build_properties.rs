//! Whatever is told, the books are right.

use proptest::prelude::*;
use trail::model::{EndKind, Exit, Trail, TrailFact, What};

use crate::story::{Story, account, assert_books, kzt, money};

const ACCOUNTS: [&str; 6] = ["own/0", "own/1", "alt/2", "bek/3", "car/4", "dos/5"];

fn what() -> impl Strategy<Value = What> {
    let exit = prop::sample::select(vec![Exit::Moved, Exit::Cash, Exit::Spent, Exit::Crypto, Exit::Abroad]);
    let next = prop::option::of(prop::sample::select(ACCOUNTS.to_vec()));
    prop_oneof![
        3 => Just(What::Held),
        6 => (exit, next).prop_map(|(how, next)| What::Left { how, next: next.map(account) }),
        1 => Just(What::HeldElsewhere),
        1 => Just(What::Gone),
        1 => Just(What::NotFound),
        1 => Just(What::Refused),
        2 => Just(What::Released),
        1 => Just(What::Returned),
    ]
}

#[derive(Debug, Clone)]
enum Step {
    Paid { from: usize, to: Option<usize>, amount: i64, second: i64 },
    Asked { account: usize, because: prop::sample::Index, cap: i64, open: bool, silent: bool },
    Says { order: prop::sample::Index, what: What, amount: Option<i64>, second: i64, before: Option<i64> },
}

fn step() -> impl Strategy<Value = Step> {
    let paid = (0_usize..2, prop::option::weighted(0.8, 0_usize..6), 1_i64..1_000, 0_i64..50)
        .prop_map(|(from, to, amount, second)| Step::Paid { from, to, amount, second });
    let asked =
        (0_usize..6, any::<prop::sample::Index>(), 0_i64..1_200, any::<bool>(), any::<bool>()).prop_map(
            |(account, because, cap, open, silent)| Step::Asked { account, because, cap, open, silent },
        );
    let says = (
        any::<prop::sample::Index>(),
        what(),
        prop::option::weighted(0.9, 0_i64..900),
        0_i64..200,
        prop::option::of(0_i64..900),
    )
        .prop_map(|(order, what, amount, second, before)| Step::Says {
            order,
            what,
            amount,
            second,
            before,
        });
    prop_oneof![2 => paid, 4 => asked, 6 => says]
}

/// A story in which orders follow movements that exist, at the right account more often than not.
fn tell(steps: &[Step]) -> Story {
    let mut story = Story::default();
    let mut causes: Vec<(String, Option<String>)> = Vec::new();
    let mut orders: Vec<String> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Paid { from, to, amount, second } => {
                let (key, to) = (format!("p{number}"), to.map(|to| ACCOUNTS[to]));
                story = story.paid(&key, ACCOUNTS[*from], to.unwrap_or(""), *amount, *second);
                causes.push((key, Some(to.unwrap_or(ACCOUNTS[*from]).to_owned())));
            }
            Step::Asked { account, because, cap, open, silent } if !causes.is_empty() => {
                let (key, (because, goal)) = (format!("o{number}"), because.get(&causes));
                let goal = goal.as_deref().filter(|_| account % 3 > 0).unwrap_or(ACCOUNTS[*account]);
                story = if *open {
                    story.asked(&key, goal, because, *cap)
                } else {
                    story.asked_and_closed(&key, goal, because, *cap)
                };
                story = if *silent { story.silent(&key) } else { story };
                orders.push(key);
            }
            Step::Says { order, what, amount, second, before } if !orders.is_empty() => {
                let key = format!("l{number}");
                let goal = if let What::Left { next: Some(next), .. } = what {
                    Some(next.key.clone())
                } else {
                    None
                };
                story = story.says(
                    order.get(&orders).as_str(),
                    &key,
                    what.clone(),
                    amount.unwrap_or(-1),
                    *second,
                );
                story = story.with(|line| line.stood_before = before.map(money));
                causes.push((key, goal));
            }
            _ => {}
        }
    }
    story
}

fn unknown(trail: &Trail) -> i64 {
    let kinds = [EndKind::Unknown, EndKind::NotFound, EndKind::Refused, EndKind::Silent];
    kinds.iter().map(|kind| trail.total(*kind).minor()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn the_books_are_right(steps in prop::collection::vec(step(), 1..40)) {
        let story = tell(&steps);
        let trail = story.trail();
        let open: i64 = trail.nodes.iter().map(|node| node.unaccounted.minor()).sum();
        prop_assert!(trail.nodes.iter().all(|node| node.unaccounted.minor() >= 0));
        prop_assert!(open <= unknown(&trail), "only money of unknown fate may be asked for");
        for edge in &trail.edges {
            prop_assert!(edge.amount.minor() >= 0 && edge.amount.minor() <= edge.whole.minor());
            prop_assert!(trail.nodes[edge.to].hop <= trail.nodes[edge.from].hop + 1);
        }
        // An order that holds never holds more than came by what it asks about and what else was there.
        prop_assert!(trail.total(EndKind::Held).minor() <= trail.disputed().minor());
    }

    #[test]
    fn told_twice_is_told_once(steps in prop::collection::vec(step(), 1..40)) {
        let story = tell(&steps);
        let twice: Vec<TrailFact> = story.0.iter().chain(&story.0).cloned().collect();
        let (once, twice) = (story.trail(), trail::rules::build(kzt(), &twice));
        prop_assert_eq!((&once.nodes, &once.edges, &once.ends), (&twice.nodes, &twice.edges, &twice.ends));
    }

    /// Asking for all that is unaccounted for leaves nothing to ask for, anywhere: no sum is asked for twice.
    #[test]
    fn asking_for_the_rest_leaves_no_rest(steps in prop::collection::vec(step(), 1..40)) {
        let mut story = tell(&steps);
        let trail = story.trail();
        let mut asked = 0;
        let causes: Vec<String> = story.0.iter().filter_map(|fact| match fact {
            TrailFact::Payment(payment) => Some(payment.key.clone()),
            TrailFact::Line(line) => Some(line.key.clone()),
            _ => None,
        }).collect();
        for (number, cause) in causes.iter().enumerate() {
            for account in ACCOUNTS {
                let rest = trail.unaccounted(account, cause).minor();
                if rest > 0 {
                    story = story.asked(&format!("again-{number}-{account}"), account, cause, rest);
                    asked += rest;
                }
            }
        }
        let after = story.trail();
        prop_assert!(after.nodes.iter().all(|node| node.unaccounted.minor() == 0));
        prop_assert_eq!(asked, trail.nodes.iter().map(|node| node.unaccounted.minor()).sum::<i64>());
        prop_assert!(asked <= trail.disputed().minor());
    }

    #[test]
    fn the_order_of_telling_does_not_matter(steps in prop::collection::vec(step(), 1..30), turn in 0_usize..30) {
        // Distinct times: where two things happen at once, the order of telling decides.
        let mut story = tell(&steps);
        let mut second = 0;
        for fact in &mut story.0 {
            second += 1;
            match fact {
                TrailFact::Payment(payment) => payment.at = crate::story::at(second),
                TrailFact::Line(line) => {
                    line.at = crate::story::at(second);
                    line.stood_before = None;
                }
                _ => {}
            }
        }
        let trail = story.trail();
        // Orders keep their order among themselves: which of two covers a sum first is a matter of asking first.
        let (mut orders, mut rest): (Vec<_>, Vec<_>) = story.0.iter().cloned().partition(|f| matches!(f, TrailFact::Asked(_)));
        let turn = turn % rest.len().max(1);
        rest.rotate_left(turn);
        rest.append(&mut orders);
        let other = trail::rules::build(kzt(), &rest);
        assert_books(&other);
        prop_assert_eq!(trail.ends, other.ends);
        prop_assert_eq!(trail.edges, other.edges);
    }
}
