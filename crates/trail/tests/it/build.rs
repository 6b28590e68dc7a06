//! Stories and what they come to.

use trail::model::{EdgeState, EndKind, Exit, Finding, Ignored, Line, TrailFact, What};
use trail::rules::MAX_FACTS;

use crate::story::{self, Story, account, at, edges, ends, kzt, money};

#[test]
fn a_payment_alone_is_unknown_and_may_be_asked_for() {
    let trail = Story::default().paid("p1", "own/1", "alt/1", 900, 0).trail();
    assert_eq!(ends(&trail), [("alt/1", EndKind::Unknown, 900)]);
    assert_eq!(trail.unaccounted("alt/1", "p1"), money(900));
    assert_eq!(trail.unaccounted("alt/1", "p2"), money(0));
    assert_eq!(trail.unaccounted("own/1", "p1"), money(0));
    assert_eq!((trail.nodes[0].hop, trail.nodes[1].hop, trail.edges[0].state), (0, 1, EdgeState::Told));
}

#[test]
fn an_open_order_covers_its_cap_and_no_second_one_fits() {
    let story = Story::default().paid("p1", "own/1", "alt/1", 900, 0).asked("o1", "alt/1", "p1", 700);
    let trail = story.trail();
    assert_eq!(ends(&trail), [("alt/1", EndKind::Asked, 700), ("alt/1", EndKind::Unknown, 200)]);
    assert_eq!(trail.unaccounted("alt/1", "p1"), money(200));
    // Late and still open: shown as silent, and still not to be asked for twice.
    let trail = story.silent("o1").trail();
    assert_eq!(ends(&trail)[0], ("alt/1", EndKind::Unknown, 200));
    assert_eq!(
        (ends(&trail)[1], trail.unaccounted("alt/1", "p1")),
        (("alt/1", EndKind::Silent, 700), money(200))
    );
}

#[test]
fn held_split_and_merged() {
    assert_eq!(ends(&story::one_held().trail()), [("alt/1", EndKind::Held, 900)]);

    let trail = story::split_in_three().trail();
    assert_eq!(
        ends(&trail),
        [("bek/2", EndKind::Held, 300), ("car/3", EndKind::Cash, 400), ("dos/4", EndKind::Silent, 200)]
    );
    assert_eq!(
        trail.edges.iter().map(|e| e.state).collect::<Vec<_>>()[1..],
        [EdgeState::Confirmed, EdgeState::Confirmed, EdgeState::Reported]
    );

    // 400 came into Bek's account in two payments; 350 left: all of the first, 50 of the second.
    let trail = story::merged().trail();
    assert_eq!(edges(&trail)[3..], [("alt/1", "car/3", 500), ("bek/2", "car/3", 350)]);
    assert_eq!(
        ends(&trail),
        [
            ("bek/2", EndKind::Asked, 50),
            ("car/3", EndKind::Held, 500),
            ("car/3", EndKind::Crypto, 200),
            ("car/3", EndKind::Unknown, 150),
        ]
    );
    assert_eq!((trail.unaccounted("car/3", "l1"), trail.unaccounted("car/3", "l2")), (money(0), money(150)));
    assert_eq!(trail.disputed(), money(900));
}

#[test]
fn six_hops_leave_a_hundred_at_each() {
    let trail = story::six_hops().trail();
    assert_eq!(trail.nodes.iter().map(|node| node.hop).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!((trail.total(EndKind::Held), trail.total(EndKind::Refused)), (money(500), money(500)));
    assert_eq!(trail.unaccounted("b6/6", "m5"), money(500));
}

#[test]
fn older_money_is_no_trail() {
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "bek/2", 280, 60)
        .with(|line| line.stood_before = Some(money(700)))
        .moved("o1", "l2", "bek/3", 500, 61);
    let trail = story.trail();
    assert_eq!(edges(&trail)[1..], [("alt/1", "bek/3", 80)]);
    assert_eq!((trail.edges[1].whole, trail.unaccounted("alt/1", "p1")), (money(500), money(820)));
    assert_eq!(trail.findings, [Finding::OlderMoney { line: "l1".into() }]);
    // An order about what is no trail belongs to nothing.
    let trail = story.asked("o2", "bek/2", "l1", 280).held("o2", "l3", 280, 99).trail();
    assert_eq!(trail.total(EndKind::Held), money(0));
    assert!(trail.findings.contains(&Finding::Ignored { key: "l3".into(), why: Ignored::Orphan }));
}

#[test]
fn clocks_that_differ_do_not_break_the_chain() {
    // The second bank's clock is ten minutes behind.
    let trail = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "bek/2", 900, 60)
        .asked_and_closed("o2", "bek/2", "l1", 900)
        .moved("o2", "l2", "car/3", 900, -540)
        .asked_and_closed("o3", "car/3", "l2", 900)
        .held("o3", "l3", 900, 100)
        .trail();
    assert_eq!(ends(&trail), [("car/3", EndKind::Held, 900)]);
}

#[test]
fn a_movement_told_twice_counts_once() {
    let twice = |reference: &str, second_order: &str, whole: bool| {
        let reference = Some(reference.to_owned()).filter(|r| !r.is_empty());
        Story::default()
            .paid("p1", "own/1", "alt/1", 500, 0)
            .paid("p2", "own/2", "alt/1", 500, 5)
            .asked_and_closed("o1", "alt/1", "p1", 500)
            .asked_and_closed("o2", "alt/1", "p2", 500)
            .moved("o1", "l1", "bek/2", 300, 60)
            .with(|line| line.reference.clone_from(&reference))
            .with(|line| line.stood_before = whole.then(|| money(0)))
            .moved(second_order, "l2", "bek/2", 300, 60)
            .with(|line| line.reference.clone_from(&reference))
            .with(|line| line.stood_before = (whole && second_order == "o2").then(|| money(500)))
            .trail()
            .edges
            .len()
    };
    assert_eq!(twice("R1", "o1", false), 3);
    // Two answers of a bank that states whole movements: one transfer.
    assert_eq!(twice("R1", "o2", true), 3);
    assert_eq!(twice("", "o2", true), 3);
    // Of a bank that states disputed parts: each payment's part of one transfer.
    assert_eq!(twice("R1", "o2", false), 4);
    assert_eq!(twice("", "o2", false), 4);
    // The same bank lists two like transfers in one answer: two transfers.
    assert_eq!(twice("", "o1", false), 4);
}

#[test]
fn the_line_that_is_followed_counts_whichever_came_first() {
    let story = Story::default()
        .paid("p1", "own/1", "alt/1", 500, 0)
        .paid("p2", "own/2", "alt/1", 500, 5)
        .asked_and_closed("o1", "alt/1", "p1", 500)
        .asked_and_closed("o2", "alt/1", "p2", 500);
    let tell = |story: Story, order: &str, line: &str, stood: i64| {
        story.moved(order, line, "bek/2", 800, 60).with(|l| {
            l.reference = Some("R1".into());
            l.stood_before = Some(money(stood));
        })
    };
    // The second bank answer came first and was followed; now the first order is answered too.
    let followed = tell(story.clone(), "o2", "l2", 500).asked("o3", "bek/2", "l2", 800);
    let both = tell(followed, "o1", "l1", 0);
    let trail = both.trail();
    assert_eq!((trail.cause("l1"), trail.cause("l2")), ("l2", "l2"));
    assert_eq!(trail.unaccounted("bek/2", "l2"), money(0), "it is asked for once");
    assert_eq!(ends(&both.held("o3", "l3", 800, 90).trail())[1], ("bek/2", EndKind::Held, 800));
    // Nobody followed yet: either order of telling gives the first line of the facts.
    let trail = tell(tell(story, "o1", "l1", 0), "o2", "l2", 500).trail();
    assert_eq!((trail.cause("l2"), trail.unaccounted("bek/2", "l1")), ("l1", money(800)));
    assert!(!trail.moved_disputed("l2") && trail.moved_disputed("l1"));
}

#[test]
fn a_second_statement_of_a_hold_replaces_the_first() {
    let base = story::one_held();
    let trail = base.clone().held("o1", "l2", 600, 70).trail();
    assert_eq!(ends(&trail), [("alt/1", EndKind::Held, 600), ("alt/1", EndKind::Unknown, 300)]);
    // More than was there: only what was there counts, the rest is said, and said once.
    let trail = base.clone().held("o1", "l2", 1_000, 70).held("o1", "l3", 1_000, 80).trail();
    assert_eq!(trail.total(EndKind::Held), money(900));
    assert_eq!(trail.findings, [Finding::Beyond { line: "l3".into(), amount: money(100) }]);
    assert_eq!(base.held("o1", "l2", 1_000, 70).held("o1", "l3", 900, 80).trail().findings, []);
}

#[test]
fn holds_end_money_goes_back_or_on() {
    let held = story::one_held();
    let trail = held.clone().says("o1", "l2", What::Released, -1, 90).trail();
    assert_eq!(
        (ends(&trail), trail.unaccounted("alt/1", "p1")),
        (vec![("alt/1", EndKind::Released, 900)], money(0))
    );

    let trail =
        held.clone().says("o1", "l2", What::Released, -1, 90).left("o1", "l3", Exit::Cash, 500, 95).trail();
    assert_eq!(ends(&trail), [("alt/1", EndKind::Cash, 500), ("alt/1", EndKind::Released, 400)]);

    // Released, then stopped again under a new order.
    let again =
        held.clone().says("o1", "l2", What::Released, -1, 90).asked_and_closed("o2", "alt/1", "p1", 900);
    assert_eq!(ends(&again.held("o2", "l3", 900, 99).trail()), [("alt/1", EndKind::Held, 900)]);

    let trail = held
        .clone()
        .says("o1", "l2", What::Returned, 850, 90)
        .says("o1", "l3", What::Released, -1, 95)
        .trail();
    assert_eq!(ends(&trail), [("alt/1", EndKind::Released, 50), ("alt/1", EndKind::Returned, 850)]);

    let trail =
        held.says("o1", "l2", What::Returned, 1_000, 90).says("o1", "l3", What::Released, 5, 95).trail();
    assert_eq!(trail.total(EndKind::Returned), money(900));
    let beyond = |line: &str, amount| Finding::Beyond { line: line.into(), amount: money(amount) };
    assert_eq!(trail.findings, [beyond("l2", 100), beyond("l3", 5)]);
}

#[test]
fn at_one_moment_money_leaves_is_held_is_let_go() {
    let trail = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .says("o1", "l3", What::Released, 100, 60)
        .held("o1", "l2", 620, 60)
        .moved("o1", "l1", "bek/2", 280, 60)
        .trail();
    let expected =
        [("alt/1", EndKind::Held, 520), ("alt/1", EndKind::Released, 100), ("bek/2", EndKind::Unknown, 280)];
    assert_eq!((ends(&trail), trail.findings.len()), (expected.to_vec(), 0));
}

#[test]
fn other_answers() {
    let asked = Story::default().paid("p1", "own/1", "alt/1", 900, 0).asked("o1", "alt/1", "p1", 900);
    let end = |what, amount| {
        let trail = asked.clone().says("o1", "l1", what, amount, 60).trail();
        (
            trail.ends[0].kind,
            trail.ends[0].amount.minor(),
            trail.unaccounted("alt/1", "p1").minor(),
            trail.edges[0].state,
        )
    };
    assert_eq!(end(What::Gone, -1), (EndKind::Spent, 900, 0, EdgeState::Confirmed));
    assert_eq!(end(What::Refused, -1), (EndKind::Refused, 900, 900, EdgeState::Told));
    assert_eq!(end(What::NotFound, -1), (EndKind::NotFound, 900, 900, EdgeState::NotFound));
    assert_eq!(end(What::HeldElsewhere, -1), (EndKind::HeldElsewhere, 900, 0, EdgeState::Confirmed));
    assert_eq!(end(What::HeldElsewhere, 300).1, 300);
    for (how, kind) in
        [(Exit::Abroad, EndKind::Abroad), (Exit::Spent, EndKind::Spent), (Exit::Moved, EndKind::Moved)]
    {
        let what = What::Left { how, next: None };
        assert_eq!(end(what, 2_000), (kind, 900, 0, EdgeState::Confirmed));
    }
}

#[test]
fn the_payers_bank_says_where_it_went() {
    let unknown = Story::default().paid("p1", "own/1", "", 900, 0).asked_and_closed("o1", "own/1", "p1", 900);
    let trail = unknown
        .clone()
        .moved("o1", "l1", "alt/1", 900, 5)
        .with(|line| line.stood_before = Some(money(5_000)))
        .trail();
    assert_eq!((edges(&trail), trail.nodes[1].hop), (vec![("own/1", "alt/1", 900)], 1));
    assert_eq!(ends(&unknown.held("o1", "l1", 900, 5).trail()), [("own/1", EndKind::Held, 900)]);

    let told =
        Story::default().paid("p1", "own/1", "alt/1", 900, 0).asked_and_closed("o1", "own/1", "p1", 900);
    let trail = told.clone().moved("o1", "l1", "alt/1", 900, 5).trail();
    assert_eq!((trail.edges.len(), trail.edges[0].state), (1, EdgeState::Confirmed));
    // While the payer's bank may still answer, the sum is asked for, and nobody else is asked.
    let asked = Story::default().paid("p1", "own/1", "alt/1", 900, 0).asked("o1", "own/1", "p1", 900);
    assert_eq!(ends(&asked.trail()), [("alt/1", EndKind::Asked, 900)]);
    assert_eq!(asked.trail().unaccounted("alt/1", "p1"), money(0));
    let lost = asked.says("o1", "l1", What::NotFound, -1, 5).trail();
    assert_eq!(ends(&lost), [("alt/1", EndKind::NotFound, 900)]);
    // The money is where the payment brought it: that is what the next order follows.
    assert_eq!((trail.cause("l1"), trail.unaccounted("alt/1", "l1")), ("p1", money(0)));
    assert_eq!(trail.unaccounted("alt/1", trail.cause("l1")), money(900));
    let next = told.clone().moved("o1", "l1", "alt/1", 900, 5).asked("o2", "alt/1", "p1", 900);
    assert_eq!(next.trail().unaccounted("alt/1", "p1"), money(0));
    assert_eq!(ends(&next.held("o2", "l2", 900, 9).trail()), [("alt/1", EndKind::Held, 900)]);
    // The same payment by its reference, at the account that the told phone number stands for.
    let by_phone = Story::default()
        .and(TrailFact::Payment(trail::model::Payment {
            key: "p1".into(),
            from: account("own/1"),
            to: Some(account("alt/phone")),
            amount: money(900),
            at: at(0),
            latest: at(0),
            reference: Some("R1".into()),
            reporter: "one".into(),
        }))
        .asked_and_closed("o1", "own/1", "p1", 900)
        .moved("o1", "l1", "alt/1", 900, 5)
        .with(|line| line.reference = Some("R1".into()));
    let trail = by_phone.trail();
    assert_eq!((trail.cause("l1"), trail.unaccounted("alt/1", "l1")), ("l1", money(900)));
    assert_eq!(trail.unaccounted("alt/phone", "p1"), money(0));
    // Stopped before it left.
    assert_eq!(ends(&told.clone().held("o1", "l1", 900, 5).trail()), [("own/1", EndKind::Held, 900)]);
    // It went to another account than the reporter said.
    let trail = told.moved("o1", "l1", "bek/2", 900, 5).trail();
    assert_eq!(edges(&trail), [("own/1", "alt/1", 0), ("own/1", "bek/2", 900)]);
    assert_eq!(trail.findings, [Finding::WentElsewhere { payment: "p1".into(), line: "l1".into() }]);
    assert_eq!((trail.edges[0].state, trail.unaccounted("bek/2", "l1")), (EdgeState::NotFound, money(900)));
}

#[test]
fn money_that_comes_back_round_adds_up() {
    let trail = Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "bek/2", 900, 60)
        .asked_and_closed("o2", "bek/2", "l1", 900)
        .moved("o2", "l2", "alt/1", 800, 70)
        .asked_and_closed("o3", "alt/1", "l2", 800)
        .moved("o3", "l3", "own/1", 100, 80)
        .moved("o3", "l4", "alt/1", 50, 81)
        .trail();
    assert_eq!(
        ends(&trail),
        [
            ("own/1", EndKind::Unknown, 100),
            ("alt/1", EndKind::Unknown, 700),
            ("bek/2", EndKind::Unknown, 100)
        ]
    );
    assert_eq!(trail.nodes.iter().map(|node| node.hop).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn a_balance_that_does_not_fit_is_said() {
    let trail = Story::default()
        .paid("p1", "own/1", "alt/1", 400, 0)
        .paid("p2", "own/2", "alt/1", 500, 10)
        .asked_and_closed("o2", "alt/1", "p2", 500)
        .held("o2", "l1", 500, 60)
        .with(|line| line.stood_before = Some(money(150)))
        .trail();
    assert_eq!(trail.findings, [Finding::Unlisted { node: 1, amount: money(250) }]);
    assert_eq!(trail.unaccounted("alt/1", "p1"), money(150));
}

#[test]
fn nonsense_is_left_out_and_said() {
    let usd = kernel::Money::from_minor(5, kernel::Asset::new("USD", 2).unwrap());
    let trail = story::one_held()
        .paid("p0", "own/1", "alt/1", 0, 0)
        .paid("p-", "own/1", "alt/1", -5, 0)
        .paid("p9", "own/1", "alt/1", i64::MAX, 0)
        .asked("o9", "alt/1", "nothing", 5)
        .held("o8", "l8", 5, 5)
        .left("o1", "l9", Exit::Cash, 0, 5)
        .says("o1", "l10", What::Returned, -1, 5)
        .held("o1", "l11", 5, 5)
        .with(|line: &mut Line| line.amount = Some(usd))
        .trail();
    let ignored: Vec<(&str, Ignored)> = trail
        .findings
        .iter()
        .filter_map(|f| if let Finding::Ignored { key, why } = f { Some((key.as_str(), *why)) } else { None })
        .collect();
    assert_eq!(
        ignored,
        [
            ("p0", Ignored::Amount),
            ("p-", Ignored::Amount),
            ("p9", Ignored::Amount),
            ("l9", Ignored::Amount),
            ("l10", Ignored::Amount),
            ("l11", Ignored::OtherAsset),
            ("o9", Ignored::Orphan),
            ("l8", Ignored::Orphan),
        ]
    );
    assert_eq!(ends(&trail), [("alt/1", EndKind::Held, 900)]);

    let silent = TrailFact::Silent { order: "o1".into() };
    let many = trail::rules::build(kzt(), &vec![silent; MAX_FACTS + 2]);
    assert_eq!(many.findings.len(), 2);
    assert_eq!((account("a/1").institution.as_str(), at(0) < at(1)), ("A", true));
}
