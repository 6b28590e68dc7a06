//! Days as forms write and read them.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use kernel::Timestamp;

/// A day as the form writes it: `30.11.2026`.
#[must_use]
pub fn written(day: Date) -> String {
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// `30.11.2026`, `30 11 2026`, `30112026`, `2026-11-30`.
#[must_use]
pub fn read_day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['.', ' ', '-', '/', '\u{a0}']).filter(|p| !p.is_empty()).collect();
    let (day, month, year) = match parts.as_slice() {
        [whole] if whole.len() == 8 => (whole.get(..2)?, whole.get(2..4)?, whole.get(4..)?),
        [year, month, day] if year.len() == 4 => (*day, *month, *year),
        [day, month, year] if year.len() == 4 => (*day, *month, *year),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A moment as people type it: `28.11.2026 12:05`, `2026-11-28 12:05:30`, or RFC 3339 with its offset. A day alone is its
/// first moment.
#[must_use]
pub fn read_moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if text.contains('T')
        && let Some(at) = Timestamp::parse_rfc3339(text)
    {
        return Some(at);
    }
    let (day, hour) = text.split_once([' ', 'T', '\u{a0}']).unwrap_or((text, "00:00"));
    // A day written with blanks has no hour behind its first blank.
    let (day, hour) = if read_day(text).is_some() { (text, "00:00") } else { (day, hour) };
    let parts: Vec<i8> = hour.trim().split(':').map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let at = read_day(day)?.to_datetime(Time::new(hour, minute, second, 0).ok()?);
    let at = zone.to_ambiguous_timestamp(at).compatible().ok()?;
    Some(Timestamp::from_secs(at.as_second()))
}

/// A moment as the form writes it, to the minute: `28.11.2026 12:05`.
#[must_use]
pub fn written_moment(at: Timestamp, zone: &TimeZone) -> String {
    let Ok(at) = jiff::Timestamp::from_second(at.as_secs()) else { return String::new() };
    let at = zone.to_datetime(at);
    format!("{} {:02}:{:02}", written(at.date()), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_type_them() {
        let zone = TimeZone::fixed(jiff::tz::offset(5));
        let noon = Timestamp::parse_rfc3339("2026-11-28T12:05:00+05:00");
        for text in ["28.11.2026 12:05", "2026-11-28 12:05", " 28.11.2026  12:05:00 ", "2026-11-28T07:05:00Z"]
        {
            assert_eq!(read_moment(text, &zone), noon, "{text}");
        }
        let midnight = Timestamp::parse_rfc3339("2026-11-28T00:00:00+05:00");
        for text in ["28.11.2026", "28 11 2026", "2026-11-28"] {
            assert_eq!(read_moment(text, &zone), midnight, "{text}");
        }
        for text in
            ["", "вчера", "28.11.2026 25:00", "28.11.2026 12", "32.11.2026 12:05", "28.11.2026 12:05:99"]
        {
            assert_eq!(read_moment(text, &zone), None, "{text}");
        }
        assert_eq!(noon.map(|at| written_moment(at, &zone)).as_deref(), Some("28.11.2026 12:05"));
    }
}
