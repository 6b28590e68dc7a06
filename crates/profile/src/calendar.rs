//! Working days: which days the office works, and when a term counted in them ends.
//!
//! The arithmetic is pure. It knows the profile's zone, week, hours, yearly holidays with their transfers
//! and single days that a government decided; it assumes nothing else about a country.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use kernel::{Localised, Timestamp};
use serde::{Deserialize, Serialize};

use crate::words::{SourceMark, words};

words!(
    /// When a term of working days ends on its last day.
    TermEnd {
        /// When the office closes on that day.
        OfficeClose = "office_close",
        /// At the clock time at which the term began to run; with the day, where it began on a day of rest.
        SameTime = "same_time",
        /// With the last microsecond of that day.
        EndOfDay = "end_of_day",
    }
);

/// A length of time as the law writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Minutes that run day and night.
    Minutes(u32),
    /// Days of 24 hours.
    CalendarDays(u16),
    /// Days on which the office works.
    WorkingDays(u16),
}

/// Years for which holidays and their transfers are computed ahead; outside them only the week counts.
pub(crate) const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;
/// Longest stretch that [`Calendar::working_minutes_between`] walks, in days.
const LONGEST_WALK_DAYS: usize = 36_600;

/// A holiday that comes every year on one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearlyHoliday {
    /// Month, from 1.
    pub month: i8,
    /// Day of the month.
    pub day: i8,
    /// Its name.
    pub name: Localised,
    /// Whether the next working day is off where the holiday falls on a day of rest.
    pub transfer: bool,
    /// First year, if the law set one.
    pub from_year: Option<i16>,
    /// Last year, if the law ended it.
    pub to_year: Option<i16>,
    /// How well it has been checked.
    pub mark: SourceMark,
}

/// One day that a government decided: off, or worked though it would be off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleDay {
    /// The day.
    pub date: Date,
    /// Whether it is off; otherwise it is worked.
    pub off: bool,
    /// Whose hours a worked day has, where its own weekday has none.
    pub hours_of: Option<Weekday>,
    /// Why.
    pub name: Localised,
    /// How well it has been checked.
    pub mark: SourceMark,
}

/// A day on which the office does not work, beside the days of rest of each week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOff<'a> {
    /// The day.
    pub date: Date,
    /// The holiday's name.
    pub name: &'a Localised,
    /// The holiday that fell on a day of rest, where this day stands in for it.
    pub stands_for: Option<Date>,
    /// How well it has been checked.
    pub mark: SourceMark,
}

/// One stretch of office hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Weekday.
    pub day: Weekday,
    /// Opens.
    pub open: Time,
    /// Closes, the same day.
    pub close: Time,
}

/// How terms are counted, and where that rule comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRule {
    /// When the last day ends.
    pub ends: TermEnd,
    /// The provision it follows, in words for people.
    pub basis: Localised,
    /// How well it has been checked.
    pub mark: SourceMark,
}

/// The calendar of one country.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub(crate) zone: TimeZone,
    pub(crate) first_day: Weekday,
    pub(crate) working: Vec<Weekday>,
    pub(crate) hours: Vec<Hours>,
    pub(crate) term: TermRule,
    pub(crate) yearly: Vec<YearlyHoliday>,
    pub(crate) single: Vec<SingleDay>,
    pub(crate) listed: (i16, i16),
    off: BTreeMap<Date, (Reason, Option<Date>)>,
    worked: BTreeMap<Date, Option<Weekday>>,
}

/// Which rule makes a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Yearly(usize),
    Single(usize),
}

/// The parts a calendar is made of, as the reader found them.
pub(crate) struct Parts {
    pub zone: TimeZone,
    pub first_day: Weekday,
    pub working: Vec<Weekday>,
    pub hours: Vec<Hours>,
    pub term: TermRule,
    pub yearly: Vec<YearlyHoliday>,
    pub single: Vec<SingleDay>,
    pub listed: (i16, i16),
}

impl Calendar {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { zone, first_day, working, hours, term, yearly, single, listed } = parts;
        let worked = single.iter().filter(|d| !d.off).map(|d| (d.date, d.hours_of)).collect();
        let mut calendar = Self {
            zone,
            first_day,
            working,
            hours,
            term,
            yearly,
            single,
            listed,
            off: BTreeMap::new(),
            worked,
        };
        calendar.off = calendar.days_off_of_all_years();
        calendar
    }

    /// Holidays first, then single days, then the transfers in the order of dates: a transfer goes to the
    /// next day that is still worked, so that two holidays at one weekend give two days.
    fn days_off_of_all_years(&self) -> BTreeMap<Date, (Reason, Option<Date>)> {
        let mut off = BTreeMap::new();
        let mut moving = BTreeSet::new();
        for (no, rule) in self.yearly.iter().enumerate() {
            let years = YEARS
                .filter(|y| rule.from_year.is_none_or(|f| f <= *y) && rule.to_year.is_none_or(|t| *y <= t));
            for date in years.filter_map(|y| Date::new(y, rule.month, rule.day).ok()) {
                off.insert(date, (Reason::Yearly(no), None));
                if rule.transfer
                    && !self.working.contains(&date.weekday())
                    && !self.worked.contains_key(&date)
                {
                    moving.insert((date, no));
                }
            }
        }
        for (no, day) in self.single.iter().enumerate().filter(|(_, d)| d.off) {
            off.entry(day.date).or_insert((Reason::Single(no), None));
        }
        for (date, no) in moving {
            let next = date.series(1.day()).skip(1).find(|d| {
                self.worked.contains_key(d) || (self.working.contains(&d.weekday()) && !off.contains_key(d))
            });
            if let Some(next) = next {
                off.insert(next, (Reason::Yearly(no), Some(date)));
            }
        }
        off
    }

    /// The zone in which days begin and end.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }
    /// The weekday that calendars begin with.
    #[must_use]
    pub const fn first_day(&self) -> Weekday {
        self.first_day
    }
    /// How terms are counted.
    #[must_use]
    pub const fn term_rule(&self) -> &TermRule {
        &self.term
    }
    /// Whether the single days of this year have been entered. Outside those years the arithmetic goes on
    /// by the yearly rules alone, and the head page warns.
    #[must_use]
    pub fn is_listed(&self, date: Date) -> bool {
        (self.listed.0..=self.listed.1).contains(&date.year())
    }

    /// The civil date at `at`. `None` outside the years -9999 to 9999.
    #[must_use]
    pub fn date_at(&self, at: Timestamp) -> Option<Date> {
        let at = jiff::Timestamp::from_microsecond(at.as_micros()).ok()?;
        Some(self.zone.to_datetime(at).date())
    }

    /// The first moment of `date`.
    #[must_use]
    pub fn start_of(&self, date: Date) -> Timestamp {
        self.moment(date, Time::midnight())
    }

    /// Whether the office works on `date`.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        if self.worked.contains_key(&date) {
            // A worked day stays worked unless a transfer took it.
            return !matches!(self.off.get(&date), Some((_, Some(_))));
        }
        self.working.contains(&date.weekday()) && !self.off.contains_key(&date)
    }

    /// The next working day after `date`; `date` itself where none comes within a year (a calendar that
    /// never works is refused on loading).
    #[must_use]
    pub fn next_working_day(&self, date: Date) -> Date {
        date.series(1.day()).skip(1).take(366).find(|d| self.is_working_day(*d)).unwrap_or(date)
    }

    /// All days off of `year` beside the weekly rest, by date.
    #[must_use]
    pub fn days_off(&self, year: i16) -> Vec<DayOff<'_>> {
        let of_year = self.off.iter().filter(|(date, _)| date.year() == year);
        let known = of_year.filter_map(|(date, (reason, stands_for))| {
            let (name, mark) = match reason {
                Reason::Yearly(no) => self.yearly.get(*no).map(|r| (&r.name, r.mark))?,
                Reason::Single(no) => self.single.get(*no).map(|r| (&r.name, r.mark))?,
            };
            Some(DayOff { date: *date, name, stands_for: *stands_for, mark })
        });
        known.collect()
    }

    /// Office hours of `date`, in order; empty on a day that is not worked.
    #[must_use]
    pub fn hours_of(&self, date: Date) -> Vec<Hours> {
        if !self.is_working_day(date) {
            return Vec::new();
        }
        let own = |day: Weekday| self.hours.iter().filter(|h| h.day == day).copied().collect::<Vec<_>>();
        let hours = own(date.weekday());
        if !hours.is_empty() {
            return hours;
        }
        let lent = self.worked.get(&date).copied().flatten().or_else(|| self.working.first().copied());
        lent.map(own).unwrap_or_default()
    }

    /// The end of a term of `n` working days that begins to run at `at`: the day of `at` is not counted,
    /// the n-th working day after it is the last, and [`TermRule::ends`] says when on that day.
    /// With `n` = 0 it is `at` itself.
    #[must_use]
    pub fn add_working_days(&self, at: Timestamp, n: u16) -> Timestamp {
        let Some(first) = self.date_at(at).filter(|_| n > 0) else { return at };
        let last = (0..n).fold(first, |date, _| self.next_working_day(date));
        match self.term.ends {
            TermEnd::OfficeClose => {
                let close = self.hours_of(last).last().map_or_else(Time::midnight, |h| h.close);
                self.moment(last, close)
            }
            // On a day of rest no clock time runs that the last day could repeat: a start on Saturday evening
            // would end later than one on Sunday morning.
            TermEnd::SameTime if self.is_working_day(first) => self.moment(last, self.time_at(at)),
            TermEnd::SameTime | TermEnd::EndOfDay => {
                self.start_of(last.tomorrow().unwrap_or(last)).plus_micros(-1)
            }
        }
    }

    /// The end of `term` that begins to run at `at`.
    #[must_use]
    pub fn term_end(&self, at: Timestamp, term: Term) -> Timestamp {
        match term {
            Term::Minutes(n) => at.plus_secs(i64::from(n).saturating_mul(60)),
            Term::CalendarDays(n) => at.plus_secs(i64::from(n).saturating_mul(86_400)),
            Term::WorkingDays(n) => self.add_working_days(at, n),
        }
    }

    /// How many full working days still lie between `at` and `end`: days worked after the day of `at` up to
    /// and with the day of `end`. Zero once `end` has passed.
    #[must_use]
    pub fn working_days_left(&self, at: Timestamp, end: Timestamp) -> u16 {
        let (Some(from), Some(to)) = (self.date_at(at), self.date_at(end)) else { return 0 };
        let days = from.series(1.day()).skip(1).take_while(|d| *d <= to).take(LONGEST_WALK_DAYS);
        u16::try_from(days.filter(|d| self.is_working_day(*d)).count()).unwrap_or(u16::MAX)
    }

    /// Minutes of office hours between two moments, rounded down; 0 if `to` is not later than `from`.
    #[must_use]
    pub fn working_minutes_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        let (Some(first), Some(last)) = (self.date_at(from), self.date_at(to)) else { return 0 };
        let days = first.series(1.day()).take_while(|d| *d <= last).take(LONGEST_WALK_DAYS);
        let micros =
            days.flat_map(|date| self.hours_of(date).into_iter().map(move |h| (date, h))).map(|(date, h)| {
                let open = self.moment(date, h.open).max(from);
                let close = self.moment(date, h.close).min(to);
                close.micros_since(open).max(0)
            });
        micros.fold(0_i64, i64::saturating_add).div_euclid(60_000_000)
    }

    fn time_at(&self, at: Timestamp) -> Time {
        jiff::Timestamp::from_microsecond(at.as_micros())
            .map_or_else(|_| Time::midnight(), |t| self.zone.to_datetime(t).time())
    }

    /// A local time as a moment. Where clocks are put forward over it, the moment just as long after the
    /// gap; where they are put back, the earlier of the two (RFC 5545 and `Temporal` do the same).
    fn moment(&self, date: Date, time: Time) -> Timestamp {
        let at = self.zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible();
        at.map_or(Timestamp::from_micros(i64::MAX), |t| Timestamp::from_micros(t.as_microsecond()))
    }
}
