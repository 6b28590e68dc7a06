//! What of a row is found again: when it was, whose it is, with whom. Pure.

pub mod columns;
pub mod words;

use identifier::{Kind, Region};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use kernel::Timestamp;
use statement::Row;

use crate::model::{Kept, RowKind};

/// Largest file that is read as rows, bytes.
pub const MOST_BYTES: i64 = 4 << 30;
/// Most rows of one import.
pub const MOST_ROWS: i64 = 5_000_000;
/// Most reports whose money one import shows.
pub const MOST_REPORTS: usize = 200;
/// Longest mapping.
pub const MOST_MAPPING: usize = 64 * 1024;

/// The moment that a file tells, by the zone of the office where it tells none. A day alone is its first moment.
#[must_use]
pub fn moment(told: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(at) = Timestamp::parse_rfc3339(told) {
        return Some(at);
    }
    let civil: DateTime = match told.parse::<DateTime>() {
        Ok(civil) => civil,
        Err(_) => told.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()),
    };
    let zoned = zone.to_ambiguous_zoned_datetime(civil).compatible().ok()?;
    Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
}

/// Whether a moment was told by its day alone.
#[must_use]
pub fn is_day(told: &str) -> bool {
    !told.contains(['T', ':', ' '])
}

/// What an account of a statement is, and its canonical writing; `None` where nothing stands that could be one.
#[must_use]
pub fn account(told: &str, region: Region) -> Option<(String, String)> {
    let told = told.trim();
    let kinds = [Kind::Iban, Kind::Phone, Kind::Card, Kind::Account];
    kinds.into_iter().find_map(|kind| {
        let canonical = identifier::normalise(kind, told, region).ok()?;
        // Ten digits are an account number sooner than a telephone.
        let phone = kind != Kind::Phone || told.starts_with(['+', '8']) || told.contains(['(', ' ', '-']);
        phone.then_some((kind.as_str().to_owned(), canonical))
    })
}

/// A number or a name under which somebody calls or writes.
#[must_use]
pub fn party(told: &str, region: Region) -> Option<(String, String)> {
    let told = told.trim();
    let kinds = [Kind::Phone, Kind::Email, Kind::Handle];
    kinds.into_iter().find_map(|kind| {
        let canonical = identifier::normalise(kind, told, region).ok()?;
        Some((kind.as_str().to_owned(), canonical))
    })
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A row with what it is found by; `None` for what is wrong with one.
#[must_use]
pub fn kept(row: Row, (zone, region): (&TimeZone, Region)) -> Option<Kept> {
    let (no, line, kind, at, own, other) = match &row {
        Row::Movement(m) => (
            m.row,
            m.line,
            RowKind::Movement,
            moment(&m.booked_at, zone).or_else(|| moment(&m.value_date, zone)),
            account(&m.account, region),
            account(&m.counter.account, region),
        ),
        Row::Call(c) => (
            c.row,
            c.line,
            RowKind::Call,
            moment(&c.started_at, zone),
            party(&c.from, region),
            c.to.first().and_then(|to| party(to, region)),
        ),
        Row::Message(m) => {
            let from = party(&m.from_id, region).or_else(|| party(&m.from, region));
            let to = m.to.first().and_then(|to| party(to, region));
            (m.row, m.line, RowKind::Message, moment(&m.sent_at, zone), from, to)
        }
        Row::Account(a) => (a.row, a.line, RowKind::Account, None, party(&a.identifier, region), None),
        Row::Trouble(_) => return None,
    };
    Some(Kept { no: signed(no), line: signed(line), kind, at, own, other, row })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Almaty").unwrap()
    }

    #[test]
    fn moments_are_the_offices_unless_the_file_says_otherwise() {
        let at = |told| moment(told, &zone()).map(Timestamp::rfc3339);
        assert_eq!(at("2026-11-28").as_deref(), Some("2026-11-27T19:00:00.000000Z"));
        assert_eq!(at("2026-11-28T10:03").as_deref(), Some("2026-11-28T05:03:00.000000Z"));
        assert_eq!(at("2026-11-28T10:03:04+03:00").as_deref(), Some("2026-11-28T07:03:04.000000Z"));
        assert_eq!(at("28 November"), None);
        assert!(is_day("2026-11-28") && !is_day("2026-11-28T10:03"));
    }

    #[test]
    fn accounts_are_told_from_numbers() {
        let kind = |told| account(told, Region::default()).map(|(kind, _)| kind);
        assert_eq!(kind("+7 701 123-45-67").as_deref(), Some("phone"));
        assert_eq!(kind("440043******1234").as_deref(), Some("card"));
        assert_eq!(kind("40817810099910004312").as_deref(), Some("account"));
        assert_eq!(kind(""), None);
    }
}
