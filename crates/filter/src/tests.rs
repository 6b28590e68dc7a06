use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use proptest::prelude::*;

use super::*;

const SALT: [u8; 16] = [9; 16];
const NOW: i64 = 1_000_000;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

fn made(number: u64) -> Made {
    Made { number, at: NOW, until: NOW + 3_600 }
}

fn things(numbers: impl IntoIterator<Item = u32>) -> Vec<OpenHash> {
    numbers.into_iter().map(|no| OpenHash::of("phone", &format!("+7700{no:07}"))).collect()
}

fn nobody(_: u64) -> bool {
    false
}

fn open(base: &[u8], delta: Option<&[u8]>) -> Result<Filter, Refused> {
    Filter::open(base, delta, &key().verifying_key(), &mut Seen::default(), NOW)
}

#[test]
fn what_is_listed_is_found_and_little_else() {
    for count in [0, 1, 2, 3, 10, 1_000, 20_000_u32] {
        let base = base(&things(0..count), SALT, made(1), &key()).unwrap();
        let filter = open(&base, None).unwrap();
        let holds = |numbers: std::ops::Range<u32>| {
            things(numbers).iter().filter(|thing| filter.may_hold(thing, NOW).unwrap()).count()
        };
        assert_eq!(holds(0..count), usize::try_from(count).unwrap(), "of {count}");
        // Once in 256: 78 of 20,000, give or take.
        let wrong = holds(1_000_000..1_020_000);
        assert!(count == 0 || wrong < 160, "{wrong} of 20,000 over {count}");
    }
}

#[test]
fn ten_thousand_take_little_more_than_a_byte_each() {
    let whole = base(&things(0..100_000), SALT, made(1), &key()).unwrap();
    assert!(whole.len() < 120_000, "{}", whole.len());
    let delta = delta(&whole, (&things(200_000..200_200), &things(0..100)), nobody, made(2), &key()).unwrap();
    assert!(delta.len() * 60 < whole.len(), "{}", delta.len());
}

#[test]
fn a_change_adds_and_takes_back() {
    let whole = base(&things(0..1_000), SALT, made(7), &key()).unwrap();
    let change = delta(&whole, (&things(5_000..5_010), &things(0..10)), nobody, made(8), &key()).unwrap();
    let filter = open(&whole, Some(&change)).unwrap();
    let holds = |no| filter.may_hold(things([no]).first().unwrap(), NOW).unwrap();
    assert!((5_000..5_010).all(holds) && (10..1_000).all(holds) && !(0..10).any(holds));
    assert_eq!((filter.head().number, filter.head().base, filter.head().things), (8, 7, 20));
}

#[test]
fn what_stays_is_never_removed_with_what_shares_its_bits() {
    let whole = base(&things(0..10), SALT, made(1), &key()).unwrap();
    let change = delta(&whole, (&[], &things(0..10)), |_| true, made(2), &key()).unwrap();
    let filter = open(&whole, Some(&change)).unwrap();
    assert!(things(0..10).iter().all(|thing| filter.may_hold(thing, NOW).unwrap()));
}

#[test]
fn nobody_holds_the_newer_one_back() {
    let keys = key().verifying_key();
    let (old, new) = (base(&[], SALT, made(4), &key()).unwrap(), base(&[], SALT, made(5), &key()).unwrap());
    let change = delta(&new, (&things(0..1), &[]), nobody, made(6), &key()).unwrap();
    let mut seen = Seen::default();
    for (base, delta, expected) in [
        (&old, None, Ok(4)),
        (&new, None, Ok(5)),
        (&new, Some(change.as_slice()), Ok(6)),
        // The whole filter without its change, and yesterday's, are older than what was seen.
        (&new, None, Err(Refused::RolledBack { number: 5, seen: 6 })),
        (&old, None, Err(Refused::RolledBack { number: 4, seen: 6 })),
        (&old, Some(change.as_slice()), Err(Refused::OtherBase { base: 5, given: 4 })),
        (&new, Some(change.as_slice()), Ok(6)),
    ] {
        let opened = Filter::open(base, delta, &keys, &mut seen, NOW);
        assert_eq!(opened.map(|f| f.head().number), expected);
    }
}

#[test]
fn what_is_over_or_too_early_is_refused() {
    let whole = base(&things(0..1), SALT, made(1), &key()).unwrap();
    let until = NOW + 3_600;
    let at = |now| Filter::open(&whole, None, &key().verifying_key(), &mut Seen::default(), now).map(drop);
    assert_eq!(at(until - 1), Ok(()));
    assert_eq!(at(until), Err(Refused::Over { until }));
    assert_eq!(at(NOW - 300), Ok(()));
    assert_eq!(at(NOW - 301), Err(Refused::Early { at: NOW }));
    // One that is open ends too: a program that runs for days must not answer from it.
    let filter = open(&whole, None).unwrap();
    assert_eq!(filter.may_hold(things([0]).first().unwrap(), until), Err(Refused::Over { until }));
}

#[test]
fn only_the_offices_own_are_believed() {
    let whole = base(&things(0..100), SALT, made(1), &key()).unwrap();
    let other = SigningKey::from_bytes(&[4; 32]).verifying_key();
    let opened = Filter::open(&whole, None, &other, &mut Seen::default(), NOW);
    assert_eq!(opened.map(drop), Err(Refused::Signature));
    for at in 8..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(matches!(open(&changed, None), Err(Refused::Signature | Refused::Shape)), "byte {at}");
    }
    for cut in [0, 1, 64, 100, whole.len() - 1] {
        assert!(open(&whole[..cut], None).is_err());
    }
    let change = delta(&whole, (&[], &[]), nobody, made(2), &key()).unwrap();
    assert_eq!(open(&change, None).map(drop), Err(Refused::Other));
    assert_eq!(open(&whole, Some(&whole)).map(drop), Err(Refused::Other));
}

proptest! {
    /// Signed nonsense, as a broken office might make it, is refused and harms nobody.
    #[test]
    fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..300), what in any::<bool>(), key_no in any::<u32>()) {
        let what = if what { What::Base } else { What::Delta };
        let head = Head { what, number: 1, base: 1, at: NOW, until: NOW + 10, salt: SALT, things: 0 };
        let document = document::signed(&head, &body, &key());
        let whole = base(&[], SALT, made(1), &key()).unwrap();
        let opened = match what {
            What::Base => open(&document, None),
            What::Delta => open(&whole, Some(&document)),
        };
        if let Ok(filter) = opened {
            let _answer = filter.may_hold(things([key_no]).first().unwrap(), NOW);
        }
    }

    /// Whatever comes and goes, the filter knows what a set knows, but for what it finds by mistake.
    #[test]
    fn knows_what_a_set_knows(
        first in prop::collection::btree_set(0_u32..500, 0..200),
        then in prop::collection::btree_set(0_u32..500, 0..200),
    ) {
        let whole = base(&things(first.clone()), SALT, made(1), &key()).unwrap();
        let added = things(then.difference(&first).copied());
        let removed = things(first.difference(&then).copied());
        let stay: BTreeSet<u64> = things(then.clone()).iter().map(|t| t.salted(&SALT) >> 24).collect();
        let change = delta(&whole, (&added, &removed), |key| stay.contains(&key), made(2), &key()).unwrap();
        let filter = open(&whole, Some(&change)).unwrap();
        for thing in things(then) {
            prop_assert!(filter.may_hold(&thing, NOW).unwrap());
        }
        for thing in removed {
            prop_assert!(!filter.may_hold(&thing, NOW).unwrap());
        }
    }
}
