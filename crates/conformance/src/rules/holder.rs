//! Whose something is, as the section on answers has it.

use super::{Fault, fault};
use crate::check::Check;
use crate::clock::SECOND;
use crate::wire::{Holder, Line};

/// Most holders of a line, telephones and devices of a holder.
const MOST: [usize; 3] = [20, 10, 20];
/// Longest name and address, longest name of a device.
const LONGEST: [usize; 2] = [200, 64];

struct Judge<'a> {
    faults: &'a mut Vec<Fault>,
    at: String,
    today: String,
}

impl Judge<'_> {
    fn wrong(&mut self, field: &str, code: &'static str, expected: &str, came: &str) {
        let pointer = if field.is_empty() { self.at.clone() } else { format!("{}/{field}", self.at) };
        self.faults.push(fault(Check::AnswerFields, &pointer, code, expected, came));
    }
    fn unreadable(&mut self, field: &str, expected: &str, came: &str) {
        self.wrong(field, "answer.field_unreadable", expected, came);
    }
}

/// Judges the holders of a line.
pub(super) fn holders(faults: &mut Vec<Fault>, line: &Line, at: &str, now: i64) {
    let all = line.holders.as_deref().unwrap_or_default();
    if all.is_empty() {
        return;
    }
    let [most, ..] = MOST;
    let mut judge = Judge { faults, at: format!("{at}/holders"), today: day_after(now) };
    if !matches!(line.code.as_str(), "D10" | "D11") {
        judge.wrong("", "answer.stray_field", "`holders` beside `D10` or `D11` alone", &line.code);
        return;
    }
    if all.len() > most {
        judge.wrong("", "answer.holders", "at most 20 holders", &all.len().to_string());
        return;
    }
    for (no, holder) in all.iter().enumerate() {
        judge.at = format!("{at}/holders/{no}");
        one(&mut judge, holder);
    }
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|t| !t.is_empty())
}

fn one(judge: &mut Judge<'_>, h: &Holder) {
    let person = match h.kind.as_str() {
        "person" => true,
        "organisation" => false,
        other => return judge.unreadable("kind", "`person` or `organisation`", other),
    };
    if let Some(role) = given(&h.role).filter(|r| !["holder", "agent", "beneficiary"].contains(r)) {
        judge.unreadable("role", "`holder`, `agent` or `beneficiary`", role);
    }
    let strays: &[(&str, &Option<String>)] = if person {
        &[("bin", &h.bin)]
    } else {
        &[
            ("last_name", &h.last_name),
            ("first_name", &h.first_name),
            ("middle_name", &h.middle_name),
            ("iin", &h.iin),
            ("birth_date", &h.birth_date),
        ]
    };
    for (field, told) in strays.iter().filter_map(|(f, t)| Some((*f, given(t)?))) {
        judge.wrong(field, "answer.stray_field", "nothing that is not told of such a holder", told);
    }
    names(judge, h);
    for (field, told, month_first) in [("iin", &h.iin, false), ("bin", &h.bin, true)] {
        if let Some(told) = given(told).filter(|t| !number_fits(t, month_first)) {
            judge.unreadable(field, "twelve digits with a right check digit", told);
        }
    }
    let today = judge.today.clone();
    let from = given(&h.from).unwrap_or_default().to_owned();
    let mut day = |field: &str, told: &Option<String>, least: &str, most: &str| {
        if let Some(told) =
            given(told).filter(|t| !(is_day(t) && *t >= "1900-01-01" && *t >= least && *t <= most))
        {
            judge.unreadable(field, "a day that can be meant, written `1990-05-17`", told);
        }
    };
    day("birth_date", &h.birth_date, "", &today);
    day("from", &h.from, "", &today);
    day("until", &h.until, &from, "9999-12-31");
    lists(judge, h);
}

fn names(judge: &mut Judge<'_>, h: &Holder) {
    let [longest, _] = LONGEST;
    let texts = [
        ("name", &h.name),
        ("last_name", &h.last_name),
        ("first_name", &h.first_name),
        ("middle_name", &h.middle_name),
        ("address", &h.address),
    ];
    for (field, told) in texts.iter().filter_map(|(f, t)| Some((*f, given(t)?))) {
        if told.chars().count() > longest {
            judge.wrong(field, "answer.too_long", "at most 200 characters", told);
        }
    }
    let parts = [&h.last_name, &h.first_name, &h.middle_name].into_iter().any(|t| given(t).is_some());
    let named = given(&h.last_name).or(given(&h.first_name)).is_some();
    if let Some(name) = given(&h.name).filter(|_| parts) {
        judge.wrong("name", "answer.stray_field", "the whole name or its parts, not both", name);
    }
    if given(&h.name).is_none() && !named && given(&h.iin).is_none() && given(&h.bin).is_none() {
        judge.wrong("name", "answer.field_missing", "a name or a number", "neither is told");
    }
}

fn lists(judge: &mut Judge<'_>, h: &Holder) {
    let ([_, phones, devices], [_, longest]) = (MOST, LONGEST);
    for (field, told, most) in [("phones", &h.phones, phones), ("devices", &h.devices, devices)] {
        let told = told.as_deref().unwrap_or_default();
        if told.len() > most {
            judge.unreadable(field, &format!("at most {most}"), &told.len().to_string());
            continue;
        }
        for (no, text) in told.iter().enumerate().filter(|(_, t)| !t.trim().is_empty()) {
            let place = format!("{field}/{no}");
            let digits = text.chars().filter(char::is_ascii_digit).count();
            if field == "phones" && !(10..=15).contains(&digits) {
                judge.unreadable(&place, "a telephone with the country's code", text);
            }
            if field == "devices" && text.chars().count() > longest {
                judge.wrong(&place, "answer.too_long", "at most 64 characters", text);
            }
        }
    }
}

/// Law No. 223-III of 2007: a day of birth and a digit for century and sex, or year and month of registration and a type; then a check digit.
fn number_fits(text: &str, month_first: bool) -> bool {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).filter_map(|c| c.to_digit(10)).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
    let [_, _, m1, m2, d1, d2, seventh, _, _, _, _, check] = digits.as_slice() else { return false };
    let (month, day) = (m1 * 10 + m2, d1 * 10 + d2);
    let form = if month_first { (4..=6).contains(d1) } else { (1..=31).contains(&day) && *seventh <= 6 };
    let sum = |shift: usize| {
        let weighed = digits.iter().take(11).zip((0..11).map(|i| (i + shift) % 11 + 1));
        weighed.map(|(d, w)| d * u32::try_from(w).unwrap_or(0)).sum::<u32>() % 11
    };
    let right = match sum(0) {
        10 => sum(2),
        first => first,
    };
    plain && (1..=12).contains(&month) && form && right == *check
}

/// `1990-05-17`, a day that the calendar has.
fn is_day(text: &str) -> bool {
    let at = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<u32>().ok());
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| (i == 4 || i == 7) == (b == b'-') && (b == b'-' || b.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (at(0, 4), at(5, 7), at(8, 10)) else { return false };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    shape && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// The day after a moment (microseconds), which has begun somewhere: Howard Hinnant's algorithm for civil dates.
fn day_after(now: i64) -> String {
    let days = now.div_euclid(86_400 * SECOND) + 1 + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Invented numbers in ranges that nobody is given, with right check digits.
    fn right(body: &str, month_first: bool) -> String {
        (0..10).map(|d| format!("{body}{d}")).find(|n| number_fits(n, month_first)).unwrap()
    }

    fn found(code: &str, holders: Vec<Holder>) -> Vec<(String, &'static str)> {
        let (mut faults, line) =
            (Vec::new(), Line { code: code.into(), holders: Some(holders), ..Line::default() });
        // 30 November 2026.
        super::holders(&mut faults, &line, "/lines/0", 1_795_996_800 * SECOND);
        faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    fn somebody() -> Holder {
        Holder { kind: "person".into(), name: Some("Үлгі Адам".into()), ..Holder::default() }
    }

    #[test]
    fn right_holders_are_taken() {
        let person = Holder {
            iin: Some(right("90051739901", false)),
            birth_date: Some("1990-05-17".into()),
            phones: Some(vec!["+77000001234".into()]),
            from: Some("2024-02-29".into()),
            until: Some("2030-01-01".into()),
            role: Some("agent".into()),
            ..somebody()
        };
        let company =
            Holder { kind: "organisation".into(), bin: Some(right("22014099001", true)), ..somebody() };
        assert_eq!(found("D10", vec![person.clone(), company]), []);
        assert_eq!(found("D11", vec![Holder { name: None, ..person }]), []);
    }

    #[test]
    fn wrong_ones_are_named_with_their_place() {
        let unreadable = "answer.field_unreadable";
        let with = |change: fn(&mut Holder)| {
            let mut holder = somebody();
            change(&mut holder);
            found("D10", vec![somebody(), holder])
        };
        for (faults, field, code) in [
            (with(|h| h.iin = Some("900517399019".into())), "iin", unreadable),
            (with(|h| h.kind = "firm".into()), "kind", unreadable),
            (with(|h| h.role = Some("friend".into())), "role", unreadable),
            (with(|h| h.birth_date = Some("17.05.1990".into())), "birth_date", unreadable),
            (with(|h| h.birth_date = Some("2026-12-02".into())), "birth_date", unreadable),
            (with(|h| h.from = Some("2023-02-29".into())), "from", unreadable),
            (with(|h| h.phones = Some(vec!["12".into()])), "phones/0", unreadable),
            (with(|h| h.name = None), "name", "answer.field_missing"),
            (with(|h| h.first_name = Some("Айгүл".into())), "name", "answer.stray_field"),
            (with(|h| h.bin = Some(right("22014099001", true))), "bin", "answer.stray_field"),
            (with(|h| h.name = Some("ә".repeat(201))), "name", "answer.too_long"),
        ] {
            assert_eq!(faults, [(format!("/lines/0/holders/1/{field}"), code)]);
        }
        assert_eq!(found("H11", vec![somebody()]), [("/lines/0/holders".to_owned(), "answer.stray_field")]);
        assert_eq!(found("D10", vec![somebody(); 21]), [("/lines/0/holders".to_owned(), "answer.holders")]);
        assert_eq!(found("D10", vec![somebody(); 20]), []);
    }

    #[test]
    fn days_of_the_calendar() {
        assert_eq!(day_after(0), "1970-01-02");
        assert_eq!(day_after(1_795_996_800 * SECOND), "2026-12-01");
        assert_eq!(day_after(951_696_000 * SECOND), "2000-02-29");
        for (day, fits) in [
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("2024-13-01", false),
            ("2024-1-01", false),
            ("20240101", false),
            ("abcd-ef-gh", false),
        ] {
            assert_eq!(is_day(day), fits, "{day}");
        }
    }
}
