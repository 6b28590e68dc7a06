//! Days as forms write and read them.

use jiff::civil::Date;

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
