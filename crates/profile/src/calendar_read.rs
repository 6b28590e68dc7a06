//! Reading `calendar.toml`.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use kernel::Localised;

use crate::calendar::{Calendar, Hours, Parts, SingleDay, TermEnd, TermRule, YEARS, YearlyHoliday};
use crate::read::{Node, Read, Value, one_of};
use crate::words::SourceMark;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl Read for Weekday {
    fn read(value: &Value<'_>) -> Option<Self> {
        let text = value.text()?;
        let day = WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day);
        if day.is_none() {
            value.expected(&one_of(&WEEKDAYS.map(|(name, _)| name)), &format!("`{text}`"));
        }
        day
    }
}

/// Reads the whole file.
pub(crate) fn calendar(node: &Node<'_>, zone: &TimeZone) -> Option<Calendar> {
    let week =
        node.value("week").map(|v| v.table(|n| Some((n.req("first")?, n.req::<Vec<Weekday>>("working")?))));
    if week.is_none() {
        node.wrong("expected the table `week`");
    }
    let hours = read_hours(node);
    let term = node.value("term").map(|v| v.table(term));
    if term.is_none() {
        node.wrong("expected the table `term`");
    }
    let listed = node.value("listed").map(|v| v.table(listed));
    if listed.is_none() {
        node.wrong("expected the table `listed`");
    }
    let yearly = node.each("yearly", yearly);
    let single = node.each("day", single);
    let (first_day, working) = week??;
    if working.is_empty() {
        node.wrong_at("week", "expected at least one working day");
        return None;
    }
    if let Some(day) =
        working.iter().filter(|_| node.is_clean()).find(|d| !hours.iter().any(|h| h.day == **d))
    {
        node.wrong_at("hours", format!("expected hours of every working day, {day:?} has none"));
        return None;
    }
    let zone = zone.clone();
    Some(Calendar::new(Parts {
        zone,
        first_day,
        working,
        hours,
        term: term??,
        yearly,
        single,
        listed: listed??,
    }))
}

fn read_hours(node: &Node<'_>) -> Vec<Hours> {
    let read = node.each("hours", |n| {
        let (days, open, close) =
            (n.req::<Vec<Weekday>>("days"), n.req::<Time>("open"), n.req::<Time>("close"));
        let (days, open, close) = (days?, open?, close?);
        if close <= open {
            n.wrong_at("close", "expected a time after `open`");
            return None;
        }
        Some(days.into_iter().map(|day| Hours { day, open, close }).collect::<Vec<_>>())
    });
    let mut hours: Vec<Hours> = read.into_iter().flatten().collect();
    hours.sort_by_key(|h| (h.day.to_monday_zero_offset(), h.open));
    let clash = hours.windows(2).any(|pair| matches!(pair, [a, b] if a.day == b.day && b.open < a.close));
    if clash {
        node.wrong_at("hours", "expected hours of one day that do not overlap");
    }
    hours
}

fn term(node: &Node<'_>) -> Option<TermRule> {
    let (ends, basis, mark) =
        (node.req::<TermEnd>("ends"), node.req::<Localised>("basis"), node.req::<SourceMark>("mark"));
    Some(TermRule { ends: ends?, basis: basis?, mark: mark? })
}

fn listed(node: &Node<'_>) -> Option<(i16, i16)> {
    let (from, to) = (year(node, "from")?, year(node, "to")?);
    match (from, to) {
        (Some(from), Some(to)) if from <= to => Some((from, to)),
        _ => {
            node.wrong("expected `from` and `to`, the first and the last year whose days are entered");
            None
        }
    }
}

fn year(node: &Node<'_>, key: &str) -> Option<Option<i16>> {
    let Some(year) = node.opt::<u16>(key)? else { return Some(None) };
    let read = i16::try_from(year).ok().filter(|y| YEARS.contains(y));
    if read.is_none() {
        node.wrong_at(key, format!("expected a year from {} to {}", YEARS.start(), YEARS.end()));
        return None;
    }
    Some(read)
}

fn yearly(node: &Node<'_>) -> Option<YearlyHoliday> {
    let (month, day) = (node.req::<u8>("month"), node.req::<u8>("day"));
    let (name, transfer) = (node.req::<Localised>("name"), node.or("transfer", false));
    let (from_year, to_year) = (year(node, "from_year"), year(node, "to_year"));
    let mark = node.or("mark", SourceMark::Confirmed);
    let (month, day) = (i8::try_from(month?).ok()?, i8::try_from(day?).ok()?);
    // 2000 is a leap year: 29 February passes and is left out of the years that lack it.
    if Date::new(2000, month, day).is_err() {
        node.wrong_at("day", format!("expected a day that month {month} has"));
        return None;
    }
    Some(YearlyHoliday {
        month,
        day,
        name: name?,
        transfer: transfer?,
        from_year: from_year?,
        to_year: to_year?,
        mark: mark?,
    })
}

fn single(node: &Node<'_>) -> Option<SingleDay> {
    let (date, off, name) = (node.req("date"), node.req("off"), node.req("name"));
    let (hours_of, mark) = (node.opt("hours_of"), node.or("mark", SourceMark::Confirmed));
    Some(SingleDay { date: date?, off: off?, hours_of: hours_of?, name: name?, mark: mark? })
}
