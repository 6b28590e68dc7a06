//! Working days: tables over weekends, holidays, year ends and summer time, and properties.

use jiff::civil::{Date, Weekday, date};
use kernel::{Lang, Timestamp};
use profile::{Profile, SourceMark, Term};
use proptest::prelude::*;

use crate::support::{at, kz, test_land};

fn local(p: &Profile, t: Timestamp) -> String {
    p.rfc3339(t)[..16].to_owned()
}

#[test]
fn five_working_days_in_kazakhstan() {
    let p = kz();
    // Begins (local time) -> ends (local time). The office closes at 18:00.
    for (begins, ends) in [
        ("2026-11-23T14:05:00+05:00", "2026-11-30T18:00"), // Monday -> next Monday
        ("2026-11-23T00:00:00+05:00", "2026-11-30T18:00"), // the first minute of a day does not count it
        ("2026-11-22T23:59:00+05:00", "2026-11-27T18:00"), // Sunday evening
        ("2026-11-27T17:59:00+05:00", "2026-12-04T18:00"), // Friday
        ("2026-11-28T10:00:00+05:00", "2026-12-04T18:00"), // Saturday
        ("2026-12-11T10:00:00+05:00", "2026-12-21T18:00"), // Independence Day, Wednesday 16 December
        ("2026-12-28T10:00:00+05:00", "2027-01-06T18:00"), // year end: 1 Friday, 2 Saturday -> 4 Monday off
        ("2026-12-30T10:00:00+05:00", "2027-01-11T18:00"), // and 7 January off
        ("2026-03-16T10:00:00+05:00", "2026-03-26T18:00"), // Nauryz 21 Saturday, 22 Sunday, 23 Monday -> 24, 25 off
        ("2026-03-04T10:00:00+05:00", "2026-03-12T18:00"), // 8 March, Sunday -> 9 Monday off
        ("2026-05-05T10:00:00+05:00", "2026-05-14T18:00"), // 7 Thursday off, 9 Saturday -> 11 Monday off
        ("2027-03-17T10:00:00+05:00", "2027-03-29T18:00"), // Nauryz 21 Sunday, 22, 23 -> 24 Wednesday off
        ("2027-04-28T10:00:00+05:00", "2027-05-06T18:00"), // 1 May, Saturday -> 3 Monday off
    ] {
        let end = p.term_end(at(begins), Term::WorkingDays(5));
        assert_eq!(local(p, end), ends, "from {begins}");
    }
}

#[test]
fn days_off_of_2026_and_2027() {
    let p = kz();
    let listed = |year: i16| -> Vec<String> {
        let days = p.calendar().days_off(year);
        days.iter().map(|d| format!("{}{}", d.date, if d.stands_for.is_some() { "*" } else { "" })).collect()
    };
    assert_eq!(
        listed(2026).join(" "),
        "2026-01-01 2026-01-02 2026-01-07 2026-03-08 2026-03-09* 2026-03-21 2026-03-22 2026-03-23 2026-03-24* \
         2026-03-25* 2026-05-01 2026-05-07 2026-05-09 2026-05-11* 2026-05-27 2026-07-06 2026-08-30 2026-08-31* \
         2026-10-25 2026-10-26* 2026-12-16"
    );
    assert_eq!(
        listed(2027).join(" "),
        "2027-01-01 2027-01-02 2027-01-04* 2027-01-07 2027-03-08 2027-03-21 2027-03-22 2027-03-23 2027-03-24* \
         2027-05-01 2027-05-03* 2027-05-07 2027-05-09 2027-05-10* 2027-05-16 2027-07-06 2027-08-30 2027-10-25 2027-12-16"
    );
    let days = p.calendar().days_off(2026);
    let ait = days.iter().find(|d| d.date == date(2026, 5, 27)).unwrap();
    assert_eq!((ait.mark, ait.name.get(&Lang::RU)), (SourceMark::ToBeConfirmed, "Первый день Курбан-айта"));
    // 7 January and Kurban Ait are days off, not holidays: they do not move from a weekend.
    assert_eq!(date(2029, 1, 7).weekday(), Weekday::Sunday);
    assert!(p.calendar().is_working_day(date(2029, 1, 8)));
    assert!(p.calendar().is_working_day(date(2027, 5, 17)));
    // Republic Day came back in 2022.
    assert!(
        p.calendar().is_working_day(date(2021, 10, 25)) && !p.calendar().is_working_day(date(2022, 10, 25))
    );
    assert!(p.calendar().is_listed(date(2026, 1, 1)) && !p.calendar().is_listed(date(2028, 1, 1)));
}

#[test]
fn test_land_counts_its_own_week() {
    let p = test_land();
    let c = p.calendar();
    assert_eq!(c.first_day(), Weekday::Sunday);
    assert!(c.is_working_day(date(2026, 11, 22)) && !c.is_working_day(date(2026, 11, 20)));
    // Founding Day 2026, Saturday 20 June, moves to Sunday 21; 2027 it is a Sunday itself and stays.
    assert!(!c.is_working_day(date(2026, 6, 21)) && c.is_working_day(date(2026, 6, 22)));
    assert!(!c.is_working_day(date(2027, 6, 20)) && c.is_working_day(date(2027, 6, 21)));
    assert!(c.is_working_day(date(2025, 6, 22)));
    // The moved day of rest, and the Friday worked for it with Thursday's hours.
    assert!(c.is_working_day(date(2026, 9, 4)) && !c.is_working_day(date(2026, 9, 6)));
    assert_eq!(c.hours_of(date(2026, 9, 4))[0].close, jiff::civil::time(14, 0, 0, 0));
    // A term ends at the hour at which it began: over the worked Friday and the moved rest.
    let end = c.add_working_days(at("2026-09-03T10:15:00-02:30"), 2);
    assert_eq!(local(p, end), "2026-09-07T10:15");
    // Both begin on days of rest, Friday and Saturday: the later start must not end earlier.
    for rest in ["2026-11-20T15:00:00-03:30", "2026-11-21T00:05:00-03:30"] {
        assert_eq!(local(p, c.add_working_days(at(rest), 1)), "2026-11-22T23:59");
    }
}

#[test]
fn summer_time_keeps_the_local_hour() {
    let p = test_land();
    let c = p.calendar();
    // Clocks go forward on Sunday 8 March 2026 at 02:00 (a holiday here), back on Sunday 1 November at 02:00.
    let spring = c.add_working_days(at("2026-03-05T10:00:00-03:30"), 1);
    assert_eq!(p.rfc3339(spring), "2026-03-09T10:00:00.000000-02:30");
    let autumn = c.add_working_days(at("2026-10-29T01:30:00-02:30"), 1);
    // 01:30 happens twice that night: the first of the two.
    assert_eq!(p.rfc3339(autumn), "2026-11-01T01:30:00.000000-02:30");
    // 02:30 does not exist on the night of 2027's change (14 March): as long after the gap.
    let gap = c.add_working_days(at("2027-03-11T02:30:00-03:30"), 1);
    assert_eq!(p.rfc3339(gap), "2027-03-14T03:30:00.000000-02:30");
    // Office minutes are real minutes: the change at night takes none away.
    assert_eq!(
        c.working_minutes_between(at("2026-11-01T00:00:00-02:30"), at("2026-11-01T23:00:00-03:30")),
        480
    );
}

#[test]
fn office_minutes() {
    let p = kz();
    let minutes = |a: &str, b: &str| p.calendar().working_minutes_between(at(a), at(b));
    assert_eq!(minutes("2026-11-23T09:00:00+05:00", "2026-11-23T18:00:00+05:00"), 480);
    assert_eq!(minutes("2026-11-23T12:50:00+05:00", "2026-11-23T14:10:00+05:00"), 20);
    assert_eq!(minutes("2026-11-23T13:10:00+05:00", "2026-11-23T13:50:00+05:00"), 0);
    assert_eq!(minutes("2026-11-20T17:30:00+05:00", "2026-11-23T09:45:30+05:00"), 75);
    assert_eq!(minutes("2026-11-21T00:00:00+05:00", "2026-11-22T23:59:00+05:00"), 0);
    assert_eq!(minutes("2026-11-23T18:00:00+05:00", "2026-11-23T09:00:00+05:00"), 0);
    let left = |a: &str, b: &str| p.calendar().working_days_left(at(a), at(b));
    assert_eq!(left("2026-11-23T10:00:00+05:00", "2026-11-30T18:00:00+05:00"), 5);
    assert_eq!(left("2026-11-26T10:00:00+05:00", "2026-11-30T18:00:00+05:00"), 2);
    assert_eq!(left("2026-11-30T10:00:00+05:00", "2026-11-30T18:00:00+05:00"), 0);
    assert_eq!(left("2026-12-02T10:00:00+05:00", "2026-11-30T18:00:00+05:00"), 0);
}

#[test]
fn other_terms_and_the_ends_of_time() {
    let p = kz();
    let start = at("2026-11-23T14:05:00+05:00");
    assert_eq!(p.term_end(start, Term::Minutes(15)), start.plus_secs(900));
    assert_eq!(p.term_end(start, Term::CalendarDays(2)), start.plus_secs(172_800));
    assert_eq!(p.calendar().add_working_days(start, 0), start);
    for end in [i64::MIN, i64::MAX] {
        let end = Timestamp::from_micros(end);
        assert_eq!(p.calendar().add_working_days(end, 5), end);
        assert_eq!(p.calendar().working_minutes_between(end, start), 0);
    }
}

/// Any moment of the years 2001 to 2099.
fn moments() -> impl Strategy<Value = Timestamp> {
    (978_307_200_i64..4_070_908_800).prop_map(Timestamp::from_secs)
}

fn day(p: &Profile, t: Timestamp) -> Date {
    p.calendar().date_at(t).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_last_day_is_worked_and_exactly_n_days_lie_between(t in moments(), n in 1_u16..40, land: bool) {
        let p = if land { test_land() } else { kz() };
        let end = p.calendar().add_working_days(t, n);
        prop_assert!(end > t);
        prop_assert!(p.calendar().is_working_day(day(p, end)));
        prop_assert_eq!(p.calendar().working_days_left(t, end), n);
    }

    #[test]
    fn later_start_never_ends_earlier(t in moments(), secs in 0_i64..3_000_000, n in 1_u16..20, land: bool) {
        let p = if land { test_land() } else { kz() };
        let (a, b) = (p.calendar().add_working_days(t, n), p.calendar().add_working_days(t.plus_secs(secs), n));
        // A local hour that happens twice or not at all may shift the later one by that one hour.
        prop_assert!(b.micros_since(a) >= -3_600_000_000, "{a} {b}");
        if !land {
            prop_assert!(b >= a);
        }
    }

    #[test]
    fn more_days_end_later(t in moments(), n in 1_u16..30, land: bool) {
        let p = if land { test_land() } else { kz() };
        prop_assert!(p.calendar().add_working_days(t, n + 1) > p.calendar().add_working_days(t, n));
    }

    #[test]
    fn office_minutes_add_up(t in moments(), a in 0_i64..500_000, b in 0_i64..500_000, land: bool) {
        let p = if land { test_land() } else { kz() };
        let (mid, end) = (t.plus_secs(a), t.plus_secs(a + b));
        let (whole, parts) = (
            p.calendar().working_minutes_between(t, end),
            p.calendar().working_minutes_between(t, mid) + p.calendar().working_minutes_between(mid, end),
        );
        // Each part is rounded down.
        prop_assert!(whole >= parts && whole <= parts + 1, "{whole} {parts}");
    }
}
