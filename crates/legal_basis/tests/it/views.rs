//! How a basis stands at a moment, and from when to when each of its versions holds.

use kernel::Timestamp;
use legal_basis::change::rules;
use legal_basis::import::NewVersion;
use legal_basis::law::{BasisState, LawBasis};
use legal_basis::model::Basis;

use crate::support::{NOW, at, basis};

/// A version of the hold by its number and its moments in days from [`NOW`]; without a last day where that is 999.
fn version(no: i64, from: i64, to: i64) -> Basis {
    let of = basis("payments-25-1-hold");
    let day = |n: i64| at(NOW).plus_secs(n * 86_400);
    let new = NewVersion {
        id: of.id,
        version: no,
        ordinal: of.ordinal,
        effective_from: day(from),
        effective_to: (to != 999).then(|| day(to)),
        withdrawn: false,
        draft: None,
        record: of.record,
    };
    new.stored(Timestamp::from_micros(0))
}

fn law(versions: &[(i64, i64, i64)]) -> LawBasis {
    let versions = versions.iter().map(|(no, from, to)| version(*no, *from, *to)).collect();
    LawBasis { versions, drafts: Vec::new() }
}

#[test]
fn states_and_the_version_that_is_shown() {
    use BasisState::{Ended, InForce, Planned};
    type Row<'r> = (&'r [(i64, i64, i64)], BasisState, Option<i64>, i64, Option<i64>);
    let rows: [Row<'_>; 8] = [
        // versions, state, in force, shown, next
        (&[(1, -10, 999)], InForce, Some(1), 1, None),
        (&[(1, -10, -5), (2, -5, 999)], InForce, Some(2), 2, None),
        (&[(1, -10, 999), (2, 5, 999)], InForce, Some(1), 1, Some(2)),
        (&[(1, -10, 999), (2, 5, 999), (3, 5, 999)], InForce, Some(1), 1, Some(3)),
        (&[(1, 5, 999)], Planned, None, 1, Some(1)),
        (&[(1, -10, -5)], Ended, None, 1, None),
        // An earlier version does not come back when a later one ends.
        (&[(1, -10, 999), (2, -5, -1)], Ended, None, 2, None),
        // A version that only says the end.
        (&[(1, -10, 999), (2, -1, -1)], Ended, None, 1, None),
    ];
    for (versions, state, current, shown, next) in rows {
        let (law, now) = (law(versions), at(NOW));
        let no = |b: Option<&Basis>| b.map(|b| b.version);
        assert_eq!(
            (law.state(now), no(law.current(now)), no(law.shown(now)), no(law.next(now))),
            (state, current, Some(shown), next),
            "{versions:?}"
        );
    }
    let mut gone = law(&[(1, -10, 999), (2, 0, 0)]);
    gone.versions[1].withdrawn = true;
    assert_eq!(gone.state(at(NOW)), BasisState::Withdrawn);
    assert!(rules::is_withdrawn(&gone.versions));
    assert_eq!(gone.ended(at(NOW)), Some(at(NOW)));
}

#[test]
fn a_version_holds_until_its_last_day_or_until_another_takes_its_place() {
    let all = law(&[(1, -10, 999), (2, 5, 20), (3, 5, 999), (4, -3, 999)]);
    let day = |n: i64| at(NOW).plus_secs(n * 86_400);
    let held = |no: i64| all.held(all.versions.iter().find(|b| b.version == no).unwrap());
    assert_eq!(held(1), (day(-10), Some(day(-3))));
    assert_eq!(held(4), (day(-3), Some(day(5))));
    // Replaced before it began.
    assert_eq!(held(2), (day(5), Some(day(5))));
    assert_eq!(held(3), (day(5), None));
    assert_eq!(all.ends(at(NOW)), Some(day(5)));
    // In whose place each came.
    let before = |no: i64| all.before(no).map(|b| b.version);
    assert_eq!([1, 4, 2, 3].map(before), [None, Some(1), Some(4), Some(2)]);
}
