//! The record tampered with in eight ways, at places drawn by lot: each is found, and what was changed in place is named where it is. Whoever
//! holds key and database can make a log that is sound in itself; a checkpoint that was kept outside shows it.

use std::collections::BTreeMap;

use audit::{Fault, FaultKind as K, LogKeys};
use kernel::Entropy;

use crate::forge::{
    STRANGER, cut, delete_both, edit_with_hashes, insert_leaf, insert_record, inserted, leaves, put_tiles,
    set_actor, sign, swap,
};
use crate::world::{Log, SIZE, STEPS, on_each, run};

const WAYS: [&str; 8] =
    ["edit", "delete", "insert", "swap", "truncate", "sign anew with the stolen key", "roll back", "fork"];

/// What must be named.
enum Expected {
    /// Each of these places, or that record.
    At(Vec<u64>, Option<uuid::Uuid>),
    /// What only a kept checkpoint shows.
    Kind(K),
}

/// Sizes at which there is a checkpoint.
fn sizes() -> Vec<u64> {
    let mut size = 0;
    STEPS
        .iter()
        .map(|step| {
            size += step;
            size
        })
        .collect()
}

/// Sets the log back to that size, completely.
fn set_back(log: &Log, size: u64) {
    let earlier = leaves(log)[..usize::try_from(size).unwrap()].to_vec();
    cut(log, size, false);
    put_tiles(log, &earlier);
    run(&log.db, "DELETE FROM log_checkpoint WHERE size > ?1", &[crate::forge::int(size)]);
    run(&log.db, "UPDATE log_head SET size = ?1", &[crate::forge::int(size)]);
}

fn tamper(log: &Log, way: usize, dice: &Entropy) -> Expected {
    let (no, variant) = (dice.below(SIZE), dice.below(3));
    let here = |log: &Log| Expected::At(vec![no], Some(log.id(no)));
    match way {
        0 => {
            let place = here(log);
            if variant == 0 {
                set_actor(log, log.id(no));
            } else {
                edit_with_hashes(log, no);
            }
            place
        }
        1 => {
            let place = here(log);
            match variant {
                0 => delete_both(log, no),
                1 => {
                    run(&log.db, "DELETE FROM audit_record WHERE id = ?1", &[log.id(no).into()]);
                }
                _ => {
                    run(&log.db, "DELETE FROM audit_leaf WHERE no = ?1", &[crate::forge::int(no)]);
                }
            }
            place
        }
        2 => {
            if variant == 0 {
                inserted(log);
            } else {
                let (hash, at) = (insert_record(log, STRANGER), if variant == 1 { SIZE } else { no });
                insert_leaf(log, at, STRANGER, &hash);
            }
            Expected::At(Vec::new(), Some(STRANGER))
        }
        3 => {
            let other = (no + 1 + dice.below(SIZE - 1)) % SIZE;
            swap(log, no, other);
            Expected::At(vec![no, other], None)
        }
        4 => {
            cut(log, no, variant == 0);
            Expected::At(vec![no], None)
        }
        5 => {
            let mut all = leaves(log);
            all[usize::try_from(no).unwrap()] = edit_with_hashes(log, no);
            put_tiles(log, &all);
            let later: Vec<u64> = sizes().into_iter().filter(|size| *size > no).collect();
            sign(log, &all, &later, 7);
            Expected::Kind(K::Forked)
        }
        _ => {
            let back = sizes()[usize::try_from(dice.below(4)).unwrap()];
            set_back(log, back);
            if way == 6 {
                return Expected::Kind(K::RolledBack);
            }
            log.append(SIZE - back + dice.below(20));
            log.sequence();
            Expected::Kind(K::Forked)
        }
    }
}

fn located(faults: &[Fault], expected: &Expected) -> bool {
    match expected {
        Expected::Kind(kind) => faults.iter().any(|f| f.kind == *kind),
        Expected::At(places, record) => {
            let by_record = record.is_some() && faults.iter().any(|f| f.record == *record);
            let at = |no: &u64| faults.iter().any(|f| f.position == Some(*no));
            by_record || (!places.is_empty() && places.iter().all(at))
        }
    }
}

/// What was found of so many.
#[derive(Debug, Default)]
struct Figures {
    made: u32,
    found: u32,
    located: u32,
}

/// The long form is asked for by name: QORGAN_TAMPERINGS=80000; QORGAN_TAMPERINGS_SEED draws others.
#[test]
fn eight_ways_of_tampering_are_all_found() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let (count, seed) = (asked("QORGAN_TAMPERINGS"), asked("QORGAN_TAMPERINGS_SEED").unwrap_or(1));
    on_each(|log| {
        log.save();
        let kept: LogKeys = log.keys().since(&log.note(SIZE));
        assert!(audit::verify_database(&log.db, &kept).unwrap().is_sound());
        let dice = Entropy::seeded(seed);
        let mut all: BTreeMap<&str, Figures> = BTreeMap::new();
        for n in 0..count.unwrap_or(80) {
            let way = usize::try_from(n % 8).unwrap();
            let expected = tamper(log, way, &dice);
            let verdict = audit::verify_database(&log.db, &kept).unwrap();
            let figures = all.entry(WAYS[way]).or_default();
            let named = located(&verdict.faults, &expected);
            figures.made += 1;
            figures.found += u32::from(!verdict.is_sound());
            figures.located += u32::from(named);
            assert!(count.is_some() || named, "{n}, {}: {verdict}", WAYS[way]);
            log.restore();
        }
        for (way, figures) in &all {
            println!("{way}: {figures:?}");
            assert_eq!(figures.found, figures.made, "{way}");
        }
        assert!(audit::verify_database(&log.db, &kept).unwrap().is_sound());
    });
}
