//! From the profile into the database: idempotent, and a changed text is a new version from a date.

use std::fs;
use std::path::Path;

use db::{DbError, Tx};
use kernel::{Actor, Timestamp};
use legal_basis::import::plan;
use legal_basis::model::Basis;
use legal_basis::rules::pick;
use legal_basis::{basis_id, store};
use profile::{AddresseeKind, Measure, Profile};
use testkit::on_each_engine;

use crate::support::{DAY, NOW, at, changed, header, kz, stored};

fn import(stored_before: &mut Vec<Basis>, profile: &Profile, now: Timestamp) -> usize {
    let new = plan(stored_before, profile, now);
    let count = new.len();
    stored_before.extend(new.into_iter().map(|n| stored(n, now)));
    stored_before.sort_by_key(|b| (b.ordinal, b.id, b.version));
    count
}

fn hold_at(all: &[Basis], t: Timestamp, known: Timestamp) -> Option<i64> {
    let id = basis_id("kz", "payments-25-1-hold");
    let own: Vec<Basis> = all.iter().filter(|b| b.id == id).cloned().collect();
    pick(&own, t, known).map(|b| b.version)
}

#[test]
fn importing_again_changes_nothing() {
    let mut all = Vec::new();
    let now = at(NOW);
    assert_eq!(import(&mut all, kz(), now), kz().legal_bases().len());
    for day in 0..3 {
        assert_eq!(import(&mut all, kz(), now.plus_secs(day * DAY)), 0);
    }
    assert_eq!((hold_at(&all, now, now), hold_at(&all, at("2025-01-01T00:00:00Z"), now)), (Some(2), Some(1)));
    assert_eq!(hold_at(&all, at("2024-01-01T00:00:00Z"), now), None);
}

#[test]
fn a_changed_text_is_a_new_version_from_now_on() {
    let mut all = Vec::new();
    let (before, after) = (at(NOW), at(NOW).plus_secs(10 * DAY));
    import(&mut all, kz(), before);
    let other = changed(&[(
        "max_term = { working_days = 5 }\nscope = { widest = \"amount_only\"",
        "max_term = { working_days = 7 }\nscope = { widest = \"amount_only\"",
    )]);
    assert_eq!(import(&mut all, &other, after), 1);
    assert_eq!(import(&mut all, &other, after.plus_secs(1)), 0);
    // From the moment of the change on the new text holds; before it the old one did, and still shows.
    assert_eq!(hold_at(&all, after.plus_micros(-1), after), Some(2));
    assert_eq!(hold_at(&all, after, after), Some(3));
    // Back to the old text is a change as well, not a return to the old version.
    let later = after.plus_secs(DAY);
    assert_eq!(import(&mut all, kz(), later), 1);
    assert_eq!(hold_at(&all, later, later), Some(4));
    let versions: Vec<i64> =
        all.iter().filter(|b| b.key() == "payments-25-1-hold").map(|b| b.version).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
}

#[test]
fn a_new_version_of_the_law_begins_on_its_day() {
    let mut all = Vec::new();
    let now = at(NOW);
    import(&mut all, kz(), now);
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles/kz/legal_basis.toml"))
            .unwrap();
    // The return entry, once more, from 1 March 2027; the first version ends the day before.
    let start = text.find("[[basis]]\nkey = \"payments-25-1-return\"").unwrap();
    let entry = text[start..].split("\n# ---").next().unwrap();
    let ended = entry.replace("from = 2025-08-31", "from = 2025-08-31\nto = 2027-02-28");
    let second =
        entry.replace("version = 1", "version = 2").replace("from = 2025-08-31", "from = 2027-03-01");
    let next = changed(&[(entry, &format!("{ended}\n{second}"))]);
    // Two rows: the first version now says its end, the second begins on its day.
    assert_eq!(import(&mut all, &next, now.plus_secs(DAY)), 2);
    let id = basis_id("kz", "payments-25-1-return");
    let own: Vec<Basis> = all.iter().filter(|b| b.id == id).cloned().collect();
    let version = |t: &str| pick(&own, at(t), at("2030-01-01T00:00:00Z")).map(|b| b.version);
    assert_eq!(version("2027-02-28T18:59:59Z"), Some(2));
    assert_eq!(version("2027-02-28T19:00:00Z"), Some(3));
    assert_eq!(import(&mut all, &next, at("2027-06-01T00:00:00Z")), 0);
}

#[test]
fn a_law_that_ended_in_the_past_and_is_learnt_of_late() {
    let mut all = Vec::new();
    let now = at(NOW);
    import(&mut all, kz(), now);
    let repealed = changed(&[(
        "key = \"telecom-number-block\"\nversion = 1\nfrom = 2025-11-18",
        "key = \"telecom-number-block\"\nversion = 1\nfrom = 2025-11-18\nto = 2026-10-31",
    )]);
    assert_eq!(import(&mut all, &repealed, now.plus_secs(DAY)), 1);
    let id = basis_id("kz", "telecom-number-block");
    let own: Vec<Basis> = all.iter().filter(|b| b.id == id).cloned().collect();
    let late = now.plus_secs(2 * DAY);
    assert_eq!(pick(&own, late, late), None);
    assert_eq!(pick(&own, at("2026-10-01T00:00:00Z"), late).map(|b| b.version), Some(2));
    // Whoever acted before we learnt of it acted by what was known then.
    assert_eq!(pick(&own, now, now).map(|b| b.version), Some(1));
}

#[test]
fn what_the_profile_no_longer_has_is_withdrawn_and_can_come_back() {
    let mut all = Vec::new();
    let now = at(NOW);
    import(&mut all, kz(), now);
    let direct = Profile::embedded("direct").unwrap();
    let switched = now.plus_secs(DAY);
    let keys: std::collections::BTreeSet<&str> = kz().legal_bases().iter().map(|b| b.key.as_str()).collect();
    assert_eq!(import(&mut all, &direct, switched), keys.len() + direct.legal_bases().len());
    assert_eq!(import(&mut all, &direct, switched.plus_secs(1)), 0);
    assert_eq!(hold_at(&all, switched, switched), None);
    assert_eq!(hold_at(&all, switched.plus_micros(-1), switched), Some(2));
    let back = switched.plus_secs(DAY);
    assert!(import(&mut all, kz(), back) > 0);
    assert_eq!(import(&mut all, kz(), back.plus_secs(1)), 0);
    assert!(hold_at(&all, back, back).is_some());
    assert_eq!(hold_at(&all, back.plus_micros(-1), back), None);
}

/// What the database gives is what was put in, on both engines.
#[test]
fn stored_and_read_back() {
    on_each_engine(&[&legal_basis::SLICE], |db| {
        let now = at(NOW);
        let header = header(&Actor::system("setup"), now);
        let put = {
            let header = header.clone();
            move |tx: &mut Tx<'_>| -> Result<usize, DbError> {
                let new = plan(&store::all(tx)?, kz(), now);
                for version in &new {
                    store::insert(tx, version, &header)?;
                }
                Ok(new.len())
            }
        };
        assert_eq!(db.write_blocking(put.clone()), Ok(kz().legal_bases().len()));
        assert_eq!(db.write_blocking(put), Ok(0));
        db.read_blocking(move |tx| {
            let expected: Vec<Basis> = plan(&[], kz(), now).into_iter().map(|n| stored(n, now)).collect();
            let mut read = store::all(tx)?;
            read.sort_by_key(|b| expected.iter().position(|e| e.pair() == b.pair()));
            assert_eq!(read, expected);
            let hold = store::find_in_force(tx, Measure::Hold, AddresseeKind::Bank, now)?.unwrap();
            assert_eq!((hold.key(), hold.version), ("payments-25-1-hold", 2));
            assert_eq!(store::get(tx, hold.id, 2)?.as_ref(), Some(&hold));
            assert_eq!(store::get(tx, hold.id, 3)?, None);
            let both = store::in_force(tx, Measure::Hold, AddresseeKind::Bank, now)?;
            assert_eq!(
                both.iter().map(Basis::key).collect::<Vec<_>>(),
                ["payments-25-1-hold", "payments-25-1-full"]
            );
            assert_eq!(store::find_in_force(tx, Measure::Hold, AddresseeKind::Exchange, now)?, None);
            assert_eq!(
                store::find_in_force(tx, Measure::Hold, AddresseeKind::Bank, at("2020-01-01T00:00:00Z"))?,
                None
            );
            Ok::<_, DbError>(())
        })
        .unwrap();
    });
}

/// What SQL gives is what the pure rule gives, over a messy history and at many moments, on both engines.
#[test]
fn the_statement_picks_as_the_rule_does() {
    on_each_engine(&[&legal_basis::SLICE], |db| {
        let begin = at("2024-01-01T00:00:00Z");
        let mut history = Vec::new();
        let steps: [(Profile, i64); 5] = [
            (kz().clone(), 0),
            (changed(&[("times = 1", "times = 2")]), 900 * DAY),
            (Profile::embedded("direct").unwrap(), 1_000 * DAY),
            (kz().clone(), 1_001 * DAY),
            (
                changed(&[(
                    "version = 1\nfrom = 2025-11-18",
                    "version = 1\nfrom = 2025-11-18\nto = 2026-10-31",
                )]),
                1_100 * DAY,
            ),
        ];
        for (profile, after) in steps {
            let now = begin.plus_secs(after);
            let new = plan(&history, &profile, now);
            let header = header(&Actor::system("setup"), now);
            history.extend(new.iter().cloned().map(|n| stored(n, now)));
            history.sort_by_key(|b| (b.id, b.version));
            db.write_blocking(move |tx| new.iter().try_for_each(|n| store::insert(tx, n, &header))).unwrap();
        }
        let expected = history.clone();
        db.read_blocking(move |tx| {
            for day in (0..1_300).step_by(13) {
                let t = begin.plus_secs(day * DAY + 1);
                let mut by_rule: Vec<(i64, (uuid::Uuid, i64))> = expected
                    .chunk_by(|a, b| a.id == b.id)
                    .filter_map(|v| pick(v, t, Timestamp::from_micros(i64::MAX)))
                    .map(|b| (b.ordinal, b.pair()))
                    .collect();
                by_rule.sort_unstable();
                let by_sql: Vec<_> =
                    store::all_in_force(tx, t)?.iter().map(|b| (b.ordinal, b.pair())).collect();
                assert_eq!(by_sql, by_rule, "{t}");
                let all = store::all_in_force(tx, t)?;
                for measure in [Measure::Hold, Measure::Release, Measure::NumberBlock, Measure::Listing] {
                    for kind in [AddresseeKind::Bank, AddresseeKind::Exchange, AddresseeKind::Operator] {
                        let fitting = all.iter().filter(|b| b.speaks_of(measure, kind));
                        assert!(store::in_force(tx, measure, kind, t)?.iter().eq(fitting));
                    }
                }
                for basis in &all {
                    assert_eq!(store::version_in_force(tx, basis.id, t)?.as_ref(), Some(basis));
                }
            }
            Ok::<_, DbError>(())
        })
        .unwrap();
    });
}

#[test]
fn every_statement_is_accepted_by_both_engines() {
    on_each_engine(&[&legal_basis::SLICE], |db| {
        assert!(db::check::prepare_all(db, &[&legal_basis::SLICE]).unwrap() >= 12);
    });
    let mut catalogues = testkit::engines().into_iter().map(|place| {
        place.migrate(&[&legal_basis::SLICE]).unwrap();
        db::check::catalog(&place).unwrap()
    });
    let first = catalogues.next().unwrap();
    assert!(catalogues.all(|other| other == first));
}
