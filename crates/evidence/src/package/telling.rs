//! What is said of a package that was checked, at a terminal: in plain English, the same words by both verifiers.

use kernel::Timestamp;

use super::manifest::ExhibitLine;
use super::verify::{Checked, Fault, Heard, StampChecked};

/// Longest text of the package that is shown in a line.
const MOST_SHOWN: usize = 200;
/// Blank signs that no category names so.
const BLANKS: [char; 5] = ['\u{115f}', '\u{1160}', '\u{2800}', '\u{3164}', '\u{ffa0}'];

/// What a package says, so that it can neither hide nor overwrite what is said of it: signs that a terminal obeys, that turn the direction
/// of writing, lie over others or cannot be seen are written as their numbers.
fn plain(text: &str) -> String {
    let seen = |c: char| {
        let mut written = c.escape_debug();
        matches!(c, '"' | '\'' | '\\') || (written.next() != Some('\\') && !BLANKS.contains(&c))
    };
    let mut shown = String::new();
    for c in text.chars() {
        if seen(c) { shown.push(c) } else { shown.push_str(&format!("\\u{:04x}", u32::from(c))) }
    }
    shown
}

/// The same for a text of any length: runs of blanks, which would push what follows into another line, are one blank.
fn short(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let whole = plain(&words.join(" "));
    match whole.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}

/// A time in UTC, to the second; a number where no calendar has it.
fn time(micros: i64) -> String {
    // The last that `kernel` knows.
    const LAST: i64 = 253_402_207_200_000_000;
    if (0..LAST).contains(&micros) {
        let text = Timestamp::from_micros(micros).rfc3339();
        format!("{}Z", text.get(..19).unwrap_or(&text))
    } else {
        format!("{micros} microseconds after 1970 began")
    }
}

fn seconds(at: u64) -> String {
    time(i64::try_from(at).ok().and_then(|at| at.checked_mul(1_000_000)).unwrap_or(i64::MAX))
}

/// Why a package is refused, in one line.
#[must_use]
pub fn refusal(fault: &Fault) -> String {
    format!("REFUSED  {}", short(&fault.to_string()))
}

/// What was found in a package that holds, line by line; the last says how much that is worth.
#[must_use]
pub fn lines(checked: &Checked) -> Vec<String> {
    let manifest = &checked.manifest;
    let (made_at, made_by) = &checked.made;
    let mut all = vec![
        format!(
            "Package {}: {} exhibits, {} events, {} files",
            plain(&manifest.id),
            manifest.exhibits.len(),
            checked.events,
            manifest.files.len()
        ),
        format!("  manifest.json has the SHA-256 {}", checked.hash),
        format!("  made at {} by {}, as the record has it", time(made_at.as_micros()), short(made_by)),
        format!(
            "  log {}, {} records under the signed checkpoint",
            short(&checked.checkpoint.origin),
            checked.checkpoint.size
        ),
    ];
    for one in &manifest.exhibits {
        all.extend(exhibit(one));
        let fell = checked.backwards.iter().filter(|(number, _)| *number == one.number);
        all.extend(fell.map(|(_, no)| {
            format!("  REMARK: event {no} has an earlier time than the one before it; the log has them in this order")
        }));
    }
    all.extend(checked.witnesses.iter().map(witness));
    all.extend(checked.stamps.iter().map(stamp));
    all.extend([
        "Said by the office alone and compared with nothing: names of persons, titles, index pages, case.jsonld, and".to_owned(),
        format!("  about: {}", short(&manifest.about)),
        format!("  made: {} by {}, {}", short(&manifest.made_at), short(&manifest.made_by), short(&manifest.organisation)),
        "No package shows that no event was left out: whoever holds the whole record can count them".to_owned(),
        verdict(checked),
    ]);
    all
}

fn exhibit(line: &ExhibitLine) -> [String; 2] {
    let times = line.events.first().zip(line.events.last());
    let times = times.map_or_else(String::new, |(a, b)| format!(", {} to {}", time(a.at), time(b.at)));
    let first = format!(
        "Exhibit {}: {} events{times}, and the one by which it came here",
        plain(&line.number),
        line.events.len()
    );
    let second = match (&line.original, line.sha256.is_empty()) {
        (Some(path), _) => format!("  {} bytes in {}, SHA-256 {}", line.size, plain(path), line.sha256),
        (None, false) => {
            format!("  {} bytes that are NOT in the package, SHA-256 {}", line.size, line.sha256)
        }
        (None, true) => "  a thing, without bytes".to_owned(),
    };
    [first, second]
}

fn witness(heard: &Heard) -> String {
    let name = short(&heard.name);
    match (heard.seen_at, heard.known) {
        (Some(at), true) => format!("Witness {name} saw this checkpoint at {}", seconds(at)),
        (Some(at), false) => format!(
            "Somebody signed as witness {name} at {}: you gave no key for it, it may be anybody",
            seconds(at)
        ),
        (None, _) => format!("No word of witness {name} under this checkpoint"),
    }
}

fn stamp(stamp: &StampChecked) -> String {
    let records = stamp.size;
    match (&stamp.told, stamp.asked) {
        (Some(told), _) => format!(
            "Time stamp: {records} records were there at {}, says {}",
            time(told.at_micros),
            short(&told.signer)
        ),
        (None, true) => format!(
            "Time stamp of {records} records, said to be of {}: NOT CHECKED, by none of the certificates given",
            short(&stamp.authority)
        ),
        (None, false) => format!(
            "Time stamp of {records} records, said to be of {}: NOT CHECKED, give certificates with --tsa",
            short(&stamp.authority)
        ),
    }
}

/// Last, where it stands on the screen whatever the package says above.
fn verdict(checked: &Checked) -> String {
    let silent = checked.witnesses.iter().filter(|w| w.seen_at.is_none()).map(|w| short(&w.name));
    let silent: Vec<String> = silent.collect();
    let without = if silent.is_empty() {
        String::new()
    } else {
        format!(", WITHOUT A WORD of witness {}", silent.join(", "))
    };
    if checked.vouched {
        format!("HOLDS{without}")
    } else {
        format!(
            "WHOLE IN ITSELF{without}, but NOBODY VOUCHES for it: give the log's key with --key, from elsewhere than the package"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_says_hides_nothing() {
        assert_eq!(plain("Дело № 1 «ә» \"x\\'"), "Дело № 1 «ә» \"x\\'");
        for hostile in [
            "\u{1b}[8m",
            "a\nHOLDS",
            "a\rHOLDS",
            "\u{202e}x",
            "\u{9b}2K",
            "\u{61c}",
            "\u{ad}",
            "\u{e0041}",
            "\u{2800}",
            "\u{3164}",
            "x\u{336}",
            "\u{a0}",
        ] {
            assert!(plain(hostile).contains("\\u"), "{hostile:?}");
        }
        let pushed = short(&format!("x{}HOLDS{}", " ".repeat(5_000), "y".repeat(500)));
        assert!(pushed.starts_with("x HOLDSyyy") && pushed.ends_with('…') && pushed.chars().count() == 201);
    }

    #[test]
    fn times_are_told_where_a_calendar_has_them() {
        assert_eq!(time(1_764_500_000_999_999), "2025-11-30T10:53:20Z");
        assert_eq!(time(-1), "-1 microseconds after 1970 began");
        assert_eq!(seconds(u64::MAX), "9223372036854775807 microseconds after 1970 began");
        assert_eq!(time(253_402_207_199_999_999), "9999-12-30T21:59:59Z");
    }
}
