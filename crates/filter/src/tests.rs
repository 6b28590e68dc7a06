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

fn open(base: &[u8], delta: &[u8]) -> Result<Filter, Refused> {
    Filter::open(base, delta, &key().verifying_key(), &mut Seen::default(), NOW)
}

/// Nothing has changed since.
fn unchanged(base: &[u8], number: u64) -> Vec<u8> {
    delta(base, (&[], &[]), &[], made(number), &key()).unwrap()
}

/// The example of the partners' guide.
#[test]
fn the_open_hash_of_the_guide() {
    let open = OpenHash::of("phone", "+77010000001");
    let hex: String = open.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "63844939f3f8d4c78372d8747c2f75a5");
    assert!(include_str!("../../../docs/partner-api/README.md").contains(&hex));
}

#[test]
fn what_is_listed_is_found_and_little_else() {
    for count in [0, 1, 2, 3, 10, 1_000, 20_000_u32] {
        let base = base(&things(0..count), SALT, made(1), &key()).unwrap();
        let filter = open(&base, &unchanged(&base, 2)).unwrap();
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
    let delta = delta(&whole, (&things(200_000..200_200), &things(0..100)), &[], made(2), &key()).unwrap();
    assert!(delta.len() * 60 < whole.len(), "{}", delta.len());
}

#[test]
fn a_change_adds_and_takes_back() {
    let whole = base(&things(0..1_000), SALT, made(7), &key()).unwrap();
    let change =
        delta(&whole, (&things(5_000..5_010), &things(0..10)), &things(10..1_000), made(8), &key()).unwrap();
    let filter = open(&whole, &change).unwrap();
    let holds = |no| filter.may_hold(things([no]).first().unwrap(), NOW).unwrap();
    assert!((5_000..5_010).all(holds) && (10..1_000).all(holds) && !(0..10).any(holds));
    assert_eq!((filter.head().number, filter.head().base, filter.head().things), (8, 7, 20));
}

#[test]
fn what_stays_is_never_removed_with_what_shares_its_bits() {
    let whole = base(&things(0..10), SALT, made(1), &key()).unwrap();
    let change = delta(&whole, (&[], &things(0..10)), &things(0..10), made(2), &key()).unwrap();
    let filter = open(&whole, &change).unwrap();
    assert!(things(0..10).iter().all(|thing| filter.may_hold(thing, NOW).unwrap()));
}

#[test]
fn nobody_holds_the_newer_one_back() {
    let keys = key().verifying_key();
    let (old, new) = (base(&[], SALT, made(3), &key()).unwrap(), base(&[], SALT, made(5), &key()).unwrap());
    let (before, first) = (unchanged(&old, 4), unchanged(&new, 6));
    let then = delta(&new, (&things(0..1), &[]), &things(0..1), made(7), &key()).unwrap();
    let mut seen = Seen::default();
    for (base, delta, expected) in [
        (&old, &before, Ok(4)),
        (&new, &first, Ok(6)),
        (&new, &then, Ok(7)),
        // The change of before, and yesterday's filter, are older than what was seen.
        (&new, &first, Err(Refused::RolledBack { number: 6, seen: 7 })),
        (&old, &before, Err(Refused::RolledBack { number: 4, seen: 7 })),
        (&old, &then, Err(Refused::OtherBase { base: 5, given: 3 })),
        (&new, &then, Ok(7)),
    ] {
        let opened = Filter::open(base, delta, &keys, &mut seen, NOW);
        assert_eq!(opened.map(|f| f.head().number), expected);
    }
}

#[test]
fn what_is_over_or_too_early_is_refused() {
    let whole = base(&things(0..1), SALT, made(1), &key()).unwrap();
    let (change, until) = (unchanged(&whole, 2), NOW + 3_600);
    let at = |now| Filter::open(&whole, &change, &key().verifying_key(), &mut Seen::default(), now).map(drop);
    assert_eq!(at(until - 1), Ok(()));
    assert_eq!(at(until), Err(Refused::Over { until }));
    assert_eq!(at(NOW - 300), Ok(()));
    assert_eq!(at(NOW - 301), Err(Refused::Early { at: NOW }));
    // One that is open ends too: a program that runs for days must not answer from it.
    let filter = open(&whole, &change).unwrap();
    assert_eq!(filter.may_hold(things([0]).first().unwrap(), until), Err(Refused::Over { until }));
}

#[test]
fn only_the_offices_own_are_believed() {
    let whole = base(&things(0..100), SALT, made(1), &key()).unwrap();
    let change = unchanged(&whole, 2);
    let other = SigningKey::from_bytes(&[4; 32]).verifying_key();
    let opened = Filter::open(&whole, &change, &other, &mut Seen::default(), NOW);
    assert_eq!(opened.map(drop), Err(Refused::Signature));
    for (no, document) in [&whole, &change].into_iter().enumerate() {
        let opened = |bytes: &[u8]| if no == 0 { open(bytes, &change) } else { open(&whole, bytes) };
        for at in 0..document.len() {
            let mut changed = document.clone();
            changed[at] ^= 1;
            assert!(matches!(opened(&changed), Err(Refused::Signature | Refused::Shape)), "byte {at}");
        }
        for cut in [0, 1, 64, 100, document.len() - 1] {
            assert!(opened(&document[..cut]).is_err());
        }
    }
    assert_eq!(open(&change, &change).map(drop), Err(Refused::Other));
    assert_eq!(open(&whole, &whole).map(drop), Err(Refused::Other));
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
            What::Base => {
                let signed = Head { what: What::Delta, number: 2, ..head };
                open(&document, &document::signed(&signed, &[0, 0], &key()))
            }
            What::Delta => open(&whole, &document),
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
        let change = delta(&whole, (&added, &removed), &things(then.clone()), made(2), &key()).unwrap();
        let filter = open(&whole, &change).unwrap();
        for thing in things(then) {
            prop_assert!(filter.may_hold(&thing, NOW).unwrap());
        }
        for thing in removed {
            prop_assert!(!filter.may_hold(&thing, NOW).unwrap());
        }
    }
}
