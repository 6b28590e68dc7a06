//! Laws of the world, whatever is done in it.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;
use sandbox::flow::Flow;
use sandbox::moment::Moment;
use sandbox::world::model::{By, Freed, HoldId, HouseId, How, Names, Owner, Stage, TransferId};
use sandbox::world::{Ask, Direction, Facts, Finding, Move, Payer, Setup, World, office};

fn start() -> Moment {
    Moment::parse("2026-11-23T09:00:00+05:00").unwrap()
}

fn world(seed: u64, losses: u64) -> World {
    let flow = Arc::new(Flow::committed().unwrap());
    World::new(Setup { losses, ..Setup::small(seed, flow, start()) })
}

/// Asks about an incoming transfer by its reference.
fn ask_about(world: &mut World, transfer: TransferId, order: &str, cap: i64) -> Option<Facts> {
    let t = world.book.transfers[transfer].clone();
    let to = &world.book.accounts[t.to];
    let (house, by) = (to.house?, to.best_name());
    let name = to.called(by)?;
    let reference = world.reference(transfer);
    let ask = Ask {
        house,
        order,
        object: "1",
        by,
        name: &name,
        direction: Direction::In,
        amount: t.amount,
        at: t.at,
        reference: Some(&reference),
        payer: Payer::default(),
        cap,
    };
    let now = world.now();
    match world.hold(&ask, now) {
        Finding::Found(facts) => Some(facts),
        other => panic!("an existing transfer gives {other:?}"),
    }
}

fn adds_up(facts: &Facts) {
    let moved: i64 = facts.moved.iter().map(|m| m.amount).sum();
    let elsewhere: i64 = facts.elsewhere.iter().map(|(_, a)| *a).sum();
    assert_eq!(facts.held + elsewhere + moved, facts.disputed, "{facts:?}");
    assert!(facts.held <= facts.balance_before && facts.held >= 0);
}

/// A visitor's payment is real from the moment its bank is asked: most of it is held, the rest is at the next
/// bank, and everything still adds up. Asked again, it is the same payment.
#[test]
fn a_visitor_takes_part() {
    let mut world = world(3, 5);
    let banks: Vec<_> =
        world.book.houses.iter().filter_map(|(id, h)| Some((id, h.iban_code.clone()?))).collect();
    let name = sandbox::ids::iban(&banks[0].1, "0000000000017");
    let now = world.now();
    let ask = |order: &'static str, amount| Ask {
        house: banks[0].0,
        order,
        object: "1",
        by: By::Iban,
        name: &name,
        direction: Direction::In,
        amount,
        at: now.plus(-3_600),
        reference: None,
        payer: Payer::default(),
        cap: amount,
    };
    let Finding::Found(facts) = world.hold(&ask("o1", 500_000), now) else { panic!("it is there") };
    adds_up(&facts);
    assert_eq!((facts.held, facts.moved.len(), facts.moved[0].amount), (350_000, 1, 150_000));
    let next = ask_about(&mut world, facts.moved[0].transfer, "o2", 150_000).unwrap();
    assert_eq!(next.held, 150_000);
    let before = world.book.transfers.iter().count();
    assert!(matches!(world.hold(&ask("o3", 500_000), now), Finding::Found(again) if again.held == 0));
    assert_eq!(world.book.transfers.iter().count(), before, "no second payment");
    assert_eq!((world.book.sum_of_everything(), world.book.broken()), (0, vec![]));
}

/// A bank compares who paid with its books: by the numbers that they show, and within one house by all of them. What
/// they do not show is not taken for the same. The payer's own house finds a client by any number, or by telephone.
#[test]
fn who_paid_is_compared_with_the_books() {
    let mut world = world(3, 5);
    let mut banks =
        world.book.houses.iter().filter_map(|(id, h)| Some((id, h.code.clone(), h.iban_code.clone()?)));
    let (one, two) = (banks.next().unwrap(), banks.next().unwrap());
    drop(banks);
    let mut open = |house: &(HouseId, String, String), number: &str, phone: &str| {
        let iban = sandbox::ids::iban(&house.2, number);
        let card = sandbox::ids::card("272091", &format!("00000{}", &number[9..]));
        let names = Names {
            iban: Some(iban.clone()),
            card: Some(card.clone()),
            phone: Some(phone.into()),
            number: None,
        };
        let id = world.book.open(Some(house.0), Owner::Client, names, "Үлгі (ойдан шығарылған)".to_owned());
        (id, iban, card)
    };
    let (payer, own, card) = open(&one, "0000000008881", "+77998880001");
    let (to, there, _) = open(&two, "0000000008882", "+77998880002");
    let (inside, here, _) = open(&one, "0000000008883", "+77998880003");
    let source = world.book.accounts.iter().find(|(_, a)| a.owner == Owner::Source).unwrap().0;
    let at = world.now();
    let mut pay = |from, to, amount, how| {
        world.book.transfer(Move { from, to, amount, at, how, by: By::Iban }).unwrap();
    };
    pay(source, payer, 100_000, How::Opening);
    pay(payer, to, 30_000, How::Background);
    pay(payer, inside, 20_000, How::Background);
    let (ends, four) = (sandbox::ids::card_ends(&card).unwrap(), card[12..].to_owned());
    let mut ask = |house: HouseId, name: &str, direction, amount, payer: Payer<'_>| {
        let ask = Ask {
            house,
            order: "o",
            object: "1",
            by: By::Iban,
            name,
            direction,
            amount,
            at,
            reference: None,
            payer,
            cap: amount,
        };
        matches!(world.hold(&ask, at), Finding::Found(_))
    };
    let of = |account, client| Payer { house: Some(one.1.as_str()), account, client };
    let in_there = Direction::In;
    for (what, payer, found) in [
        ("nothing told", Payer::default(), true),
        ("another house", Payer { house: Some(two.1.as_str()), ..Payer::default() }, false),
        ("the account", of(Some((By::Iban, own.as_str())), None), true),
        ("another account", of(Some((By::Iban, here.as_str())), None), false),
        ("a card behind the account", of(Some((By::Card, ends.as_str())), None), false),
        ("a telephone, which is not this house's to know", of(None, Some("+77998880009")), true),
    ] {
        assert_eq!(ask(two.0, &there, in_there, 30_000, payer), found, "{what}");
    }
    for (what, payer, found) in [
        ("the card, in one house", of(Some((By::Card, ends.as_str())), None), true),
        ("its last four digits", of(Some((By::Card, four.as_str())), None), true),
        ("other digits", of(Some((By::Card, "0000")), None), false),
        ("other digits of the right client", of(Some((By::Card, "0000")), Some("+77998880001")), true),
        ("another client", of(None, Some("+77998880003")), false),
    ] {
        assert_eq!(ask(one.0, &here, in_there, 20_000, payer), found, "{what}");
    }
    let out = Direction::Out;
    for (what, named, payer, found) in [
        ("the own account", &own, of(Some((By::Iban, own.as_str())), None), true),
        ("the receiver and the client", &there, of(None, Some("+77998880001")), true),
        ("the receiver and another client", &there, of(None, Some("+77998880003")), false),
        ("the receiver alone, as a person has asked", &there, of(None, None), true),
        (
            "another own account, and the client",
            &here,
            of(Some((By::Iban, here.as_str())), Some("+77998880001")),
            true,
        ),
        (
            "somebody's account, and another client",
            &here,
            of(Some((By::Iban, here.as_str())), Some("+77998880003")),
            false,
        ),
    ] {
        assert_eq!(ask(one.0, named, out, 30_000, payer), found, "{what}");
    }
}

/// Every arrived payment of the world so far.
fn arrived(world: &World) -> Vec<TransferId> {
    let stage = |s: Stage| if let Stage::Arrived(t) = s { Some(t) } else { None };
    world.payments.iter().filter_map(|(_, p)| stage(p.stage)).collect()
}

#[derive(Debug, Clone)]
enum Act {
    Wait(i64),
    Hold { which: usize, permille: i64 },
    Follow { which: usize },
    Release { which: usize, permille: i64 },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        (60_i64..200_000).prop_map(Act::Wait),
        (any::<usize>(), 1_i64..1_500).prop_map(|(which, permille)| Act::Hold { which, permille }),
        any::<usize>().prop_map(|which| Act::Follow { which }),
        (any::<usize>(), 0_i64..1_500).prop_map(|(which, permille)| Act::Release { which, permille }),
    ];
    prop::collection::vec(act, 1..60)
}

fn play(world: &mut World, acts: &[Act]) {
    let mut holds: Vec<(HoldId, i64)> = Vec::new();
    let mut onward: Vec<(TransferId, i64)> = Vec::new();
    let mut asked: HashMap<TransferId, i64> = HashMap::new();
    for (no, act) in acts.iter().enumerate() {
        let order = format!("ord_{no}");
        let facts = match act {
            Act::Wait(secs) => {
                world.advance(world.now().plus(*secs));
                None
            }
            Act::Hold { which, permille } => {
                let all = arrived(world);
                all.get(which % all.len().max(1)).and_then(|t| {
                    let cap = (world.book.transfers[*t].amount * permille / 1_000).max(1);
                    *asked.entry(*t).or_insert(0) += cap;
                    ask_about(world, *t, &order, cap).inspect(|f| assert!(f.held <= cap))
                })
            }
            Act::Follow { which } => onward
                .get(which % onward.len().max(1))
                .copied()
                .and_then(|(t, cap)| ask_about(world, t, &order, cap).inspect(|f| assert!(f.held <= cap))),
            Act::Release { which, permille } => {
                if let Some((hold, ever)) = holds.get(which % holds.len().max(1)).copied() {
                    let before = world.book.holds[hold].now;
                    let part = (*permille < 1_000).then(|| ever * permille / 1_000);
                    let freed = world.release(hold, part, Freed::ByOrder, world.now());
                    assert!(freed >= 0 && world.book.holds[hold].now == before - freed);
                }
                None
            }
        };
        if let Some(facts) = facts {
            adds_up(&facts);
            holds.extend(facts.hold.map(|h| (h, facts.held)));
            onward.extend(facts.moved.iter().map(|m| (m.transfer, m.amount)));
        }
        assert_eq!(world.book.sum_of_everything(), 0, "after {act:?}");
    }
    assert_eq!(world.book.broken(), Vec::new());
    let tally = world.tally();
    assert!(tally.conserved && tally.held_now <= tally.held_ever);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn money_is_conserved_and_answers_add_up(seed in 0_u64..1_000, acts in acts()) {
        play(&mut world(seed, 30), &acts);
    }
}

#[test]
fn the_same_seed_makes_the_same_world() {
    let (mut a, mut b) = (world(5, 40), world(5, 40));
    for w in [&mut a, &mut b] {
        w.advance(start().plus(200_000));
    }
    assert_eq!(a.tally(), b.tally());
    assert_eq!(a.take_happenings(), b.take_happenings());
    assert_ne!(world(6, 40).tally().lost, a.tally().lost);
}

/// A hold stops what needs the held money, and only that; let go, it may leave again.
#[test]
fn a_hold_stops_outflows_and_its_end_frees_them() {
    let mut held = world(11, 60);
    let mut free = held.clone();
    let mut sums = (0, 0);
    let mut holds = Vec::new();
    for hour in 0..12 {
        held.advance(start().plus(hour * 3_600));
        for transfer in arrived(&held) {
            let amount = held.book.transfers[transfer].amount;
            let facts = ask_about(&mut held, transfer, "ord", amount).unwrap();
            sums.0 += facts.held;
            holds.extend(facts.hold);
        }
    }
    assert!(sums.0 > 0 && held.tally().held_now == sums.0);
    held.advance(start().plus(900_000));
    free.advance(start().plus(900_000));
    for (_, account) in held.book.accounts.iter() {
        assert!(account.balance >= account.held || account.house.is_none());
    }
    assert_eq!(held.tally().held_now, sums.0, "what is held stays");
    for hold in holds {
        sums.1 += held.release(hold, None, Freed::Lapsed, held.now());
    }
    assert_eq!(sums.0, sums.1);
    assert_eq!(held.tally().held_now, 0);
    assert_eq!(held.book.broken(), Vec::new());
    assert_eq!(free.tally().held_ever, 0);
}

/// Two orders about one transfer never hold the same tiyn.
#[test]
fn two_claims_share_one_transfer() {
    let mut world = world(3, 60);
    let mut seen = false;
    for hour in 0..24 {
        world.advance(start().plus(hour * 1_800));
        for transfer in arrived(&world) {
            let amount = world.book.transfers[transfer].amount;
            let first = ask_about(&mut world, transfer, "one", amount * 6 / 10).unwrap();
            let second = ask_about(&mut world, transfer, "two", amount).unwrap();
            adds_up(&first);
            adds_up(&second);
            assert!(first.held + second.held <= first.balance_before);
            if first.held > 0 {
                seen = true;
                let others: i64 = second.elsewhere.iter().filter(|(o, _)| o == "one").map(|(_, a)| a).sum();
                assert_eq!(others, first.held, "{first:?} {second:?}");
            }
        }
    }
    assert!(seen);
}

/// Two orders that ask for half each are told, together, exactly what one order for the whole is told.
#[test]
fn two_halves_make_the_whole() {
    let mut world = world(3, 60);
    let mut split = 0;
    for hour in [2, 9, 20] {
        world.advance(start().plus(hour * 1_800));
        for transfer in arrived(&world) {
            let amount = world.book.transfers[transfer].amount;
            let (mut one, mut two) = (world.clone(), world.clone());
            let whole = ask_about(&mut one, transfer, "whole", amount).unwrap();
            let half = amount / 2;
            let first = ask_about(&mut two, transfer, "first", half).unwrap();
            let second = ask_about(&mut two, transfer, "second", amount - half).unwrap();
            assert_eq!(first.held + second.held, whole.held);
            let mut sums: HashMap<TransferId, i64> = HashMap::new();
            for moved in first.moved.iter().chain(&second.moved) {
                *sums.entry(moved.transfer).or_insert(0) += moved.amount;
            }
            let expected: HashMap<TransferId, i64> =
                whole.moved.iter().map(|m| (m.transfer, m.amount)).collect();
            assert_eq!(sums, expected);
            split += usize::from(first.moved != second.moved);
        }
    }
    assert!(split > 0);
}

/// With hand-offs as they are today the model gives the published rates, within two points of a hundred, and
/// with the file as committed; only then does a figure for other hand-offs mean anything.
#[test]
fn the_published_hold_rates_come_out() {
    let flow = Arc::new(Flow::committed().unwrap());
    let offices = office::committed().unwrap();
    for name in ["kz_today", "best_today"] {
        let mut rates = Vec::new();
        for seed in 1..=5 {
            let setup = Setup { losses: 1_000, ..Setup::small(seed, Arc::clone(&flow), start()) };
            let mut world = World::new(setup);
            let outcome = office::work(&offices[name], &mut world, seed);
            assert!(world.tally().conserved);
            assert_eq!(outcome.held, world.tally().held_ever);
            rates.push(outcome.permille());
        }
        let mean = rates.iter().sum::<i64>() / 5;
        let published = offices[name].published_permille.unwrap();
        assert!(
            (published - 20..=published + 20).contains(&mean),
            "{name}: {mean} of {published}, {rates:?}"
        );
    }
}
