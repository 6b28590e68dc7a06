//! What two persons enacted at the desk and what the profile brings, side by side (decision 0017).

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::Date;
use kernel::{Actor, Role, Timestamp};
use legal_basis::change::{DraftStatus, LawDraft, LawDraftId, rules};
use legal_basis::import::{desk_number, held_back, plan};
use legal_basis::model::{Basis, effective};
use legal_basis::rules::pick;
use legal_basis::{basis_id, import::NewVersion};
use profile::{BasisRecord, Profile, Term};
use proptest::prelude::*;

use crate::support::{DAY, NOW, at, changed, header, kz, person};

const KEY: &str = "payments-25-1-hold";
const EVER: Timestamp = Timestamp::from_micros(i64::MAX);

/// The entry of the everyday hold in force, as it stands in the file.
fn entry() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles/kz/legal_basis.toml");
    let text = fs::read_to_string(path).unwrap();
    let start = text.find("[[basis]]\nkey = \"payments-25-1-hold\"\nversion = 2").unwrap();
    text[start..].split("\n# ---").next().unwrap().to_owned()
}

/// Kazakhstan with a third version of the hold from a day on; the second ends the day before.
fn with_third(last: &str, from: &str) -> Profile {
    let old = entry();
    let ended = old.replace("from = 2025-08-31", &format!("from = 2025-08-31\nto = {last}"));
    let third = old
        .replace("version = 2", "version = 3")
        .replace("from = 2025-08-31", &format!("from = {from}"))
        .replace("max_term = { working_days = 5 }", "max_term = { working_days = 9 }");
    changed(&[(&old, &format!("{ended}\n{third}"))])
}

/// Kazakhstan with another term of the hold under the same number.
fn with_term(days: u16) -> Profile {
    let old = entry();
    changed(&[(&old, &old.replace("working_days = 5", &format!("working_days = {days}")))])
}

/// All versions of the hold.
fn hold(all: &[Basis]) -> Vec<Basis> {
    let id = basis_id("kz", KEY);
    all.iter().filter(|b| b.id == id).cloned().collect()
}

fn import(all: &mut Vec<Basis>, profile: &Profile, now: Timestamp) -> usize {
    let new = plan(all, profile, now);
    let count = new.len();
    all.extend(new.into_iter().map(|n| n.stored(now)));
    all.sort_by_key(|b| (b.id, b.version));
    count
}

fn draft(all: &[Basis], from: Date, to: Option<Date>, days: u16, now: Timestamp) -> LawDraft {
    let versions = hold(all);
    let base = versions.iter().max_by_key(|b| b.version).unwrap();
    let max_term = Some(Term::CalendarDays(days));
    let record = BasisRecord { from, to, max_term, ..base.record.clone() };
    let (effective_from, effective_to) = effective(kz(), &record);
    LawDraft {
        id: LawDraftId::from_uuid(uuid::Uuid::from_u128(u128::from(days))),
        header: header(&person(1, &[Role::Administrator]), now),
        author_name: "P1".into(),
        basis: base.id,
        base: base.version,
        newest: base.version,
        effective_from,
        effective_to,
        record,
        reason: "a change".into(),
        status: DraftStatus::Drafted,
        decision: None,
    }
}

/// Enacts a change of the hold; `days` tells its text from others.
fn enact(all: &mut Vec<Basis>, from: Date, to: Option<Date>, days: u16, now: Timestamp) -> NewVersion {
    let version = rules::enacted(&draft(all, from, to, days, now), &hold(all), kz(), now);
    all.push(version.clone().stored(now));
    all.sort_by_key(|b| (b.id, b.version));
    version
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The term that the hold has at `t`, by all that is stored.
fn term_at(all: &[Basis], t: &str) -> Option<Term> {
    pick(&hold(all), at(t), EVER).and_then(|b| b.record.max_term)
}

#[test]
fn a_restart_with_an_unchanged_profile_adds_nothing_and_undoes_nothing() {
    let (mut all, now) = (Vec::new(), at(NOW));
    import(&mut all, kz(), now);
    enact(&mut all, day("2026-11-23"), None, 30, now);
    enact(&mut all, day("2027-01-10"), None, 31, now);
    for after in [0, 1, 60, 400] {
        assert_eq!(import(&mut all, kz(), now.plus_secs(after * DAY)), 0);
    }
    assert_eq!(term_at(&all, "2026-12-01T00:00:00Z"), Some(Term::CalendarDays(30)));
    assert_eq!(term_at(&all, "2027-02-01T00:00:00Z"), Some(Term::CalendarDays(31)));
    assert_eq!(term_at(&all, "2026-11-01T00:00:00Z"), Some(Term::WorkingDays(5)));
    assert_eq!(held_back(&hold(&all), kz()), None);
}

#[test]
fn a_text_under_a_number_that_the_desk_knew_is_held_back() {
    let (mut all, now) = (Vec::new(), at(NOW));
    import(&mut all, kz(), now);
    enact(&mut all, day("2026-11-23"), None, 30, now);
    let other = with_term(7);
    assert_eq!(import(&mut all, &other, now.plus_secs(DAY)), 0);
    assert_eq!(term_at(&all, "2026-12-01T00:00:00Z"), Some(Term::CalendarDays(30)));
    assert_eq!(held_back(&hold(&all), &other).map(|r| r.version), Some(2));
    // Without a version of the desk the same text comes in at once.
    let mut plain = Vec::new();
    import(&mut plain, kz(), now);
    assert_eq!(import(&mut plain, &other, now.plus_secs(DAY)), 1);
    assert_eq!(held_back(&hold(&plain), &other), None);
}

#[test]
fn a_higher_number_takes_over_on_its_day_also_from_what_the_desk_planned_beyond_it() {
    let (mut all, now) = (Vec::new(), at(NOW));
    import(&mut all, kz(), now);
    enact(&mut all, day("2026-11-23"), None, 30, now);
    enact(&mut all, day("2027-05-01"), None, 31, now);
    let third = with_third("2027-02-28", "2027-03-01");
    // Its own row, and once more where a planned version of the desk would have begun.
    assert_eq!(import(&mut all, &third, now.plus_secs(DAY)), 2);
    assert_eq!(import(&mut all, &third, now.plus_secs(2 * DAY)), 0);
    assert_eq!(term_at(&all, "2027-02-28T12:00:00Z"), Some(Term::CalendarDays(30)));
    assert_eq!(term_at(&all, "2027-03-01T12:00:00Z"), Some(Term::WorkingDays(9)));
    assert_eq!(term_at(&all, "2027-06-01T12:00:00Z"), Some(Term::WorkingDays(9)));
    // The desk changes it again: now it stands over the third entry, too.
    let later = at("2027-04-01T06:00:00Z");
    let again = enact(&mut all, day("2027-04-01"), None, 32, later);
    assert_eq!(again.record.version, 3);
    assert_eq!(import(&mut all, &third, later.plus_secs(DAY)), 0);
    assert_eq!(term_at(&all, "2027-04-02T00:00:00Z"), Some(Term::CalendarDays(32)));
}

#[test]
fn a_higher_number_that_is_learnt_of_late_takes_over_from_now_on() {
    let (mut all, now) = (Vec::new(), at(NOW));
    import(&mut all, kz(), now);
    enact(&mut all, day("2026-11-23"), None, 30, now);
    let late = now.plus_secs(10 * DAY);
    assert!(import(&mut all, &with_third("2026-10-31", "2026-11-01"), late) > 0);
    let own = hold(&all);
    assert_eq!(pick(&own, late, EVER).and_then(|b| b.record.max_term), Some(Term::WorkingDays(9)));
    // What was done in between was done under the desk's version, and still shows so.
    let between = now.plus_secs(5 * DAY);
    assert_eq!(pick(&own, between, between).and_then(|b| b.record.max_term), Some(Term::CalendarDays(30)));
    assert_eq!(pick(&own, between, EVER).and_then(|b| b.record.max_term), Some(Term::CalendarDays(30)));
}

#[test]
fn what_the_profile_drops_ends_with_all_that_the_desk_planned() {
    let (mut all, now) = (Vec::new(), at(NOW));
    import(&mut all, kz(), now);
    enact(&mut all, day("2026-11-23"), None, 30, now);
    enact(&mut all, day("2027-05-01"), None, 31, now);
    let direct = Profile::embedded("direct").unwrap();
    let switched = now.plus_secs(DAY);
    assert!(import(&mut all, &direct, switched) > 0);
    assert_eq!(import(&mut all, &direct, switched.plus_secs(1)), 0);
    for t in ["2026-11-25T00:00:00Z", "2027-05-02T00:00:00Z", "2028-01-01T00:00:00Z"] {
        assert_eq!(term_at(&all, t), None, "{t}");
    }
    assert!(rules::is_withdrawn(&hold(&all)) && desk_number(&hold(&all)).is_none());
    // Back again it is the profile's, from now on.
    let back = switched.plus_secs(DAY);
    assert!(import(&mut all, kz(), back) > 0);
    assert_eq!(import(&mut all, kz(), back.plus_secs(1)), 0);
    for t in ["2026-11-26T00:00:00Z", "2027-05-02T00:00:00Z"] {
        assert_eq!(term_at(&all, t), Some(Term::WorkingDays(5)), "{t}");
    }
}

#[test]
fn a_law_that_ended_before_a_text_stored_later_does_not_come_back() {
    let (mut all, now) = (Vec::new(), at(NOW));
    import(&mut all, kz(), now);
    import(&mut all, &with_term(7), now.plus_secs(DAY));
    let old = entry();
    let repealed =
        changed(&[(&old, &old.replace("from = 2025-08-31", "from = 2025-08-31\nto = 2026-10-31"))]);
    let late = now.plus_secs(5 * DAY);
    assert_eq!(import(&mut all, &repealed, late), 2);
    assert_eq!(import(&mut all, &repealed, late.plus_secs(DAY)), 0);
    assert_eq!(pick(&hold(&all), late, EVER), None);
}

/// What somebody does, some days after the act before.
#[derive(Debug, Clone)]
enum Deed {
    Import(usize),
    Enact { in_days: i64, length: Option<i64>, term: u16 },
}

fn deeds() -> impl Strategy<Value = Vec<(i64, Deed)>> {
    let deed = prop_oneof![
        (0..PROFILES.len()).prop_map(Deed::Import),
        (0..90_i64, prop::option::of(0..60_i64), 1..400_u16)
            .prop_map(|(in_days, length, term)| Deed::Enact { in_days, length, term }),
    ];
    prop::collection::vec((0..25_i64, deed), 1..10)
}

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let old = entry();
    vec![
        kz().clone(),
        with_term(7),
        with_third("2027-01-31", "2027-02-01"),
        with_third("2026-10-31", "2026-11-01"),
        changed(&[(&old, &old.replace("from = 2025-08-31", "from = 2025-08-31\nto = 2026-12-31"))]),
        Profile::embedded("direct").unwrap(),
    ]
});

/// What the profile says of the hold at `t`.
fn said(profile: &Profile, t: Timestamp) -> Option<&BasisRecord> {
    let own = profile.legal_bases().iter().filter(|r| basis_id(profile.id(), &r.key) == basis_id("kz", KEY));
    let holds = |r: &&BasisRecord| {
        let (from, to) = effective(profile, r);
        from <= t && to.is_none_or(|to| t < to)
    };
    own.into_iter().find(holds)
}

/// Moments from long before to long after.
fn moments(now: Timestamp) -> impl Iterator<Item = Timestamp> {
    (-900..400).step_by(7).map(move |d: i64| now.plus_secs(d * DAY + 43))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever is enacted and brought in, in any order: no stored version ever changes, a past moment shows what it
    /// showed, and from now on the profile is followed as far as the desk lets it.
    #[test]
    fn no_order_of_deeds_changes_the_past(deeds in deeds()) {
        let mut now = at(NOW);
        let mut all = Vec::new();
        import(&mut all, kz(), now);
        for (days, deed) in deeds {
            now = now.plus_secs(days * DAY + 1);
            let before = all.clone();
            let own_before = hold(&before);
            match deed {
                Deed::Enact { in_days, length, term } => {
                    if rules::is_withdrawn(&own_before) { continue; }
                    let from = kz().civil_date(now.plus_secs(in_days * DAY));
                    let to = length.map(|l| kz().civil_date(now.plus_secs((in_days + l) * DAY)));
                    let new = enact(&mut all, from, to, term, now);
                    prop_assert!(new.effective_from >= now);
                    let own = hold(&all);
                    prop_assert_eq!(pick(&own, new.effective_from, EVER).map(|b| b.version), Some(new.version));
                    for t in moments(now).filter(|t| *t < now) {
                        prop_assert_eq!(pick(&own, t, EVER), pick(&own_before, t, EVER), "{}", t);
                    }
                }
                Deed::Import(no) => {
                    let profile = &PROFILES[no];
                    import(&mut all, profile, now);
                    prop_assert_eq!(plan(&all, profile, now), vec![]);
                    let own = hold(&all);
                    let desk = if profile.id() == "kz" { desk_number(&own_before) } else { None };
                    let free = |r: &&BasisRecord| r.key == KEY && desk.is_none_or(|n| r.version > n);
                    let since = profile.legal_bases().iter().filter(free).map(|r| effective(profile, r).0).min();
                    for t in moments(now).filter(|t| *t >= now) {
                        let follows = desk.is_none() || since.is_some_and(|s| s <= t);
                        let found = pick(&own, t, EVER).map(|b| &b.record);
                        if follows {
                            prop_assert_eq!(found, said(profile, t), "{}", t);
                        } else {
                            prop_assert_eq!(found, pick(&own_before, t, EVER).map(|b| &b.record), "{}", t);
                        }
                    }
                }
            }
            // Rows are only added.
            for b in &before {
                prop_assert!(all.contains(b));
            }
            let own = hold(&all);
            for t in moments(now).filter(|t| *t < now) {
                prop_assert_eq!(pick(&own, t, t), pick(&own_before, t, t), "{}", t);
            }
        }
    }
}

#[test]
fn only_people_and_never_the_author() {
    let (mut all, now) = (Vec::new(), at(NOW));
    import(&mut all, kz(), now);
    let waiting = draft(&all, day("2026-11-23"), None, 30, now);
    let versions = hold(&all);
    let langs = kz().languages();
    let may = |d: &LawDraft, label: &str, t| rules::may_enact(d, label, &versions, langs, t);
    let author = person(1, &[Role::Approver]).label();
    let other = person(2, &[Role::Approver]).label();
    use legal_basis::change::DecideError as E;
    assert_eq!(may(&waiting, &other, now), Ok(()));
    assert_eq!(may(&waiting, &author, now), Err(E::Author));
    let refused = waiting.clone().refuse((&other, "P2"), "no", now).unwrap();
    assert_eq!(may(&refused, &other, now), Err(E::NotOpen));
    assert_eq!(refused.refuse((&other, "P2"), "no", now), Err(E::NotOpen));
    assert_eq!(waiting.clone().refuse((&other, "P2"), " ", now), Err(E::Reason));
    let ends = LawDraft { effective_to: Some(now), ..waiting.clone() };
    assert_eq!(may(&ends, &other, now), Err(E::Over));
    assert_eq!(may(&ends, &other, now.plus_micros(-1)), Ok(()));
    let stale = LawDraft { newest: 1, ..waiting.clone() };
    assert_eq!(may(&stale, &other, now), Err(E::Moved));
    let mut empty = waiting.clone();
    empty.record.measures.clear();
    assert_eq!(may(&empty, &other, now), Err(E::Faulty));
    assert_eq!(Actor::system("orders").label(), "system:orders");
    // A draft that waits too long begins when it is enacted; one that is enacted early begins on its day.
    let late = rules::enacted(&waiting, &versions, kz(), now.plus_secs(3 * DAY));
    assert_eq!((late.effective_from, late.record.from), (now.plus_secs(3 * DAY), day("2026-11-26")));
    let planned = draft(&all, day("2026-12-24"), None, 30, now);
    let early = rules::enacted(&planned, &versions, kz(), now);
    assert_eq!((early.effective_from, early.record.from), (at("2026-12-23T19:00:00Z"), day("2026-12-24")));
    assert_eq!((early.version, early.record.version, early.draft), (3, 2, Some(planned.id.uuid())));
}
