//! Times as files write them, and as they go out: ISO 8601, as precise as they came, without a zone where none was told.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// In which order day, month and year stand, where they are all numbers and none is a year by its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// `02.11.2026`
    #[default]
    DayFirst,
    /// `11/02/2026`
    MonthFirst,
}

const MONTHS: [[&str; 3]; 12] = [
    ["янв", "jan", "қаң"],
    ["фев", "feb", "ақп"],
    ["мар", "mar", "нау"],
    ["апр", "apr", "сәу"],
    ["ма", "may", "мам"],
    ["июн", "jun", "мау"],
    ["июл", "jul", "шіл"],
    ["авг", "aug", "там"],
    ["сен", "sep", "қыр"],
    ["окт", "oct", "қаз"],
    ["ноя", "nov", "қар"],
    ["дек", "dec", "жел"],
];

fn month_named(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    let no = MONTHS.iter().enumerate().find_map(|(no, names)| {
        let hit = names.iter().any(|name| word.starts_with(name));
        // `ма` stands for `май` and `мая`, and for no other month.
        let other = no == 4 && (word.starts_with("мар") || word.starts_with("мау"));
        (hit && !other).then_some(no)
    })?;
    i8::try_from(no.checked_add(1)?).ok()
}

/// The pieces of a time as it was written.
struct Pieces<'a> {
    date: Vec<&'a str>,
    rest: &'a str,
}

/// Takes the date off the front of a text.
fn split(text: &str) -> Option<Pieces<'_>> {
    let mut date = Vec::new();
    let mut rest = text;
    while date.len() < 3 {
        rest = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}', '.', '/', '-', ',']);
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(end);
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && digits < piece.len() {
            // `2026-11-02T10:15`, `2nov2026`: the number ends where letters begin.
            let (number, letters) = rest.split_at(digits);
            date.push(number);
            rest = letters;
            continue;
        }
        if piece.is_empty() {
            return None;
        }
        date.push(piece);
        rest = behind;
    }
    Some(Pieces { date, rest })
}

fn year_of(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 if year < 80 => Some(year + 2000),
        2 => Some(year + 1900),
        _ => None,
    }
}

fn date_of(pieces: &[&str], order: Order) -> Option<Date> {
    let [a, b, c] = pieces else { return None };
    let number = |text: &str| (text.len() <= 2).then(|| text.parse::<i8>().ok()).flatten();
    let (year, month, day) = if a.len() == 4 && a.bytes().all(|x| x.is_ascii_digit()) {
        (year_of(a)?, number(b).or_else(|| month_named(b))?, number(c)?)
    } else if let Some(month) = month_named(b) {
        (year_of(c)?, month, number(a)?)
    } else if let Some(month) = month_named(a) {
        (year_of(c)?, month, number(b)?)
    } else {
        let (day, month) = match order {
            Order::DayFirst => (number(a)?, number(b)?),
            Order::MonthFirst => (number(b)?, number(a)?),
        };
        (year_of(c)?, month, day)
    };
    Date::new(year, month, day).ok()
}

/// A clock time and what stands behind it.
fn time_of(text: &str) -> Option<(Time, &str, usize)> {
    let mut numbers = [0_i8; 3];
    let mut many = 0;
    let mut rest = text;
    for slot in &mut numbers {
        let end = rest.bytes().take_while(u8::is_ascii_digit).count();
        if end == 0 || end > 2 {
            break;
        }
        let (digits, behind) = rest.split_at(end);
        *slot = digits.parse().ok()?;
        many += 1;
        rest = behind;
        match rest.strip_prefix(':') {
            Some(next) if many < 3 && next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    if many < 2 {
        return None;
    }
    let mut nanos = 0_i32;
    let mut decimals = 0;
    if many == 3 && rest.starts_with(['.', ',']) {
        let digits = rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let fraction = rest.get(1..digits.checked_add(1)?)?;
            decimals = digits.min(9);
            let padded = format!("{:0<9}", fraction.get(..decimals)?);
            nanos = padded.parse().ok()?;
            rest = rest.get(digits.checked_add(1)?..)?;
        }
    }
    let [mut hour, minute, second] = numbers;
    let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let letters: String = trimmed.chars().take(4).filter(|c| *c != '.').collect::<String>().to_lowercase();
    if letters.starts_with("am") || letters.starts_with("pm") {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if letters.starts_with('p') { 12 } else { 0 };
        rest = trimmed.trim_start_matches(['a', 'p', 'm', 'A', 'P', 'M', '.']);
    }
    Some((Time::new(hour, minute, second, nanos).ok()?, rest, decimals))
}

/// `Z`, `+05:00`, `+0500`, `+05` as it goes out; `None` where something else stands there.
fn offset_of(text: &str) -> Option<String> {
    let text = text.trim_start_matches([' ', '\u{a0}']).trim_start_matches("UTC").trim_start_matches("GMT");
    let text = text.trim_end();
    if text.is_empty() {
        return Some(String::new());
    }
    if text == "Z" || text == "z" {
        return Some("Z".to_owned());
    }
    let (sign, rest) = match text.chars().next()? {
        '+' => ('+', text.get(1..)?),
        '-' | '−' => ('-', text.trim_start_matches(['-', '−'])),
        _ => return None,
    };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let others = rest.chars().filter(|c| !c.is_ascii_digit()).count();
    if others > usize::from(rest.contains(':')) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<u8>().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse::<u8>().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

fn joined(date: Date, time: Option<(Time, usize, String)>) -> String {
    let Some((time, decimals, offset)) = time else { return date.to_string() };
    let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    let fraction = format!("{:09}", time.subsec_nanosecond());
    let fraction = match fraction.get(..decimals) {
        Some(digits) if !digits.is_empty() => format!(".{digits}"),
        _ => String::new(),
    };
    format!("{date}T{clock}{fraction}{offset}")
}

/// Without what some write behind a date: `г.`, `ж.`, `y.`.
fn plain(text: &str) -> String {
    let text = text.trim().trim_matches('\u{feff}');
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches([',', '.']);
        if matches!(bare, "г" | "ж" | "года" | "год" | "жылы" | "жылғы" | "в" | "at" | "сағат")
        {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Digits alone: `20261102`, `20261102101533`.
fn compact(text: &str) -> Option<String> {
    if !text.bytes().all(|b| b.is_ascii_digit()) || !matches!(text.len(), 8 | 12 | 14) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to);
    let number = |from, to| part(from, to)?.parse::<i8>().ok();
    let date = Date::new(part(0, 4)?.parse().ok()?, number(4, 6)?, number(6, 8)?).ok()?;
    if text.len() == 8 {
        return Some(date.to_string());
    }
    let second = if text.len() == 14 { number(12, 14)? } else { 0 };
    let time = Time::new(number(8, 10)?, number(10, 12)?, second, 0).ok()?;
    Some(joined(date, Some((time, 0, String::new()))))
}

/// Reads a date, perhaps with a time and an offset.
#[must_use]
pub fn told(text: &str, order: Order) -> Option<String> {
    let text = plain(text);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Some(at) = compact(&text) {
        return Some(at);
    }
    let Pieces { date, rest } = split(&text)?;
    let date = date_of(&date, order)?;
    let rest = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}', ',', 'T', 't', '-', '.']);
    if rest.is_empty() {
        return Some(date.to_string());
    }
    let (time, behind, decimals) = time_of(rest)?;
    Some(joined(date, Some((time, decimals, offset_of(behind)?))))
}

/// A moment as spreadsheets count days since 1899, `46354.4270833333`: in a cell without the style of a date it stands as a number. Only
/// from 1954 to 2119, so that few other numbers can be taken for one; to the second.
#[must_use]
pub fn serial(text: &str) -> Option<String> {
    const SCALE: usize = 12;
    let text = text.trim();
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 5 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let days: i64 = whole.parse().ok().filter(|days| (20_000..=80_000).contains(days))?;
    let padded = format!("{fraction:0<SCALE$}");
    let part: u128 = padded.get(..SCALE)?.parse().ok()?;
    // Rounded: a second is 0.00001157 of a day, and what was typed as a minute comes as a little less.
    let seconds = part.checked_mul(86_400)?.checked_add(500_000_000_000)? / 1_000_000_000_000;
    let seconds = i64::try_from(seconds).ok()?;
    let first = Date::constant(1899, 12, 30);
    let span = jiff::Span::new().try_days(days).ok()?.try_seconds(seconds).ok()?;
    let at = first.to_datetime(Time::midnight()).checked_add(span).ok()?;
    if seconds == 0 {
        return Some(at.date().to_string());
    }
    Some(joined(at.date(), Some((at.time(), 0, String::new()))))
}

/// Puts a time of its own column behind a date.
#[must_use]
pub fn with_time(date: &str, time: &str) -> Option<String> {
    let date: Date = date.get(..10)?.parse().ok()?;
    let (time, behind, decimals) = time_of(time.trim())?;
    Some(joined(date, Some((time, decimals, offset_of(behind)?))))
}

/// How long, in seconds: `95`, `1:35`, `00:01:35`.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ' ' | '\u{a0}'));
    if text.is_empty() || text.len() > 12 {
        return None;
    }
    let mut all = 0_u64;
    for (no, part) in text.split(':').enumerate() {
        let whole = if no == 0 { part.strip_suffix(".0").unwrap_or(part) } else { part };
        if no > 2 || whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        all = all.checked_mul(60)?.checked_add(whole.parse().ok()?)?;
    }
    Some(all)
}

/// Which comes first, as samples show it; `None` where none of them does.
#[must_use]
pub fn order<'a>(samples: impl Iterator<Item = &'a str>) -> Option<Order> {
    for text in samples {
        let text = plain(text);
        let Some(Pieces { date, .. }) = split(&text) else { continue };
        let [a, b, _] = date.as_slice() else { continue };
        let (Ok(a), Ok(b)) = (a.parse::<u8>(), b.parse::<u8>()) else { continue };
        match (a, b) {
            (13..=31, 1..=12) => return Some(Order::DayFirst),
            (1..=12, 13..=31) => return Some(Order::MonthFirst),
            _ => {}
        }
    }
    None
}

/// Whether a text is written so that day and month cannot be told apart by the writing alone: points mean the day comes first.
#[must_use]
pub fn is_open(text: &str) -> bool {
    let text = plain(text);
    let Some(Pieces { date, .. }) = split(&text) else { return false };
    match date.as_slice() {
        [a, b, _] => {
            a.len() <= 2 && a.parse::<u8>().is_ok() && b.parse::<u8>().is_ok() && !text.contains('.')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_as_files_write_them() {
        for (text, at) in [
            ("02.11.2026", "2026-11-02"),
            ("2.11.26", "2026-11-02"),
            ("2026-11-02", "2026-11-02"),
            ("2026.11.02", "2026-11-02"),
            ("02/11/2026 10:15", "2026-11-02T10:15:00"),
            ("02.11.2026, 10:15:33", "2026-11-02T10:15:33"),
            ("2026-11-02T10:15:33Z", "2026-11-02T10:15:33Z"),
            ("2026-11-02T10:15:33.250+05:00", "2026-11-02T10:15:33.250+05:00"),
            ("2026-11-02 10:15:33+0500", "2026-11-02T10:15:33+05:00"),
            ("02-11-2026 01:15 PM", "2026-11-02T13:15:00"),
            ("2 ноября 2026 г.", "2026-11-02"),
            ("02 ноя 2026 10:15", "2026-11-02T10:15:00"),
            ("2 қараша 2026 ж.", "2026-11-02"),
            ("5 мая 2026", "2026-05-05"),
            ("5 мамыр 2026", "2026-05-05"),
            ("5 маусым 2026", "2026-06-05"),
            ("5 марта 2026", "2026-03-05"),
            ("5 наурыз 2026", "2026-03-05"),
            ("Nov 2, 2026", "2026-11-02"),
            ("2-Nov-26", "2026-11-02"),
            ("20261102", "2026-11-02"),
            ("20261102101533", "2026-11-02T10:15:33"),
            ("02.11.2026 г. 10:15", "2026-11-02T10:15:00"),
        ] {
            assert_eq!(told(text, Order::DayFirst).as_deref(), Some(at), "{text}");
        }
        assert_eq!(
            told("11/02/26, 10:15\u{202f}PM", Order::MonthFirst).as_deref(),
            Some("2026-11-02T22:15:00")
        );
        assert_eq!(told("12:15 AM", Order::DayFirst), None);
        assert_eq!(with_time("2026-11-02", "12:15 AM").as_deref(), Some("2026-11-02T00:15:00"));
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "Итого",
            "31.02.2026",
            "02.13.2026",
            "2026-00-01",
            "02.11",
            "02.11.2026 25:00",
            "1",
            "02.11.2026 x",
        ] {
            assert_eq!(told(text, Order::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn the_order_shows_itself() {
        assert_eq!(order(["02/11/2026", "13/11/2026"].into_iter()), Some(Order::DayFirst));
        assert_eq!(order(["02/11/2026", "11/13/2026"].into_iter()), Some(Order::MonthFirst));
        assert_eq!(order(["02/11/2026"].into_iter()), None);
        assert!(is_open("02/11/2026") && !is_open("02.11.2026") && !is_open("2026-11-02"));
    }

    #[test]
    fn durations() {
        assert_eq!(seconds("95"), Some(95));
        assert_eq!(seconds("1:35"), Some(95));
        assert_eq!(seconds("00:01:35"), Some(95));
        assert_eq!(seconds("95 сек."), Some(95));
        assert_eq!(seconds("abc"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = (told(&text, Order::DayFirst), told(&text, Order::MonthFirst), with_time(&text, &text), seconds(&text));
            let _ = (order([text.as_str()].into_iter()), is_open(&text));
        }

        #[test]
        fn what_goes_out_comes_back_in(y in 1970_i16..2099, m in 1_i8..=12, d in 1_i8..=28, h in 0_i8..24, n in 0_i8..60) {
            let at = format!("{y:04}-{m:02}-{d:02}T{h:02}:{n:02}:00");
            prop_assert_eq!(told(&at, Order::MonthFirst), Some(at.clone()));
            prop_assert_eq!(told(&format!("{d:02}.{m:02}.{y} {h:02}:{n:02}"), Order::DayFirst), Some(at));
        }
    }

    #[test]
    fn days_counted_by_a_spreadsheet() {
        for (number, at) in [
            ("46354", Some("2026-11-28")),
            ("46354.0", Some("2026-11-28")),
            ("46354.4270833333", Some("2026-11-28T10:15:00")),
            ("46354,5", Some("2026-11-28T12:00:00")),
            (" 46354.99999999 ", Some("2026-11-29T00:00:00")),
            ("25569", Some("1970-01-01")),
            ("12345", None),
            ("463541", None),
            ("99999", None),
            ("46354.x", None),
            ("-46354", None),
            ("28.11.2026", None),
            ("", None),
        ] {
            assert_eq!(serial(number).as_deref(), at, "{number}");
        }
    }
}
