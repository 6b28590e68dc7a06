//! The methods of telling money apart: worked cases, closed form, and a twin of the first one that moves coin by coin.

use std::collections::VecDeque;

use kernel::Timestamp;
use proptest::prelude::*;
use trail::rules::{
    ApportionError, Apportioned, Entry, MAX_FACTS, MAX_MINOR, Method, Movement, MovementKind, Rest,
    apportion, apportion_by,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_secs(second)
}
fn entry(second: i64, amount: i64, balance_before: Option<i64>) -> Entry {
    Entry { at: at(second), amount, balance_before }
}
fn movement(second: i64, amount: i64, kind: MovementKind) -> Movement {
    Movement { at: at(second), amount, kind }
}
fn left(second: i64, amount: i64) -> Movement {
    movement(second, amount, MovementKind::Left)
}
fn held(second: i64, amount: i64) -> Movement {
    movement(second, amount, MovementKind::Held)
}
fn disputed(done: &Apportioned) -> Vec<i64> {
    done.shares.iter().map(|share| share.disputed).collect()
}

#[test]
fn older_money_leaves_first() {
    // 700 stood there, 900 disputed came, 280 + 500 + 300 left.
    let done = apportion(&[entry(0, 900, Some(700))], &[left(1, 280), left(2, 500), left(3, 300)]).unwrap();
    assert_eq!(disputed(&done), [0, 80, 300]);
    assert_eq!(done.rests, [Rest { free: 520, ..Rest::default() }]);
}

#[test]
fn an_unsaid_balance_counts_as_nothing_and_never_beyond_the_sum() {
    let done = apportion(&[entry(0, 900, None)], &[left(1, 280), left(2, 500), left(3, 300)]).unwrap();
    assert_eq!(disputed(&done), [280, 500, 120]);
    assert_eq!(done.rests, [Rest::default()]);
}

#[test]
fn what_left_before_the_money_came_was_not_it() {
    let done = apportion(&[entry(5, 900, Some(0))], &[left(4, 100), left(5, 100)]).unwrap();
    assert_eq!(disputed(&done), [0, 100]);
}

#[test]
fn a_hold_lets_later_outflows_pass() {
    let done = apportion(&[entry(0, 900, Some(0))], &[held(1, 620), left(2, 500)]).unwrap();
    assert_eq!(disputed(&done), [620, 280]);
    assert_eq!(done.rests, [Rest { held: 620, ..Rest::default() }]);
    // A hold beyond what is left stops what is left.
    let done = apportion(&[entry(0, 900, Some(0))], &[left(1, 500), held(2, 900)]).unwrap();
    assert_eq!(disputed(&done), [500, 400]);
}

#[test]
fn what_was_released_can_flow_again() {
    let release = movement(2, 300, MovementKind::Released);
    let done = apportion(&[entry(0, 900, Some(0))], &[held(1, 900), release, left(3, 200)]).unwrap();
    assert_eq!(disputed(&done), [900, 300, 200]);
    assert_eq!(done.rests, [Rest { held: 600, released: 100, ..Rest::default() }]);
}

#[test]
fn several_victims_queue_by_the_time_of_their_coming() {
    let entries = [entry(10, 500, None), entry(0, 400, Some(100)), entry(20, 300, None)];
    let done = apportion(&entries, &[left(5, 200), left(15, 600), left(25, 50)]).unwrap();
    assert_eq!(done.shares[0].of, [(1, 100)]);
    assert_eq!(done.shares[1].of, [(1, 300), (0, 300)]);
    assert_eq!(done.shares[2].of, [(0, 50)]);
    assert_eq!(done.rests.iter().map(|rest| rest.free).collect::<Vec<_>>(), [150, 0, 300]);
}

#[test]
fn other_money_between_two_victims_queues_between_them() {
    // 400 disputed, then 250 of other money (650 stood there when the next came), then 500 disputed.
    let entries = [entry(0, 400, Some(0)), entry(10, 500, Some(650))];
    let done = apportion(&entries, &[left(15, 600), left(16, 100)]).unwrap();
    assert_eq!((disputed(&done), done.shares[1].of.as_slice()), (vec![400, 50], &[(1, 50)][..]));
}

#[test]
fn a_balance_too_low_shows_what_was_not_told() {
    let entries = [entry(0, 400, Some(0)), entry(10, 500, Some(150))];
    let done = apportion(&entries, &[left(15, 200)]).unwrap();
    assert_eq!(done.rests[0], Rest { unlisted: 250, ..Rest::default() });
    assert_eq!((done.shares[0].of.as_slice(), done.rests[1].free), (&[(0, 150), (1, 50)][..], 450));
}

#[test]
fn amounts_that_cannot_be_are_refused() {
    for (entries, movements, bad) in [
        (vec![entry(0, -1, None)], vec![], -1),
        (vec![entry(0, 1, Some(-2))], vec![], -2),
        (vec![entry(0, 1, None)], vec![left(1, -3)], -3),
        (vec![entry(0, MAX_MINOR + 1, None)], vec![], MAX_MINOR + 1),
        (vec![entry(0, 1, None)], vec![left(1, i64::MAX)], i64::MAX),
    ] {
        assert_eq!(apportion(&entries, &movements), Err(ApportionError::Amount(bad)));
    }
    assert_eq!(apportion(&[], &vec![left(0, 1); MAX_FACTS + 1]), Err(ApportionError::TooMany));
    assert_eq!(apportion(&[], &[left(0, 5)]).map(|done| disputed(&done)), Ok(vec![0]));
    let most = apportion(&vec![entry(0, MAX_MINOR, Some(MAX_MINOR)); 4_000], &[left(1, MAX_MINOR)]);
    assert!(most.is_ok());
}

/// A coin: whose it is, and whether it is stopped.
type Coin = (Option<usize>, bool);

/// The same coin by coin, for holds and outflows.
fn slow(entries: &[Entry], movements: &[Movement]) -> (Vec<i64>, Vec<Rest>) {
    let mut coins: VecDeque<Coin> = VecDeque::new();
    let mut rests = vec![Rest::default(); entries.len()];
    let mut shares = vec![0; movements.len()];
    let times = 0..200;
    for second in times {
        for (index, entry) in entries.iter().enumerate().filter(|(_, e)| e.at == at(second)) {
            if let Some(stated) = entry.balance_before {
                while i64::try_from(coins.len()).unwrap() < stated {
                    coins.push_back((None, false));
                }
                while i64::try_from(coins.len()).unwrap() > stated {
                    let Some(flowing) = coins.iter().position(|coin| !coin.1) else { break };
                    if let Some((Some(whose), _)) = coins.remove(flowing) {
                        rests[whose].unlisted += 1;
                    }
                }
            }
            coins.extend((0..entry.amount).map(|_| (Some(index), false)));
        }
        for (index, movement) in movements.iter().enumerate().filter(|(_, m)| m.at == at(second)) {
            for _ in 0..movement.amount {
                if movement.kind == MovementKind::Left {
                    let Some(flowing) = coins.iter().position(|coin| !coin.1) else { break };
                    shares[index] += i64::from(coins.remove(flowing).unwrap().0.is_some());
                } else {
                    let Some(coin) = coins.iter_mut().find(|coin| coin.0.is_some() && !coin.1) else { break };
                    coin.1 = true;
                    shares[index] += 1;
                }
            }
        }
    }
    for (whose, stopped) in coins.into_iter().filter_map(|coin| Some((coin.0?, coin.1))) {
        if stopped {
            rests[whose].held += 1;
        } else {
            rests[whose].free += 1;
        }
    }
    (shares, rests)
}

prop_compose! {
    fn entries()(list in prop::collection::vec((0_i64..100, 0_i64..40, prop::option::of(0_i64..60)), 1..5)) -> Vec<Entry> {
        list.into_iter().map(|(second, amount, before)| entry(second, amount, before)).collect()
    }
}
prop_compose! {
    fn movements()(list in prop::collection::vec((0_i64..150, 0_i64..40, any::<bool>()), 0..12)) -> Vec<Movement> {
        list.into_iter().map(|(second, amount, out)| if out { left(second, amount) } else { held(second, amount) }).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn as_coin_by_coin(entries in entries(), movements in movements()) {
        let done = apportion(&entries, &movements).unwrap();
        let (shares, rests) = slow(&entries, &movements);
        prop_assert_eq!(disputed(&done), shares);
        prop_assert_eq!(done.rests, rests);
    }

    /// By every method.
    #[test]
    fn nothing_is_lost_or_made(entries in entries(), movements in movements(), method in prop::sample::select(&Method::ALL)) {
        let done = apportion_by(method, &entries, &movements).unwrap();
        for (index, entry) in entries.iter().enumerate() {
            let out = |m: &(&Movement, &trail::rules::Share)| m.0.kind == MovementKind::Left;
            let gone: i64 = movements.iter().zip(&done.shares).filter(out)
                .flat_map(|(_, share)| &share.of).filter(|(whose, _)| *whose == index).map(|(_, amount)| amount).sum();
            let rest = done.rests[index];
            prop_assert_eq!(gone + rest.there() + rest.unlisted, entry.amount);
            prop_assert!(rest.free >= 0 && rest.held >= 0 && rest.free <= entry.amount);
        }
        for (movement, share) in movements.iter().zip(&done.shares) {
            prop_assert!((0..=movement.amount).contains(&share.disputed));
            prop_assert_eq!(share.of.iter().map(|(_, amount)| amount).sum::<i64>(), share.disputed);
        }
    }

    /// One sum, outflows only: after any of them, what left of the sum is what left in all less what stood there
    /// before, between nothing and the sum. So only the running total matters, not how it was cut or in which
    /// order, and more older money never makes more disputed money leave.
    #[test]
    fn the_closed_form(sum in 0_i64..1_000_000, before in prop::option::of(0_i64..1_000_000), out in prop::collection::vec(0_i64..500_000, 0..10)) {
        let movements: Vec<Movement> = (1..).zip(&out).map(|(second, amount)| left(second, *amount)).collect();
        let done = apportion(&[entry(0, sum, before)], &movements).unwrap();
        let (mut total, mut gone) = (0, 0);
        for (amount, share) in out.iter().zip(&done.shares) {
            total += amount;
            gone += share.disputed;
            prop_assert_eq!(gone, (total - before.unwrap_or(0)).clamp(0, sum));
        }
        prop_assert_eq!(done.rests[0].free, sum - gone);
    }

    /// The lowest balance is the most that anybody can claim to be there still; no other method leaves more.
    #[test]
    fn no_method_leaves_more_than_the_lowest_balance(
        sum in 1_i64..10_000, before in 0_i64..10_000,
        out in prop::collection::vec((0_i64..5_000, prop::option::of(0_i64..20_000)), 0..10)
    ) {
        // Between the outflows the bank states balances, so money of the holder comes in, too.
        let mut entries = vec![entry(0, sum, Some(before))];
        let mut movements = Vec::new();
        for (second, (amount, stated)) in (1..).zip(&out) {
            movements.push(left(2 * second, *amount));
            entries.extend(stated.map(|stated| entry(2 * second + 1, 0, Some(stated))));
        }
        let rest = |method| apportion_by(method, &entries, &movements).unwrap().rests[0].there();
        let most = rest(Method::LowestBalance);
        prop_assert!(rest(Method::FirstInFirstOut) <= most);
        prop_assert!(rest(Method::ProRata) <= most);
    }
}

/// 600 of the holder's own, then 300 and 100 of two payers; 500 leave.
#[test]
fn three_methods_three_answers() {
    let entries = [entry(0, 300, Some(600)), entry(1, 100, None)];
    let of = |method| {
        let done = apportion_by(method, &entries, &[left(2, 500), left(3, 400)]).unwrap();
        (disputed(&done), done.rests.iter().map(|rest| rest.free).collect::<Vec<_>>())
    };
    assert_eq!(of(Method::FirstInFirstOut), (vec![0, 300], vec![0, 100]));
    // Half of everything, then four fifths of what was left.
    assert_eq!(of(Method::ProRata), (vec![200, 160], vec![30, 10]));
    // The holder's 600 first; then 300 of the payers' 400, three to one.
    assert_eq!(of(Method::LowestBalance), (vec![0, 300], vec![75, 25]));
}

/// What the holder brings in later does not make good what is gone.
#[test]
fn the_lowest_balance_is_not_filled_up_again() {
    let entries = [entry(0, 300, Some(0)), entry(5, 0, Some(1_000))];
    let done = apportion_by(Method::LowestBalance, &entries, &[left(1, 200)]).unwrap();
    assert_eq!(done.rests[0].free, 100);
}

/// Units that do not divide go somewhere, and nowhere twice.
#[test]
fn odd_units_are_taken_from_the_oldest() {
    let entries = [entry(0, 1, Some(0)), entry(1, 1, None), entry(2, 1, None)];
    let done = apportion_by(Method::ProRata, &entries, &[left(3, 2)]).unwrap();
    assert_eq!(done.rests.iter().map(|rest| rest.free).collect::<Vec<_>>(), [0, 0, 1]);
}
