//! The marks of an axis of time: whole minutes, hours, days, weeks, months or years of the office's zone, as many as can be read.

use jiff::civil::{DateTime, Time, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};
use kernel::Timestamp;

/// In what a mark is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Minutes or hours: the time of the day is said.
    Hour,
    /// Days, weeks and months: the day is said.
    Day,
    /// Years.
    Year,
}

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Its moment.
    pub at: Timestamp,
    /// What of it is said.
    pub unit: Unit,
}

/// A step from mark to mark.
#[derive(Clone, Copy)]
enum Step {
    Minutes(i8),
    Hours(i8),
    Days(i16),
    Months(i8),
    Years(i16),
}

/// Steps that people count by, the shortest first.
const STEPS: [Step; 22] = [
    Step::Minutes(1),
    Step::Minutes(5),
    Step::Minutes(15),
    Step::Minutes(30),
    Step::Hours(1),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(25),
    Step::Years(100),
];

impl Step {
    /// About how long it is.
    fn micros(self) -> i64 {
        const MINUTE: i64 = 60_000_000;
        const DAY: i64 = 24 * 60 * MINUTE;
        match self {
            Self::Minutes(n) => i64::from(n) * MINUTE,
            Self::Hours(n) => i64::from(n) * 60 * MINUTE,
            Self::Days(n) => i64::from(n) * DAY,
            Self::Months(n) => i64::from(n) * 30 * DAY,
            Self::Years(n) => i64::from(n) * 365 * DAY,
        }
    }
    fn span(self) -> Span {
        match self {
            Self::Minutes(n) => i64::from(n).minutes(),
            Self::Hours(n) => i64::from(n).hours(),
            Self::Days(n) => i64::from(n).days(),
            Self::Months(n) => i64::from(n).months(),
            Self::Years(n) => i64::from(n).years(),
        }
    }
    const fn unit(self) -> Unit {
        match self {
            Self::Minutes(_) | Self::Hours(_) => Unit::Hour,
            Self::Days(_) | Self::Months(_) => Unit::Day,
            Self::Years(_) => Unit::Year,
        }
    }
    /// The last mark at or before what a clock on the wall shows.
    fn before(self, at: DateTime) -> Option<DateTime> {
        let day = at.date();
        match self {
            Self::Minutes(n) => Some(day.to_datetime(Time::new(at.hour(), at.minute() / n * n, 0, 0).ok()?)),
            Self::Hours(n) => Some(day.to_datetime(Time::new(at.hour() / n * n, 0, 0, 0).ok()?)),
            Self::Days(n) => {
                // Counted from a Monday, so that weeks begin with one.
                let since = date(1970, 1, 5).until(day).ok()?.get_days();
                let over = since.rem_euclid(i32::from(n));
                Some(day.checked_sub(i64::from(over).days()).ok()?.to_datetime(Time::midnight()))
            }
            Self::Months(n) => {
                let month = (day.month() - 1) / n * n + 1;
                Some(jiff::civil::Date::new(day.year(), month, 1).ok()?.to_datetime(Time::midnight()))
            }
            Self::Years(n) => {
                let year = day.year() - day.year().rem_euclid(n);
                Some(jiff::civil::Date::new(year, 1, 1).ok()?.to_datetime(Time::midnight()))
            }
        }
    }
}

/// Marks between two moments, at most so many and at least one.
#[must_use]
pub fn marks((first, last): (Timestamp, Timestamp), zone: &TimeZone, most: usize) -> Vec<Mark> {
    let long = last.micros_since(first).max(0);
    let fits = |step: &&Step| {
        let many = long.checked_div(step.micros()).unwrap_or(0).saturating_add(1);
        usize::try_from(many).is_ok_and(|many| many <= most.max(1))
    };
    let step = STEPS.iter().find(fits).copied().unwrap_or(Step::Years(1_000));
    let found = walk((first, last), zone, step).unwrap_or_default();
    if found.is_empty() { vec![Mark { at: first, unit: step.unit().min(Unit::Day) }] } else { found }
}

/// `None` beyond the years that a calendar has.
fn walk((first, last): (Timestamp, Timestamp), zone: &TimeZone, step: Step) -> Option<Vec<Mark>> {
    let wall = zone.to_datetime(jiff::Timestamp::from_microsecond(first.as_micros()).ok()?);
    let mut next = step.before(wall)?;
    let mut found = Vec::new();
    loop {
        let at = zone.to_ambiguous_timestamp(next).compatible().ok()?;
        let at = Timestamp::from_micros(at.as_microsecond());
        if at > last {
            return Some(found);
        }
        if at >= first {
            found.push(Mark { at, unit: step.unit() });
        }
        next = next.checked_add(step.span()).ok()?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    fn said(first: &str, last: &str, most: usize) -> Vec<String> {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        marks((at(first), at(last)), &zone, most).iter().map(|m| m.at.rfc3339()).collect()
    }

    #[test]
    fn marks_are_whole_days_of_the_office() {
        // Almaty is five hours ahead: its midnight is 19:00 of the day before.
        let days = said("2026-11-01T03:00:00Z", "2026-11-05T10:00:00Z", 6);
        assert_eq!(days.len(), 4, "{days:?}");
        assert!(days.iter().all(|d| d.contains("T19:00:00")), "{days:?}");
        let weeks = said("2026-09-01T00:00:00Z", "2026-10-20T00:00:00Z", 8);
        assert!(weeks.len() >= 6 && weeks[0].starts_with("2026-09-06T19:00"), "Mondays: {weeks:?}");
        let hours = said("2026-11-01T03:10:00Z", "2026-11-01T07:50:00Z", 8);
        assert_eq!(hours.len(), 4, "{hours:?}");
    }

    #[test]
    fn one_moment_has_one_mark() {
        assert_eq!(said("2026-11-01T03:10:07Z", "2026-11-01T03:10:07Z", 8).len(), 1);
        assert_eq!(said("2026-11-01T03:10:07Z", "2026-11-01T03:10:40Z", 8).len(), 1);
    }

    proptest! {
        #[test]
        fn marks_are_in_order_within_bounds_and_few(first in 0_i64..4_000_000_000, long in 0_i64..3_000_000_000, most in 1_usize..40) {
            let span = (Timestamp::from_secs(first), Timestamp::from_secs(first + long));
            let found = marks(span, &TimeZone::get("Asia/Almaty").unwrap(), most);
            prop_assert!(!found.is_empty() && found.len() <= most + 1, "{} of {most}", found.len());
            prop_assert!(found.windows(2).all(|w| w[0].at < w[1].at));
            prop_assert!(found.iter().all(|m| m.at >= span.0 && m.at <= span.1));
        }
    }
}
