//! Digits as people write them: a sum by thousands, a telephone by twos, two numbers side by side.

/// What stands between the thousands of a sum.
const THOUSANDS: [char; 6] = [' ', '\u{a0}', '\u{202f}', '.', ',', '\''];
/// What stands between the digits of a number.
const BETWEEN: [char; 6] = [' ', '\u{a0}', '\u{202f}', '-', '(', ')'];
/// Digits that are kept together; fewer say little, and no number has more.
const TOGETHER: std::ops::RangeInclusive<usize> = 4..=20;
/// Runs that are looked at in one text.
const MOST_RUNS: usize = 2_000;

/// Which digits of what was typed are one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Those that look like a sum, a telephone or the number of a person.
    Alike,
    /// Those without a blank between them.
    Apart,
    /// All that stand side by side.
    All,
}

/// The digits of a text.
#[must_use]
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Groups of digits, with where they begin and end.
fn groups(text: &str) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let end = at.saturating_add(1);
        match all.last_mut() {
            Some(last) if last.1 == at => last.1 = end,
            _ => all.push((at, end)),
        }
    }
    all
}

fn len((start, end): (usize, usize)) -> usize {
    end.saturating_sub(start)
}

/// Groups that stand side by side: those for which `next` says so, with what is written between them. Each run has two at least.
fn runs(
    text: &str,
    next: impl Fn(&[(usize, usize)], (usize, usize), &str) -> bool,
) -> Vec<Vec<(usize, usize)>> {
    let mut all: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut run: Vec<(usize, usize)> = Vec::new();
    for group in groups(text) {
        let between = run.last().and_then(|last| text.get(last.1..group.0)).unwrap_or_default();
        if !run.is_empty() && !next(&run, group, between) {
            all.push(std::mem::take(&mut run));
        }
        run.push(group);
    }
    all.push(run);
    all.retain(|run| run.len() > 1);
    all.truncate(MOST_RUNS);
    all
}

/// Sums by thousands: `1 500 000`.
fn sums(text: &str) -> Vec<Vec<(usize, usize)>> {
    runs(text, |run, group, between| {
        let mut between = between.chars();
        let one = between.next().is_some_and(|c| THOUSANDS.contains(&c)) && between.next().is_none();
        let first = run.first().is_some_and(|first| len(*first) <= 3);
        let rest = run.iter().skip(1).all(|g| len(*g) == 3);
        one && first && rest && len(group) == 3
    })
}

/// Whatever stands side by side.
fn side_by_side(text: &str) -> Vec<Vec<(usize, usize)>> {
    runs(text, |_, _, between| between.chars().all(|c| BETWEEN.contains(&c)))
}

/// Whether a run looks like a telephone or the number of a person: with dashes or brackets, or of so many digits, the last of them by twos.
fn is_one(text: &str, run: &[(usize, usize)]) -> bool {
    let count: usize = run.iter().map(|g| len(*g)).sum();
    let written = span(run).and_then(|(start, end)| text.get(start..end)).unwrap_or_default();
    let marked = written.contains(['-', '(', ')']);
    let by_twos = run.iter().rev().take(2).all(|g| len(*g) == 2) && run.len() > 2;
    match count {
        5..=9 => marked || by_twos,
        // Not a round sum with something beside it.
        10..=11 => marked || by_twos || (run.iter().any(|g| len(*g) == 3) && !written.contains(" 000")),
        12 => run.len() <= 4,
        _ => false,
    }
}

fn span(run: &[(usize, usize)]) -> Option<(usize, usize)> {
    Some((run.first()?.0, run.last()?.1))
}

impl Join {
    /// Where digits that are one number begin and end.
    #[must_use]
    pub fn runs(self, text: &str) -> Vec<(usize, usize)> {
        let fits = |(start, end): &(usize, usize)| {
            digits(text.get(*start..*end).unwrap_or_default()).len() > *TOGETHER.start()
        };
        let all = match self {
            Self::Apart => Vec::new(),
            Self::All => side_by_side(text),
            Self::Alike => {
                let mut all = side_by_side(text);
                all.retain(|run| is_one(text, run));
                let apart = |a: &[(usize, usize)], b: &[(usize, usize)]| match (span(a), span(b)) {
                    (Some(a), Some(b)) => a.1 <= b.0 || b.1 <= a.0,
                    _ => true,
                };
                let mut sums = sums(text);
                sums.retain(|sum| all.iter().all(|run| apart(run, sum)));
                all.extend(sums);
                all
            }
        };
        all.iter().filter_map(|run| span(run)).filter(|s| self == Self::Alike || fits(s)).collect()
    }
}

/// Digits of a text that may be one number though something stands between them: from where to where, and the digits alone.
#[must_use]
pub fn joined(text: &str) -> Vec<(usize, usize, String)> {
    let mut all: Vec<(usize, usize, String)> = sums(text)
        .iter()
        .chain(&side_by_side(text))
        .filter_map(|run| span(run))
        .map(|(start, end)| (start, end, digits(text.get(start..end).unwrap_or_default())))
        .filter(|(_, _, run)| TOGETHER.contains(&run.len()))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(join: Join, text: &str) -> Vec<&str> {
        join.runs(text).into_iter().map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn what_looks_like_one_number() {
        for (text, one) in [
            ("150 000 тенге", &["150 000"][..]),
            ("1\u{a0}500\u{a0}000", &["1\u{a0}500\u{a0}000"]),
            ("12.500.000", &["12.500.000"]),
            ("150 000 1234", &["150 000"]),
            ("555-12-34", &["555-12-34"]),
            ("555 12 34", &["555 12 34"]),
            ("701 555 1234", &["701 555 1234"]),
            ("910101 300005", &["910101 300005"]),
            ("4567 8901", &[]),
            ("1234", &[]),
            ("в 2026, 12 раз", &[]),
        ] {
            assert_eq!(said(Join::Alike, text), one, "{text}");
        }
        assert_eq!(said(Join::All, "4567 8901"), ["4567 8901"]);
        assert!(said(Join::Apart, "555-12-34").is_empty());
    }

    proptest! {
        #[test]
        fn runs_stand_where_they_say(text in "[0-9а-я .,()-]{0,40}") {
            for join in [Join::Alike, Join::Apart, Join::All] {
                let mut before = Vec::new();
                for (start, end) in join.runs(&text) {
                    prop_assert!(digits(&text[start..end]).len() >= 4);
                    prop_assert!(before.iter().all(|(a, b)| end <= *a || *b <= start));
                    before.push((start, end));
                }
            }
            for (start, end, run) in joined(&text) {
                prop_assert_eq!(digits(&text[start..end]), run);
            }
        }
    }
}
